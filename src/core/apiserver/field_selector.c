/* SPDX-License-Identifier: Apache-2.0 */
/* Selection by fields: each kind supports few. */
#include "base/vec.h"
#include "core/apiserver/crd.h"
#include "core/apiserver/selector.h"
#include "value/json.h"

/* Beyond metadata.name and metadata.namespace. "=" gives the path of a field whose label is another. */
static const struct {
    struct str kind; /* group/Kind */
    struct str fields;
} supported[] = {
    { STR_INIT("/Pod"),
      STR_INIT(
          "spec.nodeName,spec.restartPolicy,spec.schedulerName,spec.serviceAccountName,"
          "spec.hostNetwork,status.phase,status.podIP,status.podIPs,status.nominatedNodeName") },
    { STR_INIT("/Node"), STR_INIT("spec.unschedulable") },
    { STR_INIT("/Namespace"), STR_INIT("status.phase") },
    { STR_INIT("/Secret"), STR_INIT("type") },
    { STR_INIT("/Service"), STR_INIT("spec.clusterIP,spec.type") },
    { STR_INIT("/ReplicationController"), STR_INIT("status.replicas") },
    { STR_INIT("apps/ReplicaSet"), STR_INIT("status.replicas") },
    { STR_INIT("batch/Job"), STR_INIT("status.successful") },
    { STR_INIT("/PersistentVolume"), STR_INIT("name") },
    { STR_INIT("/PersistentVolumeClaim"), STR_INIT("name") },
    { STR_INIT("/Event"),
      STR_INIT("involvedObject.kind,involvedObject.namespace,involvedObject.name,"
               "involvedObject.uid,involvedObject.apiVersion,involvedObject.resourceVersion,"
               "involvedObject.fieldPath,reason,reportingComponent,source,type") },
    { STR_INIT("events.k8s.io/Event"),
      STR_INIT("regarding.kind,regarding.namespace,regarding.name,regarding.uid,"
               "regarding.apiVersion,regarding.resourceVersion,regarding.fieldPath,reason,"
               "reportingController,type") },
    { STR_INIT("certificates.k8s.io/CertificateSigningRequest"), STR_INIT("spec.signerName") },
};

static bool listed(struct str fields, struct str field)
{
    struct str one;

    while (str_cut(&fields, ',', &one))
        if (str_eq(one, field))
            return true;
    return false;
}

static bool is_supported(struct arena *a, const struct api_resource *r, struct str field)
{
    struct str kind = str_printf(a, "%.*s/%.*s", STR_ARG(r->gvk.group), STR_ARG(r->gvk.kind));

    if (str_is(field, "metadata.name") || (str_is(field, "metadata.namespace") && r->namespaced))
        return true;
    if (str_is(field, "metadata.namespace"))
        return !r->crd;
    for (size_t i = 0; r->crd && i < r->crd->selectable_count; i++)
        if (str_eq(str_trim_prefix(r->crd->selectable[i], STR(".")), field))
            return true;
    for (size_t i = 0; !r->crd && i < sizeof supported / sizeof supported[0]; i++)
        if (str_eq(supported[i].kind, kind))
            return listed(supported[i].fields, field);
    return false;
}

/* "\\," is a comma and so on; a lone backslash is an error, as in Kubernetes. */
static bool unescape(struct arena *a, struct str s, struct str *ret)
{
    char *out = arena_alloc(a, s.len);
    size_t len = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\\') {
            i++;
            if (i == s.len || !strchr("\\,=", s.ptr[i]))
                return false;
        }
        out[len++] = s.ptr[i];
    }
    *ret = str_of(out, len);
    return true;
}

static size_t term_end(struct str s, size_t from)
{
    for (size_t i = from; i < s.len; i++) {
        if (s.ptr[i] == '\\')
            i++;
        else if (s.ptr[i] == ',')
            return i;
    }
    return s.len;
}

/* Kinds with fields of their own refuse others in other words. */
static bool has_own_fields(const struct api_resource *r)
{
    static const struct str core[] = { STR_INIT("Pod"),       STR_INIT("Node"),
                                       STR_INIT("Event"),     STR_INIT("ReplicationController"),
                                       STR_INIT("Namespace"), STR_INIT("Secret"),
                                       STR_INIT("Service") };

    for (size_t i = 0; i < sizeof core / sizeof core[0]; i++)
        if (str_eq(r->gvk.kind, core[i]))
            return true;
    return str_is(r->gvk.kind, "CertificateSigningRequest");
}

static struct err *term_parse(struct arena *a, const struct api_resource *r, struct str text,
                              struct selector_term *ret)
{
    size_t equal = str_find_byte(text, '=', 0);
    struct str *value = ARENA_NEW(a, struct str);
    size_t key_end = equal;
    size_t value_from = equal + 1;

    if (equal == SIZE_MAX)
        return status_bad_request(a, "invalid selector: '%.*s'; can't understand '%.*s'",
                                  STR_ARG(text), STR_ARG(text));
    ret->op = SELECTOR_IN;
    if (equal && text.ptr[equal - 1] == '!') {
        ret->op = SELECTOR_NOT_IN;
        key_end--;
    } else if (value_from < text.len && text.ptr[value_from] == '=') {
        value_from++;
    }
    ret->key = str_slice(text, 0, key_end);
    if (!unescape(a, str_skip(text, value_from), value))
        return status_bad_request(a, "invalid field selector: '%.*s'", STR_ARG(text));
    ret->values = value;
    ret->value_count = 1;
    if (!ret->key.len || is_supported(a, r, ret->key))
        return NULL;
    if (str_is(r->gvk.group, "batch") && str_is(r->gvk.kind, "Job"))
        return status_bad_request(a, "field label \"%.*s\" not supported for Job",
                                  STR_ARG(ret->key));
    if (r->crd || has_own_fields(r))
        return status_bad_request(a, "field label not supported: %.*s", STR_ARG(ret->key));
    return status_bad_request(
        a, "\"%.*s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"",
        STR_ARG(ret->key));
}

struct err *field_selector_parse(struct arena *a, const struct api_resource *r, struct str text,
                                 struct selector *ret)
{
    VEC(struct selector_term) terms = VEC_INIT;

    for (size_t at = 0; at < text.len;) {
        size_t end = term_end(text, at);
        struct selector_term t = { 0 };
        struct err *e;

        if (end > at) {
            if (TRY(&e, term_parse(a, r, str_slice(text, at, end), &t)))
                return e;
            *VEC_PUSH(a, &terms) = t;
        }
        at = end + 1;
    }
    *ret = (struct selector){ terms.items, terms.count };
    return NULL;
}

static struct str field_text(struct arena *a, const struct api_resource *r,
                             const struct val *object, struct str field)
{
    const struct val *v;

    if (str_is(field, "status.successful"))
        field = STR("status.succeeded");
    if (str_is(field, "source") && val_is(val_get(object, STR("source")), VAL_MAP))
        field = STR("source.component");
    if (str_is(field, "name"))
        field = STR("metadata.name");
    v = val_at(object, str_cstr(a, field));
    if (val_is(v, VAL_STRING))
        return v->text;
    if (!v && !r->crd && (str_is(field, "spec.hostNetwork") || str_is(field, "spec.unschedulable")))
        return STR("false");
    if (!v && (str_is(field, "status.replicas") || str_is(field, "status.succeeded")))
        return STR("0");
    return v && v->kind != VAL_NULL ? json_string(a, v, JSON_COMPACT) : STR("");
}

bool field_selector_matches(struct arena *a, const struct api_resource *r, const struct selector *s,
                            const struct val *object)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct selector_term *t = &s->terms[i];
        bool same = str_eq(field_text(a, r, object, t->key), t->values[0]);

        if (same != (t->op == SELECTOR_IN))
            return false;
    }
    return true;
}

bool field_selector_name(const struct selector *s, struct str *ret)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->terms[i].op == SELECTOR_IN && str_is(s->terms[i].key, "metadata.name")) {
            *ret = s->terms[i].values[0];
            return true;
        }
    return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/manifest.h"

#include "base/sort.h"
#include "core/tree.h"
#include "foreign/utf8.h"
#include "value/yaml.h"

/* Kinds in the order in which Helm installs them; all others follow, by name. */
static const struct str install_order[] = {
    STR_INIT("PriorityClass"),
    STR_INIT("Namespace"),
    STR_INIT("NetworkPolicy"),
    STR_INIT("ResourceQuota"),
    STR_INIT("LimitRange"),
    STR_INIT("PodSecurityPolicy"),
    STR_INIT("PodDisruptionBudget"),
    STR_INIT("ServiceAccount"),
    STR_INIT("Secret"),
    STR_INIT("SecretList"),
    STR_INIT("ConfigMap"),
    STR_INIT("StorageClass"),
    STR_INIT("PersistentVolume"),
    STR_INIT("PersistentVolumeClaim"),
    STR_INIT("CustomResourceDefinition"),
    STR_INIT("ClusterRole"),
    STR_INIT("ClusterRoleList"),
    STR_INIT("ClusterRoleBinding"),
    STR_INIT("ClusterRoleBindingList"),
    STR_INIT("Role"),
    STR_INIT("RoleList"),
    STR_INIT("RoleBinding"),
    STR_INIT("RoleBindingList"),
    STR_INIT("Service"),
    STR_INIT("DaemonSet"),
    STR_INIT("Pod"),
    STR_INIT("ReplicationController"),
    STR_INIT("ReplicaSet"),
    STR_INIT("Deployment"),
    STR_INIT("HorizontalPodAutoscaler"),
    STR_INIT("StatefulSet"),
    STR_INIT("Job"),
    STR_INIT("CronJob"),
    STR_INIT("IngressClass"),
    STR_INIT("Ingress"),
    STR_INIT("APIService"),
    STR_INIT("MutatingWebhookConfiguration"),
    STR_INIT("ValidatingWebhookConfiguration"),
};

enum { KIND_COUNT = sizeof install_order / sizeof install_order[0] };

static const struct {
    struct str name;
    enum helm_hook_event event;
} events[] = {
    { STR_INIT("pre-install"), HOOK_PRE_INSTALL },
    { STR_INIT("post-install"), HOOK_POST_INSTALL },
    { STR_INIT("pre-delete"), HOOK_PRE_DELETE },
    { STR_INIT("post-delete"), HOOK_POST_DELETE },
    { STR_INIT("pre-upgrade"), HOOK_PRE_UPGRADE },
    { STR_INIT("post-upgrade"), HOOK_POST_UPGRADE },
    { STR_INIT("pre-rollback"), HOOK_PRE_ROLLBACK },
    { STR_INIT("post-rollback"), HOOK_POST_ROLLBACK },
    { STR_INIT("test"), HOOK_TEST },
    { STR_INIT("test-success"), HOOK_TEST },
};

static struct str trim_left(struct str s)
{
    uint32_t rune;
    size_t width;
    while ((width = utf8_decode(s, &rune)) > 0 && utf8_is_space(rune))
        s = str_skip(s, width);
    return s;
}

void helm_split(struct arena *a, struct str text, struct helm_files *ret)
{
    text = trim_left(text);
    for (size_t from = 0, at = 0; from <= text.len;) {
        bool separator = at + 3 <= text.len && memcmp(text.ptr + at, "---", 3) == 0;
        size_t next = str_find_byte(text, '\n', at);
        if (!separator && next != SIZE_MAX) {
            at = next + 1;
            continue;
        }
        struct str document = trim_left(str_slice(text, from, separator ? at : text.len));
        if (document.len > 0)
            *VEC_PUSH(a, ret) = (struct helm_file){ STR(""), document };
        if (!separator)
            return;
        for (at += 3; at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t');)
            at++;
        from = at;
        /* What follows on the separator's line belongs to the next document. */
        next = str_find_byte(text, '\n', at);
        at = next == SIZE_MAX ? text.len : next + 1;
        if (next == SIZE_MAX && from == text.len)
            return;
    }
}

static struct err *bad_head(struct arena *a, struct str source, const struct val *v,
                            const char *field)
{
    return err_new(a, ERR_INVALID, "YAML parse error on %.*s:%u:%u: %s must be a string, not %s",
                   STR_ARG(source), v->line, v->column, field, val_kind_name(v));
}

/* A number or a boolean where text belongs becomes its text. */
static bool is_text(const struct val *v)
{
    return !v || (v->kind != VAL_MAP && v->kind != VAL_SEQ);
}

static struct err *check_head(struct arena *a, struct str source, const struct val *v)
{
    const struct val *metadata = val_get(v, STR("metadata"));
    const struct val *annotations = val_get(metadata, STR("annotations"));
    const struct val *name = val_get(metadata, STR("name"));
    if (v->kind != VAL_MAP && v->kind != VAL_NULL)
        return err_new(a, ERR_INVALID, "YAML parse error on %.*s:%u:%u: expected an object, not %s",
                       STR_ARG(source), v->line, v->column, val_kind_name(v));
    if (!is_text(val_get(v, STR("apiVersion"))))
        return bad_head(a, source, val_get(v, STR("apiVersion")), "apiVersion");
    if (!is_text(val_get(v, STR("kind"))))
        return bad_head(a, source, val_get(v, STR("kind")), "kind");
    if (metadata && metadata->kind != VAL_MAP && metadata->kind != VAL_NULL)
        return err_new(a, ERR_INVALID, "YAML parse error on %.*s:%u:%u: metadata must be an object",
                       STR_ARG(source), metadata->line, metadata->column);
    if (!is_text(name))
        return bad_head(a, source, name, "metadata.name");
    if (annotations && annotations->kind != VAL_MAP && annotations->kind != VAL_NULL)
        return err_new(a, ERR_INVALID,
                       "YAML parse error on %.*s:%u:%u: metadata.annotations must be an object",
                       STR_ARG(source), annotations->line, annotations->column);
    for (size_t i = 0; i < val_count(annotations); i++)
        if (!is_text(annotations->fields[i].value))
            return bad_head(a, source, annotations->fields[i].value, "an annotation");
    return NULL;
}

static bool read_events(struct str list, unsigned *ret)
{
    *ret = 0;
    for (struct str word, rest = list; str_cut(&rest, ',', &word);) {
        bool known = false;
        word = str_trim(word);
        for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
            if (str_eq_nocase(events[i].name, word)) {
                *ret |= (unsigned)events[i].event;
                known = true;
            }
        if (!known)
            return false;
    }
    return true;
}

struct err *helm_manifest_read(struct arena *a, struct str source, struct str text,
                               struct helm_manifest *ret)
{
    struct err *e;
    *ret = (struct helm_manifest){ .source = source, .content = text };
    if (TRY(&e, yaml_read(a, text, source, YAML_SIGS_LOOSE, &ret->value)))
        return err_wrap(a, e, "YAML parse error on %.*s", STR_ARG(source));
    if (TRY(&e, check_head(a, source, ret->value)))
        return e;
    ret->kind = helm_text(a, val_get(ret->value, STR("kind")));
    return NULL;
}

static void place(struct arena *a, struct helm_manifest *m, struct helm_manifests *objects,
                  struct helm_manifests *hooks)
{
    const struct val *annotations = val_at(m->value, "metadata.annotations");
    const struct val *hook = val_get(annotations, STR("helm.sh/hook"));
    if (!hook) {
        *VEC_PUSH(a, objects) = *m;
        return;
    }
    if (!read_events(helm_text(a, hook), &m->events))
        return;
    if (!str_to_int64(helm_text(a, val_get(annotations, STR("helm.sh/hook-weight"))), &m->weight))
        m->weight = 0;
    *VEC_PUSH(a, hooks) = *m;
}

static int rank_of(struct str kind)
{
    for (int i = 0; i < KIND_COUNT; i++)
        if (str_eq(install_order[i], kind))
            return i;
    return KIND_COUNT;
}

static bool installs_before(const void *left, const void *right)
{
    const struct helm_manifest *x = left, *y = right;
    int first = rank_of(x->kind), second = rank_of(y->kind);
    if (first == KIND_COUNT && second == KIND_COUNT)
        return str_cmp(x->kind, y->kind) < 0;
    return first < second;
}

static bool name_is_before(const void *x, const void *y)
{
    return str_cmp(((const struct helm_file *)x)->name, ((const struct helm_file *)y)->name) < 0;
}

void helm_manifests_sort(struct arena *a, const struct helm_files *rendered,
                         struct helm_manifests *ret_objects, struct helm_manifests *ret_hooks,
                         struct helm_failures *failures)
{
    struct helm_file *files = ARENA_ARRAY(a, rendered->count, struct helm_file);
    *ret_objects = *ret_hooks = (struct helm_manifests)VEC_INIT;
    if (rendered->count > 0)
        memcpy(files, rendered->items, rendered->count * sizeof *files);
    sort_stable(a, files, rendered->count, sizeof *files, name_is_before);
    for (size_t i = 0; i < rendered->count; i++) {
        struct helm_files documents = VEC_INIT;
        if (str_has_prefix(tree_path_base(files[i].name), STR("_")))
            continue;
        helm_split(a, files[i].data, &documents);
        for (size_t j = 0; j < documents.count; j++) {
            struct helm_manifest m;
            struct err *e = helm_manifest_read(a, files[i].name, documents.items[j].data, &m);
            if (e)
                *VEC_PUSH(a, failures) =
                    (struct helm_failure){ files[i].name, documents.items[j].data, e, STR("") };
            else
                place(a, &m, ret_objects, ret_hooks);
        }
    }
    sort_stable(a, ret_objects->items, ret_objects->count, sizeof *ret_objects->items,
                installs_before);
    sort_stable(a, ret_hooks->items, ret_hooks->count, sizeof *ret_hooks->items, installs_before);
}

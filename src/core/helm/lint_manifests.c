/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "core/apiserver/names.h"
#include "core/gotmpl/quote.h"
#include "core/helm/lint.h"
#include "core/helm/tables/api_deprecations.h"
#include "core/semver/semver.h"
#include "foreign/utf8.h"
#include "value/yaml.h"

/* What lint looks at of an object. */
struct head {
    struct str api_version;
    struct str kind;
    struct str name;
    const struct val *object;
};

static struct str extension_of(struct str name)
{
    struct str base = tree_path_base(name);
    size_t dot = str_rfind_byte(base, '.');

    return dot == SIZE_MAX ? STR("") : str_skip(base, dot);
}

static void lint_extension(struct lint_findings *f, struct str name)
{
    static const char *const good[] = { ".yaml", ".yml", ".tpl", ".txt" };
    struct str extension = extension_of(name);

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (str_eq(extension, str_from_cstr(good[i])))
            return;
    lint_add(f, LINT_ERROR, name,
             "file extension '%.*s' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt",
             STR_ARG(extension));
}

/* Only what is before the first line with text on it. */
static void lint_indent(struct lint_findings *f, struct str name, struct str text)
{
    struct str line;

    while (str_cut(&text, '\n', &line)) {
        line = str_trim_suffix(line, STR("\r"));
        if (str_trim(line).len == 0)
            continue;
        if (line.ptr[0] == ' ' || line.ptr[0] == '\t')
            lint_add(f, LINT_WARNING, name,
                     "document starts with an illegal indent: %.*s, which may cause parsing "
                     "problems",
                     STR_ARG(quote_go(f->arena, line)));
        return;
    }
}

static bool is_nested(const struct val *v)
{
    return val_is(v, VAL_MAP) || val_is(v, VAL_SEQ);
}

/* false: a finding was added, and helm would look no further. A document without content gives a NULL object. */
static bool read_head(struct lint_findings *f, struct str name, struct str text, struct head *ret)
{
    const struct val *v, *metadata;
    struct err *e;

    *ret = (struct head){ .object = NULL };
    if (TRY(&e, yaml_read(f->arena, text, name, YAML_SIGS_LOOSE, &v))) {
        lint_add(f, LINT_ERROR, name, "unable to parse YAML: %.*s", STR_ARG(err_line(f->arena, e)));
        return false;
    }
    if (v->kind == VAL_NULL)
        return true;
    metadata = val_get(v, STR("metadata"));
    if (v->kind != VAL_MAP || is_nested(val_get(v, STR("apiVersion"))) ||
        is_nested(val_get(v, STR("kind"))) || is_nested(val_get(metadata, STR("name"))) ||
        (metadata && metadata->kind != VAL_MAP && metadata->kind != VAL_NULL)) {
        lint_add(
            f, LINT_ERROR, name,
            "unable to parse YAML: an object has apiVersion, kind and metadata.name as strings");
        return false;
    }
    *ret = (struct head){ .api_version = helm_text(f->arena, val_get(v, STR("apiVersion"))),
                          .kind = helm_text(f->arena, val_get(v, STR("kind"))),
                          .name = helm_text(f->arena, val_get(metadata, STR("name"))),
                          .object = v };
    return true;
}

static bool is_one_of(struct str kind, const char *const *kinds)
{
    for (size_t i = 0; kinds[i]; i++)
        if (str_eq_nocase(kind, str_from_cstr(kinds[i])))
            return true;
    return false;
}

static void lint_name(struct lint_findings *f, struct str file, const struct head *h)
{
    static const char *const path_segments[] = { "Role", "ClusterRole", "RoleBinding",
                                                 "ClusterRoleBinding", NULL };
    static const char *const free_names[] = { "CertificateSigningRequest", NULL };
    struct str quoted = quote_go(f->arena, h->name);
    struct name_problems problems = VEC_INIT;
    struct buf all;

    if (is_one_of(h->kind, free_names))
        return;
    if (is_one_of(h->kind, path_segments))
        name_path_segment(f->arena, h->name, &problems);
    else if (str_eq_nocase(h->kind, STR("Service")))
        name_dns1035_label(f->arena, h->name, &problems);
    else if (str_eq_nocase(h->kind, STR("Namespace")))
        name_dns_label(f->arena, h->name, &problems);
    else
        name_dns_subdomain(f->arena, h->name, &problems);
    if (problems.count == 0)
        return;
    buf_init(&all, f->arena, 0);
    for (size_t i = 0; i < problems.count; i++)
        buf_printf(&all, "%smetadata.name: Invalid value: %.*s: %.*s", i > 0 ? ", " : "",
                   STR_ARG(quoted), STR_ARG(problems.items[i]));
    lint_add(f, LINT_WARNING, file,
             problems.count > 1
                 ? "object name does not conform to Kubernetes naming requirements: %.*s: [%.*s]"
                 : "object name does not conform to Kubernetes naming requirements: %.*s: %.*s",
             STR_ARG(quoted), STR_ARG(buf_str(&all)));
}

static void lint_deprecation(struct lint_findings *f, struct str file, const struct head *h,
                             const struct semver *kube)
{
    for (size_t i = 0; i < api_deprecation_count; i++) {
        const struct api_deprecation *d = &api_deprecations[i];

        if (!str_eq(d->kind, h->kind) || !str_eq(d->api_version, h->api_version))
            continue;
        if (d->major > kube->major || (d->major == kube->major && d->minor > kube->minor))
            return;
        lint_add(f, LINT_WARNING, file, "%.*s %.*s is deprecated in v%u.%u+%s%s%s%s%s",
                 STR_ARG(h->api_version), STR_ARG(h->kind), d->major, d->minor,
                 d->removed[0] ? ", unavailable in v" : "", d->removed, d->removed[0] ? "+" : "",
                 d->instead[0] ? "; use " : "", d->instead);
        return;
    }
}

static void lint_selector(struct lint_findings *f, struct str file, const struct head *h,
                          struct str text)
{
    static const char *const workloads[] = { "Deployment", "ReplicaSet", "DaemonSet",
                                             "StatefulSet" };
    bool is_workload = false;

    for (size_t i = 0; i < sizeof workloads / sizeof workloads[0]; i++)
        is_workload = is_workload || str_eq(h->kind, str_from_cstr(workloads[i]));
    if (is_workload && !str_contains(text, STR("matchLabels")) &&
        !str_contains(text, STR("matchExpressions")))
        lint_add(f, LINT_ERROR, file,
                 "a %.*s must contain matchLabels or matchExpressions, and %.*s does not",
                 STR_ARG(h->kind), STR_ARG(quote_go(f->arena, h->name)));
}

static void lint_list(struct lint_findings *f, struct str file, const struct head *h)
{
    const struct val *items = val_get(h->object, STR("items"));

    if (!str_is(h->kind, "List") || !val_is(items, VAL_SEQ))
        return;
    for (size_t i = 0; i < items->count; i++) {
        const struct val *metadata = val_get(items->items[i], STR("metadata"));

        if (!val_get(val_get(metadata, STR("annotations")), STR("helm.sh/resource-policy")))
            continue;
        lint_add(f, LINT_ERROR, file,
                 "annotation 'helm.sh/resource-policy' within List objects are ignored");
        return;
    }
}

/* The documents of a file; the first with the white space in front of it, which can make it invalid. */
static void split(struct arena *a, struct str text, struct helm_files *ret)
{
    helm_split(a, text, ret);
    if (ret->count == 0)
        return;
    struct str *first = &ret->items[0].data;
    size_t before = (size_t)(first->ptr - text.ptr);
    if (str_trim(str_slice(text, 0, before)).len == 0)
        *first = str_slice(text, 0, before + first->len);
}

static bool lint_file(struct lint_findings *f, struct str file, struct str text,
                      const struct semver *kube)
{
    struct helm_files documents = VEC_INIT;
    struct head h;

    if (str_trim(text).len == 0)
        return true;
    lint_indent(f, file, text);
    split(f->arena, text, &documents);
    for (size_t i = 0; i < documents.count; i++) {
        if (!read_head(f, file, documents.items[i].data, &h))
            return false;
        if (!h.object)
            continue;
        lint_name(f, file, &h);
        lint_deprecation(f, file, &h, kube);
        lint_selector(f, file, &h, text);
        lint_list(f, file, &h);
    }
    return true;
}

void lint_manifests(struct lint_findings *f, const struct helm_chart *c,
                    const struct helm_files *rendered, struct str kube_version)
{
    struct str path = helm_chart_path(f->arena, c);
    struct semver kube;

    if (kube_version.len == 0 || semver_parse(kube_version, &kube))
        (void)semver_parse(STR("1.37.0"), &kube);
    for (size_t i = 0; i < c->templates.count; i++) {
        struct str file = c->templates.items[i].name, text = STR("");
        struct str name = str_printf(f->arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(file));
        struct str extension = extension_of(file);

        lint_extension(f, file);
        if (!str_eq_nocase(extension, STR(".yaml")) && !str_eq_nocase(extension, STR(".yml")))
            continue;
        for (size_t j = 0; j < rendered->count; j++)
            if (str_eq(rendered->items[j].name, name))
                text = rendered->items[j].data;
        if (!lint_file(f, file, text, &kube))
            return;
    }
}

void lint_crds(struct lint_findings *f, const struct helm_files *crds)
{
    for (size_t i = 0; i < crds->count; i++) {
        struct helm_files documents = VEC_INIT;
        struct str name = crds->items[i].name; /* with the chart in front */
        size_t at = str_find(name, STR("/crds/"), 0);
        struct head h;

        name = at == SIZE_MAX ? name : str_skip(name, at + 1);
        split(f->arena, crds->items[i].data, &documents);
        for (size_t j = 0; j < documents.count; j++) {
            if (!read_head(f, name, documents.items[j].data, &h))
                return;
            if (h.object && !str_has_prefix(h.api_version, STR("apiextensions.k8s.io")))
                lint_add(f, LINT_ERROR, name, "apiVersion is not in 'apiextensions.k8s.io'");
            if (h.object && !str_is(h.kind, "CustomResourceDefinition"))
                lint_add(f, LINT_ERROR, name, "object kind is not 'CustomResourceDefinition'");
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_build.h"

#include "base/limits.h"
#include "core/envsubst/manifest.h"
#include "core/kube/ownership.h"
#include "core/kustomize/flux.h"
#include "core/sops/mask.h"
#include "core/sourceignore/ignore.h"
#include "value/json.h"
#include "value/yaml.h"

#define GROUP STR("kustomize.toolkit.fluxcd.io")

enum { NESTED_MAX = 32 };

/* One run of the command. */
struct build {
    const struct cli *cli;
    const struct invocation *in;
    struct arena *arena;
    struct seq_builder objects; /* in the order they are printed */
    unsigned depth;
};

static bool is_kustomization(const struct val *object)
{
    struct obj_ref ref = obj_ref_of(object);

    return str_eq(ref.group, GROUP) && str_is(ref.kind, "Kustomization");
}

/* Reading the file as Kubernetes' clients do, a number or bool where text belongs becomes its text. */
static struct err *texts(struct build *b, const struct val **kustomization)
{
    static const char *const fields[] = { "spec.path", "spec.namePrefix", "spec.nameSuffix",
                                          "spec.targetNamespace" };

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct val *v = val_at(*kustomization, fields[i]);

        if (!v || v->kind == VAL_STRING || v->kind == VAL_NULL)
            continue;
        if (v->kind == VAL_MAP || v->kind == VAL_SEQ)
            return err_new(b->arena, ERR_INVALID, "%s:%u:%u: %s must be text", v->file, v->line,
                           v->column, fields[i]);
        *kustomization = val_with_at(b->arena, *kustomization, fields[i],
                                     val_string(b->arena, json_string(b->arena, v, JSON_COMPACT)));
    }
    return NULL;
}

/* The Kustomization called NAME in the file. */
static struct err *read_kustomization(struct build *b, const struct val **ret)
{
    struct str file = flag_text(b->in, "kustomization-file"), name = b->in->arguments[0],
               ns = flag_text(b->in, "namespace"), text;
    struct yaml_docs docs;
    struct err *e;

    if (TRY(&e, b->cli->session.ops->read_file(b->cli->session.self, b->arena, file,
                                               LIMIT_DOCUMENT_BYTES, &text)) ||
        TRY(&e, yaml_read_all(b->arena, text, file, YAML_SIGS, &docs)))
        return e;
    for (size_t i = 0; i < docs.count; i++) {
        struct obj_ref ref = obj_ref_of(docs.items[i]);

        *ret = docs.items[i];
        if (is_kustomization(*ret) && str_eq(ref.name, name) &&
            (ref.ns.len == 0 || str_eq(ref.ns, ns)))
            return texts(b, ret);
    }
    return err_new(b->arena, ERR_NOT_FOUND,
                   "no Kustomization \"%.*s\" of namespace \"%.*s\" in \"%.*s\"", STR_ARG(name),
                   STR_ARG(ns), STR_ARG(file));
}

/* What a folder leaves out: the defaults, its .sourceignore files, the flag. */
struct ignored {
    struct ignore_rules rules;
    struct str folder; /* path in the tree */
};

static struct err *read_ignored(struct build *b, const struct tree *tree, struct str folder,
                                struct ignored *ret)
{
    struct str patterns = flag_text(b->in, "ignore-paths"), pattern;

    ret->folder = folder;
    ignore_rules_init(&ret->rules, b->arena);
    struct err *e = ignore_rules_load_folder(&ret->rules, tree, folder);
    while (!e && str_cut(&patterns, ',', &pattern))
        ignore_rules_add(&ret->rules, folder, pattern);
    return e;
}

static bool is_ignored(void *self, struct str path)
{
    const struct ignored *ignored = self;
    struct str whole;

    if (!tree_path_join(ignored->rules.arena, ignored->folder, path, &whole))
        return false;
    size_t from = ignored->folder.len > 0 ? ignored->folder.len + 1 : 0;
    if (from > 0 && (whole.len <= from || !str_has_prefix(whole, ignored->folder)))
        return false; /* of another folder */
    for (size_t at = from; (at = str_find_byte(whole, '/', at)) != SIZE_MAX; at++)
        if (ignore_rules_match(&ignored->rules, str_slice(whole, 0, at), true))
            return true;
    return ignore_rules_match(&ignored->rules, whole, false) ||
           ignore_rules_match(&ignored->rules, whole, true);
}

static struct err *substitute(struct build *b, const struct val *kustomization,
                              struct kustomize_result *result)
{
    const struct val *post = val_at(kustomization, "spec.postBuild");
    const struct val *values = val_get(post, STR("substitute"));
    struct substitution s;
    struct err *e;

    if (!post)
        return NULL;
    substitution_init(&s, b->arena);
    s.always = str_is(val_get_str(post, "substituteStrategy"), "Always");
    s.strict = flag_is_set(b->in, "strict-substitute");
    for (size_t i = 0; i < val_count(values); i++)
        substitution_set(&s, values->fields[i].key, val_str(values->fields[i].value), false);
    if (TRY(&e, substitution_check(&s)))
        return e;
    for (size_t i = 0; i < result->count; i++)
        if (TRY(&e, substitution_apply(&s, b->arena, result->items[i].object,
                                       &result->items[i].object)))
            return e;
    return NULL;
}

static struct err *finish(struct build *b, const struct val *kustomization,
                          const struct val *object, const struct val **ret)
{
    struct obj_ref self = obj_ref_of(kustomization), ref = obj_ref_of(object);
    struct owner owner = { .group = GROUP, .name = self.name, .ns = self.ns };
    const struct val *common = val_at(kustomization, "spec.commonMetadata");
    /* Labels that are null stay so in flux' output, as it writes its own below the null. */
    if (!val_is(val_at(object, "metadata.labels"), VAL_NULL))
        object = owner_labels_set(b->arena, object, &owner);
    struct err *e = sops_mask(b->arena, object, ret);

    if (e)
        return err_wrap(b->arena, e, "%.*s", STR_ARG(obj_ref_format(b->arena, &ref)));
    if (common)
        *ret = flux_common_metadata(b->arena, *ret, common);
    return NULL;
}

/* Where --local-sources has the source's files: Kind/namespace/name=FOLDER, comma-separated. */
static struct err *local_path(struct build *b, const struct val *kustomization, struct str *ret)
{
    const struct val *source = val_at(kustomization, "spec.sourceRef");
    struct str ns = val_get_str(source, "namespace"), list = flag_text(b->in, "local-sources"),
               item;
    struct str key;

    if (ns.len == 0)
        ns = val_at_str(kustomization, "metadata.namespace");
    key = str_printf(b->arena, "%.*s/%.*s/%.*s=", STR_ARG(val_get_str(source, "kind")), STR_ARG(ns),
                     STR_ARG(val_get_str(source, "name")));
    while (str_cut(&list, ',', &item))
        if (str_has_prefix(item, key)) {
            *ret = str_printf(b->arena, "%.*s/%.*s", STR_ARG(str_trim_prefix(item, key)),
                              STR_ARG(val_at_str(kustomization, "spec.path")));
            return NULL;
        }
    return err_new(
        b->arena, ERR_NOT_FOUND,
        "cannot get local path for %.*s of kustomization %.*s: add it to --local-sources",
        STR_ARG(str_trim_suffix(key, STR("="))),
        STR_ARG(val_at_str(kustomization, "metadata.name")));
}

static struct err *build_one(struct build *b, const struct val *kustomization, struct str dir);

static struct err *build_nested(struct build *b, const struct val *parent, const struct val *child)
{
    struct obj_ref up = obj_ref_of(parent), ref = obj_ref_of(child);
    struct str dir;
    struct err *e;

    if (str_eq(up.name, ref.name) && str_eq(up.ns, ref.ns))
        return NULL;
    if (b->depth >= NESTED_MAX)
        return err_new(b->arena, ERR_INVALID, "%.*s: more than %d Kustomizations in each other",
                       STR_ARG(obj_ref_format(b->arena, &ref)), NESTED_MAX);
    if (TRY(&e, local_path(b, child, &dir)))
        return e;
    b->depth++;
    e = build_one(b, child, dir);
    b->depth--;
    return e;
}

static struct err *build_one(struct build *b, const struct val *kustomization, struct str dir)
{
    struct flux_build options = { .spec = val_get(kustomization, STR("spec")),
                                  .label = str_trim_suffix(dir, STR("/")),
                                  .machine_root = true,
                                  .is_ignored = is_ignored };
    struct ignored ignored;
    struct kustomize_result result = { 0 };
    const struct val **objects;
    struct tree tree;
    struct str path;
    struct err *e;

    if (TRY(&e,
            b->cli->session.ops->open_tree(b->cli->session.self, b->arena, dir, &tree, &path)) ||
        TRY(&e, read_ignored(b, &tree, path, &ignored)))
        return e;
    options.ignore_self = &ignored;
    if (TRY(&e, flux_build(b->arena, &options, &tree, path, &result)) ||
        TRY(&e, substitute(b, kustomization, &result)))
        return e;
    objects = ARENA_ARRAY(b->arena, result.count, const struct val *);
    for (size_t i = 0; i < result.count; i++) {
        if (TRY(&e, finish(b, kustomization, result.items[i].object, &objects[i])))
            return e;
        seq_builder_add(&b->objects, objects[i]);
    }
    for (size_t i = 0; flag_is_set(b->in, "recursive") && i < result.count; i++)
        if (is_kustomization(objects[i]) && TRY(&e, build_nested(b, kustomization, objects[i])))
            return e;
    return NULL;
}

static struct err *check_flags(struct build *b)
{
    if (b->in->argument_count == 0)
        return err_new(b->arena, ERR_INVALID, "name the Kustomization");
    if (!flag_is_given(b->in, "path"))
        return err_new(b->arena, ERR_INVALID, "--path is missing: the folder with its manifests");
    if (!flag_is_set(b->in, "dry-run"))
        return err_new(b->arena, ERR_UNSUPPORTED,
                       "a build with the cluster's Kustomization is not built yet in weir: give "
                       "--kustomization-file and --dry-run");
    if (!flag_is_given(b->in, "kustomization-file"))
        return err_new(b->arena, ERR_INVALID, "dry-run mode requires a kustomization file");
    return NULL;
}

struct err *cmd_build_kustomization(const struct cli *cli, const struct invocation *in)
{
    struct build b = { .cli = cli, .in = in, .arena = cli->run->arena };
    const struct val *kustomization, *objects;
    struct buf out;
    struct err *e;

    seq_builder_init(&b.objects, b.arena);
    if (TRY(&e, check_flags(&b)) || TRY(&e, read_kustomization(&b, &kustomization)) ||
        TRY(&e, build_one(&b, kustomization, flag_text(in, "path"))))
        return e;
    objects = seq_builder_done(&b.objects, NULL);
    buf_init(&out, b.arena, 0);
    for (size_t i = 0; i < val_count(objects); i++) {
        yaml_write(&out, objects->items[i], YAML_WRITE_DEFAULT);
        buf_lit(&out, "---\n");
    }
    cli->write(cli->self, 1, buf_str(&out));
    return NULL;
}

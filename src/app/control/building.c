/* SPDX-License-Identifier: Apache-2.0 */
#include "app/control/building.h"

#include "app/build/finish.h"
#include "app/reconcile/variables.h"
#include "core/kustomize/flux.h"
#include "core/sourceignore/ignore.h"

bool building_is_kustomization(const struct val *object)
{
    struct obj_ref ref = obj_ref_of(object);

    return str_is(ref.group, KUSTOMIZE_GROUP) && str_is(ref.kind, "Kustomization");
}

struct err *building_resolve(const struct building *b, struct str ns, struct str name,
                             const struct val *given, bool required, const struct val **ret)
{
    struct obj_ref ref = { STR(KUSTOMIZE_GROUP), STR("v1"), STR("Kustomization"), ns, name };
    const struct val *live = NULL, *status;
    struct err *e;

    *ret = given;
    if (b->query->offline)
        return NULL;
    if (TRY(&e, cluster_get_one(&b->queries->cluster, b->run, &ref, &live)))
        return err_wrap(b->run->arena, e, "failed to get kustomization object");
    if (!live && required)
        return err_new(b->run->arena, ERR_NOT_FOUND,
                       "failed to get kustomization object: kustomizations." KUSTOMIZE_GROUP
                       " \"%.*s\" not found in namespace \"%.*s\": for one that is new give "
                       "--kustomization-file, and --ignore-not-found or --dry-run",
                       STR_ARG(name), STR_ARG(ns));
    status = val_get(live, STR("status"));
    if (!given)
        *ret = live;
    else if (status)
        *ret = val_with(b->run->arena, given, STR("status"), status);
    if (*ret && val_at_str(*ret, "metadata.namespace").len == 0 && live)
        *ret = val_with_at(b->run->arena, *ret, "metadata.namespace",
                           val_string(b->run->arena, ns));
    return NULL;
}

/* What a folder leaves out: the defaults, its .sourceignore files, the patterns given. */
struct ignored {
    struct ignore_rules rules;
    struct str folder; /* path in the tree */
};

static struct err *read_ignored(const struct building *b, const struct tree *tree,
                                struct str folder, struct ignored *ret)
{
    struct str patterns = b->query->ignored, pattern;

    ret->folder = folder;
    ignore_rules_init(&ret->rules, b->run->arena);
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

static struct err *substitute(const struct building *b, const struct val *kustomization,
                              struct kustomize_result *result)
{
    const struct cluster *cluster = b->query->offline ? NULL : &b->queries->cluster;
    struct substitution s;
    struct err *e;

    if (!val_at(kustomization, "spec.postBuild"))
        return NULL;
    if (TRY(&e, variables_load(cluster, b->run, kustomization, &s)))
        return e;
    s.strict = b->query->strict;
    for (size_t i = 0; i < result->count; i++)
        if (TRY(&e, substitution_apply(&s, b->run->arena, result->items[i].object,
                                       &result->items[i].object)))
            return e;
    return NULL;
}

struct err *building_run(const struct building *b, const struct val *kustomization, struct str dir,
                         struct built *ret)
{
    struct arena *a = b->run->arena;
    struct flux_build options = { .spec = val_get(kustomization, STR("spec")),
                                  .label = str_trim_suffix(dir, STR("/")),
                                  .machine_root = true,
                                  .fetch = b->query->fetch,
                                  .is_ignored = is_ignored };
    struct obj_ref self = obj_ref_of(kustomization);
    struct owner owner = { .group = STR(KUSTOMIZE_GROUP), .name = self.name, .ns = self.ns };
    const struct val *common = val_at(kustomization, "spec.commonMetadata");
    struct kustomize_result result = { 0 };
    struct ignored ignored;
    const struct val **objects;
    struct tree tree;
    struct str path;
    struct err *e;

    if (TRY(&e, b->query->open_tree(b->query->self, a, dir, &tree, &path)) ||
        TRY(&e, read_ignored(b, &tree, path, &ignored)))
        return e;
    options.ignore_self = &ignored;
    if (TRY(&e, flux_build(a, &options, &tree, path, &result)) ||
        TRY(&e, substitute(b, kustomization, &result)))
        return e;
    objects = ARENA_ARRAY(a, result.count, const struct val *);
    for (size_t i = 0; i < result.count; i++)
        if (TRY(&e, build_finish(a, BUILD_TO_SHOW, &owner, common, result.items[i].object,
                                 &objects[i])))
            return e;
    *ret = (struct built){ .objects = objects, .count = result.count };
    return NULL;
}

struct err *building_folder(const struct building *b, const struct val *kustomization,
                            struct str *ret)
{
    struct arena *a = b->run->arena;
    const struct val *source = val_at(kustomization, "spec.sourceRef");
    struct str ns = val_get_str(source, "namespace"), list = b->query->sources, item, key;

    if (ns.len == 0)
        ns = val_at_str(kustomization, "metadata.namespace");
    key = str_printf(a, "%.*s/%.*s/%.*s=", STR_ARG(val_get_str(source, "kind")), STR_ARG(ns),
                     STR_ARG(val_get_str(source, "name")));
    while (str_cut(&list, ',', &item))
        if (str_has_prefix(item, key)) {
            *ret = str_printf(a, "%.*s/%.*s", STR_ARG(str_trim_prefix(item, key)),
                              STR_ARG(val_at_str(kustomization, "spec.path")));
            return NULL;
        }
    return err_new(
        a, ERR_NOT_FOUND,
        "cannot get local path for %.*s of kustomization %.*s: add it to --local-sources",
        STR_ARG(str_trim_suffix(key, STR("="))),
        STR_ARG(val_at_str(kustomization, "metadata.name")));
}

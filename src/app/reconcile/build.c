/* SPDX-License-Identifier: Apache-2.0 */
/* Stages fetch and build of a Kustomization: from the source's artifact to objects with owner labels. */
#include "app/build/finish.h"
#include "app/build/remote_bases.h"
#include "app/reconcile/attempt.h"
#include "app/reconcile/payload.h"
#include "base/limits.h"
#include "core/sops/mask.h"

/* Fields that this version does not act on; acting as if they were not there would be wrong, or unsafe. */
static struct err *refuse_unbuilt(struct attempt *t)
{
    static const char *const fields[] = { "decryption", "healthCheckExprs" };
    const struct val *spec = val_get(t->object, STR("spec")),
                     *depends = val_get(spec, STR("dependsOn"));

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (val_get(spec, str_from_cstr(fields[i])) &&
            !(i == 0 && t->ports->options.keep_encrypted))
            return err_new(t->run->arena, ERR_UNSUPPORTED, "spec.%s is not built yet in weir",
                           fields[i]);
    for (size_t i = 0; i < val_count(depends); i++)
        if (val_get(val_item(depends, i), STR("readyExpr")))
            return err_new(t->run->arena, ERR_UNSUPPORTED,
                           "spec.dependsOn[%zu].readyExpr is not built yet in weir", i);
    return NULL;
}

/* From the process that serves it. */
static struct err *download(struct attempt *t, const struct val *artifact, struct tree *ret)
{
    const struct artifact_store *store = &t->ports->artifacts;
    struct http_request request = { .url = val_get_str(artifact, "url"),
                                    .body_max = LIMIT_ARTIFACT_BYTES };
    struct http_answer answer = { 0 };
    struct err *e;

    if (TRY(&e, t->ports->http.ops->send(t->ports->http.self, t->run, &request, &answer)))
        return err_wrap(t->run->arena, e, "failed to download artifact");
    if (answer.status != 200)
        return err_new(t->run->arena, ERR_UNAVAILABLE,
                       "failed to download artifact from %.*s, status: %d %.*s",
                       STR_ARG(request.url), answer.status, STR_ARG(answer.reason));
    return store->ops->take_tree(store->self, t->run, val_get_str(artifact, "path"),
                                 val_get_str(artifact, "digest"), answer.body, ret);
}

static struct err *fetch(struct attempt *t, const struct val *source, struct tree *ret)
{
    const struct val *artifact = val_at(source, "status.artifact");
    const struct artifact_store *store = &t->ports->artifacts;
    struct err *e = store->ops->open_tree(store->self, t->run, val_get_str(artifact, "path"),
                                          val_get_str(artifact, "digest"), ret);

    return e && e->code == ERR_NOT_FOUND && t->ports->options.fetch_artifacts
               ? download(t, artifact, ret)
               : e;
}

/* "./apps/staging/" -> "apps/staging"; a path that climbs stays at the root, as SecureJoin has it. */
static struct str build_path(struct arena *a, const struct val *object)
{
    struct str path = val_at_str(object, "spec.path"), clean;

    while (str_has_prefix(path, STR("/")))
        path = str_skip(path, 1);
    return tree_path_join(a, STR(""), path, &clean) ? clean : STR("");
}

static struct err *find_folder(struct attempt *t, const struct tree *tree, struct str path)
{
    enum tree_kind kind;
    struct err *e;

    if (TRY(&e, tree_stat(tree, t->run->arena, path, &kind)))
        return e;
    if (kind != TREE_DIR)
        return err_new(t->run->arena, ERR_NOT_FOUND,
                       "kustomization path not found: \"%.*s\" is no folder of the artifact",
                       STR_ARG(val_at_str(t->object, "spec.path")));
    return NULL;
}

/*
 * The objects, from the renderer. Variables are read before, because a worker cannot; that they could not be read matters only where
 * the build itself is good.
 */
static struct err *render_objects(struct attempt *t, const struct tree *tree, struct str path,
                                  struct render_result *ret)
{
    const struct renderer *renderer = &t->ports->renderer;
    struct render_request request = {
        .tenant = val_at_str(t->object, "metadata.namespace"),
        .tree = tree,
        .path = path,
        .spec = val_get(t->object, STR("spec")),
    };
    struct remote_bases bases = {
        .git = t->ports->git,
        .http = t->ports->http,
        .clock = t->ports->clock,
        .run = t->run,
        .mirrors = str_printf(t->run->arena, "bases/%.*s", STR_ARG(request.tenant)),
        .allow_file = t->ports->options.allow_file_urls,
    };
    struct err *unread = NULL, *e;

    if (!t->ports->options.no_remote_bases)
        request.fetch = remote_bases_fetch(&bases);
    if (val_at(t->object, "spec.postBuild"))
        unread = variables_load(&t->ports->cluster, t->run, t->object, &t->variables);
    if (!unread && val_at(t->object, "spec.postBuild"))
        request.variables = &t->variables;
    e = renderer->ops->render(renderer->self, t->run, &request, ret);
    return e ? e : unread;
}

static struct err *take_objects(struct attempt *t, const struct render_result *result)
{
    const struct val *common = val_at(t->object, "spec.commonMetadata");

    t->objects = ARENA_ARRAY(t->run->arena, result->count, const struct val *);
    t->count = result->count;
    t->digest = result->digest;
    for (size_t i = 0; i < result->count; i++) {
        struct err *e = build_finish(t->run->arena, BUILD_TO_APPLY, &t->owner, common,
                                     result->objects[i], &t->objects[i]);

        if (e)
            return e;
    }
    return NULL;
}

/* What is still encrypted is not sent; the check comes first, as the typed form has no room for what SOPS wrote. */
static struct err *take_payloads(struct attempt *t)
{
    for (size_t i = 0; i < t->count; i++) {
        struct obj_ref ref = obj_ref_of(t->objects[i]);
        struct err *e;

        if (t->ports->options.keep_encrypted) {
            if (TRY(&e, sops_mask(t->run->arena, t->objects[i], &t->objects[i])))
                return e;
            t->objects[i] = val_without(t->run->arena, t->objects[i], STR("sops"));
        }
        if (str_is(ref.kind, "Secret") && val_get(t->objects[i], STR("sops")))
            return err_new(
                t->run->arena, ERR_INVALID,
                "%.*s is SOPS encrypted, configuring decryption is required for this secret to be reconciled",
                STR_ARG(obj_ref_format(t->run->arena, &ref)));
        t->objects[i] = payload_of(t->run->arena, t->objects[i]);
    }
    return NULL;
}

struct err *attempt_build(struct attempt *t, const struct val *source, const char **ret_reason)
{
    struct str path = build_path(t->run->arena, t->object);
    struct render_result result = { 0 };
    struct tree tree;
    struct err *e;

    *ret_reason = "BuildFailed";
    if (TRY(&e, refuse_unbuilt(t)))
        return e;
    *ret_reason = "ArtifactFailed";
    if (TRY(&e, fetch(t, source, &tree)) || TRY(&e, find_folder(t, &tree, path)))
        return e;
    *ret_reason = "BuildFailed";
    t->stage = ATTEMPT_BUILDING;
    if (TRY(&e, render_objects(t, &tree, path, &result)))
        return e;
    if (arena_over_budget(t->run->arena))
        return err_new(t->run->arena, ERR_TOO_LARGE,
                       "the build takes more memory than a build may");
    if (TRY(&e, take_objects(t, &result)))
        return e;
    *ret_reason = "ReconciliationFailed";
    t->stage = ATTEMPT_APPLYING;
    return take_payloads(t);
}

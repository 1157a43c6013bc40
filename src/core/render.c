/* SPDX-License-Identifier: Apache-2.0 */
#include "core/render.h"

#include "base/arena.h"
#include "core/kustomize/flux.h"
#include "foreign/digest.h"

static struct err *substitute(struct arena *a, const struct substitution *variables,
                              struct kustomize_result *result)
{
    struct err *e;

    for (size_t i = 0; i < result->count; i++)
        if (TRY(&e, substitution_apply(variables, a, result->items[i].object,
                                       &result->items[i].object)))
            return e;
    return NULL;
}

static struct str digest_of(struct arena *a, const struct kustomize_result *result)
{
    struct buf text;

    buf_init(&text, a, 0);
    kustomize_print(&text, result);
    return str_printf(a, "sha256:%.*s", STR_ARG(digest_hex(a, DIGEST_SHA256, buf_str(&text))));
}

static void give(struct arena *a, const struct kustomize_result *result, struct render_result *ret)
{
    *ret = (struct render_result){
        .objects = ARENA_ARRAY(a, result->count, const struct val *),
        .count = result->count,
        .warnings = result->warnings,
        .warning_count = result->warning_count,
        .digest = digest_of(a, result),
    };
    for (size_t i = 0; i < result->count; i++)
        ret->objects[i] = result->items[i].object;
}

struct err *render(struct arena *a, const struct render_request *request, struct render_result *ret)
{
    struct flux_build build = {
        .spec = request->spec,
        .fetch = request->fetch,
    };
    struct kustomize_result result = { 0 };
    struct err *e;

    if (TRY(&e, flux_build(a, &build, request->tree, request->path, &result)))
        return e;
    if (request->variables && TRY(&e, substitute(a, request->variables, &result)))
        return e;
    if (arena_over_budget(a))
        return err_new(a, ERR_TOO_LARGE, "the build takes more memory than a build may");
    give(a, &result, ret);
    return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The CustomResourceDefinitions of the kinds that weir serves, applied from core/api's tables. */
#include "app/engine/engine.h"
#include "core/api/kind.h"
#include "core/kube/kstatus.h"

/* versions[0].schema...spec.properties.url.pattern with the file scheme added. */
static const struct val *allow_files(struct arena *a, const struct val *crd)
{
    const struct val *versions = val_at(crd, "spec.versions");
    const struct val *version = val_with_at(
        a, val_item(versions, 0), "schema.openAPIV3Schema.properties.spec.properties.url.pattern",
        val_cstring(a, "^(http|https|ssh|file)://.*$"));

    return val_with_at(a, crd, "spec.versions", val_seq_replace(a, versions, 0, version));
}

struct err *engine_install_crds(const struct reconcile_ports *ports, struct run *run)
{
    size_t count;
    const struct api_kind *const *kinds = api_kinds(&count);
    struct cluster_apply *reqs = ARENA_ARRAY(run->arena, count, struct cluster_apply);
    struct cluster_result *answers = ARENA_ARRAY(run->arena, count, struct cluster_result);
    struct err *e;

    for (size_t i = 0; i < count; i++) {
        const struct val *crd = api_kind_crd(run->arena, kinds[i]);

        if (ports->options.allow_file_urls && kinds[i] == &api_git_repository)
            crd = allow_files(run->arena, crd);
        reqs[i] =
            (struct cluster_apply){ .object = crd, .field_manager = STR("weir"), .force = true };
    }
    if (TRY(&e, cluster_apply_set(&ports->cluster, run, reqs, count, answers)))
        return e;
    for (size_t i = 0; i < count; i++)
        if (answers[i].err)
            return err_wrap(run->arena, answers[i].err,
                            "CustomResourceDefinition/%.*s apply failed",
                            STR_ARG(val_at_str(reqs[i].object, "metadata.name")));
    return NULL;
}

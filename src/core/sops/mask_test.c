/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sops/mask.h"

#include "base/arena.h"
#include "tests/harness.h"
#include "value/yaml.h"

/* The object masked and printed, or "error: " and the reason. */
static struct str masked(struct arena *a, const char *text)
{
    const struct val *v = &val_null;
    struct err *e;

    CHECK(yaml_read(a, str_from_cstr(text), STR("test"), YAML_SIGS, &v) == NULL);
    e = sops_mask(a, v, &v);
    if (e)
        return str_printf(a, "error: %.*s", STR_ARG(err_line(a, e)));
    return yaml_string(a, v, YAML_WRITE_DEFAULT);
}

TEST(nothing_of_an_encrypted_secret_is_shown)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    CHECK_STR(masked(a, "kind: Secret\ndata:\n  k: ENC[one]\nstringData:\n  t: ENC[two]\n"
                        "sops:\n  mac: ENC[three]\n"),
              "data:\n  k: KipTT1BTKio=\nkind: Secret\nstringData:\n  t: '**SOPS**'\n");
    CHECK_STR(
        masked(
            a,
            "kind: Secret\ntype: kubernetes.io/dockerconfigjson\nstringData:\n  .dockerconfigjson: ENC[x]\n"
            "sops:\n  mac: ENC[y]\n"),
        "kind: Secret\nstringData:\n  .dockerconfigjson: '{\"mask\":\"**SOPS**\"}'\n"
        "type: kubernetes.io/dockerconfigjson\n");
}

/* "c29wcyBFTkNb" is "sops ENC[". */
TEST(an_encrypted_file_in_a_secret_is_masked_alone)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    CHECK_STR(masked(a, "kind: Secret\ndata:\n  f: c29wcyBFTkNb\n  open: YQ==\n"),
              "data:\n  f: KipTT1BTKio=\n  open: YQ==\nkind: Secret\n");
    CHECK_STR(masked(a, "kind: Secret\nstringData:\n  f: 'sops ENC['\n  open: x\n"),
              "kind: Secret\nstringData:\n  f: KipTT1BTKio=\n  open: x\n");
    CHECK_HAS(masked(a, "kind: Secret\ndata:\n  k: '!'\n"), "error: data of \"k\" is no base64");
}

TEST(other_objects_lose_the_metadata_only)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    CHECK_STR(masked(a, "kind: ConfigMap\ndata:\n  k: ENC[\nsops:\n  mac: ENC[y]\n"),
              "data:\n  k: ENC[\nkind: ConfigMap\n");
    CHECK_STR(masked(a, "kind: ConfigMap\ndata:\n  k: v\n"), "data:\n  k: v\nkind: ConfigMap\n");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/fleet/scaffold.h"

#include "core/kustomize/flux.h"
#include "core/tree_memory.h"
#include "tests/harness.h"

static struct names names_of(struct arena *a, const char *list)
{
    struct str rest = str_from_cstr(list), each;
    struct {
        struct str *items;
        size_t count, cap;
    } all = { 0 };

    while (rest.len > 0 && str_cut(&rest, ',', &each))
        *VEC_PUSH(a, &all) = each;
    return (struct names){ all.items, all.count };
}

static struct scaffold_options options_of(struct arena *a, const char *clusters, const char *apps,
                                          const char *infrastructure)
{
    return (struct scaffold_options){ .source = STR("fleet"),
                                      .registry = STR("registry.example.com"),
                                      .clusters = names_of(a, clusters),
                                      .apps = names_of(a, apps),
                                      .infrastructure = names_of(a, infrastructure) };
}

TEST(every_folder_of_a_new_fleet_builds)
{
    static const struct {
        const char *path;
        size_t objects;
    } folders[] = {
        { "clusters/staging", 2 },
        { "clusters/production", 2 },
        { "apps/staging", 6 },
        { "apps/production", 6 },
        { "apps/base/web", 3 },
        { "infrastructure/staging", 10 },
        { "infrastructure/production", 10 },
    };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct scaffold_options options = options_of(a, "staging,production", "web,api",
                                                 "access,quotas,network-policies");
    struct scaffold files;
    struct tree_memory *memory = tree_memory_new(a);
    struct tree tree;

    REQUIRE(scaffold_fleet(a, &options, &files) == NULL);
    for (size_t i = 0; i < files.count; i++)
        tree_memory_put(memory, files.items[i].path, files.items[i].text, false);
    tree = tree_memory_port(memory, STR("fleet"));
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        struct flux_build build = { .label = STR("") };
        struct kustomize_result result = { 0 };
        struct err *e = flux_build(a, &build, &tree, str_from_cstr(folders[i].path), &result);

        test_label(folders[i].path);
        CHECK_STR(e ? err_line(a, e) : STR(""), "");
        CHECK_UINT(result.count, folders[i].objects);
    }
}

TEST(names_that_cannot_be_are_refused)
{
    static const struct {
        const char *clusters, *apps, *infrastructure, *want;
    } cases[] = {
        { "Prod", "web", "", "cluster \"Prod\"" },
        { "prod", "web,web", "", "app \"web\" is given twice" },
        { "prod", "web", "web", "is an app and infrastructure" },
        { "base", "web", "", "take another name" },
        { "", "web", "", "at least one cluster" },
        { "prod", "", "", "at least one app" },
        { "prod", "../x", "", "app \"../x\"" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct scaffold_options options = options_of(a, cases[i].clusters, cases[i].apps,
                                                     cases[i].infrastructure);
        struct scaffold files;
        struct err *e = scaffold_fleet(a, &options, &files);

        test_label(cases[i].want);
        REQUIRE(e != NULL);
        CHECK_HAS(err_line(a, e), cases[i].want);
    }
}

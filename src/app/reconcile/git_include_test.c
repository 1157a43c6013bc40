/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/git_include.h"

#include "tests/harness.h"
#include "value/yaml.h"

struct world {
    struct arena *arena;
    const struct val *objects; /* by name */
};

static const struct val *find(void *self, struct str kind, struct str ns, struct str name)
{
    struct world *w = self;

    CHECK_STR(kind, "GitRepository");
    CHECK_STR(ns, "ns");
    return val_get(w->objects, name);
}

#define OBJECT(name, includes, status)                                                     \
    name ": {metadata: {name: " name ", namespace: ns}, spec: {include: [" includes "]}, " \
         "status: {" status "}}\n"
#define OF(name) "{repository: {name: " name "}}"
#define ARTIFACT(revision) "artifact: {revision: " revision ", digest: 'sha256:1'}"

static struct git_includes find_in(struct arena *a, const char *objects, const char *name,
                                   const struct val **ret_object)
{
    struct world *w = ARENA_NEW(a, struct world);
    struct gate_reader reader = { .find = find, .self = w };
    const struct val *all = &val_null;

    CHECK(yaml_read(a, str_from_cstr(objects), STR("test"), YAML_SIGS, &all) == NULL);
    *w = (struct world){ a, all };
    *ret_object = val_get(all, str_from_cstr(name));
    return git_includes_find(a, *ret_object, &reader);
}

/* Reasons and messages: source-controller 1.9; the cycle's are ours. */
TEST(includes_are_waited_for_by_name)
{
    static const struct {
        const char *name, *objects, *reason, *message;
    } cases[] = {
        { "missing", OBJECT("a", OF("b"), ""), "NotFound",
          "could not get resource for include 'b': gitrepositories.source.toolkit.fluxcd.io \"b\" not found" },
        { "no artifact", OBJECT("a", OF("b"), "") OBJECT("b", "", ""), "NoArtifact",
          "no artifact available for include 'b'" },
        { "itself", OBJECT("a", OF("a"), ARTIFACT("x")), "IncludeCycle",
          "includes form a cycle: a -> a" },
        { "a ring",
          OBJECT("a", OF("d") "," OF("b"), "") OBJECT("b", OF("c"), ARTIFACT("x"))
              OBJECT("c", OF("d") "," OF("a"), "") OBJECT("d", "", ARTIFACT("x")),
          "IncludeCycle", "includes form a cycle: a -> b -> c -> a" },
        { "ready", OBJECT("a", OF("b"), "") OBJECT("b", "", ARTIFACT("x")), NULL, NULL },
        { "a ring beyond", OBJECT("a", OF("b"), "") OBJECT("b", OF("b"), ARTIFACT("x")), NULL,
          NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *object, *artifacts = NULL;
        struct git_includes in = find_in(a, cases[i].objects, "a", &object);
        const char *reason = "";
        struct err *e = git_includes_artifacts(a, object, &in, &artifacts, &reason);

        test_label(cases[i].name);
        CHECK((e != NULL) == (cases[i].reason != NULL));
        if (e && cases[i].reason) {
            CHECK_STR(reason, cases[i].reason);
            CHECK_STR(err_line(a, e), cases[i].message);
        } else {
            CHECK_INT(val_count(artifacts), 1);
        }
    }
}

TEST(a_change_of_an_included_artifact_is_seen)
{
    static const struct {
        const char *name, *status;
        bool want;
    } cases[] = {
        { "the same", "includedArtifacts: [{revision: x, digest: 'sha256:1'}]", false },
        { "another revision", "includedArtifacts: [{revision: y, digest: 'sha256:1'}]", true },
        { "another digest", "includedArtifacts: [{revision: x, digest: 'sha256:2'}]", true },
        { "never built", "", true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct str text = str_printf(
            a, "a: {metadata: {name: a, namespace: ns}, spec: {include: [%s]}, status: {%s}}\n%s",
            OF("b"), cases[i].status, OBJECT("b", "", ARTIFACT("x")));
        const struct val *object;
        struct git_includes in = find_in(a, str_cstr(a, text), "a", &object);

        test_label(cases[i].name);
        CHECK(git_includes_changed(object, &in) == cases[i].want);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Origin of the expectations: `flux diff kustomization` of flux 2.9.5, on objects that differ so; where it says so, ours. */
#include "cli/change_report.h"

#include "tests/harness.h"
#include "value/yaml.h"

static const struct val *read(struct arena *a, const char *text)
{
    struct yaml_docs docs = { 0 };
    struct err *e = yaml_read_all(a, str_from_cstr(text), STR("object"), YAML_SIGS, &docs);

    CHECK(e == NULL && docs.count == 1);
    return docs.count ? docs.items[0] : &val_null;
}

TEST(fields_are_told_by_their_paths)
{
    static const struct {
        const char *name, *before, *after, *want;
    } cases[] = {
        { "a value", "spec: {replicas: 1}", "spec: {replicas: 3}",
          "\nspec.replicas\n± value change\n- 1\n+ 3\n\n" },
        { "a type", "a: 1", "a: x", "\na\n± type change from int to string\n- 1\n+ x\n\n" },
        { "added entries of a map", "m: {a: x}", "m: {a: x, b: \"y\", c: z}",
          "\nm\n+ two map entries added:\n  b: \"y\"\n  c: z\n\n" },
        { "a removed entry", "m: {a: x, b: {c: d}}", "m: {a: x}",
          "\nm\n- one map entry removed:\n  b:\n    c: d\n\n" },
        { "an item of a named list", "l: [{name: a, v: 1}, {name: b, v: 1}]",
          "l: [{name: b, v: 1}, {name: a, v: 2}]", "\nl.a.v\n± value change\n- 1\n+ 2\n\n" },
        { "a list of one", "l: [{x: 1}]", "l: [{x: 2}]", "\nl.0.x\n± value change\n- 1\n+ 2\n\n" },
        { "items of a list (ours)", "l: [1, 2]", "l: [2, 3]",
          "\nl\n- one list entry removed:\n  - 1\n+ one list entry added:\n  - 3\n\n" },
        { "an order (ours)", "l: [1, 2]", "l: [2, 1]",
          "\nl\n⇆ order changed\n- [1,2]\n+ [2,1]\n\n" },
        { "lines of a text (ours)", "t: \"a\\nb\\nc\\n\"", "t: \"a\\nx\\nc\\n\"",
          "\nt\n± value change in multiline text\n- b\n+ x\n\n" },
        { "nothing", "a: 1", "a: 1", "\n" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct buf out;

        test_label(cases[i].name);
        buf_init(&out, a, 0);
        change_report_fields(&out, read(a, cases[i].before), read(a, cases[i].after));
        CHECK_STR(buf_str(&out), cases[i].want);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/strategic_merge.h"

#include "core/kube/go_format.h"
#include "tests/harness.h"
#include "value/json.h"

static const struct val *json(struct arena *a, const char *text)
{
    const struct val *v = NULL;

    if (json_read(a, str_from_cstr(text), STR("test"), JSON_READ_DEFAULT, &v))
        test_fail(__FILE__, __LINE__, "not JSON: %s", text);
    return v;
}

TEST(patches_merge_by_the_schema)
{
    static const struct {
        const char *object, *patch, *want;
    } cases[] = {
        { "{\"containers\":[{\"name\":\"a\",\"image\":\"1\"}]}",
          "{\"containers\":[{\"name\":\"a\",\"tty\":true},{\"name\":\"b\"}]}",
          "{\"containers\":[{\"image\":\"1\",\"name\":\"a\",\"tty\":true},{\"name\":\"b\"}]}" },
        { "{\"containers\":[{\"name\":\"a\"},{\"name\":\"b\"}]}",
          "{\"containers\":[{\"name\":\"a\",\"$patch\":\"delete\"}]}",
          "{\"containers\":[{\"name\":\"b\"}]}" },
        { "{\"containers\":[{\"name\":\"a\"}]}",
          "{\"containers\":[{\"$patch\":\"replace\"},{\"name\":\"z\"}]}",
          "{\"containers\":[{\"name\":\"z\"}]}" },
        { "{\"nodeSelector\":{\"x\":\"1\",\"y\":\"2\"}}", "{\"nodeSelector\":{\"x\":null}}",
          "{\"nodeSelector\":{\"y\":\"2\"}}" },
        { "{\"nodeSelector\":{\"x\":\"1\"}}",
          "{\"nodeSelector\":{\"$patch\":\"replace\",\"z\":\"3\"}}",
          "{\"nodeSelector\":{\"z\":\"3\"}}" },
        { "{\"tolerations\":[{\"key\":\"a\"}]}", "{\"tolerations\":[{\"key\":\"b\"}]}",
          "{\"tolerations\":[{\"key\":\"b\"}]}" },
    };
    const struct schema *type = schema_type_named(STR("io.k8s.api.core.v1.PodSpec"));

    REQUIRE(type != NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *out = NULL;
        struct err *e = strategic_merge_apply(a, type, json(a, cases[i].object),
                                              json(a, cases[i].patch), &out);

        test_label(cases[i].patch);
        REQUIRE(e == NULL);
        CHECK_STR(json_string(a, out, JSON_SORTED), cases[i].want);
    }
}

TEST(an_element_without_its_key_is_named_as_go_prints_it)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct schema *type = schema_type_named(STR("io.k8s.api.core.v1.PodSpec"));
    const struct val *out = NULL;
    struct err *e = strategic_merge_apply(a, type, json(a, "{\"containers\":[{\"name\":\"a\"}]}"),
                                          json(a, "{\"containers\":[{\"image\":\"x\"}]}"), &out);

    REQUIRE(e != NULL);
    CHECK_STR(e->msg, "map: map[image:x] does not contain declared merge key: name");
    CHECK_STR(go_format(a, json(a, "{\"b\":[1,null,true],\"a\":{\"c\":\"d e\"}}")),
              "map[a:map[c:d e] b:[1 <nil> true]]");
}

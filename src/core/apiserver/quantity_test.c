/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/quantity.h"

#include "base/arena.h"
#include "tests/harness.h"

TEST(quantities_get_their_canonical_text)
{
    static const char *const cases[][2] = {
        { "1", "1" },           { "1000m", "1" },  { "1024Mi", "1Gi" }, { "0.5", "500m" },
        { "1500m", "1500m" },   { "1e3", "1e3" },  { "1000", "1k" },    { "1.5Gi", "1536Mi" },
        { "0", "0" },           { "-1", "-1" },    { "100n", "100n" },  { "1Ki", "1Ki" },
        { "1000Ki", "1000Ki" }, { "0.1", "100m" }, { "+5", "5" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct quantity q;

        test_label(cases[i][0]);
        REQUIRE(quantity_parse(str_from_cstr(cases[i][0]), &q));
        CHECK_STR(quantity_format(a, &q), cases[i][1]);
    }
}

TEST(what_is_no_quantity_is_refused)
{
    static const char *const cases[] = { "", "x", "1 Gi", "1gi", "--1", "1.2.3", "Gi", "1e" };
    struct quantity q;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_label(cases[i]);
        CHECK(!quantity_parse(str_from_cstr(cases[i]), &q));
    }
}

TEST(quantities_compare_by_value)
{
    struct quantity p, q;

    REQUIRE(quantity_parse(STR("1Gi"), &p) && quantity_parse(STR("1G"), &q));
    CHECK(quantity_cmp(&p, &q) > 0);
    REQUIRE(quantity_parse(STR("1000m"), &p) && quantity_parse(STR("1"), &q));
    CHECK_INT(quantity_cmp(&p, &q), 0);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/jsonpath.h"

#include "tests/harness.h"
#include "value/json.h"

TEST(paths_of_printer_columns_find_values)
{
    static const char *const cases[][2] = {
        { ".a", "1" },
        { ".b.c", "\"x\"" },
        { ".l[0].k", "\"p\"" },
        { ".l[*].k", "\"p\" \"q\"" },
        { ".l[?(@.k==\"q\")].v", "2" },
        { ".b['c']", "\"x\"" },
        { ".none", "" },
        { ".l[9].k", "" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct jsonpath_matches found = { 0 };
        const struct val *root = NULL;
        struct str got = STR("");

        test_label(cases[i][0]);
        REQUIRE(!json_read(a,
                           STR("{\"a\":1,\"b\":{\"c\":\"x\"},"
                               "\"l\":[{\"k\":\"p\",\"v\":1},{\"k\":\"q\",\"v\":2}]}"),
                           STR("test"), JSON_READ_DEFAULT, &root));
        (void)jsonpath_find(a, root, str_from_cstr(cases[i][0]), &found);
        for (size_t n = 0; n < found.count; n++)
            got = str_printf(a, "%.*s%s%.*s", STR_ARG(got), n ? " " : "",
                             STR_ARG(json_string(a, found.items[n], JSON_COMPACT)));
        CHECK_STR(got, cases[i][1]);
    }
}

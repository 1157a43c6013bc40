/* SPDX-License-Identifier: Apache-2.0 */
/* Origin: auth.ParseClusterAddress of fluxcd/pkg auth 0.54. */
#include "app/reconcile/target_token.h"

#include "tests/harness.h"

TEST(addresses_become_https_host_and_port)
{
    static const struct {
        const char *text, *want;
    } good[] = {
        { "https://Example.com", "https://example.com:443" },
        { "example.com", "https://example.com:443" },
        { "https://example.com:6443/path", "https://example.com:6443" },
        { "[::1]", "https://[::1]:443" },
        { "https://[::1]:6443", "https://[::1]:6443" },
    };
    static const char *const bad[] = { "", "http://example.com", "https://", "https://u@h", "a b" };
    ARENA_AUTO struct arena *a = arena_new(0);

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct str got = STR("");

        CHECK(target_address_parse(a, str_from_cstr(good[i].text), &got) == NULL);
        CHECK(str_eq(got, str_from_cstr(good[i].want)));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct str got = STR("");
        struct err *e = target_address_parse(a, str_from_cstr(bad[i]), &got);

        test_label(bad[i]);
        REQUIRE(e != NULL);
        CHECK_INT(e->code, ERR_INVALID);
    }
}

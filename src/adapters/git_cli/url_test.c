/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_cli/command.h"
#include "base/arena.h"
#include "tests/harness.h"

TEST(only_urls_that_cannot_be_options_or_hold_passwords_pass)
{
    static const struct {
        const char *url;
        bool allow_file, ok;
    } cases[] = {
        { "https://example.org/a.git", false, true },
        { "http://127.0.0.1:8080/a", false, true },
        { "ssh://git@example.org/a", false, true },
        { "https://user@example.org/a", false, true },
        { "file:///srv/a.git", true, true },
        { "file:///srv/a.git", false, false },
        { "file://host/a.git", true, false },
        { "https://user:hunter2@example.org/a", false, false },
        { "ssh://-oProxyCommand=x/a", false, false },
        { "ssh://git@-oProxyCommand=x/a", false, false },
        { "-uhttps://x", false, false },
        { "ext::sh -c id", false, false },
        { "git@example.org:a.git", false, false },
        { "git://example.org/a", false, false },
        { "https://example.org/a b", false, false },
        { "https://example.org/a\nb", false, false },
        { "https://example.org/\"a", false, false },
        { "", false, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct err *e = git_url_check(a, str_from_cstr(cases[i].url), cases[i].allow_file);
        test_label(cases[i].url);
        CHECK((e == NULL) == cases[i].ok);
        CHECK(!e || (e->code == ERR_INVALID && !str_contains(err_line(a, e), STR("hunter2"))));
    }
}

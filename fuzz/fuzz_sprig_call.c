/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One function with arguments that the input chooses: the first byte the function, the following ones arguments of all
 * types, texts from what is left. Nothing may crash or hang, and the same call gives the same result.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/limits.h"
#include "core/gotmpl/quote.h"
#include "fuzz/template_host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const arguments[] = {
    "nil",
    "true",
    "0",
    "1",
    "-1",
    "7",
    "1.5",
    "1e300",
    "9223372036854775807",
    "1i",
    "\"\"",
    "(list)",
    "(list 1 \"a\" nil)",
    "(dict)",
    "(dict \"a\" 1 \"b\" (dict \"c\" (list 1)))",
    ".Values",
    ".Values.m",
    ".Values.l",
    ".Values.z",
    ".Files",
    ".Chart",
    "(int64 5)",
    "(until 5)",
    "(splitList \",\" \"b,a\")",
    "(toDate \"2006-01-02\" \"2024-02-29\")",
    "(mustToDuration \"90s\")",
    "(semver \"1.2.3-a.1\")",
    "(chunk 2 (list 1 2 3))",
    "(split \",\" \"a,b\")",
    "(.Files.GetBytes \"config/a.txt\")",
};

enum { ARGUMENTS = sizeof arguments / sizeof *arguments };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(1024 * MIB);
    struct str rest = str_dup(a, str_of((const char *)data, size)), first, second;
    const struct function *f;
    struct buf text;

    if (size < 2)
        return 0;
    f = data[0] < gotmpl_builtin_count ? &gotmpl_builtins[data[0]]
                                       : &sprig_functions[data[0] % sprig_function_count];
    buf_init(&text, a, 0);
    buf_printf(&text, "{{ %s", f->name);
    rest = str_skip(rest, 1);
    for (int i = 0; i < 5 && rest.len > 0; i++) {
        uint8_t choice = (uint8_t)rest.ptr[0];

        rest = str_skip(rest, 1);
        buf_put_byte(&text, ' ');
        if (choice < ARGUMENTS) {
            buf_put(&text, str_from_cstr(arguments[choice]));
        } else { /* a text of that many bytes */
            struct str argument = str_slice(rest, 0, choice - ARGUMENTS);

            quote_put(&text, argument, '"', false);
            rest = str_skip(rest, argument.len);
        }
    }
    buf_lit(&text, " | toJson }}");
    first = template_render(a, buf_str(&text));
    second = template_render(a, buf_str(&text));
    assert(str_eq(first, second));
    return 0;
}

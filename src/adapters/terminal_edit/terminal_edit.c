/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/terminal_edit/terminal_edit.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapters/terminal_edit/libedit.h"
#include "base/buf.h"

static struct err *too_long(struct arena *a, size_t max)
{
    return err_new(a, ERR_TOO_LARGE, "a line of standard input is longer than %zu bytes", max);
}

/* Byte by byte: what is behind the newline belongs to whoever reads next. */
static struct err *read_plain(struct arena *a, size_t max, struct str *ret, bool *ret_end)
{
    struct buf line;
    ssize_t n;
    char byte;

    buf_init(&line, a, 0);
    while ((n = read(STDIN_FILENO, &byte, 1)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_new(a, ERR_IO, "could not read standard input: %s", strerror(errno));
        if (byte == '\n')
            break;
        if (line.len >= max)
            return too_long(a, max);
        buf_put_byte(&line, byte);
    }
    *ret_end = n == 0 && line.len == 0;
    *ret = buf_str(&line);
    return NULL;
}

/* libedit decodes by the thread's locale: for the call it is UTF-8, and the process' stays C. */
static char *edit(const struct libedit *l, const char *prompt)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
    char *line = l->readline(prompt);

    if (line && line[0])
        (void)l->add_history(line);
    if (utf8) {
        (void)uselocale(before);
        freelocale(utf8);
    }
    return line;
}

static struct err *read_line(void *self, struct arena *a, struct str prompt, size_t max,
                             struct str *ret, bool *ret_end)
{
    const struct libedit *l = NULL;
    struct err *e;
    char *line;

    (void)self;
    if (!isatty(STDIN_FILENO))
        return read_plain(a, max, ret, ret_end);
    if (TRY(&e, libedit_load(a, &l)))
        return e;
    line = edit(l, str_cstr(a, prompt));
    *ret_end = line == NULL;
    *ret = line ? str_dup(a, str_from_cstr(line)) : STR("");
    free(line);
    return ret->len > max ? too_long(a, max) : NULL;
}

struct terminal terminal_edit_port(void)
{
    static const struct terminal_ops ops = { .read_line = read_line };

    return (struct terminal){ .ops = &ops };
}

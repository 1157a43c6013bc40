/* SPDX-License-Identifier: Apache-2.0 */
#include "value/yaml_source.h"

#include "base/arena.h"

/* Go's line reader drops the CR of each CRLF before anyone else sees it. */
static struct str without_cr(struct arena *a, struct str text)
{
    char *copy, *to;

    if (str_find(text, STR("\r\n"), 0) == SIZE_MAX)
        return text;
    copy = to = arena_alloc(a, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\r' || i + 1 == text.len || text.ptr[i + 1] != '\n')
            *to++ = text.ptr[i];
    return str_of(copy, (size_t)(to - copy));
}

void yaml_source_open(struct yaml_source *s, struct arena *a, struct str text, const char *file)
{
    text = str_trim_prefix(text, STR("\xEF\xBB\xBF")); /* a byte order mark */
    *s = (struct yaml_source){ .arena = a, .file = file, .rest = without_cr(a, text) };
}

/* The line at `from`, its newline included. */
static struct str line_at(struct str text, size_t from)
{
    size_t end = str_find_byte(text, '\n', from);

    return str_slice(text, from, end == SIZE_MAX ? text.len : end + 1);
}

static struct err *check_separator(const struct yaml_source *s, struct str line, uint32_t number)
{
    struct str behind = str_trim(str_skip(line, 3));

    if (behind.len == 0 || behind.ptr[0] == '#')
        return NULL;
    return err_new(s->arena, ERR_INVALID,
                   "%s:%u:4: invalid document separator: only a comment may follow \"---\", not "
                   "\"%.*s\"",
                   s->file, number + 1, STR_ARG(str_slice(behind, 0, 40)));
}

struct err *yaml_source_next(struct yaml_source *s, struct yaml_chunk *ret, bool *ret_found)
{
    size_t at = 0;
    uint32_t lines = 0;
    struct err *e;

    *ret_found = s->rest.len > 0;
    ret->first_line = s->line;
    while (at < s->rest.len) {
        struct str line = line_at(s->rest, at);

        if (str_has_prefix(line, STR("---"))) {
            if (TRY(&e, check_separator(s, line, s->line + lines)))
                return e;
            if (at > 0) /* the marker opens the next document, and stays with it */
                break;
        }
        at += line.len;
        lines++;
    }
    ret->text = str_of(s->rest.ptr, at);
    s->rest = str_skip(s->rest, at);
    s->line += lines;
    return NULL;
}

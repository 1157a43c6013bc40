/* SPDX-License-Identifier: Apache-2.0 */
/* TOML 1.0 (toml.io): tables and keys here, values in toml_value.c. */
#include "base/limits.h"
#include "base/vec.h"
#include "core/gotmpl/quote.h"
#include "core/sprig/toml.h"
#include "core/sprig/toml_reader.h"
#include "foreign/utf8.h"

struct err *toml_fail(struct toml_reader *r, const char *format, ...)
{
    va_list args;
    struct err *e;

    va_start(args, format);
    e = err_newv(r->arena, ERR_INVALID, format, args);
    va_end(args);
    if (r->last_key.len > 0)
        return err_new(r->arena, ERR_INVALID, "toml: line %u (last key %.*s): %.*s", r->line,
                       STR_ARG(quote_go(r->arena, r->last_key)), STR_ARG(e->msg));
    return err_new(r->arena, ERR_INVALID, "toml: line %u: %.*s", r->line, STR_ARG(e->msg));
}

void toml_skip_blank(struct toml_reader *r, bool lines)
{
    while (r->at < r->text.len) {
        char c = r->text.ptr[r->at];

        if (c == '#') {
            while (r->at < r->text.len && r->text.ptr[r->at] != '\n')
                r->at++;
        } else if (c == ' ' || c == '\t' ||
                   (c == '\r' && r->at + 1 < r->text.len && r->text.ptr[r->at + 1] == '\n')) {
            r->at++;
        } else if (c == '\n' && lines) {
            r->at++;
            r->line++;
        } else {
            return;
        }
    }
}

bool toml_take(struct toml_reader *r, char c)
{
    if (r->at >= r->text.len || r->text.ptr[r->at] != c)
        return false;
    r->at++;
    return true;
}

const char *toml_here(const struct toml_reader *r)
{
    uint32_t rune;

    if (r->at >= r->text.len)
        return "EOF";
    if (r->text.ptr[r->at] == '\n')
        return "'\\n'";
    if (r->text.ptr[r->at] == '\'')
        return "'\\''";
    return str_cstr(
        r->arena,
        str_printf(r->arena, "'%.*s'",
                   STR_ARG(str_slice(r->text, r->at,
                                     r->at + utf8_decode(str_skip(r->text, r->at), &rune)))));
}

static bool is_bare(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
           c == '-';
}

static void skip_spaces(struct toml_reader *r)
{
    while (r->at < r->text.len && (r->text.ptr[r->at] == ' ' || r->text.ptr[r->at] == '\t'))
        r->at++;
}

static struct err *read_key_part(struct toml_reader *r, struct str *ret)
{
    size_t begin = r->at;
    char c = r->at < r->text.len ? r->text.ptr[r->at] : 0;
    struct go_value text;
    struct err *e;

    if (c == '"' || c == '\'') {
        if (str_has_prefix(str_skip(r->text, r->at), c == '"' ? STR("\"\"\"") : STR("'''")))
            return toml_fail(r, "unexpected multi-line string as key");
        if (TRY(&e, toml_read_string(r, &text)))
            return e;
        *ret = text.text;
        return NULL;
    }
    while (r->at < r->text.len && is_bare(r->text.ptr[r->at]))
        r->at++;
    *ret = str_slice(r->text, begin, r->at);
    if (ret->len > 0)
        return NULL;
    if (c == '.')
        return toml_fail(r, "unexpected '.': keys cannot start with a '.'");
    if (c == '=')
        return toml_fail(r, "unexpected '=': key name appears blank");
    return toml_fail(r, "expected '.' or %s, but got %s instead",
                     r->in_header ? "']' to end table name" : "'='", toml_here(r));
}

struct err *toml_read_key(struct toml_reader *r, struct toml_key *ret)
{
    struct str part = STR("");
    struct err *e;

    ret->count = 0;
    do {
        skip_spaces(r);
        if (TRY(&e, read_key_part(r, &part)))
            return e;
        *VEC_PUSH(r->arena, ret) = part;
        skip_spaces(r);
    } while (toml_take(r, '.'));
    return NULL;
}

/* The bytes of a pointer, as the key of a set. */
static struct str address(struct go_map *const *m)
{
    return str_of((const char *)m, sizeof(struct go_map *));
}

/* The map of a name in a map: made, found, or the last one of an array of tables. */
static struct err *descend(struct toml_reader *r, struct go_map *m, struct str name,
                           struct go_map **ret)
{
    struct go_value next;

    if (!go_map_find(m, GO_MAP, name, &next)) {
        next = go_map_new(r->arena, GO_MAP);
        go_map_set(m, name, next);
    }
    if (next.type == GO_MAPS)
        next = next.list->items[next.list->count - 1];
    if (next.type != GO_MAP || map_get(&r->closed, address(&next.map)))
        return toml_fail(r, "Key '%.*s' has already been defined.", STR_ARG(name));
    *ret = next.map;
    return NULL;
}

/* Remembers a map by its address: it was written by a header, or inline. */
static void remember(struct toml_reader *r, struct map *set, struct go_map *m)
{
    (void)map_set(set, str_dup(r->arena, address(&m)), m);
}

void toml_close_table(struct toml_reader *r, struct go_map *m)
{
    remember(r, &r->closed, m);
}

struct err *toml_assign(struct toml_reader *r, struct go_map *m, const struct toml_key *key,
                        struct go_value value)
{
    struct go_value old;
    struct err *e;

    for (size_t i = 0; i + 1 < key->count; i++)
        if (TRY(&e, descend(r, m, key->items[i], &m)))
            return e;
    if (go_map_find(m, GO_MAP, key->items[key->count - 1], &old))
        return toml_fail(r, "Key '%.*s' has already been defined.",
                         STR_ARG(key->items[key->count - 1]));
    go_map_set(m, key->items[key->count - 1], value);
    return NULL;
}

static struct err *append_table(struct toml_reader *r, struct go_map *m, struct str name,
                                struct go_map **ret)
{
    struct go_value old, table = go_map_new(r->arena, GO_MAP), *items;
    size_t count = 0;

    if (go_map_find(m, GO_MAP, name, &old)) {
        if (old.type != GO_MAPS)
            return toml_fail(r, "Key '%.*s' was already created and cannot be used as an array.",
                             STR_ARG(name));
        count = old.list->count;
    }
    items = ARENA_ARRAY(r->arena, count + 1, struct go_value);
    if (count > 0)
        memcpy(items, old.list->items, count * sizeof *items);
    items[count] = table;
    go_map_set(m, name, go_list_over(r->arena, GO_MAPS, items, count + 1));
    *ret = table.map;
    return NULL;
}

/* A key as messages name it: "table.a.b". */
static struct str dotted(struct toml_reader *r, struct str context, const struct toml_key *key)
{
    struct str name = str_join(r->arena, key->items, key->count, STR("."));

    return context.len > 0 ? str_printf(r->arena, "%.*s.%.*s", STR_ARG(context), STR_ARG(name))
                           : name;
}

static struct err *read_header(struct toml_reader *r, struct go_map *root)
{
    bool is_array = toml_take(r, '[');
    struct toml_key key = VEC_INIT;
    struct go_map *m = root;
    struct err *e;

    r->in_header = true;
    if (TRY(&e, toml_read_key(r, &key)))
        return e;
    r->in_header = false;
    if (!toml_take(r, ']') || (is_array && !toml_take(r, ']')))
        return toml_fail(r, "expected '.' or ']' to end table name, but got %s instead",
                         toml_here(r));
    r->context = r->last_key = dotted(r, STR(""), &key);
    if (++r->tables > LIMIT_TEMPLATE_LIST_ITEMS / 100)
        return err_new(r->arena, ERR_TOO_LARGE, "toml: more than %u tables",
                       LIMIT_TEMPLATE_LIST_ITEMS / 100);
    for (size_t i = 0; i + 1 < key.count; i++)
        if (TRY(&e, descend(r, m, key.items[i], &m)))
            return e;
    if (is_array)
        return append_table(r, m, key.items[key.count - 1], &r->table);
    if (TRY(&e, descend(r, m, key.items[key.count - 1], &m)))
        return e;
    if (map_get(&r->headed, address(&m)))
        return toml_fail(r, "Key '%.*s' has already been defined.",
                         STR_ARG(key.items[key.count - 1]));
    remember(r, &r->headed, m);
    r->table = m;
    return NULL;
}

static struct err *read_pair(struct toml_reader *r)
{
    struct toml_key key = VEC_INIT;
    struct go_value value;
    struct err *e;

    if (TRY(&e, toml_read_key(r, &key)))
        return e;
    if (r->at >= r->text.len)
        return toml_fail(r, "unexpected EOF; expected key separator '='");
    if (!toml_take(r, '='))
        return toml_fail(r, "expected '.' or '=', but got %s instead", toml_here(r));
    toml_skip_blank(r, false);
    r->last_key = dotted(r, r->context, &key);
    if (r->at >= r->text.len)
        return toml_fail(r, "unexpected EOF; expected value");
    if (TRY(&e, toml_read_value(r, 0, &value)))
        return e;
    return toml_assign(r, r->table, &key, value);
}

/* Bytes that no TOML text holds are looked for first. */
static struct err *check_bytes(struct toml_reader *r)
{
    size_t bad = utf8_find_invalid(r->text), zero = str_find_byte(r->text, '\0', 0);

    if (bad == SIZE_MAX && zero == SIZE_MAX)
        return NULL;
    for (size_t i = 0; i < (bad < zero ? bad : zero); i++)
        r->line += r->text.ptr[i] == '\n';
    if (zero < bad)
        return toml_fail(
            r, "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8");
    return toml_fail(r, "invalid UTF-8 byte: 0x%02x", (uint8_t)r->text.ptr[bad]);
}

struct err *toml_read(struct arena *a, struct str text, struct go_value *ret)
{
    struct toml_reader r = { .arena = a, .text = text, .line = 1 };
    struct err *e;

    *ret = go_map_new(a, GO_MAP);
    map_init(&r.closed, a);
    map_init(&r.headed, a);
    r.table = ret->map;
    if (TRY(&e, check_bytes(&r)))
        return e;
    for (;;) {
        toml_skip_blank(&r, true);
        if (r.at >= text.len)
            return NULL;
        e = toml_take(&r, '[') ? read_header(&r, ret->map) : read_pair(&r);
        if (e)
            return e;
        toml_skip_blank(&r, false);
        if (r.at < text.len && text.ptr[r.at] != '\n')
            return toml_fail(
                &r,
                "expected a top-level item to end with a newline, comment, or EOF, but got %s instead",
                toml_here(&r));
    }
}

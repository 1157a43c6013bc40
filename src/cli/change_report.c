/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/change_report.h"

#include "value/json.h"
#include "value/yaml.h"

struct report {
    struct arena *arena;
    struct buf *out;
};

static void compare(const struct report *r, struct str path, const struct val *before,
                    const struct val *after);

static struct str child_path(struct arena *a, struct str path, struct str step)
{
    if (path.len == 0)
        return step;
    return str_printf(a, "%.*s.%.*s", STR_ARG(path), STR_ARG(step));
}

static void put_lines(struct buf *out, struct str text, const char *first, const char *rest)
{
    struct str line;
    bool is_first = true;

    text = str_trim_suffix(text, STR("\n"));
    while (str_cut(&text, '\n', &line)) {
        buf_printf(out, "%s%.*s\n", is_first ? first : rest, STR_ARG(line));
        is_first = false;
    }
}

static struct str scalar_text(struct arena *a, const struct val *v)
{
    struct buf text;

    if (val_is(v, VAL_STRING))
        return val_str(v);
    if (val_is(v, VAL_MAP) || val_is(v, VAL_SEQ)) {
        buf_init(&text, a, 0);
        yaml_write(&text, v, YAML_WRITE_DEFAULT);
        return buf_str(&text);
    }
    return json_string(a, v, JSON_COMPACT);
}

/* "one map entry added:" with the entries below. */
static void put_only(const struct report *r, const struct val *entries, const char *what, char sign,
                     const char *verb)
{
    static const char *const words[] = { "no",   "one",    "two",   "three", "four",
                                         "five", "six",    "seven", "eight", "nine",
                                         "ten",  "eleven", "twelve" };
    size_t count = val_count(entries);
    struct buf text;

    if (count == 0)
        return;
    buf_printf(r->out, "%c ", sign);
    if (count < sizeof words / sizeof words[0])
        buf_put(r->out, str_from_cstr(words[count]));
    else
        buf_printf(r->out, "%zu", count);
    buf_printf(r->out, " %s %s %s:\n", what, count == 1 ? "entry" : "entries", verb);
    buf_init(&text, r->arena, 0);
    yaml_write(&text, entries, YAML_WRITE_DEFAULT);
    put_lines(r->out, buf_str(&text), "  ", "  ");
}

static void put_entries(const struct report *r, struct str path, const char *what,
                        const struct val *removed, const struct val *added)
{
    if (val_count(removed) + val_count(added) == 0)
        return;
    buf_printf(r->out, "\n%.*s\n", STR_ARG(path.len > 0 ? path : STR("(root level)")));
    put_only(r, removed, what, '-', "removed");
    put_only(r, added, what, '+', "added");
}

static const char *type_name(const struct val *v)
{
    switch (v->kind) {
    case VAL_MAP:
        return "map";
    case VAL_SEQ:
        return "list";
    case VAL_STRING:
        return "string";
    case VAL_INT:
        return "int";
    case VAL_FLOAT:
        return "float";
    case VAL_BOOL:
        return "bool";
    case VAL_NULL:
        break;
    }
    return "null";
}

static struct str skip_lines(struct str text, struct str other, struct str *ret_other)
{
    struct str a = text, b = other, line, line_b;

    while (str_cut(&a, '\n', &line) && str_cut(&b, '\n', &line_b) && str_eq(line, line_b)) {
        text = a;
        other = b;
    }
    *ret_other = other;
    return text;
}

/* The lines between what both texts begin and end with. */
static void put_text_change(const struct report *r, struct str before, struct str after)
{
    before = skip_lines(before, after, &after);
    while (before.len > 0 && after.len > 0) {
        size_t x = str_rfind_byte(before, '\n'), y = str_rfind_byte(after, '\n');
        struct str last = x == SIZE_MAX ? before : str_skip(before, x + 1);
        struct str last_after = y == SIZE_MAX ? after : str_skip(after, y + 1);

        if (!str_eq(last, last_after))
            break;
        before = str_slice(before, 0, x == SIZE_MAX ? 0 : x);
        after = str_slice(after, 0, y == SIZE_MAX ? 0 : y);
    }
    buf_lit(r->out, "± value change in multiline text\n");
    if (before.len > 0)
        put_lines(r->out, before, "- ", "- ");
    if (after.len > 0)
        put_lines(r->out, after, "+ ", "+ ");
}

static void put_change(const struct report *r, struct str path, const struct val *before,
                       const struct val *after)
{
    struct str old = scalar_text(r->arena, before), now = scalar_text(r->arena, after);
    bool text = val_is(before, VAL_STRING) && val_is(after, VAL_STRING);

    buf_printf(r->out, "\n%.*s\n", STR_ARG(path));
    if (text && str_find_byte(old, '\n', 0) != SIZE_MAX &&
        str_find_byte(now, '\n', 0) != SIZE_MAX) {
        put_text_change(r, old, now);
        return;
    }
    if (before->kind != after->kind)
        buf_printf(r->out, "± type change from %s to %s\n", type_name(before), type_name(after));
    else
        buf_lit(r->out, "± value change\n");
    put_lines(r->out, old, "- ", "  ");
    put_lines(r->out, now, "+ ", "  ");
}

static void compare_maps(const struct report *r, struct str path, const struct val *before,
                         const struct val *after)
{
    struct map_builder removed, added;

    map_builder_init(&removed, r->arena);
    map_builder_init(&added, r->arena);
    for (size_t i = 0; i < val_count(before); i++)
        if (!val_field(after, before->fields[i].key))
            map_builder_set(&removed, before->fields[i].key, before->fields[i].value);
    for (size_t i = 0; i < val_count(after); i++)
        if (!val_field(before, after->fields[i].key))
            map_builder_set(&added, after->fields[i].key, after->fields[i].value);
    put_entries(r, path, "map", map_builder_done(&removed, NULL), map_builder_done(&added, NULL));
    for (size_t i = 0; i < val_count(before); i++) {
        const struct val_field *other = val_field(after, before->fields[i].key);

        if (other)
            compare(r, child_path(r->arena, path, before->fields[i].key), before->fields[i].value,
                    other->value);
    }
}

static const struct val *find_named(const struct val *list, struct str name)
{
    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_get_str(val_item(list, i), "name"), name))
            return val_item(list, i);
    return NULL;
}

/* Each entry is a map with a name of its own, as containers and ports are. */
static bool is_named(const struct val *list)
{
    for (size_t i = 0; i < val_count(list); i++) {
        struct str name = val_get_str(val_item(list, i), "name");

        if (name.len == 0 || find_named(list, name) != val_item(list, i))
            return false;
    }
    return val_count(list) > 0;
}

static bool has_equal(const struct val *list, const struct val *item)
{
    for (size_t i = 0; i < val_count(list); i++)
        if (val_eq(val_item(list, i), item))
            return true;
    return false;
}

/* Items of `from` that `other` does not have: by name, or by all they hold. */
static const struct val *missing(struct arena *a, const struct val *from, const struct val *other,
                                 bool named)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < val_count(from); i++) {
        const struct val *item = val_item(from, i);

        if (named ? !find_named(other, val_get_str(item, "name")) : !has_equal(other, item))
            seq_builder_add(&b, item);
    }
    return seq_builder_done(&b, NULL);
}

static void compare_lists(const struct report *r, struct str path, const struct val *before,
                          const struct val *after)
{
    bool named = is_named(before) && is_named(after);
    const struct val *removed, *added;

    if (!named && val_count(before) == 1 && val_count(after) == 1) {
        compare(r, child_path(r->arena, path, STR("0")), val_item(before, 0), val_item(after, 0));
        return;
    }
    removed = missing(r->arena, before, after, named);
    added = missing(r->arena, after, before, named);
    put_entries(r, path, "list", removed, added);
    for (size_t i = 0; named && i < val_count(before); i++) {
        struct str name = val_get_str(val_item(before, i), "name");
        const struct val *other = find_named(after, name);

        if (other)
            compare(r, child_path(r->arena, path, name), val_item(before, i), other);
    }
    if (!named && val_count(removed) + val_count(added) == 0) {
        buf_printf(r->out, "\n%.*s\n⇆ order changed\n", STR_ARG(path));
        put_lines(r->out, json_string(r->arena, before, JSON_COMPACT), "- ", "  ");
        put_lines(r->out, json_string(r->arena, after, JSON_COMPACT), "+ ", "  ");
    }
}

/* Depth is that of the values, which readers bound. */
static void compare(const struct report *r, struct str path, const struct val *before,
                    const struct val *after)
{
    if (val_eq(before, after))
        return;
    if (val_is(before, VAL_MAP) && val_is(after, VAL_MAP))
        compare_maps(r, path, before, after);
    else if (val_is(before, VAL_SEQ) && val_is(after, VAL_SEQ))
        compare_lists(r, path, before, after);
    else
        put_change(r, path, before, after);
}

void change_report_fields(struct buf *out, const struct val *before, const struct val *after)
{
    struct report r = { .arena = out->arena, .out = out };

    compare(&r, STR(""), val_sorted(r.arena, before), val_sorted(r.arena, after));
    buf_put_byte(out, '\n');
}

void change_report_print(const struct cli *cli, const struct changes *changes)
{
    static const char *const words[] = {
        [CHANGE_CREATED] = "created", [CHANGE_DRIFTED] = "drifted", [CHANGE_DELETED] = "deleted",
        [CHANGE_SKIPPED] = "skipped", [CHANGE_NESTED] = "changed",
    };
    struct buf out;

    buf_init(&out, cli->run->arena, 0);
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *c = &changes->items[i];
        bool noted = c->note.len > 0;

        buf_printf(&out, "%s %.*s %s%s%.*s\n",
                   c->kind == CHANGE_NESTED ? "📁"
                   : noted                  ? "⚠️"
                                            : "►",
                   STR_ARG(obj_ref_format(cli->run->arena, &c->ref)), words[c->kind],
                   noted ? ": " : "", STR_ARG(c->note));
        if (c->kind == CHANGE_DRIFTED)
            change_report_fields(&out, c->before, c->after);
    }
    cli->write(cli->self, 1, buf_str(&out));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/listing.h"

#include "core/kube/conditions.h"
#include "value/json.h"
#include "value/yaml.h"

bool listing_is_document(struct str format)
{
    return str_is(format, "json") || str_is(format, "yaml") || str_is(format, "name");
}

static void put_names(struct buf *out, struct arena *a, const struct objects *objects)
{
    for (size_t i = 0; i < objects->count; i++) {
        struct obj_ref ref = obj_ref_of(objects->items[i]);

        buf_put(out, str_lower(a, ref.kind));
        if (ref.group.len > 0) {
            buf_put_byte(out, '.');
            buf_put(out, ref.group);
        }
        buf_put_byte(out, '/');
        buf_put(out, ref.name);
        buf_put_byte(out, '\n');
    }
}

void listing_print(const struct cli *cli, const struct objects *objects, struct str format)
{
    struct arena *a = cli->run->arena;
    const struct val *list = val_map_of(
        a, "apiVersion", val_cstring(a, "v1"), "items", val_seq(a, objects->items, objects->count),
        "kind", val_cstring(a, "List"), "metadata",
        val_map_of(a, "resourceVersion", &val_empty_string, NULL), NULL);
    struct buf out;

    buf_init(&out, a, 0);
    if (str_is(format, "name")) {
        put_names(&out, a, objects);
    } else if (str_is(format, "json")) {
        json_write(&out, list, JSON_INDENT | JSON_SORTED);
        buf_put_byte(&out, '\n');
    } else {
        yaml_write(&out, list, YAML_WRITE_DEFAULT);
    }
    cli->write(cli->self, 1, buf_str(&out));
}

void listing_print_one(const struct cli *cli, const struct val *object, struct str format)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct objects one = { .items = &object, .count = 1 };
    struct buf out;

    buf_init(&out, a, 0);
    if (str_is(format, "name")) {
        put_names(&out, a, &one);
    } else if (str_is(format, "json")) {
        json_write(&out, object, JSON_INDENT | JSON_SORTED);
        buf_put_byte(&out, '\n');
    } else {
        buf_lit(&out, "---\n");
        yaml_write(&out, object, YAML_WRITE_DEFAULT);
    }
    cli->write(cli->self, 1, buf_str(&out));
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool is_word(char c)
{
    return is_hex(c) || c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'g' && c <= 'z');
}

struct str listing_short(struct arena *a, struct str text)
{
    struct buf out;

    buf_init(&out, a, 0);
    for (size_t i = 0; i < text.len;) {
        size_t run = 0;
        bool hex = true;

        for (; i + run < text.len && is_word(text.ptr[i + run]); run++)
            hex = hex && is_hex(text.ptr[i + run]);
        hex = hex && run >= 40 && run <= 128;
        buf_put(&out, str_slice(text, i, i + (hex ? 8 : run ? run : 1)));
        i += run ? run : 1;
    }
    return buf_str(&out);
}

void listing_status(const struct val *object, struct str *ret_status, struct str *ret_message)
{
    const struct val *ready = condition_get(object, STR("Ready"));

    *ret_status = ready ? val_get_str(ready, "status") : STR("False");
    *ret_message = ready ? val_get_str(ready, "message") : STR("waiting to be reconciled");
}

struct str listing_age(struct arena *a, struct wall_time now, struct str since)
{
    struct wall_time then;
    long long s;

    if (!wall_time_parse(since, &then))
        return STR("<unknown>");
    s = (now.ns - then.ns) / NS_PER_S;
    if (s < 0)
        s = 0;
    if (s < 120)
        return str_printf(a, "%llds", s);
    if (s < 600 && s % 60)
        return str_printf(a, "%lldm%llds", s / 60, s % 60);
    if (s < 3 * 3600)
        return str_printf(a, "%lldm", s / 60);
    if (s < 8 * 3600 && s % 3600 / 60)
        return str_printf(a, "%lldh%lldm", s / 3600, s % 3600 / 60);
    if (s < 48 * 3600)
        return str_printf(a, "%lldh", s / 3600);
    return str_printf(a, "%lldd", s / 86400);
}

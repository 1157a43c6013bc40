/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/create.h"

#include "base/limits.h"
#include "core/apiserver/names.h"
#include "value/yaml.h"

enum { NAME_MAX_LENGTH = 63, NAME_MIN_LENGTH = 2 };

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static bool is_name(struct str s)
{
    if (s.len < NAME_MIN_LENGTH || s.len > NAME_MAX_LENGTH || s.ptr[0] == '-' ||
        s.ptr[s.len - 1] == '-')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_name_byte(s.ptr[i]))
            return false;
    return true;
}

struct err *create_name(const struct cli *cli, const struct invocation *in, struct str *ret)
{
    if (in->argument_count == 0)
        return err_new(cli->run->arena, ERR_INVALID, "name is required");
    if (!is_name(in->arguments[0]))
        return err_new(cli->run->arena, ERR_INVALID,
                       "name '%.*s' is invalid, it should adhere to standard defined in RFC 1123, "
                       "the name can only contain alphanumeric characters or '-'",
                       STR_ARG(in->arguments[0]));
    *ret = in->arguments[0];
    return NULL;
}

const struct str *create_list(const struct cli *cli, const struct invocation *in, const char *flag,
                              size_t *ret_count)
{
    size_t given;
    const struct str *texts = flag_texts(in, flag, &given);
    struct {
        struct str *items;
        size_t count, cap;
    } all = { 0 };

    for (size_t i = 0; i < given; i++) {
        struct str rest = texts[i], each;

        while (rest.len > 0 && str_cut(&rest, ',', &each))
            *VEC_PUSH(cli->run->arena, &all) = each;
    }
    *ret_count = all.count;
    return all.items;
}

struct err *create_labels(const struct cli *cli, const struct invocation *in,
                          const struct val **ret)
{
    struct arena *a = cli->run->arena;
    size_t count;
    const struct str *labels = create_list(cli, in, "label", &count);
    struct map_builder b;

    map_builder_init(&b, a);
    for (size_t i = 0; i < count; i++) {
        struct str value = labels[i], key;
        struct name_problems problems = { 0 };

        if (!str_cut(&value, '=', &key) || key.len == labels[i].len ||
            str_find_byte(value, '=', 0) != SIZE_MAX)
            return err_new(a, ERR_INVALID, "invalid label format '%.*s', must be key=value",
                           STR_ARG(labels[i]));
        name_label_key(a, key, &problems);
        if (problems.count > 0)
            return err_new(a, ERR_INVALID, "invalid label '%.*s': [%.*s]", STR_ARG(key),
                           STR_ARG(problems.items[0]));
        name_label_value(a, value, &problems);
        if (problems.count > 0)
            return err_new(a, ERR_INVALID, "invalid label value '%.*s': [%.*s]", STR_ARG(value),
                           STR_ARG(problems.items[0]));
        map_builder_set(&b, key, val_string(a, value));
    }
    *ret = b.count > 0 ? map_builder_done(&b, NULL) : NULL;
    return NULL;
}

void create_text(struct map_builder *b, const char *key, struct str text)
{
    if (text.len > 0)
        map_builder_set(b, str_from_cstr(key), val_string(b->arena, text));
}

void create_flag(struct map_builder *b, const char *key, bool value)
{
    if (value)
        map_builder_set(b, str_from_cstr(key), &val_true);
}

void create_value(struct map_builder *b, const char *key, const struct val *value)
{
    if (value)
        map_builder_set(b, str_from_cstr(key), value);
}

void create_name_ref(struct map_builder *b, const char *key, struct str name)
{
    if (name.len > 0)
        create_value(b, key, val_map_of(b->arena, "name", val_string(b->arena, name), NULL));
}

const struct val *create_metadata(const struct cli *cli, const struct invocation *in,
                                  struct str name, const struct val *labels,
                                  const struct val *annotations)
{
    struct map_builder b;

    map_builder_init(&b, cli->run->arena);
    create_text(&b, "name", name);
    create_text(&b, "namespace", flag_text(in, "namespace"));
    create_value(&b, "labels", labels);
    create_value(&b, "annotations", annotations);
    return map_builder_done(&b, NULL);
}

void create_print(const struct cli *cli, const struct val *object)
{
    struct buf out;

    buf_init(&out, cli->run->arena, 0);
    buf_lit(&out, "---\n");
    yaml_write(&out, val_sorted(cli->run->arena, object), YAML_WRITE_DEFAULT);
    cli->write(cli->self, 1, buf_str(&out));
}

struct err *create_read(const struct cli *cli, struct str path, const char *failure,
                        struct str *ret)
{
    const struct session *session = &cli->session;
    struct err *e;

    *ret = STR("");
    if (path.len == 0)
        return NULL;
    e = session->ops->read_file(session->self, cli->run->arena, path, LIMIT_MANIFEST_BYTES, ret);
    return e ? err_wrap(cli->run->arena, e, "%s", failure) : NULL;
}

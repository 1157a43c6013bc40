/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/generate.h"
#include "foreign/utf8.h"

static struct err *bad_source(struct kust_build *b, const struct kust_dir *dir,
                              const struct val *source, const char *what)
{
    return err_new(b->arena, ERR_INVALID, "%.*s:%u:%u: source \"%.*s\": %s", STR_ARG(dir->file),
                   source->line, source->column, STR_ARG(val_str(source)), what);
}

static struct err *unread(struct kust_build *b, const struct kust_dir *dir,
                          const struct val *source, const struct err *e)
{
    return err_wrap(b->arena, e, "%.*s:%u:%u", STR_ARG(dir->file), source->line,
                    (unsigned)source->column);
}

/* Without one pair of quotes around all of it. */
static struct str unquoted(struct str s)
{
    bool quoted = s.len >= 2 && s.ptr[0] == s.ptr[s.len - 1] &&
                  (s.ptr[0] == '"' || s.ptr[0] == '\'');
    return quoted ? str_slice(s, 1, s.len - 1) : s;
}

static struct err *load_literals(struct kust_build *b, const struct kust_dir *dir,
                                 const struct val *list, struct kust_pairs *ret)
{
    for (size_t i = 0; i < val_count(list); i++) {
        struct str text = val_str(list->items[i]);
        size_t equals = str_find_byte(text, '=', 0);
        if (equals == SIZE_MAX || equals == 0)
            return bad_source(b, dir, list->items[i], "a literal must be key=value");
        *VEC_PUSH(b->arena, ret) = (struct kust_pair){ str_slice(text, 0, equals),
                                                       unquoted(str_skip(text, equals + 1)) };
    }
    return NULL;
}

static struct err *load_files(struct kust_build *b, const struct kust_dir *dir,
                              const struct val *list, struct kust_pairs *ret)
{
    for (size_t i = 0; i < val_count(list); i++) {
        struct str text = val_str(list->items[i]);
        size_t equals = str_find_byte(text, '=', 0);
        struct str key = tree_path_base(text), path = text;
        if (equals != SIZE_MAX) {
            key = str_slice(text, 0, equals);
            path = str_skip(text, equals + 1);
        }
        if (str_find_byte(path, '=', 0) != SIZE_MAX)
            return bad_source(b, dir, list->items[i], "key or file name contains \"=\"");
        if (key.len == 0 || path.len == 0)
            return bad_source(b, dir, list->items[i], "a file must be path or key=path");
        struct kust_file file;
        struct err *e;
        if (TRY(&e, kust_read(b, dir, path, &file)))
            return unread(b, dir, list->items[i], e);
        *VEC_PUSH(b->arena, ret) = (struct kust_pair){ key, file.content };
    }
    return NULL;
}

/* White space as Go's unicode.IsSpace has it, at the start of a line. */
static struct str trim_left(struct str line)
{
    for (;;) {
        uint32_t rune;
        size_t size = utf8_decode(line, &rune);
        bool space = rune == ' ' || (rune >= '\t' && rune <= '\r') || rune == 0x85 ||
                     rune == 0xA0 || rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200A) ||
                     rune == 0x2028 || rune == 0x2029 || rune == 0x202F || rune == 0x205F ||
                     rune == 0x3000;
        if (size == 0 || !space)
            return line;
        line = str_skip(line, size);
    }
}

static struct err *load_env(struct kust_build *b, const struct kust_file *file,
                            struct kust_pairs *ret)
{
    size_t number = 0;
    for (struct str line, rest = file->content; str_cut(&rest, '\n', &line);) {
        number++;
        line = str_trim_suffix(line, STR("\r"));
        if (utf8_find_invalid(line) != SIZE_MAX)
            return err_new(b->arena, ERR_INVALID, "%.*s:%zu: the line is not UTF-8",
                           STR_ARG(file->name), number);
        if (number == 1)
            line = str_trim_prefix(line, STR("\xEF\xBB\xBF"));
        line = trim_left(line);
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        struct str key, value = line;
        str_cut(&value, '=', &key);
        if (key.len > 0)
            *VEC_PUSH(b->arena, ret) = (struct kust_pair){ key, value };
    }
    return NULL;
}

struct err *kust_pairs_load(struct kust_build *b, const struct kust_dir *dir,
                            const struct val *args, struct kust_pairs *ret)
{
    const struct val *envs = val_get(args, STR("envs"));
    struct err *e;
    for (size_t i = 0; i < val_count(envs); i++) {
        struct kust_file file;
        if (TRY(&e, kust_read(b, dir, val_str(envs->items[i]), &file)))
            return unread(b, dir, envs->items[i], e);
        if (TRY(&e, load_env(b, &file, ret)))
            return e;
    }
    if (TRY(&e, load_literals(b, dir, val_get(args, STR("literals")), ret)))
        return e;
    return load_files(b, dir, val_get(args, STR("files")), ret);
}

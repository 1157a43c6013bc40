/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/parse.h"

#include "base/vec.h"

/* Aliases of the command or group with that path; "" where there are none. */
static struct str aliases_of(struct str path)
{
    const struct command *c;

    for (size_t i = 0; (c = cli_command(i)) != NULL; i++)
        if (str_eq(str_from_cstr(c->path), path))
            return str_from_cstr(c->aliases);
    return STR("");
}

/* `path` ends with the word. */
static bool word_matches(struct str path, struct str word, struct str given)
{
    struct str aliases, alias;

    if (str_eq(word, given))
        return true;
    aliases = aliases_of(path);
    while (str_cut(&aliases, ',', &alias))
        if (str_eq(alias, given))
            return true;
    return false;
}

/* How many words the command's path takes of these, 0 when it does not fit. */
static size_t match(const struct command *c, const struct str *words, size_t count)
{
    struct str path = str_from_cstr(c->path), rest = path, word;
    size_t used = 0, end = 0;

    while (str_cut(&rest, ' ', &word)) {
        end += word.len + (used > 0);
        if (used == count || !word_matches(str_slice(path, 0, end), word, words[used]))
            return 0;
        used++;
    }
    return used;
}

const struct command *parse_command(const struct str *words, size_t count, size_t *ret_used)
{
    const struct command *best = NULL, *c;

    *ret_used = 0;
    for (size_t i = 0; (c = cli_command(i)) != NULL; i++) {
        size_t used = match(c, words, count);

        if (used > *ret_used) {
            best = c;
            *ret_used = used;
        }
    }
    return best;
}

static struct flag_value *find_value(struct invocation *in, struct str name, char letter)
{
    for (size_t i = 0; i < in->value_count; i++) {
        const struct flag *f = in->values[i].flag;

        if (letter ? f->letter == letter : str_eq(str_from_cstr(f->name), name))
            return &in->values[i];
    }
    return NULL;
}

static bool is_choice(const char *choices, struct str value)
{
    struct str rest = str_from_cstr(choices), choice;

    while (str_cut(&rest, ',', &choice))
        if (str_eq(choice, value))
            return true;
    return false;
}

static struct err *check_value(struct arena *a, const struct flag_value *v)
{
    const char *name = v->flag->name;
    int64_t ignored;

    if (v->flag->type == FLAG_NUMBER && !str_to_int64(v->text, &ignored))
        return err_new(a, ERR_INVALID, "--%s takes a whole number, not \"%.*s\"", name,
                       STR_ARG(v->text));
    if (v->flag->type == FLAG_DURATION && !duration_parse(v->text, &ignored))
        return err_new(a, ERR_INVALID, "--%s takes a duration such as 30s or 5m, not \"%.*s\"",
                       name, STR_ARG(v->text));
    if (v->flag->type == FLAG_SWITCH && !str_is(v->text, "true") && !str_is(v->text, "false"))
        return err_new(a, ERR_INVALID, "--%s takes true or false, not \"%.*s\"", name,
                       STR_ARG(v->text));
    if (v->flag->choices && !is_choice(v->flag->choices, v->text))
        return err_new(a, ERR_INVALID, "--%s is one of %s, not \"%.*s\"", name, v->flag->choices,
                       STR_ARG(v->text));
    return NULL;
}

struct words {
    const struct str *items;
    size_t count;
    size_t at;
};

/* `inline_value` is what stood behind "=" or the letter; ptr NULL: nothing. */
static struct err *take_flag(struct arena *a, struct words *w, struct flag_value *v,
                             struct str inline_value)
{
    if (inline_value.ptr)
        v->text = inline_value;
    else if (v->flag->type == FLAG_SWITCH)
        v->text = STR("true");
    else if (w->at < w->count)
        v->text = w->items[w->at++];
    else
        return err_new(a, ERR_INVALID, "--%s needs a value", v->flag->name);
    v->given = true;
    if (v->flag->type == FLAG_TEXTS) {
        v->texts = vec_grow(a, v->texts, v->count, &v->cap, sizeof *v->texts);
        v->texts[v->count++] = v->text;
    }
    return check_value(a, v);
}

static struct err *take_long(struct arena *a, struct words *w, struct invocation *in,
                             struct str word)
{
    struct str name = str_skip(word, 2), value = STR_NONE;
    size_t equals = str_find_byte(name, '=', 0);
    struct flag_value *v;

    if (equals != SIZE_MAX) {
        value = str_skip(name, equals + 1);
        name = str_slice(name, 0, equals);
    }
    v = find_value(in, name, 0);
    if (!v)
        return err_new(a, ERR_INVALID, "unknown flag: --%.*s", STR_ARG(name));
    return take_flag(a, w, v, value);
}

static struct err *take_short(struct arena *a, struct words *w, struct invocation *in,
                              struct str word)
{
    struct flag_value *v = find_value(in, STR(""), word.ptr[1]);
    struct str rest = str_skip(word, 2);

    if (!v)
        return err_new(a, ERR_INVALID, "unknown flag: -%c", word.ptr[1]);
    if (rest.len == 0)
        rest = STR_NONE;
    else if (rest.ptr[0] == '=')
        rest = str_skip(rest, 1);
    return take_flag(a, w, v, rest);
}

static struct err *take_argument(struct arena *a, struct invocation *in, struct str word)
{
    if (in->argument_count >= in->command->arguments_max || in->argument_count == ARGUMENTS_MAX)
        return err_new(a, ERR_INVALID, "unexpected argument \"%.*s\"", STR_ARG(word));
    in->arguments[in->argument_count++] = word;
    return NULL;
}

struct err *parse_invocation(struct arena *a, const struct command *c, const struct str *words,
                             size_t count, struct invocation *ret, bool *ret_help)
{
    struct words w = { .items = words, .count = count };
    const struct flag *flag;
    bool only_arguments = false;
    struct err *e = NULL;

    *ret = (struct invocation){ .command = c };
    *ret_help = false;
    while (ret->value_count < FLAGS_MAX && (flag = command_flag(c, ret->value_count)) != NULL)
        ret->values[ret->value_count++] = (struct flag_value){
            .flag = flag,
            .text = flag->otherwise             ? str_from_cstr(flag->otherwise)
                    : flag->type == FLAG_SWITCH ? STR("false")
                                                : STR(""),
        };
    while (!e && w.at < w.count) {
        struct str word = w.items[w.at++];

        if (!only_arguments && str_is(word, "--"))
            only_arguments = true;
        else if (!only_arguments && (str_is(word, "-h") || str_is(word, "--help")))
            *ret_help = true;
        else if (!only_arguments && str_has_prefix(word, STR("--")))
            e = take_long(a, &w, ret, word);
        else if (!only_arguments && word.len > 1 && word.ptr[0] == '-')
            e = take_short(a, &w, ret, word);
        else
            e = take_argument(a, ret, word);
    }
    return *ret_help ? NULL : e;
}

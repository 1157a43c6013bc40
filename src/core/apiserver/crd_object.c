/* SPDX-License-Identifier: Apache-2.0 */
/* OpenAPI validation of custom objects, with kube-openapi's messages. */
#include "core/apiserver/checks.h"
#include "core/apiserver/crd.h"
#include "core/apiserver/crd_format.h"
#include "foreign/regex.h"
#include "value/json.h"

struct validation {
    struct check c;
    struct arena *arena;
    bool quiet; /* a branch of anyOf and the like: only whether it fits counts */
    bool failed;
};

static void validate(struct validation *w, const struct val *v, const struct val *old,
                     const struct val *node, struct str path);

static const char *type_name(const struct val *v)
{
    double x = 0;
    int64_t n;

    if (v->kind == VAL_INT)
        return "integer";
    if (v->kind == VAL_FLOAT)
        return val_to_double(v, &x) && val_to_int64(v, &n) ? "integer" : "number";
    return val_kind_name(v);
}

static void fail(struct validation *w, enum field_error type, struct str path, const struct val *v,
                 struct str detail)
{
    w->failed = true;
    if (!w->quiet)
        field_error_add(w->arena, w->c.errs, type, path.len ? path : STR("<nil>"), v, detail);
}

/* "spec.x in body <what>", at the root "" is left out as kube-openapi does. */
static struct str in_body(struct validation *w, struct str path, struct str what)
{
    return str_printf(w->arena, "%.*s in body %.*s", STR_ARG(path), STR_ARG(what));
}

/* ---- types ---- */

static bool type_fits(const struct val *v, struct str type)
{
    struct str have = str_from_cstr(type_name(v));

    if (str_is(type, "number"))
        return v->kind == VAL_INT || v->kind == VAL_FLOAT;
    return str_eq(have, type);
}

static bool check_type(struct validation *w, const struct val *v, const struct val *node,
                       struct str path)
{
    struct str type = val_get_str(node, "type");
    struct str want = type;

    if (v->kind == VAL_NULL && val_at_bool(node, "nullable", false))
        return true;
    if (val_at_bool(node, "x-kubernetes-int-or-string", false)) {
        if (v->kind == VAL_STRING || str_is(str_from_cstr(type_name(v)), "integer"))
            return true;
        want = STR("integer,string");
    } else if (!type.len || type_fits(v, type)) {
        return true;
    }
    fail(
        w, FIELD_TYPE_INVALID, path, val_cstring(w->arena, type_name(v)),
        in_body(w, path,
                str_printf(w->arena, "must be of type %.*s: \"%s\"", STR_ARG(want), type_name(v))));
    return false;
}

/* ---- scalars ---- */

static void check_number(struct validation *w, const struct val *v, const struct val *node,
                         struct str path)
{
    static const struct {
        const char *limit;
        const char *exclusive;
        const char *words;
        const char *words_exclusive;
        int sign;
    } rules[] = {
        { "minimum", "exclusiveMinimum", "greater than or equal to", "greater than", 1 },
        { "maximum", "exclusiveMaximum", "less than or equal to", "less than", -1 },
    };
    double x = 0;
    double limit = 0;

    (void)val_to_double(v, &x);
    for (size_t i = 0; i < 2; i++) {
        const struct val *bound = val_get(node, str_from_cstr(rules[i].limit));
        bool open = val_at_bool(node, rules[i].exclusive, false);
        double over;

        if (!bound || !val_to_double(bound, &limit))
            continue;
        over = (x - limit) * rules[i].sign;
        if (over < 0 || (open && !(over > 0)))
            fail(w, FIELD_INVALID, path, v,
                 in_body(w, path,
                         str_printf(w->arena, "should be %s %.*s",
                                    open ? rules[i].words_exclusive : rules[i].words,
                                    STR_ARG(json_string(w->arena, bound, JSON_COMPACT)))));
    }
    if (val_to_double(val_get(node, STR("multipleOf")), &limit) && limit > 0) {
        double ratio = x / limit;

        /* kube-openapi cuts the factor of whole values to a whole number. */
        if (v->kind == VAL_INT && limit < 1) {
            fail(w, FIELD_INVALID, path, v,
                 str_printf(w->arena, "factor MultipleOf declared for %.*s must be positive: 0",
                            STR_ARG(path)));
            return;
        }

        if (ratio < 9e15 && ratio > -9e15 && ratio != (double)(int64_t)ratio)
            fail(w, FIELD_INVALID, path, v,
                 in_body(w, path,
                         str_printf(w->arena, "should be a multiple of %.*s",
                                    STR_ARG(json_string(w->arena, val_get(node, STR("multipleOf")),
                                                        JSON_COMPACT)))));
    }
}

static size_t characters(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
    return n;
}

static void check_string(struct validation *w, const struct val *v, const struct val *node,
                         struct str path)
{
    int64_t max = val_at_int(node, "maxLength", -1);
    int64_t min = val_at_int(node, "minLength", -1);
    struct str pattern = val_get_str(node, "pattern");
    struct str format = val_get_str(node, "format");
    int64_t length = (int64_t)characters(v->text);
    struct regex *re;

    if (max >= 0 && length > max)
        fail(w, FIELD_TOO_LONG, path, v,
             str_printf(w->arena, "may not be more than %lld bytes", (long long)max));
    if (min >= 0 && length < min)
        fail(w, FIELD_INVALID, path, v,
             in_body(w, path,
                     str_printf(w->arena, "should be at least %lld chars long", (long long)min)));
    if (pattern.len && !regex_compile(w->arena, pattern, &re) && !regex_is_match(re, v->text))
        fail(w, FIELD_INVALID, path, v,
             in_body(w, path, str_printf(w->arena, "should match '%.*s'", STR_ARG(pattern))));
    if (format.len && !crd_format_fits(w->arena, format, v->text))
        fail(w, FIELD_TYPE_INVALID, path, v,
             in_body(w, path,
                     str_printf(w->arena, "must be of type %.*s: \"%.*s\"", STR_ARG(format),
                                STR_ARG(v->text))));
}

static void check_enum(struct validation *w, const struct val *v, const struct val *node,
                       struct str path)
{
    const struct val *allowed = val_get(node, STR("enum"));
    struct str list = STR("supported values: ");

    for (size_t i = 0; i < val_count(allowed); i++) {
        struct str one = json_string(w->arena, allowed->items[i], JSON_COMPACT);

        if (val_eq(allowed->items[i], v))
            return;
        if (!val_is(allowed->items[i], VAL_STRING))
            one = json_string(w->arena, val_string(w->arena, one), JSON_COMPACT);
        list = str_printf(w->arena, "%.*s%s%.*s", STR_ARG(list), i ? ", " : "", STR_ARG(one));
    }
    if (val_count(allowed))
        fail(w, FIELD_NOT_SUPPORTED, path, v, list);
}

/* ---- lists ---- */

static void duplicate(struct validation *w, const struct val *v, struct str path)
{
    w->failed = true;
    if (!w->quiet)
        check_duplicate(&w->c, path, v);
}

static const struct val *list_key(struct arena *a, const struct val *item, const struct val *node)
{
    const struct val *keys = val_get(node, STR("x-kubernetes-list-map-keys"));
    const struct val *key = &val_empty_map;

    for (size_t i = 0; i < val_count(keys); i++) {
        struct str name = val_str(keys->items[i]);
        const struct val *v = val_get(item, name);

        if (v)
            key = val_with(a, key, name, v);
    }
    return key;
}

static void check_unique(struct validation *w, const struct val *v, const struct val *node,
                         struct str path)
{
    struct str type = val_get_str(node, "x-kubernetes-list-type");
    bool map = str_is(type, "map");

    if (!map && !str_is(type, "set"))
        return;
    for (size_t i = 1; i < v->count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct val *x = map ? list_key(w->arena, v->items[i], node) : v->items[i];
            const struct val *y = map ? list_key(w->arena, v->items[j], node) : v->items[j];

            if (!val_eq(x, y))
                continue;
            duplicate(w, x, at_index(&w->c, path, i));
            break;
        }
}

/* The old element that a new one takes after: by key, or by place in atomic lists none. */
static const struct val *old_item(struct validation *w, const struct val *old,
                                  const struct val *item, const struct val *node)
{
    if (!str_is(val_get_str(node, "x-kubernetes-list-type"), "map"))
        return NULL;
    for (size_t i = 0; i < val_count(old); i++)
        if (val_eq(list_key(w->arena, old->items[i], node), list_key(w->arena, item, node)))
            return old->items[i];
    return NULL;
}

static void check_list(struct validation *w, const struct val *v, const struct val *old,
                       const struct val *node, struct str path)
{
    const struct val *items = val_get(node, STR("items"));
    int64_t max = val_at_int(node, "maxItems", -1);
    int64_t min = val_at_int(node, "minItems", -1);
    const struct val *count = val_int(w->arena, (int64_t)v->count);

    for (size_t i = 0; items && i < v->count; i++)
        validate(w, v->items[i], old_item(w, old, v->items[i], node), items,
                 at_index(&w->c, path, i));
    if (max >= 0 && (int64_t)v->count > max)
        fail(w, FIELD_TOO_MANY, path, count,
             str_printf(w->arena, "must have at most %lld item%s", (long long)max,
                        max == 1 ? "" : "s"));
    if (min >= 0 && (int64_t)v->count < min)
        fail(w, FIELD_INVALID, path, count,
             in_body(w, path,
                     str_printf(w->arena, "should have at least %lld items", (long long)min)));
    check_unique(w, v, node, path);
}

/* ---- maps ---- */

static struct str child_path(struct validation *w, struct str path, struct str key, bool known)
{
    if (!path.len)
        return key;
    return str_printf(w->arena, known ? "%.*s.%.*s" : "%.*s.%.*s", STR_ARG(path), STR_ARG(key));
}

static void missing_fields(struct validation *w, const struct val *v, const struct val *node,
                           struct str path);

static void check_counts(struct validation *w, const struct val *v, const struct val *node,
                         struct str path)
{
    int64_t max = val_at_int(node, "maxProperties", -1);
    int64_t min = val_at_int(node, "minProperties", -1);
    const struct val *count = val_int(w->arena, (int64_t)v->count);

    if (max >= 0 && (int64_t)v->count > max)
        fail(w, FIELD_TOO_MANY, path, count,
             str_printf(w->arena, "must have at most %lld item%s", (long long)max,
                        max == 1 ? "" : "s"));
    if (min >= 0 && (int64_t)v->count < min)
        fail(w, FIELD_INVALID, path, count,
             in_body(w, path,
                     str_printf(w->arena, "should have at least %lld properties", (long long)min)));
}

static void check_embedded(struct validation *w, const struct val *v, struct str path)
{
    static const char *const fields[] = { "apiVersion", "kind" };
    const struct val *labels = val_at(v, "metadata.labels");
    size_t before = w->c.errs->count;

    for (size_t i = 0; i < 2; i++)
        if (!val_get_str(v, fields[i]).len) {
            w->failed = true;
            if (!w->quiet)
                field_error_add(w->arena, w->c.errs, FIELD_REQUIRED,
                                at_field(&w->c, path, fields[i]), NULL, STR(""));
        }
    if (!w->quiet)
        (void)check_labels(&w->c, at_field(&w->c, at_field(&w->c, path, "metadata"), "labels"),
                           labels);
    w->failed = w->failed || w->c.errs->count > before;
}

static void check_map(struct validation *w, const struct val *v, const struct val *old,
                      const struct val *node, struct str path)
{
    const struct val *properties = val_get(node, STR("properties"));
    const struct val *additional = val_get(node, STR("additionalProperties"));

    for (size_t i = 0; i < v->count; i++) {
        const struct val_field *f = &v->fields[i];
        const struct val *below = val_get(properties, f->key);

        if (!below && val_is(additional, VAL_MAP))
            below = additional;
        if (below && !(!path.len && str_is(f->key, "metadata")))
            validate(w, f->value, val_get(old, f->key), below, child_path(w, path, f->key, true));
    }
    missing_fields(w, v, node, path);
    check_counts(w, v, node, path);
    if (val_at_bool(node, "x-kubernetes-embedded-resource", false))
        check_embedded(w, v, path);
}

static void missing_fields(struct validation *w, const struct val *v, const struct val *node,
                           struct str path)
{
    const struct val *required = val_get(node, STR("required"));

    for (size_t i = 0; i < val_count(required); i++) {
        struct str name = val_str(required->items[i]);

        if (val_get(v, name))
            continue;
        fail(w, FIELD_REQUIRED, child_path(w, path, name, true), NULL, STR(""));
    }
}

/* ---- combinations ---- */

static bool fits(struct validation *w, const struct val *v, const struct val *node, struct str path)
{
    struct validation branch = { .c = w->c, .arena = w->arena, .quiet = true };

    validate(&branch, v, NULL, node, path);
    return !branch.failed;
}

/* kube-openapi gives these no field. */
static void fail_combination(struct validation *w, struct str path, const char *what)
{
    fail(w, FIELD_INVALID, STR("<nil>"), &val_empty_string,
         str_printf(w->arena, "\"%.*s\" must %s", STR_ARG(path), what));
}

/* Of branches that all failed: what the one with the fewest problems says. */
static void report_best(struct validation *w, const struct val *v, const struct val *branches,
                        struct str path)
{
    struct field_errors best = { 0 };
    bool first = true;

    for (size_t i = 0; i < val_count(branches); i++) {
        struct field_errors errs = { 0 };
        struct validation branch = { .c = { w->arena, &errs }, .arena = w->arena };

        validate(&branch, v, NULL, branches->items[i], path);
        if (first || errs.count < best.count)
            best = errs;
        first = false;
    }
    for (size_t i = 0; i < best.count && !w->quiet; i++)
        *VEC_PUSH(w->arena, w->c.errs) = best.items[i];
}

static void check_one_of_branches(struct validation *w, const struct val *v,
                                  const struct val *branches, struct str path)
{
    size_t good = 0;

    for (size_t i = 0; i < val_count(branches); i++)
        good += fits(w, v, branches->items[i], path);
    if (!val_count(branches) || good == 1)
        return;
    if (good) {
        fail_combination(
            w, path,
            str_cstr(w->arena, str_printf(w->arena,
                                          "validate one and only one schema (oneOf). Found %zu "
                                          "valid alternatives",
                                          good)));
        return;
    }
    fail_combination(w, path, "validate one and only one schema (oneOf). Found none valid");
    report_best(w, v, branches, path);
}

static void check_combinations(struct validation *w, const struct val *v, const struct val *node,
                               struct str path)
{
    const struct val *all = val_get(node, STR("allOf"));
    const struct val *any = val_get(node, STR("anyOf"));
    const struct val *not = val_get(node, STR("not"));
    size_t good = 0;

    for (size_t i = 0; i < val_count(any); i++)
        good += fits(w, v, any->items[i], path);
    if (val_count(any) && !good) {
        fail_combination(w, path, "validate at least one schema (anyOf)");
        report_best(w, v, any, path);
    }
    check_one_of_branches(w, v, val_get(node, STR("oneOf")), path);
    for (size_t i = 0; i < val_count(all); i++)
        validate(w, v, NULL, all->items[i], path);
    if (not&&fits(w, v, not, path))
        fail_combination(w, path, "not validate the schema (not)");
}

static void validate(struct validation *w, const struct val *v, const struct val *old,
                     const struct val *node, struct str path)
{
    /* What was stored so may stay so, even when the schema became stricter. */
    if (old && val_eq(v, old))
        return;
    if (!check_type(w, v, node, path) || v->kind == VAL_NULL)
        return;
    if (v->kind == VAL_MAP)
        check_map(w, v, old, node, path);
    else if (v->kind == VAL_SEQ)
        check_list(w, v, old, node, path);
    else if (v->kind == VAL_STRING)
        check_string(w, v, node, path);
    else if (v->kind == VAL_INT || v->kind == VAL_FLOAT)
        check_number(w, v, node, path);
    check_enum(w, v, node, path);
    check_combinations(w, v, node, path);
}

void crd_validate_object(struct arena *a, const struct crd_version *v, const struct val *object,
                         const struct val *old, struct field_errors *errs)
{
    struct validation w = { .c = { a, errs }, .arena = a };

    if (v->schema)
        validate(&w, object, old, v->schema, STR(""));
}

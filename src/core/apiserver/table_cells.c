/* SPDX-License-Identifier: Apache-2.0 */
/* Cells that several kinds share. */
#include "base/buf.h"
#include "core/apiserver/selector.h"
#include "core/apiserver/table_columns.h"
#include "value/json.h"

static const struct val *text(const struct cell_call *c, struct str s)
{
    return val_string(c->arena, s);
}

static const struct val *lit(const struct cell_call *c, const char *s)
{
    return val_cstring(c->arena, s);
}

static const struct val *at(const struct cell_call *c)
{
    return val_at(c->object, str_cstr(c->arena, c->arg));
}

/* ---- ages ---- */

struct str age_format(struct arena *a, int64_t ns)
{
    long long s = ns / NS_PER_S;
    long long m = s / 60;
    long long h = m / 60;
    long long d = h / 24;

    if (ns < -NS_PER_S)
        return STR("<invalid>");
    if (s <= 0)
        return STR("0s");
    if (s < 120)
        return str_printf(a, "%llds", s);
    if (m < 10)
        return s % 60 ? str_printf(a, "%lldm%llds", m, s % 60) : str_printf(a, "%lldm", m);
    if (m < 180)
        return str_printf(a, "%lldm", m);
    if (h < 8)
        return m % 60 ? str_printf(a, "%lldh%lldm", h, m % 60) : str_printf(a, "%lldh", h);
    if (h < 48)
        return str_printf(a, "%lldh", h);
    if (d < 8)
        return h % 24 ? str_printf(a, "%lldd%lldh", d, h % 24) : str_printf(a, "%lldd", d);
    if (d < 365 * 2)
        return str_printf(a, "%lldd", d);
    if (d < 365 * 8)
        return d % 365 ? str_printf(a, "%lldy%lldd", d / 365, d % 365)
                       : str_printf(a, "%lldy", d / 365);
    return str_printf(a, "%lldy", d / 365);
}

const struct val *cell_age(const struct cell_call *c)
{
    bool given = c->arg.len > 0;
    struct str since = given ? val_str(at(c)) : val_at_str(c->object, "metadata.creationTimestamp");
    struct wall_time t;

    if (!wall_time_parse(since, &t))
        return lit(c, given ? "<none>" : "<unknown>");
    return text(c, age_format(c->arena, c->now.ns - t.ns));
}

const struct val *cell_time(const struct cell_call *c)
{
    const struct val *v = at(c);

    return v ? v : &val_null;
}

/* ---- scalars ---- */

static const struct val *text_or(const struct cell_call *c, const char *otherwise)
{
    const struct val *v = at(c);

    if (!v || v->kind == VAL_NULL || (v->kind == VAL_STRING && !v->text.len))
        return lit(c, otherwise);
    return v->kind == VAL_STRING ? v : text(c, json_string(c->arena, v, JSON_COMPACT));
}

const struct val *cell_text(const struct cell_call *c)
{
    return text_or(c, "");
}

const struct val *cell_or_none(const struct cell_call *c)
{
    return text_or(c, "<none>");
}

const struct val *cell_or_unset(const struct cell_call *c)
{
    return text_or(c, "<unset>");
}

const struct val *cell_or_unknown(const struct cell_call *c)
{
    return text_or(c, "<unknown>");
}

const struct val *cell_or_na(const struct cell_call *c)
{
    return text_or(c, "N/A");
}

const struct val *cell_int(const struct cell_call *c)
{
    return val_int(c->arena, val_at_int(c->object, str_cstr(c->arena, c->arg), 0));
}

const struct val *cell_bool(const struct cell_call *c)
{
    const struct val *v = at(c);

    if (!val_is(v, VAL_BOOL))
        return str_is(c->arg, "globalDefault") ? val_bool(false) : lit(c, "<unset>");
    if (str_is(c->arg, "spec.suspend"))
        return lit(c, v->boolean ? "True" : "False");
    return str_is(c->arg, "globalDefault") ? v : lit(c, v->boolean ? "true" : "false");
}

const struct val *cell_count(const struct cell_call *c)
{
    struct str path;
    size_t n = 0;

    for (struct str rest = c->arg; str_cut(&rest, ',', &path);)
        n += val_count(val_at(c->object, str_cstr(c->arena, path)));
    return val_int(c->arena, (int64_t)n);
}

const struct val *cell_ratio(const struct cell_call *c)
{
    struct str rest = c->arg;
    struct str have;

    (void)str_cut(&rest, ',', &have);
    return text(c, str_printf(c->arena, "%lld/%lld",
                              (long long)val_at_int(c->object, str_cstr(c->arena, have), 0),
                              (long long)val_at_int(c->object, str_cstr(c->arena, rest), 0)));
}

const struct val *cell_joined(const struct cell_call *c)
{
    const struct val *ref = at(c);
    struct str kind = val_get_str(ref, "kind");
    struct str group = val_get_str(ref, "apiGroup");

    if (!ref)
        return lit(c, "<none>");
    if (group.len && str_is(c->arg, "spec.parameters"))
        kind = str_printf(c->arena, "%.*s.%.*s", STR_ARG(kind), STR_ARG(group));
    return text(
        c, str_printf(c->arena, "%.*s/%.*s", STR_ARG(kind), STR_ARG(val_get_str(ref, "name"))));
}

const struct val *cell_phase(const struct cell_call *c)
{
    if (val_at(c->object, "metadata.deletionTimestamp"))
        return lit(c, "Terminating");
    return text(c, val_at_str(c->object, "status.phase"));
}

/* ---- labels ---- */

const struct val *cell_labels(const struct cell_call *c)
{
    const struct val *labels = at(c);

    if (!val_count(labels))
        return lit(c, "<none>");
    return text(c,
                label_selector_format(c->arena, val_map_of(c->arena, "matchLabels", labels, NULL)));
}

const struct val *cell_selector(const struct cell_call *c)
{
    struct str s = label_selector_format(c->arena, at(c));

    return s.len ? text(c, s) : lit(c, "<none>");
}

/* ---- lists ---- */

static const struct val *fields_of(const struct cell_call *c, const struct val *list,
                                   const char *field)
{
    struct buf out;

    buf_init(&out, c->arena, 0);
    for (size_t i = 0; i < val_count(list); i++)
        buf_printf(&out, "%s%.*s", i ? "," : "", STR_ARG(val_get_str(list->items[i], field)));
    return text(c, buf_str(&out));
}

const struct val *cell_containers(const struct cell_call *c)
{
    return fields_of(c, at(c), "name");
}

const struct val *cell_images(const struct cell_call *c)
{
    return fields_of(c, at(c), "image");
}

const struct val *cell_subjects(const struct cell_call *c)
{
    const struct val *subjects = val_get(c->object, STR("subjects"));
    struct buf out;

    buf_init(&out, c->arena, 0);
    for (size_t i = 0; i < val_count(subjects); i++) {
        const struct val *s = subjects->items[i];

        if (!str_eq(val_get_str(s, "kind"), c->arg))
            continue;
        if (out.len)
            buf_lit(&out, ", ");
        if (str_is(c->arg, "ServiceAccount"))
            buf_printf(&out, "%.*s/", STR_ARG(val_get_str(s, "namespace")));
        buf_put(&out, val_get_str(s, "name"));
    }
    return text(c, buf_str(&out));
}

const struct val *cell_access_modes(const struct cell_call *c)
{
    static const struct {
        const char *mode;
        const char *text;
    } modes[] = { { "ReadWriteOnce", "RWO" },
                  { "ReadOnlyMany", "ROX" },
                  { "ReadWriteMany", "RWX" },
                  { "ReadWriteOncePod", "RWOP" } };
    const struct val *list = at(c);
    struct buf out;

    buf_init(&out, c->arena, 0);
    for (size_t m = 0; m < sizeof modes / sizeof modes[0]; m++)
        for (size_t i = 0; i < val_count(list); i++)
            if (str_eq(val_str(list->items[i]), str_from_cstr(modes[m].mode)))
                buf_printf(&out, "%s%s", out.len ? "," : "", modes[m].text);
    return text(c, buf_str(&out));
}

const struct val *cell_claim(const struct cell_call *c)
{
    const struct val *ref = val_at(c->object, "spec.claimRef");

    if (!ref)
        return lit(c, "");
    return text(c, str_printf(c->arena, "%.*s/%.*s", STR_ARG(val_get_str(ref, "namespace")),
                              STR_ARG(val_get_str(ref, "name"))));
}

const struct val *cell_quota(const struct cell_call *c)
{
    const struct val *hard = val_at(c->object, "status.hard");
    const struct val *used = val_at(c->object, "status.used");
    struct buf out;

    buf_init(&out, c->arena, 0);
    hard = val_sorted(c->arena, hard ? hard : &val_empty_map);
    for (size_t i = 0; i < val_count(hard); i++) {
        struct str name = hard->fields[i].key;
        struct str have = val_str(val_get(used, name));

        if (str_has_prefix(name, STR("limits.")) != (c->arg.len > 0))
            continue;
        buf_printf(&out, "%s%.*s: %.*s/%.*s", out.len ? ", " : "", STR_ARG(name),
                   STR_ARG(have.len ? have : STR("0")), STR_ARG(val_str(hard->fields[i].value)));
    }
    return text(c, buf_str(&out));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"
#include "core/helm/capabilities.h"
#include "core/helm/values.h"
#include "core/jsonschema/jsonschema.h"
#include "value/json.h"

struct problems {
    struct err **items;
    size_t count;
    size_t cap;
};

static struct err *check_one(struct arena *a, const struct helm_chart *c, struct go_map *values)
{
    struct go_value v = { .type = GO_MAP, .map = values };
    const struct val *schema, *instance;
    struct str name = str_concat(a, helm_chart_path(a, c), STR("/values.schema.json"));
    struct err *e;
    if (TRY(&e, json_read(a, c->schema, name, JSON_READ_LAST_KEY_WINS, &schema)) ||
        TRY(&e, go_to_val(a, &v, &instance)))
        return e;
    return jsonschema_validate(a, schema, instance);
}

/* Each problem names its chart: "app: at '/image/tag': got number, want string". */
static void add(struct arena *a, struct problems *into, const struct helm_chart *c,
                const struct err *e)
{
    for (size_t i = 0; i < e->part_count; i++)
        *VEC_PUSH(a, into) = err_wrap(a, e->parts[i], "%.*s", STR_ARG(c->name));
    if (e->part_count == 0)
        *VEC_PUSH(a, into) = err_wrap(a, e, "%.*s", STR_ARG(c->name));
}

static void check_all(struct arena *a, const struct helm_chart *c, struct go_map *values,
                      struct problems *problems)
{
    struct err *e;
    if (c->schema.len > 0 && TRY(&e, check_one(a, c, values)))
        add(a, problems, c, e);
    for (size_t i = 0; i < c->charts.count; i++) {
        const struct helm_chart *sub = c->charts.items[i];
        struct go_value own;
        bool found = go_map_find(values, GO_MAP, sub->name, &own);
        struct go_map *below = found ? values_map_of(&own) : NULL;
        if (below)
            check_all(a, sub, below, problems);
    }
}

struct err *helm_schemas_check(struct arena *a, const struct helm_chart *c, struct go_map *values)
{
    struct problems problems = VEC_INIT;
    check_all(a, c, values, &problems);
    struct err *e = err_join(a, problems.items, problems.count);
    return e ? err_wrap(a, e, "values do not meet the schema of the chart") : NULL;
}

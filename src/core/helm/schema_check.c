/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "core/helm/capabilities.h"
#include "core/helm/values.h"
#include "core/jsonschema/jsonschema.h"
#include "value/json.h"

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

static void check_all(struct arena *a, const struct helm_chart *c, struct go_map *values,
                      struct buf *problems, struct err **ret_first)
{
    struct err *e;
    if (c->schema.ptr && TRY(&e, check_one(a, c, values))) {
        if (!*ret_first)
            *ret_first = e;
        buf_printf(problems, "%.*s:\n%.*s\n", STR_ARG(c->name), STR_ARG(err_line(a, e)));
    }
    for (size_t i = 0; i < c->charts.count; i++) {
        const struct helm_chart *sub = c->charts.items[i];
        struct go_value own;
        bool found = go_map_find(values, GO_MAP, sub->name, &own);
        struct go_map *below = found ? values_map_of(&own) : NULL;
        if (below)
            check_all(a, sub, below, problems, ret_first);
    }
}

/* The text is Helm's: under each chart's name a list of what does not fit. */
struct err *helm_schemas_check(struct arena *a, const struct helm_chart *c, struct go_map *values)
{
    struct err *first = NULL;
    struct buf problems;
    buf_init(&problems, a, 0);
    check_all(a, c, values, &problems, &first);
    if (!first)
        return NULL;
    return err_new(a, first->code,
                   "values don't meet the specifications of the schema(s) in the following "
                   "chart(s):\n%.*s",
                   STR_ARG(str_trim_suffix(buf_str(&problems), STR("\n"))));
}

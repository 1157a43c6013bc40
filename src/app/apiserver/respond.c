/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/respond.h"

#include "base/buf.h"
#include "core/apiserver/table.h"
#include "value/json.h"
#include "value/yaml.h"

static struct err *table_options_of(struct call *c, struct table_options *ret)
{
    *ret = (struct table_options){ .version = c->accept.as_version,
                                   .now = clock_wall(&c->s->clock) };
    return include_object_parse(c->a, query_get(&c->query, "includeObject"), &ret->include);
}

struct err *respond_object(struct call *c, const struct val *object, bool first,
                           const struct val **ret)
{
    struct table_options options;
    struct err *e;

    if (c->accept.format == OUTPUT_PARTIAL) {
        *ret = partial_metadata_of(c->a, object, c->accept.as_version);
    } else if (c->accept.format == OUTPUT_TABLE) {
        if (TRY(&e, table_options_of(c, &options)))
            return e;
        options.no_headers = !first;
        *ret = table_of(
            c->a, c->resource, &object, 1,
            val_map_of(c->a, "resourceVersion", val_at(object, "metadata.resourceVersion"), NULL),
            &options);
    } else {
        *ret = object;
    }
    return NULL;
}

/* Items of built-in lists do not repeat what the list says. */
static const struct val *list_items(struct call *c, const struct answer *answer)
{
    struct seq_builder items;

    seq_builder_init(&items, c->a);
    for (size_t i = 0; i < answer->item_count; i++) {
        const struct val *item = answer->items[i];

        if (!c->resource->crd) {
            item = val_without(c->a, item, STR("kind"));
            item = val_without(c->a, item, STR("apiVersion"));
        }
        seq_builder_add(&items, item);
    }
    return seq_builder_done(&items, NULL);
}

static struct err *list_body(struct call *c, const struct answer *answer, const struct val **ret)
{
    const struct api_resource *res = c->resource;
    struct table_options options;
    struct err *e;

    if (c->accept.format == OUTPUT_PARTIAL) {
        *ret = partial_metadata_list(c->a, answer->items, answer->item_count, answer->list_meta,
                                     c->accept.as_version);
    } else if (c->accept.format == OUTPUT_TABLE) {
        if (TRY(&e, table_options_of(c, &options)))
            return e;
        *ret = table_of(c->a, res, answer->items, answer->item_count, answer->list_meta, &options);
    } else {
        struct str version = api_version_format(c->a, res->gvk.group, res->gvk.version);

        *ret = val_map_of(c->a, "kind", val_string(c->a, res->list_kind), "apiVersion",
                          val_string(c->a, version), "metadata", answer->list_meta, "items",
                          list_items(c, answer), NULL);
    }
    return NULL;
}

static void encode(struct call *c, const struct val *body, struct api_response *ret)
{
    struct buf b;

    buf_init(&b, c->a, 0);
    if (c->accept.yaml) {
        ret->content_type = STR("application/yaml");
        yaml_write(&b, body, YAML_WRITE_DEFAULT);
    } else {
        ret->content_type = STR("application/json");
        json_write(&b, body,
                   JSON_ESCAPE_HTML |
                       (query_bool(&c->query, "pretty") || c->accept.pretty ? JSON_INDENT2 : 0U));
        buf_put_byte(&b, '\n');
    }
    ret->body = buf_str(&b);
}

/* 299 - "text", with quotes and backslashes escaped and control characters dropped. */
static void put_warnings(struct call *c, struct api_response *ret)
{
    struct str *out = ARENA_ARRAY(c->a, c->warnings.count + 1, struct str);

    for (size_t i = 0; i < c->warnings.count; i++) {
        struct buf b;

        buf_init(&b, c->a, 0);
        buf_lit(&b, "299 - \"");
        for (size_t k = 0; k < c->warnings.items[i].len; k++) {
            char byte = c->warnings.items[i].ptr[k];

            if ((unsigned char)byte < ' ' || byte == 0x7f)
                continue;
            if (byte == '"' || byte == '\\')
                buf_put_byte(&b, '\\');
            buf_put_byte(&b, byte);
        }
        buf_lit(&b, "\"");
        out[i] = buf_str(&b);
    }
    ret->warnings = out;
    ret->warning_count = c->warnings.count;
}

struct err *respond_answer(struct call *c, const struct answer *answer, struct api_response *ret)
{
    const struct val *body = answer->body;
    struct err *e;

    *ret = (struct api_response){ .status = answer->status ? answer->status : 200,
                                  .retry_after_s = -1 };
    put_warnings(c, ret);
    if (answer->is_list) {
        if (TRY(&e, list_body(c, answer, &body)))
            return e;
    } else if (answer->is_object) {
        if (TRY(&e, respond_object(c, body, true, &body)))
            return e;
    }
    if (body) {
        encode(c, body, ret);
    } else {
        ret->content_type = STR("text/plain; charset=utf-8");
        ret->body = answer->text;
    }
    if (answer->content_type.len)
        ret->content_type = answer->content_type;
    return NULL;
}

void respond_error(struct call *c, const struct err *e, struct api_response *ret)
{
    int code = 500;
    int32_t retry_after_s = -1;
    const struct val *body = status_from_err(c->a, e, &code, &retry_after_s);

    *ret = (struct api_response){ .status = code, .retry_after_s = retry_after_s };
    put_warnings(c, ret);
    encode(c, body, ret);
}

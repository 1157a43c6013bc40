/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/rbac_grant.h"

#include "base/buf.h"
#include "base/vec.h"

/* The smallest piece of a rule: one verb on one resource (of one name) of a group, or on one path. */
struct piece {
    struct str verb;
    struct str group;
    struct str resource; /* "pods/log" */
    struct str name;     /* "": any */
    struct str path;     /* when it is no resource */
};

/* What is missing, one line a resource; its verbs in the order found. */
struct line {
    struct piece piece;
    struct str key;
    VEC(struct str) verbs;
};

struct grant {
    struct arena *a;
    const struct rbac_request *who;
    const struct object_reader *reader;
    VEC(struct line) lines;
};

static void note_missing(struct grant *g, const struct piece *p)
{
    /* Paths stand each for itself, as kube lists them. */
    struct str key = p->path.len ? STR("")
                                 : str_printf(g->a, "%.*s %.*s %.*s", STR_ARG(p->group),
                                              STR_ARG(p->resource), STR_ARG(p->name));
    struct line *line = NULL;

    for (size_t i = 0; i < g->lines.count && !line && key.len; i++)
        if (str_eq(g->lines.items[i].key, key))
            line = &g->lines.items[i];
    if (!line) {
        line = VEC_PUSH(g->a, &g->lines);
        line->piece = *p;
        line->key = key;
    }
    *VEC_PUSH(g->a, &line->verbs) = p->verb;
}

static struct err *check_piece(struct grant *g, const struct piece *p)
{
    struct rbac_request q = *g->who;
    struct str resource = p->resource;
    struct str reason;
    bool held = false;
    struct err *e;

    q.verb = p->verb;
    q.group = p->group;
    q.path = p->path;
    q.name = p->name;
    (void)str_cut(&resource, '/', &q.resource);
    q.subresource = resource;
    if (TRY(&e, rbac_allows(g->a, &q, g->reader, &held, &reason)))
        return e;
    if (!held)
        note_missing(g, p);
    return NULL;
}

static struct str text_at(const struct val *list, size_t i)
{
    return val_str(val_item(list, i));
}

static struct err *check_names(struct grant *g, const struct val *rule, struct piece p)
{
    const struct val *names = val_get(rule, STR("resourceNames"));
    struct err *e = NULL;

    if (!val_count(names))
        return check_piece(g, &p);
    for (size_t i = 0; !e && i < val_count(names); i++) {
        p.name = text_at(names, i);
        e = check_piece(g, &p);
    }
    return e;
}

static struct err *check_resources(struct grant *g, const struct val *rule, struct str group)
{
    const struct val *resources = val_get(rule, STR("resources"));
    const struct val *verbs = val_get(rule, STR("verbs"));
    struct err *e = NULL;

    for (size_t r = 0; !e && r < val_count(resources); r++)
        for (size_t v = 0; !e && v < val_count(verbs); v++)
            e = check_names(g, rule,
                            (struct piece){ .verb = text_at(verbs, v),
                                            .group = group,
                                            .resource = text_at(resources, r) });
    return e;
}

static struct err *check_rule(struct grant *g, const struct val *rule)
{
    const struct val *groups = val_get(rule, STR("apiGroups"));
    const struct val *paths = val_get(rule, STR("nonResourceURLs"));
    const struct val *verbs = val_get(rule, STR("verbs"));
    struct err *e = NULL;

    for (size_t i = 0; !e && i < val_count(groups); i++)
        e = check_resources(g, rule, text_at(groups, i));
    for (size_t i = 0; !e && i < val_count(paths); i++)
        for (size_t v = 0; !e && v < val_count(verbs); v++)
            e = check_piece(
                g, &(struct piece){ .verb = text_at(verbs, v), .path = text_at(paths, i) });
    return e;
}

/* ---- text ---- */

static void put_list(struct buf *b, const char *name, const struct str *items, size_t count)
{
    buf_printf(b, "%s%s:[", b->len > 1 && b->ptr[b->len - 1] != '{' ? ", " : "", name);
    for (size_t i = 0; i < count; i++)
        buf_printf(b, "%s\"%.*s\"", i ? " " : "", STR_ARG(items[i]));
    buf_lit(b, "]");
}

static struct str line_text(struct grant *g, const struct line *line)
{
    const struct piece *p = &line->piece;
    struct buf b;

    buf_init(&b, g->a, 0);
    buf_lit(&b, "{");
    if (p->path.len) {
        put_list(&b, "NonResourceURLs", &p->path, 1);
    } else {
        put_list(&b, "APIGroups", &p->group, 1);
        put_list(&b, "Resources", &p->resource, 1);
        if (p->name.len)
            put_list(&b, "ResourceNames", &p->name, 1);
    }
    put_list(&b, "Verbs", line->verbs.items, line->verbs.count);
    buf_lit(&b, "}");
    return buf_str(&b);
}

static struct str refusal(struct grant *g)
{
    struct str *lines = ARENA_ARRAY(g->a, g->lines.count, struct str);
    struct buf b;

    for (size_t i = 0; i < g->lines.count; i++) {
        struct str text = line_text(g, &g->lines.items[i]);
        size_t k = i;

        for (; k > 0 && str_cmp(text, lines[k - 1]) < 0; k--)
            lines[k] = lines[k - 1];
        lines[k] = text;
    }
    buf_init(&b, g->a, 0);
    buf_printf(&b, "user \"%.*s\" (groups=[", STR_ARG(g->who->user));
    for (size_t i = 0; i < g->who->group_count; i++)
        buf_printf(&b, "%s\"%.*s\"", i ? " " : "", STR_ARG(g->who->groups[i]));
    buf_lit(&b, "]) is attempting to grant RBAC permissions not currently held:\n");
    buf_put(&b, str_join(g->a, lines, g->lines.count, STR("\n")));
    return buf_str(&b);
}

struct err *rbac_grant_check(struct arena *a, const struct rbac_request *who,
                             const struct object_reader *reader, const struct val *rules,
                             struct str *ret_why)
{
    struct grant g = { .a = a, .who = who, .reader = reader };
    struct err *e = NULL;

    for (size_t i = 0; !e && i < val_count(rules); i++)
        e = check_rule(&g, val_item(rules, i));
    if (!e)
        *ret_why = g.lines.count ? refusal(&g) : STR("");
    return e;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "core/jsonschema/state.h"
#include "value/pointer.h"

/* A relative reference behind the last slash of its base; enough for what charts hold. */
static struct str join(struct arena *a, struct str base, struct str ref)
{
    size_t slash = str_rfind_byte(base, '/');
    if (str_contains(ref, STR(":")) || base.len == 0 || slash == SIZE_MAX)
        return ref;
    if (str_has_prefix(ref, STR("/"))) {
        size_t host = str_find(base, STR("://"), 0);
        slash = host == SIZE_MAX ? 0 : str_find_byte(base, '/', host + 3);
        return str_concat(a, str_slice(base, 0, slash), ref);
    }
    return str_concat(a, str_slice(base, 0, slash + 1), ref);
}

static void note(struct state *s, struct str uri, const struct val *schema)
{
    if (!map_get(&s->ids, uri))
        map_set(&s->ids, uri, (void *)(uintptr_t)schema);
}

static void collect(struct state *s, const struct val *v, struct str base, unsigned depth)
{
    const struct val *id = val_get(v, s->draft == DRAFT_4 ? STR("id") : STR("$id"));
    const struct val *anchor = keyword(s, v, "$anchor", DRAFT_2019);
    if (depth > LIMIT_TREE_DEPTH)
        return;
    if (val_is(id, VAL_STRING)) {
        struct str uri = str_trim_suffix(join(s->arena, base, id->text), STR("#"));
        if (!str_has_prefix(id->text, STR("#")))
            base = uri;
        note(s, str_has_prefix(id->text, STR("#")) ? str_concat(s->arena, base, id->text) : uri, v);
    }
    if (val_is(anchor, VAL_STRING))
        note(s, str_printf(s->arena, "%.*s#%.*s", STR_ARG(base), STR_ARG(anchor->text)), v);
    anchor = keyword(s, v, "$dynamicAnchor", DRAFT_2020);
    if (val_is(anchor, VAL_STRING))
        note(s, str_printf(s->arena, "%.*s#%.*s", STR_ARG(base), STR_ARG(anchor->text)), v);
    for (size_t i = 0; i < val_count(v); i++)
        collect(s, v->kind == VAL_MAP ? v->fields[i].value : v->items[i], base, depth + 1);
}

void refs_collect(struct state *s)
{
    map_init(&s->ids, s->arena);
    collect(s, s->root, STR(""), 0);
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct str unescaped(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        bool escape = s.ptr[i] == '%' && i + 2 < s.len && hex(s.ptr[i + 1]) >= 0 &&
                      hex(s.ptr[i + 2]) >= 0;
        out[len++] = escape ? (char)(hex(s.ptr[i + 1]) * 16 + hex(s.ptr[i + 2])) : s.ptr[i];
        i += escape ? 2 : 0;
    }
    return str_of(out, len);
}

/* The document that the part before the "#" names. */
static const struct val *document(struct state *s, struct str uri)
{
    const struct val *id = val_get(s->root, s->draft == DRAFT_4 ? STR("id") : STR("$id"));
    if (uri.len == 0)
        return s->root;
    const struct val *found = map_get(&s->ids, uri);
    return found ? found : map_get(&s->ids, join(s->arena, val_str(id), uri));
}

const struct val *refs_find(struct state *s, const struct val *ref)
{
    struct str fragment, uri;
    struct pointer p;
    if (!val_is(ref, VAL_STRING)) {
        schema_broken(s, ref, "$ref must be a string");
        return NULL;
    }
    fragment = ref->text;
    (void)str_cut(&fragment, '#', &uri);
    fragment = fragment.ptr ? unescaped(s->arena, fragment) : STR("");
    const struct val *found = document(s, uri);
    if (!found) {
        s->fatal = err_new(s->arena, ERR_FORBIDDEN,
                           "schema %u:%u: \"%.*s\" is a remote reference, which is not fetched: "
                           "put it under $defs",
                           ref->line, ref->column, STR_ARG(ref->text));
        return NULL;
    }
    if (fragment.len == 0)
        return found;
    if (fragment.ptr[0] == '/') {
        if (pointer_parse(s->arena, fragment, &p))
            found = NULL;
        else
            found = pointer_get(found, &p);
    } else {
        const struct val *id = val_get(s->root, STR("$id"));
        struct str base = uri.len > 0 ? uri : str_trim_suffix(val_str(id), STR("#"));
        found = map_get(&s->ids,
                        str_printf(s->arena, "%.*s#%.*s", STR_ARG(base), STR_ARG(fragment)));
    }
    if (!found)
        schema_broken(s, ref, "$ref leads nowhere");
    return found;
}

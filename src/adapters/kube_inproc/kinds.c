/* SPDX-License-Identifier: Apache-2.0 */
/* What a kind is called in paths, learned from discovery and remembered while the server serves it so. */
#include "adapters/kube_inproc/inproc_state.h"
#include "base/buf.h"

static struct str kind_key(struct arena *a, const struct gvk *gvk)
{
    return str_printf(a, "%.*s/%.*s/%.*s", STR_ARG(gvk->group), STR_ARG(gvk->version),
                      STR_ARG(gvk->kind));
}

static bool known(struct kube_inproc *k, struct str key, struct kind_entry *ret)
{
    const struct kind_entry *entry;

    pthread_mutex_lock(&k->lock);
    entry = map_get(&k->kinds, key);
    if (entry)
        *ret = *entry;
    pthread_mutex_unlock(&k->lock);
    return entry != NULL;
}

static void learn(struct kube_inproc *k, struct str key, struct kind_entry *entry)
{
    pthread_mutex_lock(&k->lock);
    if (!map_get(&k->kinds, key)) {
        struct kind_entry *kept = ARENA_NEW(k->home, struct kind_entry);

        kept->plural = str_dup(k->home, entry->plural);
        kept->namespaced = entry->namespaced;
        (void)map_set(&k->kinds, str_dup(k->home, key), kept);
        entry->plural = kept->plural;
    }
    pthread_mutex_unlock(&k->lock);
}

/* Plural and scope of a kind cannot change while its definition stands; a new one gives a new answer on 404. */
struct err *inproc_kind(struct kube_inproc *k, struct run *r, const struct gvk *gvk,
                        struct kind_entry *ret)
{
    struct str key = kind_key(r->arena, gvk);
    struct str path = gvk->group.len ? str_printf(r->arena, "/apis/%.*s/%.*s", STR_ARG(gvk->group),
                                                  STR_ARG(gvk->version))
                                     : str_printf(r->arena, "/api/%.*s", STR_ARG(gvk->version));
    struct inproc_request req = { .method = "GET", .path = path };
    const struct val *list = NULL;
    const struct val *all;
    struct err *e;

    if (known(k, key, ret))
        return NULL;
    e = inproc_serve(k, r, &req, &list);
    if (e && e->code != ERR_NOT_FOUND)
        return e;
    all = e ? NULL : val_get(list, STR("resources"));
    for (size_t i = 0; i < val_count(all); i++) {
        const struct val *res = val_item(all, i);

        if (!str_eq(val_get_str(res, "kind"), gvk->kind) ||
            str_find_byte(val_get_str(res, "name"), '/', 0) != SIZE_MAX)
            continue;
        *ret = (struct kind_entry){ .plural = val_get_str(res, "name"),
                                    .namespaced = val_at_bool(res, "namespaced", false) };
        learn(k, key, ret);
        return NULL;
    }
    return err_new(r->arena, ERR_NOT_FOUND, "no matches for kind \"%.*s\" in version \"%.*s\"",
                   STR_ARG(gvk->kind),
                   STR_ARG(api_version_format(r->arena, gvk->group, gvk->version)));
}

struct str inproc_path(struct arena *a, const struct gvk *gvk, const struct kind_entry *kind,
                       struct str ns, struct str name, struct str subresource)
{
    struct buf b;

    buf_init(&b, a, 0);
    if (gvk->group.len)
        buf_printf(&b, "/apis/%.*s/%.*s", STR_ARG(gvk->group), STR_ARG(gvk->version));
    else
        buf_printf(&b, "/api/%.*s", STR_ARG(gvk->version));
    if (kind->namespaced && ns.len)
        buf_printf(&b, "/namespaces/%.*s", STR_ARG(ns));
    buf_printf(&b, "/%.*s", STR_ARG(kind->plural));
    if (name.len)
        buf_printf(&b, "/%.*s", STR_ARG(name));
    if (subresource.len)
        buf_printf(&b, "/%.*s", STR_ARG(subresource));
    return buf_str(&b);
}

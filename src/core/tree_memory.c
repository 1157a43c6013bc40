/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tree_memory.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/vec.h"

/* One file or folder; a folder knows its entries in the order they were put. */
struct node {
    struct str name;
    enum tree_kind kind;
    bool executable;
    struct str content;
    VEC(struct node *) children;
};

struct tree_memory {
    struct arena *arena;
    struct map nodes; /* path -> struct node; "" is the root */
    struct node root;
};

struct tree_memory *tree_memory_new(struct arena *a)
{
    struct tree_memory *m = ARENA_NEW(a, struct tree_memory);
    m->arena = a;
    map_init(&m->nodes, a);
    m->root.kind = TREE_DIR;
    return m;
}

static struct node *find(const struct tree_memory *m, struct str path)
{
    if (path.len == 0) {
        union {
            const struct node *in;
            struct node *out;
        } root = { .in = &m->root }; /* readers do not change it; the builder owns it */
        return root.out;
    }
    return map_get(&m->nodes, path);
}

static struct node *make(struct tree_memory *m, struct str path, enum tree_kind kind)
{
    struct node *n = find(m, path);
    if (n) {
        n->kind = kind;
        return n;
    }
    struct node *parent = make(m, tree_path_dir(path), TREE_DIR);
    n = ARENA_NEW(m->arena, struct node);
    n->name = tree_path_base(path);
    n->kind = kind;
    map_set(&m->nodes, path, n);
    *VEC_PUSH(m->arena, &parent->children) = n;
    return n;
}

void tree_memory_put(struct tree_memory *m, struct str path, struct str content, bool executable)
{
    assert(path.len > 0);
    struct node *n = make(m, path, TREE_FILE);
    n->content = content;
    n->executable = executable;
}

/* A folder, `to` and `path` both, with all below. */
static struct err *graft_folder(struct tree_memory *m, struct str to, const struct tree *from,
                                struct str path, unsigned depth)
{
    struct tree_list list;
    struct err *e;

    if (depth == 0)
        return err_new(m->arena, ERR_TOO_LARGE, "\"%.*s\": folders nested deeper than %u",
                       STR_ARG(path), LIMIT_PATH_DEPTH);
    if (TRY(&e, tree_list(from, m->arena, path, &list)))
        return e;
    for (size_t i = 0; i < list.count; i++) {
        const struct tree_entry *entry = &list.items[i];
        struct str below = STR(""), target = STR(""), content;

        if (!tree_path_join(m->arena, path, entry->name, &below) ||
            !tree_path_join(m->arena, to, entry->name, &target))
            continue;
        if (entry->kind == TREE_DIR && TRY(&e, graft_folder(m, target, from, below, depth - 1)))
            return e;
        if (entry->kind != TREE_FILE)
            continue;
        if (TRY(&e, tree_read(from, m->arena, below, LIMIT_ARTIFACT_BYTES, &content)))
            return e;
        tree_memory_put(m, target, content, entry->executable);
    }
    return NULL;
}

struct err *tree_memory_graft(struct tree_memory *m, struct str to, const struct tree *from,
                              struct str path)
{
    enum tree_kind kind;
    struct str content;
    struct err *e;

    if (TRY(&e, tree_stat(from, m->arena, path, &kind)))
        return e;
    if (kind == TREE_ABSENT)
        return err_new(m->arena, ERR_NOT_FOUND, "%.*s: no such file or directory", STR_ARG(path));
    if (kind == TREE_DIR)
        return graft_folder(m, to, from, path, LIMIT_PATH_DEPTH);
    if (TRY(&e, tree_read(from, m->arena, path, LIMIT_ARTIFACT_BYTES, &content)))
        return e;
    if (to.len > 0)
        tree_memory_put(m, to, content, false);
    return NULL;
}

static struct err *memory_stat(void *self, struct arena *a, struct str path, enum tree_kind *ret)
{
    (void)a;
    const struct node *n = find(self, path);
    *ret = n ? n->kind : TREE_ABSENT;
    return NULL;
}

/* Insertion sort from the back: entries mostly come in order. */
static void insert_sorted(struct tree_entry *items, size_t count, struct tree_entry e)
{
    size_t at = count;
    for (; at > 0 && str_cmp(items[at - 1].name, e.name) > 0; at--)
        items[at] = items[at - 1];
    items[at] = e;
}

static struct err *memory_list(void *self, struct arena *a, struct str path, struct tree_list *ret)
{
    const struct node *n = find(self, path);
    if (!n)
        return err_new(a, ERR_NOT_FOUND, "%.*s: no such folder", STR_ARG(path));
    if (n->kind != TREE_DIR)
        return err_new(a, ERR_INVALID, "%.*s: not a folder", STR_ARG(path));
    struct tree_entry *items = ARENA_ARRAY(a, n->children.count, struct tree_entry);
    for (size_t i = 0; i < n->children.count; i++) {
        const struct node *c = n->children.items[i];
        insert_sorted(items, i, (struct tree_entry){ c->name, c->kind, c->executable });
    }
    *ret = (struct tree_list){ items, n->children.count };
    return NULL;
}

static struct err *memory_read(void *self, struct arena *a, struct str path, size_t max,
                               struct str *ret)
{
    const struct node *n = find(self, path);
    if (!n)
        return err_new(a, ERR_NOT_FOUND, "%.*s: no such file", STR_ARG(path));
    if (n->kind != TREE_FILE)
        return err_new(a, ERR_INVALID, "%.*s: is a folder", STR_ARG(path));
    if (n->content.len > max)
        return err_new(a, ERR_TOO_LARGE, "%.*s: %zu bytes, at most %zu are read", STR_ARG(path),
                       n->content.len, max);
    *ret = n->content;
    return NULL;
}

static struct err *memory_resolve(void *self, struct arena *a, struct str path, struct str *ret)
{
    if (!find(self, path))
        return err_new(a, ERR_NOT_FOUND, "%.*s: no such file or folder", STR_ARG(path));
    *ret = path;
    return NULL;
}

struct tree tree_memory_port(struct tree_memory *m, struct str label)
{
    static const struct tree_ops ops = { memory_stat, memory_list, memory_read, memory_resolve };
    return (struct tree){ .ops = &ops, .self = m, .label = label };
}

struct overlay {
    struct tree under;
    struct tree over;
};

static struct err *overlay_stat(void *self, struct arena *a, struct str path, enum tree_kind *ret)
{
    const struct overlay *o = self;
    struct err *e;
    if (TRY(&e, tree_stat(&o->over, a, path, ret)))
        return e;
    return *ret == TREE_ABSENT ? tree_stat(&o->under, a, path, ret) : NULL;
}

/* Both folders in one, sorted; the entry of `over` where both have one. */
static struct err *overlay_list(void *self, struct arena *a, struct str path, struct tree_list *ret)
{
    const struct overlay *o = self;
    struct tree_list lists[2] = { { NULL, 0 }, { NULL, 0 } };
    const struct tree *trees[2] = { &o->over, &o->under };
    size_t found = 0;
    for (size_t i = 0; i < 2; i++) {
        struct err *e = tree_list(trees[i], a, path, &lists[i]);
        if (e && e->code != ERR_NOT_FOUND)
            return e;
        if (e && i == 1 && found == 0)
            return e;
        found += e == NULL;
    }
    struct tree_entry *items = ARENA_ARRAY(a, lists[0].count + lists[1].count, struct tree_entry);
    size_t count = 0;
    for (size_t i = 0, j = 0; i < lists[0].count || j < lists[1].count;) {
        int order = i == lists[0].count   ? 1
                    : j == lists[1].count ? -1
                                          : str_cmp(lists[0].items[i].name, lists[1].items[j].name);
        items[count++] = order <= 0 ? lists[0].items[i] : lists[1].items[j];
        i += order <= 0;
        j += order >= 0;
    }
    *ret = (struct tree_list){ items, count };
    return NULL;
}

/* The tree that has `path`. */
static struct err *overlay_owner(const struct overlay *o, struct arena *a, struct str path,
                                 const struct tree **ret)
{
    enum tree_kind kind;
    struct err *e;
    if (TRY(&e, tree_stat(&o->over, a, path, &kind)))
        return e;
    *ret = kind == TREE_FILE ? &o->over : &o->under;
    return NULL;
}

static struct err *overlay_read(void *self, struct arena *a, struct str path, size_t max,
                                struct str *ret)
{
    const struct tree *owner;
    struct err *e;
    if (TRY(&e, overlay_owner(self, a, path, &owner)))
        return e;
    return tree_read(owner, a, path, max, ret);
}

static struct err *overlay_resolve(void *self, struct arena *a, struct str path, struct str *ret)
{
    const struct overlay *o = self;
    struct err *e = tree_resolve(&o->under, a, path, ret);
    return e && e->code == ERR_NOT_FOUND ? tree_resolve(&o->over, a, path, ret) : e;
}

struct tree tree_overlay(struct arena *a, const struct tree *under, const struct tree *over)
{
    static const struct tree_ops ops = { overlay_stat, overlay_list, overlay_read,
                                         overlay_resolve };
    struct overlay *o = ARENA_NEW(a, struct overlay);
    *o = (struct overlay){ *under, *over };
    return (struct tree){ .ops = &ops, .self = o, .label = under->label };
}

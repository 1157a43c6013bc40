/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fs_posix/tree_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/limits.h"

enum { ENTRIES_MAX = 8 };

/* One tree; freed when neither the cache nor a reader holds it. */
struct cached {
    struct tree_cache *cache;
    struct arena *home; /* holds this, the key and the tree */
    struct str key;
    struct tree tree;
    size_t holders; /* under the cache's lock */
};

struct tree_cache {
    pthread_mutex_t lock;
    struct cached *entries[ENTRIES_MAX]; /* newest first; under lock, as the count */
    size_t count;
};

struct tree_cache *tree_cache_new(void)
{
    struct tree_cache *c = calloc(1, sizeof *c);

    if (!c)
        abort();
    (void)pthread_mutex_init(&c->lock, NULL);
    return c;
}

static void let_go(struct cached *e)
{
    if (--e->holders == 0)
        arena_free(e->home);
}

void tree_cache_free(struct tree_cache *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->count; i++)
        let_go(c->entries[i]);
    (void)pthread_mutex_destroy(&c->lock);
    free(c);
}

static void release(void *ptr)
{
    struct cached *e = ptr;
    struct tree_cache *c = e->cache;

    (void)pthread_mutex_lock(&c->lock);
    let_go(e);
    (void)pthread_mutex_unlock(&c->lock);
}

/* Under lock. */
static void hand_out(struct cached *e, struct arena *a, struct tree *ret)
{
    e->holders++;
    *ret = e->tree;
    arena_defer(a, release, e);
}

static void move_to_front(struct tree_cache *c, size_t at)
{
    struct cached *e = c->entries[at];

    memmove(&c->entries[1], &c->entries[0], at * sizeof c->entries[0]);
    c->entries[0] = e;
}

bool tree_cache_find(struct tree_cache *c, struct arena *a, struct str key, struct tree *ret)
{
    bool found = false;

    (void)pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->count && !found; i++) {
        if (!str_eq(c->entries[i]->key, key))
            continue;
        move_to_front(c, i);
        hand_out(c->entries[0], a, ret);
        found = true;
    }
    (void)pthread_mutex_unlock(&c->lock);
    return found;
}

void tree_cache_keep(struct tree_cache *c, struct arena *a, struct str key, struct arena *home,
                     const struct tree *tree, struct tree *ret)
{
    struct cached *e = ARENA_NEW(home, struct cached);
    bool is_small = arena_used(home) <= 64 * MIB;

    *e = (struct cached){ .cache = c, .home = home, .key = str_dup(home, key), .tree = *tree };
    (void)pthread_mutex_lock(&c->lock);
    hand_out(e, a, ret);
    if (is_small) {
        if (c->count == ENTRIES_MAX)
            let_go(c->entries[--c->count]);
        c->entries[c->count++] = e;
        e->holders++;
        move_to_front(c, c->count - 1);
    }
    (void)pthread_mutex_unlock(&c->lock);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/keeper.h"

#define RETRY_FIRST_NS (50 * NS_PER_MS)
#define RETRY_MAX_NS (60 * NS_PER_S)

enum { SET_BYTES_MIN = 256 * 1024, ITEM_BYTES = 512 /* generously */ };

static void push(struct work_set *set, struct work_item *item)
{
    item->is_ready = true;
    item->next = NULL;
    *set->ready_end = item;
    set->ready_end = &item->next;
}

static struct work_item *insert(struct work_set *set, struct str key)
{
    struct work_item *item;

    if (!set->home) {
        set->home = arena_new(0);
        map_init(&set->index, set->home);
        set->ready = NULL;
        set->ready_end = &set->ready;
        set->later = NULL;
    }
    item = ARENA_NEW(set->home, struct work_item);
    item->key = str_dup(set->home, key);
    (void)map_set(&set->index, item->key, item);
    set->count++;
    return item;
}

/* Everything into a new arena, when most of the old one is of items that are done. */
static void compact(struct work_set *set)
{
    struct work_set old = *set;

    if (!set->home || arena_used(set->home) < SET_BYTES_MIN + set->count * ITEM_BYTES)
        return;
    *set = (struct work_set){ 0 };
    for (const struct work_item *item = old.ready; item; item = item->next)
        push(set, insert(set, item->key));
    for (const struct work_item *item = old.later; item; item = item->next) {
        struct work_item *copy = insert(set, item->key);

        copy->attempts = item->attempts;
        copy->due = item->due;
        copy->next = set->later;
        set->later = copy;
    }
    arena_free(old.home);
}

static void unlink_later(struct work_set *set, const struct work_item *item)
{
    for (struct work_item **at = &set->later; *at; at = &(*at)->next) {
        if (*at == item) {
            *at = item->next;
            return;
        }
    }
}

void work_add(struct work_set *set, struct str key)
{
    struct work_item *item = set->home ? map_get(&set->index, key) : NULL;

    if (!item) {
        compact(set);
        push(set, insert(set, key));
    } else if (!item->is_ready) {
        unlink_later(set, item);
        push(set, item);
    }
}

void work_hasten(struct work_set *set, struct str key)
{
    if (set->home && map_get(&set->index, key))
        work_add(set, key);
}

static struct work_item *first_due(struct work_set *set, struct mono_time now)
{
    for (struct work_item *item = set->later; item; item = item->next)
        if (item->due.ns <= now.ns)
            return item;
    return NULL;
}

bool work_take(struct work_set *set, struct arena *a, struct mono_time now, struct str *ret_key,
               int *ret_attempts)
{
    struct work_item *item = set->home ? set->ready : NULL;

    if (item) {
        set->ready = item->next;
        if (!set->ready)
            set->ready_end = &set->ready;
    } else {
        item = set->home ? first_due(set, now) : NULL;
        if (!item)
            return false;
        unlink_later(set, item);
    }
    *ret_key = str_dup(a, item->key);
    *ret_attempts = item->attempts;
    (void)map_remove(&set->index, item->key);
    if (--set->count == 0)
        work_free(set);
    return true;
}

void work_retry(struct work_set *set, struct str key, int attempts, struct mono_time now)
{
    int64_t wait = RETRY_FIRST_NS << (attempts < 11 ? attempts : 11);
    struct work_item *item = set->home ? map_get(&set->index, key) : NULL;

    if (item) /* something happened meanwhile: it is ready already */
        return;
    compact(set);
    item = insert(set, key);
    item->attempts = attempts + 1;
    item->due = mono_add_ns(now, wait < RETRY_MAX_NS ? wait : RETRY_MAX_NS);
    item->next = set->later;
    set->later = item;
}

void work_delay(struct work_set *set, struct str key, struct mono_time due)
{
    struct work_item *item = set->home ? map_get(&set->index, key) : NULL;

    if (item) {
        if (!item->is_ready && due.ns < item->due.ns)
            item->due = due;
        return;
    }
    compact(set);
    item = insert(set, key);
    item->due = due;
    item->next = set->later;
    set->later = item;
}

struct mono_time work_due(const struct work_set *set, struct mono_time now)
{
    struct mono_time due = MONO_NEVER;

    if (!set->home)
        return due;
    if (set->ready)
        return now;
    for (const struct work_item *item = set->later; item; item = item->next)
        if (item->due.ns < due.ns)
            due = item->due;
    return due;
}

void work_free(struct work_set *set)
{
    arena_free(set->home);
    *set = (struct work_set){ 0 };
}

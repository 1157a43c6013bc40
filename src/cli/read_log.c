/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/read_log.h"

#include "base/map.h"
#include "base/vec.h"

struct read_log {
    struct arena *arena;
    struct tree inner;
    struct map seen; /* folder -> this log */
    struct str *items;
    size_t count;
    size_t cap;
};

static void note(struct read_log *log, struct str folder)
{
    struct str path = str_concat(log->arena, STR("/"), folder);

    if (map_get(&log->seen, path))
        return;
    map_set(&log->seen, path, log);
    *VEC_PUSH(log->arena, log) = path;
}

static struct err *log_stat(void *self, struct arena *a, struct str path, enum tree_kind *ret)
{
    struct read_log *log = self;

    note(log, tree_path_dir(path));
    return tree_stat(&log->inner, a, path, ret);
}

static struct err *log_list(void *self, struct arena *a, struct str path, struct tree_list *ret)
{
    struct read_log *log = self;

    note(log, path);
    return tree_list(&log->inner, a, path, ret);
}

static struct err *log_read(void *self, struct arena *a, struct str path, size_t max,
                            struct str *ret)
{
    struct read_log *log = self;

    note(log, tree_path_dir(path));
    return tree_read(&log->inner, a, path, max, ret);
}

static struct err *log_resolve(void *self, struct arena *a, struct str path, struct str *ret)
{
    struct read_log *log = self;

    note(log, tree_path_dir(path));
    return tree_resolve(&log->inner, a, path, ret);
}

struct read_log *read_log_new(struct arena *a)
{
    struct read_log *log = ARENA_NEW(a, struct read_log);

    log->arena = a;
    map_init(&log->seen, a);
    return log;
}

struct tree read_log_tree(struct read_log *log, struct arena *a, const struct tree *inner)
{
    static const struct tree_ops ops = {
        .stat = log_stat, .list = log_list, .read = log_read, .resolve = log_resolve
    };

    (void)a;
    log->inner = *inner;
    return (struct tree){ .ops = &ops, .self = log, .label = inner->label };
}

const struct str *read_log_folders(const struct read_log *log, size_t *ret_count)
{
    *ret_count = log->count;
    return log->items;
}

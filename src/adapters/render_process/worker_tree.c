/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/render_process/worker_tree.h"

#include "base/limits.h"
#include "base/map.h"

struct folder {
    struct err *error; /* why there is none */
    struct str real;   /* its path, links resolved */
    struct tree_list list;
    const struct str *contents; /* beside the list; ptr NULL: not sent */
};

struct remote {
    struct line *line;
    struct arena *arena;
    uint32_t id;
    struct map folders; /* path to struct folder */
};

struct err *line_ask(struct line *l, struct buf *question, struct unpack *ret)
{
    struct frame answer;
    struct err *e;

    if (TRY(&e, frame_send(l->fd, &l->run, question)) ||
        TRY(&e, frame_receive(l->fd, &l->run, SIZE_MAX, &answer)))
        return e;
    *ret = answer.body;
    if (answer.kind != FRAME_OK && answer.kind != FRAME_ERROR)
        return err_new(l->run.arena, ERR_INTERNAL, "the parent answered nonsense");
    return answer.kind == FRAME_OK ? NULL : frame_take_error(l->run.arena, ret);
}

static void begin(const struct remote *t, struct buf *question, enum frame_kind kind,
                  struct str path)
{
    frame_begin(question, t->arena, kind);
    pack_u32(question, t->id);
    pack_str(question, path);
}

static void take_entries(struct remote *t, struct unpack *answer, struct folder *f)
{
    size_t count = unpack_count(answer, 7);
    struct tree_entry *entries = ARENA_ARRAY(t->arena, count, struct tree_entry);
    struct str *contents = ARENA_ARRAY(t->arena, count, struct str);

    for (size_t i = 0; i < count; i++) {
        entries[i].name = unpack_str(answer);
        entries[i].kind = (enum tree_kind)unpack_byte(answer);
        entries[i].executable = unpack_byte(answer) != 0;
        if (unpack_byte(answer))
            contents[i] = unpack_str(answer);
    }
    f->list = (struct tree_list){ entries, count };
    f->contents = contents;
}

static const struct folder *folder_of(struct remote *t, struct str path)
{
    struct folder *f = map_get(&t->folders, path);
    struct unpack answer;
    struct buf question;

    if (f)
        return f;
    f = ARENA_NEW(t->arena, struct folder);
    begin(t, &question, FRAME_FOLDER, path);
    f->error = line_ask(t->line, &question, &answer);
    if (!f->error) {
        f->real = unpack_str(&answer);
        take_entries(t, &answer, f);
    }
    map_set(&t->folders, str_dup(t->arena, path), f);
    return f;
}

static size_t find_entry(const struct folder *f, struct str name)
{
    size_t low = 0, high = f->list.count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(f->list.items[mid].name, name);

        if (order == 0)
            return mid;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return SIZE_MAX;
}

/* The folder and the number in it of what is at `path`, where that is known and no link; false: ask. */
static bool find(struct remote *t, struct str path, const struct folder **ret_folder,
                 size_t *ret_index)
{
    const struct folder *f = path.len ? folder_of(t, tree_path_dir(path)) : NULL;

    if (!f || f->error)
        return false;
    *ret_folder = f;
    *ret_index = find_entry(f, tree_path_base(path));
    return *ret_index == SIZE_MAX || f->list.items[*ret_index].kind != TREE_SYMLINK;
}

static struct err *remote_stat(void *self, struct arena *a, struct str path, enum tree_kind *ret)
{
    struct remote *t = self;
    const struct folder *f;
    struct unpack answer;
    struct buf question;
    struct err *e;
    size_t at;

    (void)a;
    if (find(t, path, &f, &at)) {
        *ret = at == SIZE_MAX ? TREE_ABSENT : f->list.items[at].kind;
        return NULL;
    }
    begin(t, &question, FRAME_STAT, path);
    if (TRY(&e, line_ask(t->line, &question, &answer)))
        return e;
    *ret = (enum tree_kind)unpack_byte(&answer);
    return NULL;
}

static struct err *remote_list(void *self, struct arena *a, struct str path, struct tree_list *ret)
{
    const struct folder *f = folder_of(self, path);

    if (f->error)
        return err_copy(a, f->error);
    *ret = f->list;
    return NULL;
}

static struct err *remote_read(void *self, struct arena *a, struct str path, size_t max,
                               struct str *ret)
{
    struct remote *t = self;
    const struct folder *f;
    struct unpack answer;
    struct buf question;
    struct err *e;
    size_t at;

    (void)a;
    if (find(t, path, &f, &at) && at != SIZE_MAX && f->contents[at].ptr &&
        f->contents[at].len <= max) {
        *ret = f->contents[at];
        return NULL;
    }
    begin(t, &question, FRAME_READ, path);
    pack_u64(&question, max);
    if (TRY(&e, line_ask(t->line, &question, &answer)))
        return e;
    *ret = unpack_str(&answer);
    return NULL;
}

static struct err *remote_resolve(void *self, struct arena *a, struct str path, struct str *ret)
{
    struct remote *t = self;
    const struct folder *f;
    struct unpack answer;
    struct buf question;
    struct err *e;
    size_t at;

    if (find(t, path, &f, &at) && at != SIZE_MAX) {
        struct str name = f->list.items[at].name;

        *ret = f->real.len ? str_printf(a, "%.*s/%.*s", STR_ARG(f->real), STR_ARG(name)) : name;
        return NULL;
    }
    begin(t, &question, FRAME_RESOLVE, path);
    if (TRY(&e, line_ask(t->line, &question, &answer)))
        return e;
    *ret = unpack_str(&answer);
    return NULL;
}

struct tree worker_tree(struct arena *a, struct line *l, uint32_t id, struct str label)
{
    static const struct tree_ops ops = { remote_stat, remote_list, remote_read, remote_resolve };
    struct remote *t = ARENA_NEW(a, struct remote);

    *t = (struct remote){ .line = l, .arena = a, .id = id };
    map_init(&t->folders, a);
    return (struct tree){ .ops = &ops, .self = t, .label = label };
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/render_process/conversation.h"

#include "base/limits.h"
#include "base/vec.h"

struct conversation {
    int fd;
    struct run *run; /* of the build: what the result keeps */
    struct run turn; /* the same, with an arena for one question */
    const struct render_request *request;
    VEC(struct tree) trees; /* by number, as the worker knows them */
    size_t questions;
};

static struct err *nonsense(const struct conversation *c, const char *what)
{
    return err_new(c->run->arena, ERR_INTERNAL,
                   "the render worker %s; it was stopped and the next build gets a new one", what);
}

static void put_variables(struct buf *out, const struct substitution *s)
{
    pack_byte(out, s != NULL);
    if (!s)
        return;
    pack_byte(out, s->always);
    pack_byte(out, s->strict);
    pack_u32(out, (uint32_t)s->values.count);
    for (size_t i = 0; i < s->values.entry_count; i++) {
        const struct str *value = s->values.entries[i].value;

        if (!value)
            continue; /* removed */
        pack_str(out, s->values.entries[i].key);
        pack_str(out, *value);
    }
}

static struct err *send_build(struct conversation *c)
{
    const struct render_request *q = c->request;
    struct buf out;

    frame_begin(&out, c->turn.arena, FRAME_BUILD);
    pack_str(&out, q->tenant);
    pack_str(&out, q->path);
    pack_str(&out, q->tree->label);
    pack_byte(&out, q->fetch.repository != NULL);
    pack_val(&out, q->spec ? q->spec : &val_null);
    put_variables(&out, q->variables);
    return frame_send(c->fd, &c->turn, &out);
}

/* A file's content goes ahead of the question for it, where it is small; what cannot be read is left for the question. */
static void put_content(const struct conversation *c, const struct tree *t, struct str path,
                        struct buf *out, size_t *left)
{
    size_t max = *left < LIMIT_RENDER_AHEAD_FILE_BYTES ? *left : LIMIT_RENDER_AHEAD_FILE_BYTES;
    struct str content;
    bool sent = max > 0 && tree_read(t, c->turn.arena, path, max, &content) == NULL;

    pack_byte(out, sent);
    if (!sent)
        return;
    pack_str(out, content);
    *left -= content.len;
}

static struct err *answer_folder(struct conversation *c, const struct tree *t, struct str path,
                                 struct buf *out)
{
    struct arena *a = c->turn.arena;
    size_t left = LIMIT_RENDER_AHEAD_BYTES;
    struct tree_list list;
    struct str real, full;
    struct err *e;

    if (TRY(&e, tree_list(t, a, path, &list)) || TRY(&e, tree_resolve(t, a, path, &real)))
        return e;
    pack_str(out, real);
    pack_u32(out, (uint32_t)list.count);
    for (size_t i = 0; i < list.count; i++) {
        const struct tree_entry *entry = &list.items[i];

        pack_str(out, entry->name);
        pack_byte(out, (uint8_t)entry->kind);
        pack_byte(out, entry->executable);
        if (entry->kind == TREE_FILE && tree_path_join(a, path, entry->name, &full))
            put_content(c, t, full, out, &left);
        else
            pack_byte(out, 0);
    }
    return NULL;
}

static struct err *answer_read(struct conversation *c, const struct tree *t, struct str path,
                               uint64_t max, struct buf *out)
{
    struct str content;
    struct err *e;

    if (max == 0 || max > LIMIT_DOCUMENT_BYTES)
        max = LIMIT_DOCUMENT_BYTES;
    if (TRY(&e, tree_read(t, c->turn.arena, path, (size_t)max, &content)))
        return e;
    pack_str(out, content);
    return NULL;
}

static struct err *answer_path(struct conversation *c, enum frame_kind kind, const struct tree *t,
                               struct str path, struct buf *out)
{
    enum tree_kind what = TREE_ABSENT;
    struct err *e;

    if (kind == FRAME_STAT) {
        if (TRY(&e, tree_stat(t, c->turn.arena, path, &what)))
            return e;
        pack_byte(out, (uint8_t)what);
        return NULL;
    }
    if (TRY(&e, tree_resolve(t, c->turn.arena, path, &path)))
        return e;
    pack_str(out, path);
    return NULL;
}

/* A path from outside is made one that trees take; *ret_bad: it cannot be. */
static struct err *answer_tree(struct conversation *c, struct frame *q, struct buf *out,
                               bool *ret_bad)
{
    uint32_t id = unpack_u32(&q->body);
    struct str path = unpack_str(&q->body);
    uint64_t max = q->kind == FRAME_READ ? unpack_u64(&q->body) : 0;
    const struct tree *t;

    *ret_bad = q->body.bad || id >= c->trees.count || path.len > LIMIT_PATH_BYTES ||
               !tree_path_join(c->turn.arena, STR(""), path, &path);
    if (*ret_bad)
        return NULL;
    t = &c->trees.items[id];
    if (q->kind == FRAME_FOLDER)
        return answer_folder(c, t, path, out);
    if (q->kind == FRAME_READ)
        return answer_read(c, t, path, max, out);
    return answer_path(c, q->kind, t, path, out);
}

static struct err *answer_fetch(struct conversation *c, struct frame *q, struct buf *out,
                                bool *ret_bad)
{
    struct arena *a = c->run->arena; /* a fetched tree is asked about later */
    const struct kustomize_fetch *fetch = &c->request->fetch;
    struct str url = str_dup(a, unpack_str(&q->body)), content;
    struct kustomize_remote remote;
    const struct tree *tree;
    struct err *e;

    *ret_bad = q->body.bad || !fetch->repository ||
               (q->kind == FRAME_FETCH_REPOSITORY && !kustomize_remote_parse(a, url, &remote));
    if (*ret_bad)
        return NULL;
    if (q->kind == FRAME_FETCH_FILE) {
        if (TRY(&e, fetch->file(fetch->self, a, url, &content)))
            return e;
        pack_str(out, content);
        return NULL;
    }
    if (c->trees.count >= LIMIT_RENDER_TREES)
        return err_new(a, ERR_TOO_LARGE, "the build uses more than %u repositories",
                       LIMIT_RENDER_TREES);
    if (TRY(&e, fetch->repository(fetch->self, a, &remote, &tree)))
        return e;
    pack_u32(out, (uint32_t)c->trees.count);
    pack_str(out, tree->label);
    *VEC_PUSH(a, &c->trees) = *tree;
    return NULL;
}

static struct err *answer(struct conversation *c, struct frame *question)
{
    bool fetch = question->kind == FRAME_FETCH_REPOSITORY || question->kind == FRAME_FETCH_FILE,
         bad;
    struct buf out;
    struct err *e;

    frame_begin(&out, c->turn.arena, FRAME_OK);
    e = fetch ? answer_fetch(c, question, &out, &bad) : answer_tree(c, question, &out, &bad);
    if (bad)
        return nonsense(c, "asked for what there is not");
    if (e) {
        frame_begin(&out, c->turn.arena, FRAME_ERROR);
        frame_put_error(&out, c->turn.arena, e);
    }
    return frame_send(c->fd, &c->turn, &out);
}

static bool is_object(const struct val *v)
{
    return val_is(v, VAL_MAP) && val_get_str(v, "kind").len > 0;
}

static struct err *take_result(struct conversation *c, struct unpack *body,
                               struct render_result *ret)
{
    struct arena *a = body->arena;
    struct render_result result = { .count = unpack_count(body, 5) };
    struct str *warnings;

    result.objects = ARENA_ARRAY(a, result.count, const struct val *);
    for (size_t i = 0; i < result.count; i++) {
        result.objects[i] = unpack_val(body);
        body->bad = body->bad || !is_object(result.objects[i]);
    }
    result.warning_count = unpack_count(body, 4);
    warnings = ARENA_ARRAY(a, result.warning_count, struct str);
    for (size_t i = 0; i < result.warning_count; i++)
        warnings[i] = unpack_str(body);
    result.warnings = warnings;
    result.digest = unpack_str(body);
    if (body->bad || body->rest.len > 0 || result.count > LIMIT_BUILD_OBJECTS)
        return nonsense(c, "gave an answer that cannot be read");
    *ret = result;
    return NULL;
}

static bool is_question(const struct frame *f)
{
    return f->kind >= FRAME_STAT && f->kind <= FRAME_FETCH_FILE &&
           f->body.rest.len <= LIMIT_RENDER_QUESTION_BYTES;
}

/* One message of the worker. *ret_done: it ended the build. */
static struct err *take_turn(struct conversation *c, struct render_result *ret, bool *ret_done,
                             bool *ret_usable)
{
    struct frame f;
    struct err *e = frame_receive(c->fd, &c->turn, LIMIT_RENDER_ANSWER_BYTES, &f);

    if (e && e->code == ERR_TOO_LARGE)
        return err_new(c->run->arena, ERR_TOO_LARGE, "the build's objects take more than %llu MiB",
                       LIMIT_RENDER_ANSWER_BYTES / MIB);
    if (e)
        return e;
    *ret_done = f.kind == FRAME_DONE || f.kind == FRAME_FAILED;
    if (f.kind == FRAME_DONE) {
        e = take_result(c, &f.body, ret);
        *ret_usable = e == NULL;
        return e;
    }
    if (f.kind == FRAME_FAILED) {
        e = frame_take_error(c->run->arena, &f.body);
        *ret_usable = !f.body.bad;
        return e;
    }
    if (!is_question(&f))
        return nonsense(c, "gave an answer that is none");
    if (++c->questions > LIMIT_RENDER_QUESTIONS)
        return err_new(c->run->arena, ERR_TOO_LARGE, "the build asks for more than %u files",
                       LIMIT_RENDER_QUESTIONS);
    return answer(c, &f);
}

struct err *conversation_run(int fd, struct run *r, const struct render_request *request,
                             struct render_result *ret, bool *ret_usable)
{
    struct arena *scratch = arena_new(0);
    struct conversation c = {
        .fd = fd,
        .run = r,
        .turn = { .arena = scratch, .deadline = r->deadline, .cancelled = r->cancelled },
        .request = request,
    };
    bool done = false;
    struct err *e;

    *ret_usable = false;
    *VEC_PUSH(r->arena, &c.trees) = *request->tree;
    e = send_build(&c);
    while (!e && !done) {
        arena_reset(scratch);
        e = take_turn(&c, ret, &done, ret_usable);
    }
    if (e) {
        e = err_copy(r->arena, e);
        arena_free(scratch);
    } else {
        arena_adopt(r->arena, scratch); /* the result lies in its message */
    }
    return e;
}

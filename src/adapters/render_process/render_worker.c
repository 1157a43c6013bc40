/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/render_process/render_worker.h"

#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "adapters/render_process/confine.h"
#include "adapters/render_process/worker_tree.h"
#include "base/limits.h"
#include "core/render.h"
#include "foreign/digest.h"

enum {
    HEAP_BYTES = 1024 * 1024 * 1024, /* kept from build to build: fresh pages are dear */
    PIECE_BYTES = 32 * 1024 *
                  1024, /* larger ones come from the system alone; the most glibc takes */
    REST_MS = 500,      /* without work it gives its memory back */
    PROBE_BYTES = 64 * 1024 * 1024, /* no room for that: memory was what ended */
};

static struct err *fetch_repository(void *self, struct arena *a,
                                    const struct kustomize_remote *remote, const struct tree **ret)
{
    struct line *l = self;
    struct tree *tree = ARENA_NEW(l->run.arena, struct tree);
    struct unpack answer;
    struct buf question;
    struct err *e;
    uint32_t id;

    frame_begin(&question, a, FRAME_FETCH_REPOSITORY);
    pack_str(&question, remote->raw);
    if (TRY(&e, line_ask(l, &question, &answer)))
        return e;
    id = unpack_u32(&answer);
    *tree = worker_tree(l->run.arena, l, id, unpack_str(&answer));
    *ret = tree;
    return NULL;
}

static struct err *fetch_file(void *self, struct arena *a, struct str url, struct str *ret_content)
{
    struct unpack answer;
    struct buf question;
    struct err *e;

    frame_begin(&question, a, FRAME_FETCH_FILE);
    pack_str(&question, url);
    if (TRY(&e, line_ask(self, &question, &answer)))
        return e;
    *ret_content = unpack_str(&answer);
    return NULL;
}

static void take_variables(struct unpack *body, struct substitution *s)
{
    substitution_init(s, body->arena);
    s->always = unpack_byte(body) != 0;
    s->strict = unpack_byte(body) != 0;
    for (size_t i = unpack_count(body, 8); i > 0; i--) {
        struct str name = unpack_str(body);

        substitution_set(s, name, unpack_str(body), false);
    }
}

static struct err *build(struct line *l, struct str tenant, struct unpack *body,
                         struct render_result *ret)
{
    struct arena *a = l->run.arena;
    struct substitution variables;
    struct render_request request = { .tenant = tenant, .path = unpack_str(body) };
    struct tree tree = worker_tree(a, l, 0, unpack_str(body));

    request.tree = &tree;
    if (unpack_byte(body)) {
        request.fetch = (struct kustomize_fetch){ fetch_repository, fetch_file, l };
    }
    request.spec = unpack_val(body);
    if (unpack_byte(body)) {
        take_variables(body, &variables);
        request.variables = &variables;
    }
    if (body->bad)
        return err_new(a, ERR_INTERNAL, "the render worker could not read its request");
    return render(a, &request, ret);
}

static void put_result(struct buf *out, const struct render_result *result)
{
    pack_u32(out, (uint32_t)result->count);
    for (size_t i = 0; i < result->count; i++)
        pack_val(out, result->objects[i]);
    pack_u32(out, (uint32_t)result->warning_count);
    for (size_t i = 0; i < result->warning_count; i++)
        pack_str(out, result->warnings[i]);
    pack_str(out, result->digest);
}

/* So that `ps` and `top` say whose build it is. */
static void show_tenant(const struct render_worker *w, struct str tenant)
{
    memset(w->title, 0, w->title_bytes);
    (void)snprintf(w->title, w->title_bytes, "render %.*s", STR_ARG(tenant));
}

/* One build, in an arena of its own. False: the parent has closed. */
static bool serve(const struct render_worker *w, size_t budget)
{
    ARENA_AUTO struct arena *a = arena_new(budget);
    struct line line = { .fd = w->fd, .run = { .arena = a, .deadline = MONO_NEVER } };
    struct render_result result;
    struct frame request;
    struct str tenant;
    struct buf answer;
    struct err *e;

    if (frame_receive(w->fd, &line.run, SIZE_MAX, &request) || request.kind != FRAME_BUILD)
        return false;
    tenant = unpack_str(&request.body);
    show_tenant(w, tenant);
    e = build(&line, tenant, &request.body, &result);
    frame_begin(&answer, a, e ? FRAME_FAILED : FRAME_DONE);
    if (e)
        frame_put_error(&answer, a, e);
    else
        put_result(&answer, &result);
    return frame_send(w->fd, &line.run, &answer) == NULL;
}

/* An allocation that fails aborts (base/arena.h); this tells it from a bug. */
static void on_abort(int signal)
{
    (void)signal;
    if (mmap(NULL, PROBE_BYTES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
        _exit(RENDER_WORKER_NO_MEMORY);
}

static bool say_hello(int fd, const struct confinement *c)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct buf hello;

    frame_begin(&hello, a, FRAME_HELLO);
    pack_byte(&hello, c->landlock);
    pack_byte(&hello, c->seccomp);
    pack_byte(&hello, c->memory);
    return frame_send(fd, &r, &hello) == NULL;
}

/* What loads at first use must load before the doors are closed. */
static void warm_up(void)
{
    uint8_t digest[DIGEST_BYTES_MAX];

    digest_bytes(DIGEST_SHA256, STR("weir"), digest);
    (void)mallopt(M_MMAP_THRESHOLD, PIECE_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, HEAP_BYTES);
}

static bool number(const char *text, int64_t *ret)
{
    return str_to_int64(str_from_cstr(text), ret) && *ret > 0;
}

int render_worker_confined(int argc, char **argv, int (*then)(const struct render_worker *w))
{
    struct render_worker worker = { .fd = STDIN_FILENO };
    struct confinement confinement;
    int64_t memory, parent;

    if (argc != 4 || !number(argv[2], &memory) || !number(argv[3], &parent))
        return 2;
    worker.title = argv[1]; /* the arguments lie one behind the other */
    worker.title_bytes = (size_t)(argv[3] + strlen(argv[3]) - argv[1]);
    warm_up();
    (void)sigaction(SIGABRT, &(struct sigaction){ .sa_handler = on_abort }, NULL);
    if (!confine(&(struct confine_options){ (size_t)memory, (pid_t)parent }, &confinement) ||
        !confinement_holds(&confinement) || !say_hello(worker.fd, &confinement))
        return 3;
    return then(&worker);
}

static int serve_all(const struct render_worker *w)
{
    struct pollfd next = { .fd = w->fd, .events = POLLIN };

    while (serve(w, LIMIT_BUILD_BYTES))
        if (poll(&next, 1, REST_MS) == 0)
            (void)malloc_trim(0);
    return 0;
}

int render_worker_main(int argc, char **argv)
{
    return render_worker_confined(argc, argv, serve_all);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pool and its workers, with this test program itself as the worker: started in a role, it becomes one before main. Some roles are
 * workers gone wrong.
 */
#include "adapters/render_process/render_process.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "adapters/render_process/frame.h"
#include "adapters/render_process/render_worker.h"
#include "base/limits.h"
#include "core/tree_memory.h"
#include "tests/harness.h"
#include "value/json.h"

#define OK_OBJECT "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "

/* ---- workers gone wrong ---- */

/* The request is read and dropped. */
static void take_request(int fd)
{
    struct run r = { .arena = arena_new(0), .deadline = MONO_NEVER };
    struct frame f;

    if (frame_receive(fd, &r, SIZE_MAX, &f))
        _exit(9);
    arena_free(r.arena);
}

static int crash(const struct render_worker *w)
{
    take_request(w->fd);
    return raise(SIGKILL); /* a sanitizer would turn SIGSEGV into an exit */
}

static int hang(const struct render_worker *w)
{
    take_request(w->fd);
    return (int)recv(w->fd, &(char){ 0 }, 1, 0); /* our parent says nothing more */
}

static int spin(const struct render_worker *w)
{
    take_request(w->fd);
    for (volatile uint64_t n = 0; n < UINT64_MAX; n = n + 1)
        ;
    return 0;
}

static int leave(const struct render_worker *w)
{
    take_request(w->fd);
    return 7;
}

static int say(const struct render_worker *w, struct str bytes)
{
    take_request(w->fd);
    while (bytes.len > 0) {
        ssize_t n = send(w->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n <= 0)
            return 1;
        bytes = str_skip(bytes, (size_t)n);
    }
    return recv(w->fd, &(char){ 0 }, 1, 0) < 0;
}

static int say_garbage(const struct render_worker *w)
{
    static const char garbage[] = { 4, 0, 0, 0, FRAME_DONE, 'w', 'h', 'a', 't' };
    return say(w, str_of(garbage, sizeof garbage));
}

static int say_unknown(const struct render_worker *w)
{
    static const char unknown[] = { 0, 0, 0, 0, 99 };
    return say(w, str_of(unknown, sizeof unknown));
}

static int say_too_much(const struct render_worker *w)
{
    static const char huge[] = { -1, -1, -1, -1, FRAME_DONE };
    return say(w, str_of(huge, sizeof huge));
}

static int say_no_object(const struct render_worker *w)
{
    static const char number[] = { 21, 0, 0, 0, FRAME_DONE, 1, 0, 0, 0, 1, 1, 0, 0,
                                   0,  0, 0, 0, 0,          0, 0, 0, 0, 0, 0, 0, 0 };
    return say(w, str_of(number, sizeof number));
}

/* Reads beyond the trees there are. */
static int ask_for_more(const struct render_worker *w)
{
    static const char question[] = { 9, 0, 0, 0, FRAME_STAT, 7, 0, 0, 0, 1, 0, 0, 0, 'a' };
    return say(w, str_of(question, sizeof question));
}

static int ask_outside(const struct render_worker *w)
{
    static const char question[] = { 17, 0, 0,   0,   FRAME_READ, 0,   0,   0, 0, 5, 0,
                                     0,  0, '.', '.', '/',        '.', '.', 9, 0, 0, 0 };
    return say(w, str_of(question, sizeof question));
}

/* What a hostile build could try; each refusal is a letter of the answer. */
static int try_all(const struct render_worker *w)
{
    static const char *const nothing[] = { NULL };
    char found[] = "--------";
    struct run r = { .arena = arena_new(0), .deadline = MONO_NEVER };
    struct buf out;

    take_request(w->fd);
    found[0] = open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 ? 'f' : '!';
    found[1] = open("/tmp/weir-render-test", O_CREAT | O_WRONLY | O_CLOEXEC, 0600) < 0 ? 'c' : '!';
    found[2] = socket(AF_INET, SOCK_STREAM, 0) < 0 ? 's' : '!';
    found[3] = execve("/bin/true", (char *const *)(uintptr_t)nothing,
                      (char *const *)(uintptr_t)nothing) < 0
                   ? 'x'
                   : '!';
    found[4] = kill(getppid(), 0) < 0 ? 'k' : '!';
    found[5] = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL) < 0 ? 'p' : '!';
    found[6] = dup(w->fd) < 0 ? 'd' : '!';
    found[7] = environ[0] == NULL ? 'e' : '!';
    frame_begin(&out, r.arena, FRAME_FAILED);
    frame_put_error(&out, r.arena, err_new(r.arena, ERR_FORBIDDEN, "%s", found));
    return frame_send(w->fd, &r, &out) != NULL;
}

static const struct {
    const char *role;
    int (*then)(const struct render_worker *w);
} roles[] = {
    { "crash", crash },
    { "hang", hang },
    { "spin", spin },
    { "leave", leave },
    { "garbage", say_garbage },
    { "unknown", say_unknown },
    { "too-much", say_too_much },
    { "no-object", say_no_object },
    { "ask-for-more", ask_for_more },
    { "ask-outside", ask_outside },
    { "try-all", try_all },
};

__attribute__((constructor)) static void become_worker(int argc, char **argv)
{
    if (argc < 2)
        return;
    if (strcmp(argv[1], RENDER_WORKER_ROLE) == 0)
        _exit(render_worker_main(argc, argv));
    if (strcmp(argv[1], "no-hello") == 0)
        _exit(5);
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (strcmp(argv[1], roles[i].role) == 0)
            _exit(render_worker_confined(argc, argv, roles[i].then));
}

/* ---- the parent ---- */

struct scene {
    struct arena *arena;
    struct run run;
    struct render_process *pool;
    struct tree tree;
    struct render_result result;
};

static struct mono_time in_ms(int64_t ms)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (struct mono_time){ t.tv_sec * NS_PER_S + t.tv_nsec + ms * NS_PER_MS };
}

static void open_scene(struct scene *s, const struct render_process_options *options)
{
    s->arena = arena_new(0);
    s->run = (struct run){ .arena = s->arena, .deadline = in_ms(60000) };
    s->pool = render_process_new(options);
    struct tree_memory *m = tree_memory_new(s->arena);
    tree_memory_put(m, STR("a/cm.yaml"), STR(OK_OBJECT "one\ndata:\n  k: ${v}\n"), false);
    tree_memory_put(m, STR("bad/kustomization.yaml"), STR("resources:\n- x.yaml\n"), false);
    tree_memory_put(m, STR("bad/x.yaml"), STR("apiVersion: v1\nkind: [\n"), false);
    s->tree = tree_memory_port(m, STR(""));
}

static void close_scene(struct scene *s)
{
    render_process_free(s->pool);
    arena_free(s->arena);
}

static struct err *render_path(struct scene *s, const char *tenant, const char *path)
{
    struct renderer port = render_process_port(s->pool);
    struct render_request request = { .tenant = str_from_cstr(tenant),
                                      .tree = &s->tree,
                                      .path = str_from_cstr(path) };

    return port.ops->render(port.self, &s->run, &request, &s->result);
}

static struct render_process_options in_role(const char *role)
{
    struct render_process_options options = render_process_defaults(2);

    options.role = role;
    return options;
}

TEST(a_worker_builds_what_we_would_build)
{
    struct scene s;
    struct render_process_options options = render_process_defaults(2);
    open_scene(&s, &options);
    struct substitution variables;
    substitution_init(&variables, s.arena);
    substitution_set(&variables, STR("v"), STR("42"), false);
    struct render_request request = {
        .tenant = STR("team"), .tree = &s.tree, .path = STR("a"), .variables = &variables
    };
    struct renderer port = render_process_port(s.pool);
    struct render_result here;

    REQUIRE(port.ops->render(port.self, &s.run, &request, &s.result) == NULL);
    REQUIRE(render(s.arena, &request, &here) == NULL);
    REQUIRE(s.result.count == 1 && here.count == 1);
    CHECK_STR(s.result.digest, here.digest);
    CHECK_STR(json_string(s.arena, s.result.objects[0], JSON_COMPACT),
              json_string(s.arena, here.objects[0], JSON_COMPACT));
    CHECK_INT(val_at_int(s.result.objects[0], "data.k", 0), 42);
    close_scene(&s);
}

TEST(an_error_of_the_build_keeps_its_place_and_its_worker)
{
    struct scene s;
    struct render_process_options options = render_process_defaults(2);
    open_scene(&s, &options);
    struct err *e = render_path(&s, "team", "bad");

    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_INVALID);
    CHECK_HAS(err_line(s.arena, e), "bad/x.yaml:");
    CHECK_UINT(render_process_count(s.pool), 1);
    CHECK(render_path(&s, "team", "a") == NULL);
    CHECK_UINT(render_process_count(s.pool), 1);
    e = render_path(&s, "team", "nowhere");
    REQUIRE(e != NULL);
    CHECK_HAS(err_line(s.arena, e), "nowhere");
    close_scene(&s);
}

TEST(a_worker_gone_wrong_costs_its_build_and_says_why)
{
    static const struct {
        const char *role;
        enum err_code code;
        const char *says;
    } cases[] = {
        { "crash", ERR_INTERNAL, "killed by signal" },
        { "leave", ERR_INTERNAL, "status 7" },
        { "garbage", ERR_INTERNAL, "cannot be read" },
        { "unknown", ERR_INTERNAL, "answer that is none" },
        { "too-much", ERR_TOO_LARGE, "256 MiB" },
        { "no-object", ERR_INTERNAL, "cannot be read" },
        { "ask-for-more", ERR_INTERNAL, "asked for what there is not" },
        { "ask-outside", ERR_INTERNAL, "asked for what there is not" },
        { "no-hello", ERR_UNAVAILABLE, "status 5" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scene s;
        struct render_process_options options = in_role(cases[i].role);
        test_label(cases[i].role);
        open_scene(&s, &options);
        struct err *e = render_path(&s, "team", "a");
        CHECK(e && e->code == cases[i].code);
        CHECK_HAS(e ? err_line(s.arena, e) : STR("no error"), cases[i].says);
        CHECK_UINT(render_process_count(s.pool), 0);
        close_scene(&s);
    }
}

TEST(a_worker_that_hangs_is_killed_at_the_deadline)
{
    struct scene s;
    struct render_process_options options = in_role("hang");
    open_scene(&s, &options);
    s.run.deadline = in_ms(300);
    struct err *e = render_path(&s, "team", "a");

    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_TIMEOUT);
    CHECK_UINT(render_process_count(s.pool), 0);
    CHECK(in_ms(0).ns < s.run.deadline.ns + 2 * NS_PER_S);
    close_scene(&s);
}

TEST(a_worker_that_spins_is_killed_by_its_cpu_limit)
{
    struct scene s;
    struct render_process_options options = in_role("spin");
    options.cpu_seconds = 0; /* rounded up: a second */
    open_scene(&s, &options);
    struct err *e = render_path(&s, "team", "a");

    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_TOO_LARGE);
    CHECK_HAS(e->msg, "CPU time");
    close_scene(&s);
}

TEST(a_build_above_the_memory_limit_is_lost_alone)
{
    struct scene s;
    struct render_process_options options = render_process_defaults(2);
    struct confinement confinement = { .landlock = false };
    options.memory_bytes = 96 * MIB;
    open_scene(&s, &options);
    REQUIRE(render_process_try(s.pool, &s.run, &confinement) == NULL);
    struct tree_memory *m = tree_memory_new(s.arena);
    struct buf big;

    tree_memory_put(m, STR("a/cm.yaml"), STR(OK_OBJECT "one\n"), false);
    buf_init(&big, s.arena, 0);
    buf_lit(&big, OK_OBJECT "big\nlist: [");
    for (size_t i = 0; i < 1000000; i++)
        buf_lit(&big, "1, ");
    buf_lit(&big, "1]\n");
    tree_memory_put(m, STR("big/cm.yaml"), buf_str(&big), false);
    s.tree = tree_memory_port(m, STR(""));
    struct err *e = render_path(&s, "team", "big");
    if (confinement.memory) {
        REQUIRE(e != NULL);
        CHECK_INT(e->code, ERR_TOO_LARGE);
        CHECK_HAS(e->msg, "96 MiB");
    }
    CHECK(render_path(&s, "team", "a") == NULL);
    close_scene(&s);
}

TEST(a_worker_reaches_no_file_network_program_or_process)
{
    struct scene s;
    struct render_process_options options = in_role("try-all");
    struct confinement confinement = { .landlock = false };
    open_scene(&s, &options);
    REQUIRE(render_process_try(s.pool, &s.run, &confinement) == NULL);
    struct err *e = render_path(&s, "team", "a");

    REQUIRE(e != NULL);
    if (confinement.seccomp)
        CHECK_STR(e->msg, "fcsxkpde");
    else if (confinement.landlock)
        CHECK_HAS(e->msg, "fc");
    close_scene(&s);
}

TEST(tenants_share_no_worker_and_a_full_pool_makes_room)
{
    struct scene s;
    struct render_process_options options = render_process_defaults(2);
    struct confinement confinement;
    open_scene(&s, &options);

    REQUIRE(render_process_try(s.pool, &s.run, &confinement) == NULL);
    CHECK_UINT(render_process_count(s.pool), 1);
    CHECK(render_path(&s, "one", "a") == NULL); /* takes the one that served nobody */
    CHECK(render_path(&s, "one", "a") == NULL);
    CHECK_UINT(render_process_count(s.pool), 1);
    CHECK(render_path(&s, "two", "a") == NULL);
    CHECK_UINT(render_process_count(s.pool), 2);
    CHECK(render_path(&s, "three", "a") == NULL); /* the longest idle one goes */
    CHECK_UINT(render_process_count(s.pool), 2);
    CHECK(render_path(&s, "", "a") != NULL);
    close_scene(&s);
}

TEST(an_idle_worker_ends)
{
    struct scene s;
    struct render_process_options options = render_process_defaults(2);
    options.idle_ns = 50 * NS_PER_MS;
    open_scene(&s, &options);

    REQUIRE(render_path(&s, "team", "a") == NULL);
    struct mono_time end = in_ms(5000);
    while (render_process_count(s.pool) > 0 && in_ms(0).ns < end.ns)
        (void)nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
    CHECK_UINT(render_process_count(s.pool), 0);
    CHECK(render_path(&s, "team", "a") == NULL);
    close_scene(&s);
}

static void *render_many(void *self)
{
    struct scene *shared = self;
    struct scene mine = { .arena = arena_new(0), .pool = shared->pool, .tree = shared->tree };
    static const char *const tenants[] = { "one", "two", "three" };
    size_t failed = 0;

    mine.run = (struct run){ .arena = mine.arena, .deadline = in_ms(60000) };
    for (size_t i = 0; i < 60; i++)
        failed += render_path(&mine, tenants[i % 3], "a") != NULL;
    arena_free(mine.arena);
    CHECK_UINT(failed, 0);
    return NULL;
}

TEST(more_callers_than_workers_wait_for_each_other)
{
    struct scene s;
    struct render_process_options options = render_process_defaults(2);
    pthread_t threads[4];
    open_scene(&s, &options);

    for (size_t i = 0; i < 4; i++)
        REQUIRE(pthread_create(&threads[i], NULL, render_many, &s) == 0);
    for (size_t i = 0; i < 4; i++)
        (void)pthread_join(threads[i], NULL);
    close_scene(&s);
}

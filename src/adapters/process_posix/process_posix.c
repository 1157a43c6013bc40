/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/process_posix/process_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

enum {
    ERROR_TAIL_BYTES = 16 * 1024, /* of standard error, for messages */
    TICK_MS = 100,                /* how often cancellation is looked at */
};

struct child {
    pid_t pid;
    int in, out, err; /* our ends; -1 when closed */
    struct str input; /* not written yet */
    struct buf output;
    struct buf error;
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

struct pipes {
    int in[2], out[2], err[2];
};

static void close_pipes(struct pipes *p)
{
    int *fds[] = { &p->in[0], &p->in[1], &p->out[0], &p->out[1], &p->err[0], &p->err[1] };

    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
        close_fd(fds[i]);
}

static struct err *open_pipes(struct arena *a, struct pipes *p)
{
    *p = (struct pipes){ { -1, -1 }, { -1, -1 }, { -1, -1 } };
    if (pipe2(p->in, O_CLOEXEC) == 0 && pipe2(p->out, O_CLOEXEC) == 0 &&
        pipe2(p->err, O_CLOEXEC) == 0)
        return NULL;
    close_pipes(p);
    return err_new(a, ERR_IO, "could not make a pipe: %s", strerror(errno));
}

static int set_actions(posix_spawn_file_actions_t *actions, const struct pipes *p, const char *cwd)
{
    int rc = posix_spawn_file_actions_adddup2(actions, p->in[0], 0);

    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(actions, p->out[1], 1);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(actions, p->err[1], 2);
    if (rc == 0 && cwd)
        rc = posix_spawn_file_actions_addchdir_np(actions, cwd);
    return rc;
}

/* A process group of its own, so that its children die with it; default signals, nothing blocked. */
static int set_attributes(posix_spawnattr_t *attr)
{
    sigset_t none, defaults;
    int rc;

    (void)sigemptyset(&none);
    (void)sigfillset(&defaults);
    rc = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                            POSIX_SPAWN_SETSIGDEF);
    if (rc == 0)
        rc = posix_spawnattr_setsigmask(attr, &none);
    if (rc == 0)
        rc = posix_spawnattr_setsigdefault(attr, &defaults);
    return rc;
}

static int spawn(const struct process_spec *spec, const struct pipes *p, pid_t *ret)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    int rc = posix_spawn_file_actions_init(&actions);

    if (rc != 0)
        return rc;
    rc = posix_spawnattr_init(&attr);
    if (rc == 0) {
        rc = set_actions(&actions, p, spec->cwd);
        if (rc == 0)
            rc = set_attributes(&attr);
        /* posix_spawn takes char *const * for history's sake and changes nothing. */
        if (rc == 0)
            rc = posix_spawnp(ret, spec->argv[0], &actions, &attr,
                              (char *const *)(uintptr_t)spec->argv,
                              (char *const *)(uintptr_t)spec->env);
        (void)posix_spawnattr_destroy(&attr);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return rc;
}

static struct err *start(struct run *r, const struct process_spec *spec, struct child *c)
{
    struct pipes p;
    struct err *e = open_pipes(r->arena, &p);
    int rc;

    if (e)
        return e;
    rc = spawn(spec, &p, &c->pid);
    if (rc != 0) {
        close_pipes(&p);
        return err_new(r->arena, rc == ENOENT ? ERR_NOT_FOUND : ERR_IO, "could not run \"%s\": %s",
                       spec->argv[0], strerror(rc));
    }
    if (spec->file_max > 0) /* before it has got far; children that it starts inherit it */
        (void)prlimit(c->pid, RLIMIT_FSIZE, &(struct rlimit){ spec->file_max, spec->file_max },
                      NULL);
    close_fd(&p.in[0]);
    close_fd(&p.out[1]);
    close_fd(&p.err[1]);
    c->in = p.in[1];
    c->out = p.out[0];
    c->err = p.err[0];
    c->input = spec->input;
    buf_init(&c->output, r->arena, spec->output_max);
    buf_init(&c->error, r->arena, 0);
    (void)fcntl(c->in, F_SETFL, O_NONBLOCK);
    return NULL;
}

static void feed(struct child *c)
{
    ssize_t n = c->input.len ? write(c->in, c->input.ptr, c->input.len) : 0;

    if (n > 0)
        c->input = str_skip(c->input, (size_t)n);
    if (c->input.len == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        close_fd(&c->in);
}

static void drain(int *fd, struct buf *into)
{
    char block[16 * 1024];
    ssize_t n = read(*fd, block, sizeof block);

    if (n > 0)
        buf_put(into, str_of(block, (size_t)n));
    else if (n == 0 || (errno != EINTR && errno != EAGAIN))
        close_fd(fd);
}

static struct mono_time now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (struct mono_time){ t.tv_sec * NS_PER_S + t.tv_nsec };
}

/* Why to stop waiting, or NULL. */
static struct err *stop_reason(struct run *r, const struct process_spec *spec,
                               const struct child *c)
{
    if (run_is_cancelled(r))
        return err_new(r->arena, ERR_CANCELLED, "\"%s\" was cancelled", spec->argv[0]);
    if (now().ns >= r->deadline.ns)
        return err_new(r->arena, ERR_TIMEOUT, "\"%s\" did not end before its deadline",
                       spec->argv[0]);
    if (c->output.overflowed)
        return err_new(r->arena, ERR_TOO_LARGE, "\"%s\" printed more than %zu bytes", spec->argv[0],
                       spec->output_max);
    return NULL;
}

/* Until both outputs are closed or there is a reason to stop. */
static struct err *pump(struct run *r, const struct process_spec *spec, struct child *c)
{
    struct err *e;

    while (c->out >= 0 || c->err >= 0) {
        struct pollfd fds[] = {
            { .fd = c->in, .events = POLLOUT },
            { .fd = c->out, .events = POLLIN },
            { .fd = c->err, .events = POLLIN },
        };

        if (TRY(&e, stop_reason(r, spec, c)))
            return e;
        if (poll(fds, 3, TICK_MS) <= 0)
            continue;
        if (fds[0].revents)
            feed(c);
        if (fds[1].revents)
            drain(&c->out, &c->output);
        if (fds[2].revents)
            drain(&c->err, &c->error);
        if (c->error.len > 2 * ERROR_TAIL_BYTES) {
            memmove(c->error.ptr, c->error.ptr + c->error.len - ERROR_TAIL_BYTES, ERROR_TAIL_BYTES);
            c->error.len = ERROR_TAIL_BYTES;
        }
    }
    return stop_reason(r, spec, c);
}

static int reap(struct child *c, bool kill_first)
{
    int status = 0;

    if (kill_first)
        (void)kill(-c->pid, SIGKILL);
    while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static struct err *run_process(void *self, struct run *r, const struct process_spec *spec,
                               struct process_result *ret)
{
    struct child c = { .in = -1, .out = -1, .err = -1 };
    struct err *e;

    (void)self;
    if (TRY(&e, start(r, spec, &c)))
        return e;
    e = pump(r, spec, &c);
    close_fd(&c.in);
    close_fd(&c.out);
    close_fd(&c.err);
    ret->exit_status = reap(&c, e != NULL);
    ret->output = buf_str(&c.output);
    ret->error = buf_str(&c.error);
    return e;
}

struct process process_posix_port(void)
{
    static const struct process_ops ops = { .run = run_process };

    return (struct process){ .ops = &ops };
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/render_process/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "adapters/render_process/frame.h"
#include "adapters/render_process/render_worker.h"
#include "base/limits.h"

enum {
    HELLO_SECONDS = 10,
    HELLO_BYTES = 16,
    BURY_STEPS = 40,
    BURY_STEP_NS = 5 * 1000 * 1000,
};

static int set_actions(posix_spawn_file_actions_t *actions, int fd)
{
    int rc = posix_spawn_file_actions_adddup2(actions, fd, STDIN_FILENO);

    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(actions, fd, STDOUT_FILENO);
    if (rc == 0)
        rc = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    return rc;
}

/* A process group of its own, default signals, nothing blocked. */
static int set_attributes(posix_spawnattr_t *attr)
{
    sigset_t none, all;
    int rc = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                POSIX_SPAWN_SETSIGDEF);

    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    if (rc == 0)
        rc = posix_spawnattr_setsigmask(attr, &none);
    if (rc == 0)
        rc = posix_spawnattr_setsigdefault(attr, &all);
    return rc;
}

static int spawn(const struct render_process_options *o, int fd, pid_t *ret)
{
    char memory[24], parent[24];
    const char *const argv[] = { "weir", o->role, memory, parent, NULL };
    const char *const environment[] = { NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    int rc = posix_spawn_file_actions_init(&actions);

    if (rc != 0)
        return rc;
    (void)snprintf(memory, sizeof memory, "%zu", o->memory_bytes);
    (void)snprintf(parent, sizeof parent, "%ld", (long)getpid());
    rc = posix_spawnattr_init(&attr);
    if (rc == 0) {
        rc = set_actions(&actions, fd);
        if (rc == 0)
            rc = set_attributes(&attr);
        /* posix_spawn takes char *const * for history's sake and changes nothing. */
        if (rc == 0)
            rc = posix_spawn(ret, o->program, &actions, &attr, (char *const *)(uintptr_t)argv,
                             (char *const *)(uintptr_t)environment);
        (void)posix_spawnattr_destroy(&attr);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return rc;
}

static struct err *hear_hello(struct run *r, struct worker *w)
{
    struct run wait = *r;
    struct timespec now;
    struct frame hello;
    struct err *e;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    wait.deadline.ns = (now.tv_sec + HELLO_SECONDS) * NS_PER_S + now.tv_nsec;
    if (wait.deadline.ns > r->deadline.ns)
        wait.deadline = r->deadline;
    if (TRY(&e, frame_receive(w->fd, &wait, HELLO_BYTES, &hello)))
        return e;
    w->confinement.landlock = unpack_byte(&hello.body) != 0;
    w->confinement.seccomp = unpack_byte(&hello.body) != 0;
    w->confinement.memory = unpack_byte(&hello.body) != 0;
    if (hello.kind == FRAME_HELLO && !hello.body.bad)
        return NULL;
    return err_new(r->arena, ERR_INTERNAL, "it answered nonsense");
}

int worker_spawn(const struct render_process_options *o, struct worker *ret)
{
    struct worker w = { .fd = -1 };
    int pair[2], rc;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return errno;
    rc = spawn(o, pair[1], &w.pid);
    (void)close(pair[1]);
    if (rc != 0) {
        (void)close(pair[0]);
        return rc;
    }
    w.fd = pair[0];
    (void)fcntl(w.fd, F_SETFL, O_NONBLOCK);
    *ret = w;
    return 0;
}

struct err *worker_greet(struct worker *w, const struct render_process_options *o, struct run *r)
{
    struct err *e = hear_hello(r, w);

    if (!e)
        return NULL;
    if (e->code == ERR_GONE)
        e = worker_bury(w, o, r);
    else
        worker_kill(w);
    return err_new(r->arena, ERR_UNAVAILABLE, "could not start a render worker: %.*s",
                   STR_ARG(err_line(r->arena, e)));
}

/* From outside: the worker itself may not change a limit. */
void worker_allow_cpu(const struct worker *w, int seconds)
{
    struct timespec used = { 0 };
    struct rlimit l = { .rlim_max = RLIM_INFINITY };
    clockid_t clock;

    if (clock_getcpuclockid(w->pid, &clock) == 0)
        (void)clock_gettime(clock, &used);
    l.rlim_cur = (rlim_t)(used.tv_sec + 1 + seconds);
    (void)prlimit(w->pid, RLIMIT_CPU, &l, NULL);
}

static void let_go(struct worker *w)
{
    (void)close(w->fd);
    *w = (struct worker){ .pid = 0, .fd = -1 };
}

bool worker_is_alive(struct worker *w)
{
    int status;

    if (waitpid(w->pid, &status, WNOHANG) == 0)
        return true;
    let_go(w);
    return false;
}

static int kill_and_wait(struct worker *w)
{
    int status = 0;

    (void)kill(w->pid, SIGKILL);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

void worker_kill(struct worker *w)
{
    (void)kill_and_wait(w);
    let_go(w);
}

static struct err *explain(int status, const struct render_process_options *o, struct run *r)
{
    int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (signal == SIGXCPU)
        return err_new(r->arena, ERR_TOO_LARGE,
                       "the build needs more than %d s of CPU time; its render worker was stopped",
                       o->cpu_seconds);
    if (WIFEXITED(status) && WEXITSTATUS(status) == RENDER_WORKER_NO_MEMORY)
        return err_new(r->arena, ERR_TOO_LARGE,
                       "the build needs more than the %zu MiB of memory of a render worker",
                       o->memory_bytes / (size_t)MIB);
    if (signal)
        return err_new(r->arena, ERR_INTERNAL,
                       "the build's render worker was killed by signal %d (%s); only this build is "
                       "lost and the next gets a new worker",
                       signal, strsignal(signal));
    return err_new(r->arena, ERR_INTERNAL,
                   "the build's render worker ended with status %d; only this build is lost and "
                   "the next gets a new worker",
                   WEXITSTATUS(status));
}

/* It closed its socket, so it is about to end; one that is not is helped. */
struct err *worker_bury(struct worker *w, const struct render_process_options *o, struct run *r)
{
    const struct timespec step = { .tv_nsec = BURY_STEP_NS };
    int status = 0;
    pid_t got = 0;

    for (int i = 0; i < BURY_STEPS && got == 0; i++) {
        got = waitpid(w->pid, &status, WNOHANG);
        if (got == 0)
            (void)nanosleep(&step, NULL);
    }
    if (got == 0)
        status = kill_and_wait(w);
    let_go(w);
    return explain(status, o, r);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/process_posix/process_posix.h"

#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "base/limits.h"
#include "base/run.h"
#include "tests/harness.h"

static struct mono_time in_ms(int64_t ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (struct mono_time){ t.tv_sec * INT64_C(1000000000) + t.tv_nsec + ms * 1000000 };
}

static struct err *run_shell(struct run *r, const char *script, struct str input, size_t output_max,
                             struct process_result *ret)
{
    const char *const argv[] = { "sh", "-c", script, NULL };
    const char *const env[] = { "ONLY=this", NULL };
    struct process port = process_posix_port();
    struct process_spec spec = {
        .argv = argv, .env = env, .cwd = "/", .input = input, .output_max = output_max
    };
    return port.ops->run(port.self, r, &spec, ret);
}

TEST(a_child_gets_its_input_environment_and_folder)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct process_result result;
    REQUIRE(run_shell(&r, "cat; pwd; echo \"$ONLY$HOME\"; echo oops >&2; exit 3", STR("in\n"), KIB,
                      &result) == NULL);
    CHECK_STR(result.output, "in\n/\nthis\n");
    CHECK_STR(result.error, "oops\n");
    CHECK_INT(result.exit_status, 3);
}

TEST(a_child_that_reads_nothing_does_not_block_a_long_input)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = in_ms(20000) };
    struct process_result result;
    char *input = arena_calloc(a, 1, MIB);
    (void)sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
    REQUIRE(run_shell(&r, "echo done", str_of(input, MIB), KIB, &result) == NULL);
    CHECK_STR(result.output, "done\n");
    REQUIRE(run_shell(&r, "cat", str_of(input, MIB), 2 * MIB, &result) == NULL);
    CHECK_UINT(result.output.len, MIB);
}

TEST(too_much_output_kills_the_child)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = in_ms(20000) };
    struct process_result result;
    struct err *e = run_shell(&r, "while :; do echo 0123456789; done", STR(""), 1000, &result);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_TOO_LARGE);
}

TEST(the_deadline_ends_the_whole_group)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = in_ms(100) };
    struct process_result result;
    struct err *e = run_shell(&r, "sleep 60 & wait", STR(""), KIB, &result);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_TIMEOUT);
    CHECK(in_ms(0).ns - r.deadline.ns < INT64_C(20000000000));
}

TEST(a_cancelled_run_ends_its_child)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    atomic_bool cancelled = true;
    struct run r = { .arena = a, .deadline = in_ms(20000), .cancelled = &cancelled };
    struct process_result result;
    struct err *e = run_shell(&r, "sleep 60", STR(""), KIB, &result);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_CANCELLED);
}

TEST(a_program_that_is_not_there_is_not_found)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = in_ms(20000) };
    const char *const argv[] = { "no-such-program-anywhere", NULL };
    const char *const env[] = { NULL };
    struct process port = process_posix_port();
    struct process_spec spec = { .argv = argv, .env = env, .output_max = KIB };
    struct process_result result;
    struct err *e = port.ops->run(port.self, &r, &spec, &result);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_NOT_FOUND);
}

TEST(a_killed_child_has_a_status_beyond_128)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = in_ms(20000) };
    struct process_result result;
    REQUIRE(run_shell(&r, "kill -TERM $$", STR(""), KIB, &result) == NULL);
    CHECK_INT(result.exit_status, 128 + 15);
}

/* 25: SIGXFSZ. The pause is longer than the parent takes to set the limit. */
TEST(a_child_that_writes_too_large_a_file_is_killed)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = in_ms(20000) };
    const char *const argv[] = { "/bin/sh", "-c",
                                 "cd /tmp && f=$(mktemp) && sleep 0.2 && "
                                 "head -c 100000 /dev/zero >$f; s=$?; wc -c <$f; rm $f; exit $s",
                                 NULL };
    const char *const env[] = { "PATH=/usr/bin:/bin", NULL };
    struct process port = process_posix_port();
    struct process_spec spec = { .argv = argv, .env = env, .output_max = KIB, .file_max = 4096 };
    struct process_result result;

    REQUIRE(port.ops->run(port.self, &r, &spec, &result) == NULL);
    CHECK_INT(result.exit_status, 128 + 25);
    CHECK_STR(str_trim(result.output), "4096");
}

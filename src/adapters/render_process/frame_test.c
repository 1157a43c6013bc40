/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/render_process/frame.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/harness.h"

static struct mono_time in_ms(int64_t ms)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (struct mono_time){ t.tv_sec * NS_PER_S + t.tv_nsec + ms * NS_PER_MS };
}

/* Sends bytes, closes when asked to, and gives the error of receiving a message of at most 100 bytes. */
static struct err *receive(struct arena *a, struct str bytes, bool close_it, struct frame *ret)
{
    struct run r = { .arena = a, .deadline = in_ms(100) };
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0 ||
        fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0 ||
        send(pair[1], bytes.ptr, bytes.len, 0) != (ssize_t)bytes.len)
        return err_new(a, ERR_IO, "no socket pair");
    if (close_it)
        (void)close(pair[1]);
    struct err *e = frame_receive(pair[0], &r, 100, ret);
    (void)close(pair[0]);
    if (!close_it)
        (void)close(pair[1]);
    return e;
}

TEST(a_message_that_is_cut_off_is_the_end_of_the_other_side)
{
    static const char whole[] = { 3, 0, 0, 0, FRAME_STAT, 'a', 'b', 'c' };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct frame f;

    for (size_t len = 0; len < sizeof whole; len++) {
        struct err *e = receive(a, str_of(whole, len), true, &f);
        REQUIRE(e != NULL);
        CHECK_INT(e->code, ERR_GONE);
    }
    REQUIRE(receive(a, str_of(whole, sizeof whole), true, &f) == NULL);
    CHECK_INT(f.kind, FRAME_STAT);
    CHECK_STR(f.body.rest, "abc");
}

TEST(a_message_that_never_ends_meets_the_deadline)
{
    static const char part[] = { 3, 0, 0, 0, FRAME_STAT, 'a' };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct frame f;
    struct err *e = receive(a, str_of(part, sizeof part), false, &f);

    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_TIMEOUT);
}

TEST(a_message_that_is_too_long_is_refused_by_its_header)
{
    static const char header[] = { 101, 0, 0, 0, FRAME_DONE }, huge[] = { -1, -1, -1, -1, 1 };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct frame f;
    struct err *e = receive(a, str_of(header, sizeof header), false, &f);

    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_TOO_LARGE);
    CHECK_HAS(e->msg, "100");
    e = receive(a, str_of(huge, sizeof huge), false, &f);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_TOO_LARGE);
}

TEST(a_cancelled_build_does_not_wait)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    atomic_bool cancelled = true;
    struct run r = { .arena = a, .deadline = MONO_NEVER, .cancelled = &cancelled };
    struct frame f;
    int pair[2];

    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) == 0);
    struct err *e = frame_receive(pair[0], &r, 100, &f);
    (void)close(pair[0]);
    (void)close(pair[1]);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_CANCELLED);
}

TEST(an_error_keeps_its_code_and_words)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct err *e = err_wrap(a, err_new(a, ERR_NOT_FOUND, "a.yaml:3:1: gone"), "apps");
    struct buf out;

    frame_begin(&out, a, FRAME_FAILED);
    frame_put_error(&out, a, e);
    struct unpack body = { .arena = a, .rest = str_skip(buf_str(&out), 5) };
    struct err *back = frame_take_error(a, &body);
    CHECK_INT(back->code, ERR_NOT_FOUND);
    CHECK_STR(err_line(a, back), "apps: a.yaml:3:1: gone");
    struct unpack garbage = { .arena = a, .rest = STR("\xff\1\0\0\0x") };
    CHECK_INT(frame_take_error(a, &garbage)->code, ERR_INTERNAL);
}

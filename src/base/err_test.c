/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include "base/arena.h"
#include "tests/harness.h"

TEST(wrapping_keeps_code_and_status_and_puts_words_in_front)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct err_status status = { .http_code = 409, .reason = STR("Conflict"), .retry_after_s = -1 };
    struct err *source = err_new(a, ERR_CONFLICT, "it changed %d times", 3), *e;
    source->status = &status;
    e = err_wrap(a, err_wrap(a, source, "Deployment/%s", "web"), "could not apply");
    CHECK_INT(e->code, ERR_CONFLICT);
    CHECK(e->status == &status);
    CHECK_STR(err_line(a, e), "could not apply: Deployment/web: it changed 3 times");
    CHECK_STR(e->msg, "could not apply");
}

TEST(several_errors_are_lines_of_one)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct err *both[] = { err_new(a, ERR_TIMEOUT, "first"), err_new(a, ERR_INVALID, "second") };
    CHECK(err_join(a, both, 0) == NULL);
    CHECK(err_join(a, both, 1) == both[0]);
    CHECK_INT(err_join(a, both, 2)->code, ERR_TIMEOUT);
    CHECK_STR(err_line(a, err_join(a, both, 2)), "first\nsecond");
}

TEST(a_copy_stands_alone)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct arena *short_lived = arena_new(0);
    struct err_cause cause = { STR("FieldValueInvalid"), STR("bad"), STR("spec.x") };
    struct err_status status = { .http_code = 422, .causes = &cause, .cause_count = 1 };
    struct err *source = err_new(short_lived, ERR_INVALID, "inner"), *copy;
    source->status = &status;
    copy = err_copy(a, err_wrap(short_lived, source, "outer"));
    arena_free(short_lived);
    cause.field = STR("");
    CHECK_STR(err_line(a, copy), "outer: inner");
    CHECK_INT(copy->status->http_code, 422);
    CHECK_STR(copy->status->causes[0].field, "spec.x");
    CHECK(err_copy(a, NULL) == NULL);
}

TEST(every_code_has_a_name_and_status_one)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    for (int code = 0; code < ERR_CODE_COUNT; code++) {
        struct err *e = err_new(a, (enum err_code)code, "x");
        CHECK(err_code_name(e->code)[0] != '\0');
        CHECK_INT(err_exit_status(e), 1);
    }
    CHECK(err_is_retryable(err_new(a, ERR_UNAVAILABLE, "x")));
    CHECK(!err_is_retryable(err_new(a, ERR_INVALID, "x")));
    CHECK_STR(err_code_name(ERR_TOO_LARGE), "too large");
}

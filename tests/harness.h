/*
 * tests/harness.h - the whole test framework: named tests, checks, one main.
 *
 * A test program is one x_test.c linked with tests/harness.c. TEST registers itself before main
 * runs, in file order. A failed check is printed with both values and the test goes on; the
 * REQUIRE forms leave the test instead, for what the rest of it stands on. The program ends with
 * the plain line "N passed, N failed" (tests, not checks) and status 1 if any failed. Arguments
 * choose the tests whose name contains one of them. Tests run one after the other, but checks may
 * be made from any thread.
 *
 *     TEST(slice_stops_at_the_end)
 *     {
 *         CHECK_STR(str_slice(STR("abc"), 1, 9), "bc");
 *     }
 *
 * A table of cases is a loop that calls test_label(c->name) first: the label is printed with
 * each failure until the test ends or the label changes.
 */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct test_case {
    const char *name;
    void (*run)(void);
    struct test_case *next; /* set by test_register */
};

struct test_where {
    const char *file;
    int line;
    const char *check; /* the check as written, for the report */
};

#define TEST(id)                                                          \
    static void test_##id(void);                                          \
    __attribute__((constructor)) static void register_##id(void)          \
    {                                                                     \
        static struct test_case self = { .name = #id, .run = test_##id }; \
        test_register(&self);                                             \
    }                                                                     \
    static void test_##id(void)

/* Each check is an expression that is true when it held. Strings are struct str or char *. */
#define CHECK(cond) test_true(TEST_WHERE("CHECK(" #cond ")"), (cond))
#define CHECK_INT(got, want) \
    test_int(TEST_WHERE("CHECK_INT(" #got ", " #want ")"), (intmax_t)(got), (intmax_t)(want))
#define CHECK_UINT(got, want) \
    test_uint(TEST_WHERE("CHECK_UINT(" #got ", " #want ")"), (uintmax_t)(got), (uintmax_t)(want))
#define CHECK_STR(got, want) \
    test_str(TEST_WHERE("CHECK_STR(" #got ", " #want ")"), TEST_STR(got), TEST_STR(want))
#define CHECK_HAS(text, part) \
    test_has(TEST_WHERE("CHECK_HAS(" #text ", " #part ")"), TEST_STR(text), TEST_STR(part))

#define REQUIRE(cond)                                             \
    do {                                                          \
        if (!test_true(TEST_WHERE("REQUIRE(" #cond ")"), (cond))) \
            return;                                               \
    } while (0)

/* Names the case of a table that is being tried; borrowed until the next call. NULL: none. */
void test_label(const char *label);

/* The value of an argument "name=value" of the test program; NULL: not given. Other arguments choose tests by a part of their name. */
const char *test_option(const char *name);

/* Counts a failure that no check above can express, with a message of its own. */
__attribute__((format(printf, 3, 4))) void test_fail(const char *file, int line, const char *fmt,
                                                     ...);

/* What the macros call. */
#define TEST_WHERE(text) \
    ((struct test_where){ .file = __FILE__, .line = __LINE__, .check = (text) })
#define TEST_STR(s) \
    _Generic((s), struct str: test_str_same, char *: test_str_cstr, const char *: test_str_cstr)(s)

void test_register(struct test_case *c);
bool test_true(struct test_where w, bool ok);
bool test_int(struct test_where w, intmax_t got, intmax_t want);
bool test_uint(struct test_where w, uintmax_t got, uintmax_t want);
bool test_str(struct test_where w, struct str got, struct str want);
bool test_has(struct test_where w, struct str text, struct str part);
struct str test_str_same(struct str s);
struct str test_str_cstr(const char *s);

#endif

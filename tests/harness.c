/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/harness.h"

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct {
    struct test_case *first;
    struct test_case **tail;
    const struct test_case *running;
    const char *label;
    int argc;
    char **argv;
    atomic_uint failed_checks; /* of the running test; checks may come from several threads */
} harness = { .tail = &harness.first };

void test_register(struct test_case *c)
{
    *harness.tail = c;
    harness.tail = &c->next;
}

void test_label(const char *label)
{
    harness.label = label;
}

/* Opens a report; the caller adds its lines and calls report_end. Keeps threads apart. */
static void report_begin(const char *file, int line)
{
    flockfile(stdout);
    atomic_fetch_add(&harness.failed_checks, 1);
    printf("%s:%d: %s", file, line, harness.running->name);
    if (harness.label)
        printf(" [%s]", harness.label);
    fputs(": ", stdout);
}

static void report_end(void)
{
    fflush(stdout);
    funlockfile(stdout);
}

/* Bytes as a C literal, a text line a row, so that white space and NUL can be seen. */
static void print_quoted(const char *title, struct str s)
{
    printf("    %s \"", title);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c == '\n')
            fputs(i + 1 < s.len ? "\\n\"\n          \"" : "\\n", stdout);
        else if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < ' ' || c == 0x7f)
            printf("\\x%02x", c);
        else
            putchar(c);
    }
    printf("\" (%zu bytes)\n", s.len);
}

void test_fail(const char *file, int line, const char *fmt, ...)
{
    va_list args;

    report_begin(file, line);
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
    report_end();
}

bool test_true(struct test_where w, bool ok)
{
    if (!ok)
        test_fail(w.file, w.line, "%s", w.check);
    return ok;
}

bool test_int(struct test_where w, intmax_t got, intmax_t want)
{
    if (got != want)
        test_fail(w.file, w.line, "%s\n    got:  %" PRIdMAX "\n    want: %" PRIdMAX, w.check, got,
                  want);
    return got == want;
}

bool test_uint(struct test_where w, uintmax_t got, uintmax_t want)
{
    if (got != want)
        test_fail(w.file, w.line, "%s\n    got:  %" PRIuMAX "\n    want: %" PRIuMAX, w.check, got,
                  want);
    return got == want;
}

static bool same_bytes(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool test_str(struct test_where w, struct str got, struct str want)
{
    if (same_bytes(got, want))
        return true;
    report_begin(w.file, w.line);
    puts(w.check);
    print_quoted("got: ", got);
    print_quoted("want:", want);
    report_end();
    return false;
}

bool test_has(struct test_where w, struct str text, struct str part)
{
    for (size_t i = 0; i + part.len <= text.len; i++) {
        if (same_bytes((struct str){ .ptr = text.ptr + i, .len = part.len }, part))
            return true;
    }
    report_begin(w.file, w.line);
    puts(w.check);
    print_quoted("text:", text);
    print_quoted("part:", part);
    report_end();
    return false;
}

struct str test_str_same(struct str s)
{
    return s;
}

struct str test_str_cstr(const char *s)
{
    return (struct str){ .ptr = s ? s : "(null)", .len = strlen(s ? s : "(null)") };
}

static bool is_chosen(const struct test_case *c, int argc, char **argv)
{
    bool named = false;

    for (int i = 1; i < argc; i++) {
        if (strchr(argv[i], '='))
            continue;
        named = true;
        if (strstr(c->name, argv[i]))
            return true;
    }
    return !named;
}

const char *test_option(const char *name)
{
    size_t len = strlen(name);

    for (int i = 1; i < harness.argc; i++)
        if (strncmp(harness.argv[i], name, len) == 0 && harness.argv[i][len] == '=')
            return harness.argv[i] + len + 1;
    return NULL;
}

/* True when every check of the test held. */
static bool run_one(const struct test_case *c)
{
    harness.running = c;
    harness.label = NULL;
    atomic_store(&harness.failed_checks, 0);
    c->run();
    return atomic_load(&harness.failed_checks) == 0;
}

/* Names the test that a crash or the time limit of scripts/run-tests ended, then dies of it. */
static void on_death(int signal_number)
{
    static const char words[] = ": this test was running\n";
    const char *name = harness.running ? harness.running->name : "(none)";

    if (write(STDOUT_FILENO, name, strlen(name)) > 0 &&
        write(STDOUT_FILENO, words, sizeof words - 1) > 0)
        raise(signal_number);
    _exit(128 + signal_number);
}

static void watch_for_death(void)
{
    static const int deaths[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGTERM };
    struct sigaction last_words = { .sa_handler = on_death, .sa_flags = (int)SA_RESETHAND };

    for (size_t i = 0; i < sizeof deaths / sizeof deaths[0]; i++) {
        struct sigaction old;

        /* A sanitizer that listens already says more than we could. */
        if (sigaction(deaths[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
            sigaction(deaths[i], &last_words, NULL);
    }
}

int main(int argc, char **argv)
{
    unsigned passed = 0;
    unsigned failed = 0;

    harness.argc = argc;
    harness.argv = argv;
    watch_for_death();
    for (const struct test_case *c = harness.first; c; c = c->next) {
        if (!is_chosen(c, argc, argv))
            continue;
        if (run_one(c))
            passed++;
        else
            failed++;
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed > 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fs_posix/ledger_file.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/harness.h"

/* A process that ends without a word: the file is closed, nothing is ended. */
static struct ledger reopen(struct arena *a, const char *path, struct ledger_file **f)
{
    ledger_file_free(*f);
    *f = NULL;
    CHECK(ledger_file_open(a, path, f) == NULL);
    return ledger_file_port(*f);
}

static unsigned strikes_of(const struct ledger *l, const char *key, uint64_t want_attempt)
{
    uint64_t attempt = want_attempt;
    unsigned count = l->ops->strikes(l->self, str_from_cstr(key), &attempt);

    CHECK(attempt == want_attempt);
    return count;
}

TEST(what_was_under_way_at_a_death_is_counted_until_it_is_done)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    char path[] = "/tmp/weir-ledger-XXXXXX";
    int fd = mkstemp(path);
    struct ledger_file *f = NULL;
    struct ledger l;

    REQUIRE(fd >= 0);
    (void)close(fd);
    l = reopen(a, path, &f);
    l.ops->begin(l.self, STR("Kustomization/ns/bad"), 7);
    l.ops->begin(l.self, STR("Kustomization/ns/good"), 7);
    l.ops->end(l.self, STR("Kustomization/ns/good"), true);
    CHECK_INT(strikes_of(&l, "Kustomization/ns/bad", 0), 0);
    l = reopen(a, path, &f);
    CHECK_INT(strikes_of(&l, "Kustomization/ns/bad", 7), 1);
    CHECK_INT(strikes_of(&l, "Kustomization/ns/good", 7), 0);
    l.ops->begin(l.self, STR("Kustomization/ns/bad"), 8);
    l.ops->end(l.self, STR("Kustomization/ns/bad"), false);
    l = reopen(a, path, &f);
    CHECK_INT(strikes_of(&l, "Kustomization/ns/bad", 7), 1); /* 8 was survived */
    l.ops->begin(l.self, STR("Kustomization/ns/bad"), 8);
    l = reopen(a, path, &f);
    CHECK_INT(strikes_of(&l, "Kustomization/ns/bad", 8), 2);
    l.ops->begin(l.self, STR("Kustomization/ns/bad"), 9);
    l.ops->end(l.self, STR("Kustomization/ns/bad"), false);
    CHECK_INT(strikes_of(&l, "Kustomization/ns/bad", 8), 2);
    l.ops->begin(l.self, STR("Kustomization/ns/bad"), 9);
    l.ops->end(l.self, STR("Kustomization/ns/bad"), true);
    CHECK_INT(strikes_of(&l, "Kustomization/ns/bad", 9), 0);
    ledger_file_free(f);
    (void)unlink(path);
}

TEST(a_file_that_is_no_ledger_is_made_anew)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    char path[] = "/tmp/weir-ledger-XXXXXX";
    int fd = mkstemp(path);
    struct ledger_file *f = NULL;
    struct ledger l;

    REQUIRE(fd >= 0 && write(fd, "something else, long enough to be read", 38) == 38);
    (void)close(fd);
    l = reopen(a, path, &f);
    CHECK_INT(strikes_of(&l, "Kustomization/ns/bad", 1), 0);
    ledger_file_free(f);
    (void)unlink(path);
    f = NULL;
    CHECK_INT(ledger_file_open(a, "/nowhere/at/all", &f)->code, ERR_IO);
}

TEST(more_keys_than_it_holds_do_no_harm)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    char path[] = "/tmp/weir-ledger-XXXXXX";
    int fd = mkstemp(path);
    struct ledger_file *f = NULL;
    struct ledger l;

    REQUIRE(fd >= 0);
    (void)close(fd);
    l = reopen(a, path, &f);
    for (int i = 0; i < 2500; i++)
        l.ops->begin(l.self, str_printf(a, "Kustomization/ns/%d", i), 1);
    l.ops->end(l.self, STR("Kustomization/ns/2400"), true);
    l = reopen(a, path, &f);
    CHECK_INT(strikes_of(&l, "Kustomization/ns/2047", 1), 1);
    CHECK_INT(strikes_of(&l, "Kustomization/ns/2048", 1), 0);
    ledger_file_free(f);
    (void)unlink(path);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fs_posix/artifact_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/fs_posix/tarball.h"
#include "base/limits.h"
#include "core/tree_memory.h"
#include "tests/harness.h"

static bool keep_all(void *self, struct str path, bool is_dir)
{
    (void)self;
    (void)is_dir;
    return !str_has_suffix(path, STR(".md"));
}

static const struct artifact_filter filter = { keep_all, NULL };
static const struct artifact_owner owner = { STR_INIT("gitrepository"), STR_INIT("ns"),
                                             STR_INIT("repo") };

static struct tree make_tree(struct arena *a, bool reversed)
{
    struct tree_memory *m = tree_memory_new(a);
    static const char *const paths[] = { "a.yaml", "b/c.yaml", "b/run.sh", "README.md" };
    for (size_t i = 0; i < 4; i++) {
        const char *path = paths[reversed ? 3 - i : i];
        tree_memory_put(m, str_from_cstr(path), str_from_cstr(path),
                        str_has_suffix(str_from_cstr(path), STR(".sh")));
    }
    return tree_memory_port(m, STR(""));
}

/* The bytes of a tarball of the tree. */
static struct str pack(struct arena *a, const struct tree *t)
{
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    FILE *f = tmpfile();
    char *bytes;
    long size;
    struct err *e;
    if (!f)
        return STR("");
    e = tarball_write(&r, t, &filter, fileno(f));
    CHECK(e == NULL);
    CHECK(fseek(f, 0, SEEK_END) == 0);
    size = ftell(f);
    CHECK(fseek(f, 0, SEEK_SET) == 0);
    bytes = arena_alloc(a, (size_t)size);
    CHECK_UINT(fread(bytes, 1, (size_t)size, f), (size_t)size);
    CHECK(fclose(f) == 0);
    return str_of(bytes, (size_t)size);
}

TEST(the_same_files_give_the_same_bytes_and_read_back)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct tree one = make_tree(a, false), two = make_tree(a, true), back;
    struct str bytes = pack(a, &one), text;
    REQUIRE(bytes.len > 0);
    CHECK(str_eq(bytes, pack(a, &two)));
    REQUIRE(tarball_read(&r, bytes, &back) == NULL);
    REQUIRE(tree_read(&back, a, STR("b/c.yaml"), KIB, &text) == NULL);
    CHECK_STR(text, "b/c.yaml");
    CHECK(tree_read(&back, a, STR("README.md"), KIB, &text) != NULL);
}

TEST(a_corrupt_archive_is_refused)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct tree one = make_tree(a, false), back;
    struct str bytes = pack(a, &one);
    struct err *e = tarball_read(&r, str_slice(bytes, 0, bytes.len / 2), &back);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_INVALID);
    e = tarball_read(&r, STR("no archive at all"), &back);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_INVALID);
}

struct store {
    char root[32];
    struct artifact_files *files;
    struct artifact_store port;
};

static void store_open(struct store *s)
{
    (void)snprintf(s->root, sizeof s->root, "/tmp/weir-artifacts-XXXXXX");
    CHECK(mkdtemp(s->root) != NULL);
    s->files = artifact_files_new(s->root, "http://localhost");
    s->port = artifact_files_port(s->files);
}

static unsigned count_files(struct arena *a, const struct store *s)
{
    DIR *d = opendir(str_cstr(a, str_printf(a, "%s/gitrepository/ns/repo", s->root)));
    unsigned count = 0;
    for (const struct dirent *e; d && (e = readdir(d)) != NULL;)
        count += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return count;
}

static void store_close(struct arena *a, struct store *s)
{
    static const char *const folders[] = { "/gitrepository/ns", "/gitrepository", "" };
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    CHECK(s->port.ops->collect(s->port.self, &r, &owner, NULL, 0, 0) == NULL);
    artifact_files_free(s->files);
    for (size_t i = 0; i < 3; i++)
        CHECK_INT(rmdir(str_cstr(a, str_printf(a, "%s%s", s->root, folders[i]))), 0);
}

TEST(what_was_published_opens_with_its_digest_alone)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct tree t = make_tree(a, false), back;
    struct artifact art;
    struct store s;
    struct str text;
    bool ok = false;
    store_open(&s);
    if (CHECK(s.port.ops->publish_tree(s.port.self, &r, &owner,
                                       &(struct artifact_content){ STR("abc"), t, filter },
                                       &art) == NULL)) {
        CHECK_STR(art.path, "gitrepository/ns/repo/abc.tar.gz");
        CHECK_STR(art.url, "http://localhost/gitrepository/ns/repo/abc.tar.gz");
        CHECK(str_has_prefix(art.digest, STR("sha256:")) && art.digest.len == 71);
        CHECK(s.port.ops->verify(s.port.self, &r, art.path, art.digest, &ok) == NULL && ok);
        CHECK(s.port.ops->open_tree(s.port.self, &r, art.path, art.digest, &back) == NULL);
        CHECK(tree_read(&back, a, STR("a.yaml"), KIB, &text) == NULL && str_is(text, "a.yaml"));
        CHECK(s.port.ops->verify(s.port.self, &r, art.path, STR("sha256:00"), &ok) == NULL && !ok);
        CHECK(s.port.ops->open_tree(s.port.self, &r, art.path, STR("sha256:00"), &back) != NULL);
        CHECK(s.port.ops->open_tree(s.port.self, &r, STR("../x"), art.digest, &back) != NULL);
        CHECK(s.port.ops->open_tree(s.port.self, &r, STR("/etc/passwd"), art.digest, &back) !=
              NULL);
    }
    store_close(a, &s);
}

TEST(collecting_spares_what_is_kept_or_young)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct tree t = make_tree(a, false);
    struct artifact one, two;
    struct store s;
    store_open(&s);
    CHECK(s.port.ops->publish_tree(s.port.self, &r, &owner,
                                   &(struct artifact_content){ STR("one"), t, filter },
                                   &one) == NULL);
    CHECK(s.port.ops->publish_tree(s.port.self, &r, &owner,
                                   &(struct artifact_content){ STR("two"), t, filter },
                                   &two) == NULL);
    CHECK_UINT(count_files(a, &s), 3); /* and latest.tar.gz */
    CHECK(s.port.ops->collect(s.port.self, &r, &owner, &two.path, 1, INT64_C(3600000000000)) ==
          NULL);
    CHECK_UINT(count_files(a, &s), 3);
    CHECK(s.port.ops->collect(s.port.self, &r, &owner, &two.path, 1, 0) == NULL);
    CHECK_UINT(count_files(a, &s), 2);
    store_close(a, &s);
}

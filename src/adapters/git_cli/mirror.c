/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_cli/mirror.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SWEEP_SECONDS = 3600 };

struct mono_time mirrors_now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (struct mono_time){ t.tv_sec * NS_PER_S + t.tv_nsec };
}

void mirrors_init(struct mirrors *m, const struct git_cli_options *options)
{
    m->options = *options;
    (void)snprintf(m->root, sizeof m->root, "%s", options->root);
    (void)mkdir(m->root, 0700);
    (void)pthread_mutex_init(&m->lock, NULL);
}

static void free_mirror(struct mirror *m)
{
    (void)pthread_mutex_destroy(&m->held);
    arena_free(m->listing);
    arena_free(m->arena);
}

void mirrors_done(struct mirrors *m)
{
    while (m->first) {
        struct mirror *next = m->first->next;

        free_mirror(m->first);
        m->first = next;
    }
    (void)pthread_mutex_destroy(&m->lock);
}

/* "a/b" flattened, since Kubernetes names hold no "_". */
static struct mirror *new_mirror(const struct mirrors *all, struct str name)
{
    struct arena *a = arena_new(0);
    struct mirror *m = ARENA_NEW(a, struct mirror);
    char *flat = (char *)(uintptr_t)str_cstr(a, name);

    for (char *c = flat; *c; c++)
        if (*c == '/')
            *c = '_';
    m->arena = a;
    m->name = str_dup(a, name);
    m->dir = str_cstr(a, str_printf(a, "%s/%s.git", all->root, flat));
    (void)pthread_mutex_init(&m->held, NULL);
    return m;
}

struct err *mirror_hold(struct mirrors *all, struct run *r, struct str name, struct mirror **ret)
{
    struct timespec until = { .tv_sec = (time_t)(r->deadline.ns / NS_PER_S),
                              .tv_nsec = (long)(r->deadline.ns % NS_PER_S) };
    struct mirror *m;
    int rc;

    (void)pthread_mutex_lock(&all->lock);
    for (m = all->first; m && !str_eq(m->name, name);)
        m = m->next;
    if (!m) {
        m = new_mirror(all, name);
        m->next = all->first;
        all->first = m;
    }
    m->users++;
    (void)pthread_mutex_unlock(&all->lock);
    if (r->deadline.ns == MONO_NEVER.ns)
        rc = pthread_mutex_lock(&m->held);
    else
        rc = pthread_mutex_clocklock(&m->held, CLOCK_MONOTONIC, &until);
    *ret = m;
    if (rc == 0)
        return NULL;
    (void)pthread_mutex_lock(&all->lock);
    m->users--; /* whoever holds it is the last to leave */
    (void)pthread_mutex_unlock(&all->lock);
    return err_new(r->arena, ERR_TIMEOUT,
                   "context deadline exceeded: another fetch of the same repository took too long");
}

void mirror_release(struct mirrors *all, struct mirror *m)
{
    struct mirror **at = &all->first;
    bool last;

    (void)pthread_mutex_unlock(&m->held);
    (void)pthread_mutex_lock(&all->lock);
    last = --m->users == 0;
    if (last) {
        while (*at != m)
            at = &(*at)->next;
        *at = m->next;
    }
    (void)pthread_mutex_unlock(&all->lock);
    if (last)
        free_mirror(m);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static struct err *remove_folder(struct arena *a, const char *dir)
{
    if (nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT)
        return NULL;
    return err_new(a, ERR_IO, "could not remove the mirror \"%s\": %s", dir, strerror(errno));
}

struct err *mirror_remove(struct run *r, struct mirror *held)
{
    return remove_folder(r->arena, held->dir);
}

struct packs {
    unsigned count;
    uint64_t bytes;
};

/* Counts the packs, and removes what a killed index-pack left. */
static struct packs look_at_packs(struct arena *a, const char *dir)
{
    const char *folder = str_cstr(a, str_printf(a, "%s/objects/pack", dir));
    DIR *d = opendir(folder);
    struct packs p = { 0 };
    struct dirent *entry;
    struct stat st;
    int fd = d ? dirfd(d) : -1;

    while (fd >= 0 && (entry = readdir(d)) != NULL) {
        struct str name = str_from_cstr(entry->d_name);

        if (str_has_prefix(name, STR("tmp_"))) {
            (void)unlinkat(fd, entry->d_name, 0);
        } else if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
                   S_ISREG(st.st_mode)) {
            p.bytes += (uint64_t)st.st_size;
            p.count += str_has_suffix(name, STR(".pack"));
        }
    }
    if (d)
        (void)closedir(d);
    return p;
}

/* A killed git leaves these, and each would stop every later one. */
static void remove_locks(struct arena *a, const char *dir)
{
    static const char *const locks[] = { "shallow.lock", "packed-refs.lock", "config.lock",
                                         "HEAD.lock", "refs/weir/fetched.lock" };

    for (size_t i = 0; i < sizeof locks / sizeof locks[0]; i++)
        (void)unlink(str_cstr(a, str_printf(a, "%s/%s", dir, locks[i])));
}

static struct err *put_packs_together(struct mirrors *all, struct run *r, struct mirror *m)
{
    struct git_command repack = { .options = &all->options,
                                  .git_dir = m->dir,
                                  .args = { "repack", "-d", "-q", "--geometric=2" } };
    struct str ignored;

    if (git_command_run(r, &repack, &ignored) == NULL)
        return NULL;
    return mirror_remove(r, m);
}

static struct err *make_mirror(struct mirrors *all, struct run *r, struct mirror *m)
{
    struct git_command init = { .options = &all->options,
                                .args = { "init", "--bare", "--quiet", "--template=", "--",
                                          m->dir } };
    struct str ignored;

    return git_command_run(r, &init, &ignored);
}

static bool is_held(struct mirrors *all, const char *dir)
{
    for (const struct mirror *m = all->first; m; m = m->next)
        if (strcmp(m->dir, dir) == 0)
            return true;
    return false;
}

/* Mirrors that nobody has used for long: their GitRepository is gone, or their Secret is another one now. */
static void sweep(struct mirrors *all, struct arena *a)
{
    DIR *d = opendir(all->root);
    time_t oldest = time(NULL) - LIMIT_GIT_MIRROR_IDLE_SECONDS;
    struct dirent *entry;
    struct stat st;

    while (d && (entry = readdir(d)) != NULL) {
        const char *dir = str_cstr(a, str_printf(a, "%s/%s", all->root, entry->d_name));

        if (str_has_suffix(str_from_cstr(entry->d_name), STR(".git")) && stat(dir, &st) == 0 &&
            st.st_mtime < oldest && !is_held(all, dir))
            (void)remove_folder(a, dir);
    }
    if (d)
        (void)closedir(d);
}

static void sweep_now_and_then(struct mirrors *all, struct arena *a)
{
    struct mono_time now = mirrors_now();

    (void)pthread_mutex_lock(&all->lock);
    if (all->swept.ns == 0 || mono_diff_ns(now, all->swept) > SWEEP_SECONDS * NS_PER_S) {
        all->swept = now;
        sweep(all, a);
    }
    (void)pthread_mutex_unlock(&all->lock);
}

struct err *mirror_prepare(struct mirrors *all, struct run *r, struct mirror *m)
{
    struct packs packs;
    struct stat st;
    struct err *e = NULL;

    sweep_now_and_then(all, r->arena);
    if (stat(m->dir, &st) == 0) {
        remove_locks(r->arena, m->dir);
        packs = look_at_packs(r->arena, m->dir);
        if (packs.bytes > LIMIT_GIT_MIRROR_BYTES)
            e = mirror_remove(r, m);
        else if (packs.count >= LIMIT_GIT_MIRROR_PACKS)
            e = put_packs_together(all, r, m);
    }
    if (!e && stat(m->dir, &st) != 0)
        e = make_mirror(all, r, m);
    if (!e)
        (void)utimensat(AT_FDCWD, m->dir, NULL, 0);
    return e;
}

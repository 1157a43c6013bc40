/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fs_posix/ledger_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { RECORDS = 2048, KEY_BYTES = 360, VERSION = 2 };

enum record_state { FREE, KNOWN, UNDER_WAY };

/* Longer keys are cut: "Kind/namespace/name" ends at 331. */
struct record {
    uint64_t attempt; /* under way, or the last one */
    uint64_t fatal;   /* of the last death */
    uint32_t strikes;
    uint32_t state; /* written last */
    char key[KEY_BYTES];
};

struct ledger_page {
    char magic[8];
    uint64_t version;
    struct record records[RECORDS];
};

struct ledger_file {
    pthread_mutex_t lock; /* guards the page */
    struct ledger_page *page;
};

static const char magic[8] = "weirled";

static struct str key_of(const struct record *r)
{
    return str_of(r->key, strnlen(r->key, KEY_BYTES));
}

static struct record *find(struct ledger_file *f, struct str key, bool make)
{
    struct record *unused = NULL;

    key = str_slice(key, 0, KEY_BYTES);
    for (size_t i = 0; i < RECORDS; i++) {
        struct record *r = &f->page->records[i];

        if (r->state != FREE && str_eq(key_of(r), key))
            return r;
        if (r->state == FREE && !unused)
            unused = r;
    }
    if (!make || !unused)
        return NULL;
    memset(unused, 0, sizeof *unused);
    memcpy(unused->key, key.ptr, key.len);
    return unused;
}

static void begin(void *self, struct str key, uint64_t attempt)
{
    struct ledger_file *f = self;
    struct record *r;

    (void)pthread_mutex_lock(&f->lock);
    r = find(f, key, true);
    if (r) {
        r->attempt = attempt;
        __atomic_store_n(&r->state, UNDER_WAY, __ATOMIC_RELEASE);
    }
    (void)pthread_mutex_unlock(&f->lock);
}

static void end(void *self, struct str key, bool forgive)
{
    struct ledger_file *f = self;
    struct record *r;

    (void)pthread_mutex_lock(&f->lock);
    r = find(f, key, false);
    if (r && forgive)
        r->strikes = 0;
    if (r)
        __atomic_store_n(&r->state, r->strikes > 0 ? KNOWN : FREE, __ATOMIC_RELEASE);
    (void)pthread_mutex_unlock(&f->lock);
}

static unsigned strikes(void *self, struct str key, uint64_t *ret_attempt)
{
    struct ledger_file *f = self;
    const struct record *r;
    unsigned count = 0;

    (void)pthread_mutex_lock(&f->lock);
    r = find(f, key, false);
    if (r) {
        count = r->strikes;
        *ret_attempt = r->fatal;
    }
    (void)pthread_mutex_unlock(&f->lock);
    return count;
}

/* What the process before left under way is what it died of, or died with. */
static void count_deaths(struct ledger_page *page)
{
    if (memcmp(page->magic, magic, sizeof magic) != 0 || page->version != VERSION) {
        memset(page, 0, sizeof *page);
        memcpy(page->magic, magic, sizeof magic);
        page->version = VERSION;
    }
    for (size_t i = 0; i < RECORDS; i++) {
        struct record *r = &page->records[i];

        if (r->state != UNDER_WAY)
            continue;
        r->strikes++;
        r->fatal = r->attempt;
        r->state = KNOWN;
    }
}

struct err *ledger_file_open(struct arena *a, const char *path, struct ledger_file **ret)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    void *page = MAP_FAILED;

    if (fd >= 0 && ftruncate(fd, sizeof(struct ledger_page)) == 0)
        page = mmap(NULL, sizeof(struct ledger_page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED) {
        struct err *e = err_new(a, ERR_IO, "could not open the ledger \"%s\": %s", path,
                                strerror(errno));

        if (fd >= 0)
            (void)close(fd);
        return e;
    }
    (void)close(fd); /* the mapping stays */
    *ret = calloc(1, sizeof **ret);
    if (!*ret)
        abort();
    (void)pthread_mutex_init(&(*ret)->lock, NULL);
    (*ret)->page = page;
    count_deaths(page);
    return NULL;
}

struct ledger ledger_file_port(struct ledger_file *f)
{
    static const struct ledger_ops ops = { .begin = begin, .end = end, .strikes = strikes };

    return (struct ledger){ .ops = &ops, .self = f };
}

void ledger_file_free(struct ledger_file *f)
{
    if (!f)
        return;
    (void)munmap(f->page, sizeof *f->page);
    (void)pthread_mutex_destroy(&f->lock);
    free(f);
}

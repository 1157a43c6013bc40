/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/apiserver_http/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/apiserver_http/certificate.h"
#include "base/buf.h"
#include "foreign/base64.h"

enum { FILE_BYTES_MAX = 64 * 1024, TOKEN_BYTES = 32 };

static struct err *io_err(struct arena *a, const char *path, const char *what)
{
    return err_new(a, ERR_IO, "%s: could not be %s: %s", path, what, strerror(errno));
}

/* *ret_found false: there is no such file. */
static struct err *read_file(struct arena *a, const char *path, bool *ret_found, struct str *ret)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *bytes;
    ssize_t n;

    *ret_found = fd >= 0;
    if (fd < 0)
        return errno == ENOENT ? NULL : io_err(a, path, "read");
    bytes = arena_alloc(a, FILE_BYTES_MAX);
    n = read(fd, bytes, FILE_BYTES_MAX);
    (void)close(fd);
    if (n < 0)
        return io_err(a, path, "read");
    *ret = str_of(bytes, (size_t)n);
    return NULL;
}

/* Whole or not at all: beside its place, synced, renamed. */
static struct err *write_file(struct arena *a, const char *path, struct str bytes)
{
    const char *fresh = str_cstr(a, str_printf(a, "%s.new", path));
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct err *e = NULL;

    if (fd < 0)
        return io_err(a, fresh, "written");
    if (fchmod(fd, 0600) != 0 || write(fd, bytes.ptr, bytes.len) != (ssize_t)bytes.len ||
        fsync(fd) != 0)
        e = io_err(a, fresh, "written");
    if (close(fd) != 0 && !e)
        e = io_err(a, fresh, "written");
    if (!e && rename(fresh, path) != 0)
        e = io_err(a, path, "written");
    if (e)
        (void)unlink(fresh);
    return e;
}

struct folder {
    struct arena *a;
    struct str dir;
};

static const char *in_folder(const struct folder *f, const char *name)
{
    return str_cstr(f->a, str_printf(f->a, "%.*s/%s", STR_ARG(f->dir), name));
}

/* A certificate and its key; *ret_found only when both are there. */
static struct err *read_pair(const struct folder *f, const char *name, bool *ret_found,
                             struct certificate *ret)
{
    bool crt = false;
    bool key = false;
    struct err *e;

    if (TRY(&e, read_file(f->a, in_folder(f, str_cstr(f->a, str_printf(f->a, "%s.crt", name))),
                          &crt, &ret->crt)) ||
        TRY(&e, read_file(f->a, in_folder(f, str_cstr(f->a, str_printf(f->a, "%s.key", name))),
                          &key, &ret->key)))
        return e;
    *ret_found = crt && key;
    if (crt != key)
        return err_new(
            f->a, ERR_IO,
            "%.*s: %s.%s is there but %s.%s is missing; restore it, or remove the folder "
            "to start with new credentials",
            STR_ARG(f->dir), name, crt ? "crt" : "key", name, crt ? "key" : "crt");
    return NULL;
}

static struct err *write_pair(const struct folder *f, const char *name,
                              const struct certificate *pair)
{
    struct err *e = write_file(f->a, in_folder(f, str_cstr(f->a, str_printf(f->a, "%s.key", name))),
                               pair->key);

    return e ? e
             : write_file(f->a, in_folder(f, str_cstr(f->a, str_printf(f->a, "%s.crt", name))),
                          pair->crt);
}

/* Reads a pair or makes it; `ca` NULL makes the authority itself. */
static struct err *pair_open(const struct folder *f, const char *name,
                             const struct certificate_request *request,
                             const struct certificate *ca, struct certificate *ret)
{
    bool found = false;
    struct err *e;

    if (TRY(&e, read_pair(f, name, &found, ret)))
        return e;
    if (found && (!ca || certificate_is_good(ret, ca, request->host)))
        return NULL;
    if (TRY(&e, certificate_make(f->a, request, ca, ret)))
        return e;
    return write_pair(f, name, ret);
}

static struct err *token_open(const struct folder *f, const struct random_source *random,
                              struct secret *ret)
{
    const char *path = in_folder(f, "token");
    uint8_t bytes[TOKEN_BYTES];
    bool found = false;
    struct str text = STR("");
    struct buf b;
    struct err *e;

    if (TRY(&e, read_file(f->a, path, &found, &text)))
        return e;
    text = str_trim(text);
    if (!found || !text.len) {
        random_fill(random, bytes, sizeof bytes);
        buf_init(&b, f->a, 0);
        for (size_t i = 0; i < sizeof bytes; i++)
            buf_printf(&b, "%02x", bytes[i]);
        text = buf_str(&b);
        if (TRY(&e, write_file(f->a, path, text)))
            return e;
    }
    *ret = secret_new(f->a, text);
    return NULL;
}

struct err *credentials_open(struct arena *a, struct str dir, struct str host,
                             const struct random_source *random, struct credentials *ret)
{
    struct folder f = { a, dir };
    const struct certificate_request of_ca = { .name = "weir", .is_ca = true };
    const struct certificate_request of_server = { .name = "weir", .host = host, .server = true };
    const struct certificate_request of_client = { .name = CREDENTIALS_USER,
                                                   .group = CREDENTIALS_GROUP };
    struct certificate ca = { 0 };
    struct certificate server = { 0 };
    struct certificate client = { 0 };
    struct err *e;

    if (mkdir(str_cstr(a, dir), 0700) != 0 && errno != EEXIST)
        return io_err(a, str_cstr(a, dir), "made");
    if (TRY(&e, pair_open(&f, "ca", &of_ca, NULL, &ca)) ||
        TRY(&e, pair_open(&f, "server", &of_server, &ca, &server)) ||
        TRY(&e, pair_open(&f, "client", &of_client, &ca, &client)) ||
        TRY(&e, token_open(&f, random, &ret->token)))
        return e;
    ret->ca_crt = ca.crt;
    ret->server_crt = server.crt;
    ret->server_key = secret_new(a, server.key);
    ret->client_crt = client.crt;
    ret->client_key = secret_new(a, client.key);
    return NULL;
}

struct err *credentials_write_kubeconfig(struct arena *a, const struct credentials *c,
                                         struct str server_url, struct str path)
{
    struct buf b;
    struct err *e;

    buf_init(&b, a, 0);
    buf_printf(&b,
               "apiVersion: v1\nkind: Config\nclusters:\n- name: weir\n  cluster:\n"
               "    server: %.*s\n    certificate-authority-data: %.*s\n",
               STR_ARG(server_url), STR_ARG(base64_encode(a, c->ca_crt)));
    buf_printf(&b,
               "contexts:\n- name: weir\n  context:\n    cluster: weir\n    user: weir-admin\n"
               "current-context: weir\nusers:\n- name: weir-admin\n  user:\n"
               "    client-certificate-data: %.*s\n    client-key-data: %.*s\n    token: %.*s\n",
               STR_ARG(base64_encode(a, c->client_crt)),
               STR_ARG(base64_encode(a, secret_reveal(c->client_key))),
               STR_ARG(secret_reveal(c->token)));
    e = write_file(a, str_cstr(a, path), buf_str(&b));
    buf_wipe(&b);
    return e;
}

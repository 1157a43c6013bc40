/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_cli/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "core/git/url.h"
#include "foreign/base64.h"

/* What git may never take from a machine or a repository. */
static const char *const fixed_config[] = {
    "protocol.version=2",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.askPass=/bin/false",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
};

/*
 * Of a fetch. Packs stay packs, whose sizes the kernel limits; objects that could leave a folder or fool a reader are
 * refused by git itself, careless headers of old commits are not.
 */
static const struct {
    const char *key, *value;
} fetch_config[] = {
    { "transfer.unpackLimit", "1" },
    { "core.bigFileThreshold", "32m" },
    { "fetch.fsckObjects", "true" },
    { "fetch.fsck.badDate", "ignore" },
    { "fetch.fsck.badDateOverflow", "ignore" },
    { "fetch.fsck.badEmail", "ignore" },
    { "fetch.fsck.badName", "ignore" },
    { "fetch.fsck.badTimezone", "ignore" },
    { "fetch.fsck.missingEmail", "ignore" },
    { "fetch.fsck.missingNameBeforeEmail", "ignore" },
    { "fetch.fsck.missingSpaceBeforeDate", "ignore" },
    { "fetch.fsck.missingSpaceBeforeEmail", "ignore" },
    { "fetch.fsck.missingTaggerEntry", "ignore" },
    { "fetch.fsck.badTagName", "ignore" },
    { "fetch.fsck.zeroPaddedDate", "ignore" },
    { "fetch.fsck.zeroPaddedFilemode", "ignore" },
    { "fetch.fsck.nulInCommit", "ignore" },
    { "fetch.fsck.gitattributesLineLength", "ignore" },
    { "fetch.fsck.gitignoreSymlink", "ignore" },
    { "fetch.fsck.gitattributesSymlink", "ignore" },
    { "fetch.fsck.mailmapSymlink", "ignore" },
};

void git_setup_env(struct git_setup *s, const char *name, struct str value)
{
    s->env[s->envc++] = str_cstr(s->arena, str_printf(s->arena, "%s=%.*s", name, STR_ARG(value)));
}

void git_setup_config(struct git_setup *s, const char *key, struct str value)
{
    char name[32];

    (void)snprintf(name, sizeof name, "GIT_CONFIG_KEY_%zu", s->config_count);
    git_setup_env(s, name, str_from_cstr(key));
    (void)snprintf(name, sizeof name, "GIT_CONFIG_VALUE_%zu", s->config_count);
    git_setup_env(s, name, value);
    s->config_count++;
}

struct err *git_setup_secret_file(struct git_setup *s, struct str content, const char **ret_path)
{
    int fd = memfd_create("weir-credential", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0)
        return err_new(s->arena, ERR_IO, "could not make a file in memory for a credential: %s",
                       strerror(errno));
    s->files[s->file_count++] = fd; /* closed whatever comes */
    if (fchmod(fd, 0400) != 0 || write(fd, content.ptr, content.len) != (ssize_t)content.len ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)
        return err_new(s->arena, ERR_IO, "could not write a credential to memory: %s",
                       strerror(errno));
    *ret_path = str_cstr(s->arena, str_printf(s->arena, "/proc/%ld/fd/%d", (long)getpid(), fd));
    return NULL;
}

static void add_authorization(struct git_setup *s, const struct git_auth *auth)
{
    struct arena *a = s->arena;
    struct str pair;

    if (secret_is_set(auth->bearer_token)) {
        git_setup_config(s, "http.extraHeader",
                         str_printf(a, "Authorization: Bearer %.*s",
                                    STR_ARG(secret_reveal(auth->bearer_token))));
    } else if (secret_is_set(auth->password) || auth->username.len > 0) {
        pair = secret_is_set(auth->password) ? secret_reveal(auth->password) : STR("");
        pair = str_printf(a, "%.*s:%.*s", STR_ARG(auth->username), STR_ARG(pair));
        git_setup_config(
            s, "http.extraHeader",
            str_printf(a, "Authorization: Basic %.*s", STR_ARG(base64_encode(a, pair))));
    } else {
        return;
    }
    /* The header would go wherever a redirect leads. */
    git_setup_config(s, "http.followRedirects", STR("false"));
}

static struct err *add_http(struct git_setup *s, const struct git_auth *auth)
{
    const char *path;
    struct err *e;

    if (!auth)
        return NULL;
    add_authorization(s, auth);
    if (secret_is_set(auth->proxy_url)) {
        git_setup_config(s, "http.proxy", secret_reveal(auth->proxy_url));
        git_setup_config(s, "http.proxyAuthMethod", STR("basic"));
    }
    if (auth->ca_pem.len > 0) {
        if (TRY(&e, git_setup_secret_file(s, auth->ca_pem, &path)))
            return e;
        git_setup_env(s, "GIT_SSL_CAINFO", str_from_cstr(path));
        git_setup_env(s, "GIT_SSL_CAPATH", STR("/etc/ssl/certs"));
    }
    if (!secret_is_set(auth->client_key_pem))
        return NULL;
    if (TRY(&e, git_setup_secret_file(s, auth->client_cert_pem, &path)))
        return e;
    git_setup_env(s, "GIT_SSL_CERT", str_from_cstr(path));
    if (TRY(&e, git_setup_secret_file(s, secret_reveal(auth->client_key_pem), &path)))
        return e;
    git_setup_env(s, "GIT_SSL_KEY", str_from_cstr(path));
    return NULL;
}

static struct err *add_remote(struct git_setup *s, const struct git_command *c)
{
    const struct git_auth *auth = c->remote->auth;
    struct git_url url;
    struct err *e;

    if (TRY(&e, git_url_parse(s->arena, c->remote->url, c->remote->allow_file, &url)))
        return e;
    git_setup_env(s, "GIT_ALLOW_PROTOCOL",
                  str_printf(s->arena, "https:http:ssh%s", c->remote->allow_file ? ":file" : ""));
    for (size_t i = 0; c->options->proxy_env && c->options->proxy_env[i]; i++)
        if (!auth || !secret_is_set(auth->proxy_url))
            s->env[s->envc++] = c->options->proxy_env[i];
    if (!str_is(url.scheme, "ssh"))
        return add_http(s, auth);
    if (c->options->user_env && !auth)
        return NULL; /* a person's own ssh */
    if (auth && secret_is_set(auth->proxy_url))
        return err_new(s->arena, ERR_UNSUPPORTED,
                       "a proxy for ssh:// URLs is not built yet: use an https:// URL");
    return git_setup_ssh(s, auth, url.user.len > 0);
}

static void add_locked_env(struct git_setup *s)
{
    git_setup_env(s, "HOME", STR("/nonexistent"));
    git_setup_env(s, "GIT_CONFIG_NOSYSTEM", STR("1"));
    git_setup_env(s, "GIT_CONFIG_GLOBAL", STR("/dev/null"));
    git_setup_config(s, "credential.helper", STR(""));
}

static void add_fixed_env(struct git_setup *s, const struct git_command *c)
{
    for (size_t i = 0; c->options->user_env && c->options->user_env[i]; i++)
        s->env[s->envc++] = c->options->user_env[i];
    if (!c->options->user_env)
        add_locked_env(s);
    git_setup_env(s, "PATH", STR("/usr/local/bin:/usr/bin:/bin"));
    git_setup_env(s, "LC_ALL", STR("C"));
    git_setup_env(s, "GIT_TERMINAL_PROMPT", STR("0"));
    git_setup_env(s, "GIT_ASKPASS", STR("/bin/false"));
    git_setup_env(s, "GIT_HTTP_LOW_SPEED_LIMIT",
                  str_printf(s->arena, "%d", LIMIT_GIT_LOW_SPEED_BYTES));
    git_setup_env(s, "GIT_HTTP_LOW_SPEED_TIME",
                  str_printf(s->arena, "%d", LIMIT_GIT_LOW_SPEED_SECONDS));
    /* A repository on this disk may belong to another user; what is read is fetched, never executed. */
    git_setup_config(s, "safe.directory", STR("*"));
}

struct err *git_setup_prepare(struct run *r, const struct git_command *c, struct git_setup *s)
{
    struct err *e = NULL;

    *s = (struct git_setup){ .arena = r->arena };
    s->argv[s->argc++] = "git";
    for (size_t i = 0; i < sizeof fixed_config / sizeof fixed_config[0]; i++) {
        s->argv[s->argc++] = "-c";
        s->argv[s->argc++] = fixed_config[i];
    }
    if (c->git_dir)
        s->argv[s->argc++] = str_cstr(r->arena, str_printf(r->arena, "--git-dir=%s", c->git_dir));
    for (size_t i = 0; c->args[i]; i++)
        s->argv[s->argc++] = c->args[i];
    add_fixed_env(s, c);
    if (c->remote && c->git_dir)
        for (size_t i = 0; i < sizeof fetch_config / sizeof fetch_config[0]; i++)
            git_setup_config(s, fetch_config[i].key, str_from_cstr(fetch_config[i].value));
    if (c->remote)
        e = add_remote(s, c);
    git_setup_env(s, "GIT_CONFIG_COUNT", str_printf(r->arena, "%zu", s->config_count));
    return e;
}

void git_setup_done(struct git_setup *s)
{
    for (size_t i = 0; i < s->file_count; i++)
        (void)close(s->files[i]);
    s->file_count = 0;
}

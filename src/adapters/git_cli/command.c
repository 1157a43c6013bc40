/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "foreign/base64.h"

enum { ARGS_MAX = 40, ENV_MAX = 40 };

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

struct setup {
    const char *argv[ARGS_MAX];
    const char *env[ENV_MAX];
    size_t argc, envc;
    const char *files[2]; /* credential files to remove */
    size_t file_count;
    size_t config_count; /* GIT_CONFIG_KEY_n so far */
};

static void add_env(struct setup *s, struct arena *a, const char *name, struct str value)
{
    s->env[s->envc++] = str_cstr(a, str_printf(a, "%s=%.*s", name, STR_ARG(value)));
}

/* Configuration through the environment, so that secrets are in no argument list. */
static void add_env_config(struct setup *s, struct arena *a, const char *key, struct str value)
{
    add_env(s, a, str_cstr(a, str_printf(a, "GIT_CONFIG_KEY_%zu", s->config_count)),
            str_from_cstr(key));
    add_env(s, a, str_cstr(a, str_printf(a, "GIT_CONFIG_VALUE_%zu", s->config_count)), value);
    s->config_count++;
}

static void add_basic_auth(struct setup *s, struct arena *a, const struct git_auth *auth)
{
    struct str password = secret_reveal(auth->password);
    struct str pair = str_printf(a, "%.*s:%.*s", STR_ARG(auth->username), STR_ARG(password));

    add_env_config(s, a, "http.extraHeader",
                   str_printf(a, "Authorization: Basic %.*s", STR_ARG(base64_encode(a, pair))));
}

/* A file that only we can read, for what git takes by file name alone. */
static struct err *write_credential(struct arena *a, struct setup *s, const struct git_command *c,
                                    struct str text)
{
    char *path = (char *)(uintptr_t)str_cstr(a, str_printf(a, "%s/credential-XXXXXX", c->scratch));
    int fd = mkostemp(path, O_CLOEXEC);
    ssize_t n = fd >= 0 ? write(fd, text.ptr, text.len) : -1;
    int failure = errno;

    if (fd >= 0)
        (void)close(fd);
    if (n != (ssize_t)text.len)
        return err_new(a, ERR_IO, "could not write a credential file in \"%s\": %s", c->scratch,
                       strerror(failure));
    s->files[s->file_count++] = path;
    return NULL;
}

static struct err *add_auth(struct run *r, struct setup *s, const struct git_command *c)
{
    const struct git_auth *auth = c->remote->auth;
    struct err *e;

    if (!auth)
        return NULL;
    if (secret_is_set(auth->ssh_identity))
        return err_new(r->arena, ERR_UNSUPPORTED,
                       "Git over SSH is not built yet: use an https:// URL");
    if (secret_is_set(auth->client_key_pem))
        return err_new(r->arena, ERR_UNSUPPORTED,
                       "client certificates for Git are not built yet: use a password or token");
    if (secret_is_set(auth->bearer_token))
        add_env_config(s, r->arena, "http.extraHeader",
                       str_printf(r->arena, "Authorization: Bearer %.*s",
                                  STR_ARG(secret_reveal(auth->bearer_token))));
    else if (secret_is_set(auth->password))
        add_basic_auth(s, r->arena, auth);
    if (auth->ca_pem.len > 0) {
        if (TRY(&e, write_credential(r->arena, s, c, auth->ca_pem)))
            return e;
        add_env(s, r->arena, "GIT_SSL_CAINFO", str_from_cstr(s->files[s->file_count - 1]));
    }
    return NULL;
}

static void add_locked_env(struct setup *s, struct arena *a)
{
    add_env(s, a, "HOME", STR("/nonexistent"));
    add_env(s, a, "GIT_CONFIG_NOSYSTEM", STR("1"));
    add_env(s, a, "GIT_CONFIG_GLOBAL", STR("/dev/null"));
    add_env(s, a, "GIT_SSH_COMMAND", STR("/bin/false"));
    add_env_config(s, a, "credential.helper", STR(""));
}

static void add_fixed_env(struct setup *s, struct arena *a, const struct git_command *c)
{
    bool allow_file = c->remote && c->remote->allow_file;

    for (size_t i = 0; c->user_env && c->user_env[i]; i++)
        s->env[s->envc++] = c->user_env[i];
    if (!c->user_env)
        add_locked_env(s, a);
    add_env(s, a, "PATH", STR("/usr/local/bin:/usr/bin:/bin"));
    add_env(s, a, "LC_ALL", STR("C"));
    add_env(s, a, "GIT_TERMINAL_PROMPT", STR("0"));
    add_env(s, a, "GIT_ASKPASS", STR("/bin/false"));
    add_env(s, a, "GIT_ALLOW_PROTOCOL",
            str_printf(a, "https:http%s%s", c->user_env ? ":ssh" : "", allow_file ? ":file" : ""));
    add_env(s, a, "GIT_HTTP_LOW_SPEED_LIMIT", str_printf(a, "%d", LIMIT_GIT_LOW_SPEED_BYTES));
    add_env(s, a, "GIT_HTTP_LOW_SPEED_TIME", str_printf(a, "%d", LIMIT_GIT_LOW_SPEED_SECONDS));
    /* A repository on this disk may belong to another user; what is read is fetched, never executed. */
    add_env_config(s, a, "safe.directory", STR("*"));
}

static struct err *prepare(struct run *r, const struct git_command *c, struct setup *s)
{
    struct err *e = NULL;

    s->argv[s->argc++] = "git";
    for (size_t i = 0; i < sizeof fixed_config / sizeof fixed_config[0]; i++) {
        s->argv[s->argc++] = "-c";
        s->argv[s->argc++] = fixed_config[i];
    }
    if (c->git_dir)
        s->argv[s->argc++] = str_cstr(r->arena, str_printf(r->arena, "--git-dir=%s", c->git_dir));
    for (size_t i = 0; c->args[i]; i++)
        s->argv[s->argc++] = c->args[i];
    add_fixed_env(s, r->arena, c);
    if (c->remote)
        e = add_auth(r, s, c);
    add_env(s, r->arena, "GIT_CONFIG_COUNT", str_printf(r->arena, "%zu", s->config_count));
    return e;
}

/* git's words, by what they mean for us; first hit counts. */
static const struct {
    struct str words;
    enum err_code code;
} meanings[] = {
    { STR_INIT("Authentication failed"), ERR_UNAUTHORIZED },
    { STR_INIT("could not read Username"), ERR_UNAUTHORIZED },
    { STR_INIT("could not read Password"), ERR_UNAUTHORIZED },
    { STR_INIT("error: 401"), ERR_UNAUTHORIZED },
    { STR_INIT("error: 403"), ERR_FORBIDDEN },
    { STR_INIT("not found"), ERR_NOT_FOUND },
    { STR_INIT("does not appear to be a git repository"), ERR_NOT_FOUND },
    { STR_INIT("couldn't find remote ref"), ERR_NOT_FOUND },
    { STR_INIT("not our ref"), ERR_NOT_FOUND },
    { STR_INIT("transport '"), ERR_INVALID },
};

/* "fatal: " lines without progress; the last few hundred bytes are what a person needs. */
static struct str last_words(struct arena *a, struct str text)
{
    struct str line, rest = str_trim(text);
    struct buf out;

    buf_init(&out, a, 1024);
    while (str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        if (!str_has_prefix(line, STR("fatal:")) && !str_has_prefix(line, STR("error:")) &&
            !str_has_prefix(line, STR("remote:")))
            continue;
        if (out.len > 0)
            buf_lit(&out, "; ");
        buf_put(&out, str_trim(str_trim_prefix(line, STR("fatal:"))));
    }
    return out.len ? buf_str(&out) : str_slice(str_trim(text), 0, 512);
}

static struct err *failure(struct run *r, const struct git_command *c,
                           const struct process_result *result)
{
    struct str words = last_words(r->arena, result->error);
    enum err_code code = c->remote ? ERR_UNAVAILABLE : ERR_INTERNAL;

    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (str_contains(result->error, meanings[i].words)) {
            code = meanings[i].code;
            break;
        }
    if (words.len == 0)
        words = str_printf(r->arena, "git %s ended with status %d", c->args[0],
                           result->exit_status);
    return err_new(r->arena, code, "%.*s", STR_ARG(words));
}

struct err *git_command_run(struct run *r, const struct git_command *c, struct str *ret_output)
{
    struct setup s = { .argc = 0 };
    struct process_spec spec = { .input = c->input,
                                 .output_max = c->output_max ? c->output_max
                                                             : LIMIT_CHILD_OUTPUT_BYTES };
    struct process_result result = { 0 };
    struct err *e;

    if (c->remote && TRY(&e, git_url_check(r->arena, c->remote->url, c->remote->allow_file)))
        return e;
    e = prepare(r, c, &s);
    spec.argv = s.argv;
    spec.env = s.env;
    if (!e)
        e = c->process->ops->run(c->process->self, r, &spec, &result);
    for (size_t i = 0; i < s.file_count; i++)
        (void)unlink(s.files[i]);
    if (e)
        return e;
    if (result.exit_status != 0)
        return failure(r, c, &result);
    *ret_output = result.output;
    return NULL;
}

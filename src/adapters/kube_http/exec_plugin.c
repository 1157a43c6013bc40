/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/kube_http/exec_plugin.h"

#include <unistd.h>

#include "base/limits.h"
#include "foreign/base64.h"
#include "value/json.h"

enum { SAID_BYTES_MAX = 1024, ENVIRONMENT_MAX = 4096 };

#define INFO_VARIABLE "KUBERNETES_EXEC_INFO"

static bool is_known_version(struct str version)
{
    return str_is(version, "client.authentication.k8s.io/v1") ||
           str_is(version, "client.authentication.k8s.io/v1beta1");
}

static struct err *check(struct arena *a, const struct val *exec, struct str name)
{
    struct str version = val_get_str(exec, "apiVersion"),
               mode = val_get_str(exec, "interactiveMode");

    if (val_get_str(exec, "command").len == 0)
        return err_new(a, ERR_INVALID, "%.*s: exec.command is required", STR_ARG(name));
    if (!is_known_version(version))
        return err_new(
            a, ERR_INVALID,
            "%.*s: exec.apiVersion \"%.*s\" is not client.authentication.k8s.io/v1 or v1beta1",
            STR_ARG(name), STR_ARG(version));
    if (mode.len == 0 && str_has_suffix(version, STR("/v1")))
        return err_new(a, ERR_INVALID,
                       "%.*s: exec.interactiveMode is required in client.authentication.k8s.io/v1",
                       STR_ARG(name));
    if (str_is(mode, "Always"))
        return err_new(a, ERR_INVALID,
                       "%.*s: exec.interactiveMode Always: there is no terminal here for \"%.*s\"",
                       STR_ARG(name), STR_ARG(val_get_str(exec, "command")));
    return NULL;
}

/* With a slash it is a path, relative to the kubeconfig's folder. */
static struct str command_path(struct arena *a, struct str command, struct str folder)
{
    if (command.ptr[0] == '/' || str_find_byte(command, '/', 0) == SIZE_MAX || folder.len == 0)
        return command;
    return str_printf(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(command));
}

static const char *const *arguments(struct arena *a, struct str command, const struct val *args)
{
    const char **argv = ARENA_ARRAY(a, val_count(args) + 2, const char *);

    argv[0] = str_cstr(a, command);
    for (size_t i = 0; i < val_count(args); i++)
        argv[i + 1] = str_cstr(a, val_str(val_item(args, i)));
    return argv;
}

struct err *exec_plugin_parse(struct arena *a, const struct val *exec, struct str name,
                              struct str folder, const struct val *cluster,
                              const struct exec_plugin **ret)
{
    struct exec_plugin *p = ARENA_NEW(a, struct exec_plugin);
    const struct val *spec = val_map_of(
        a, "cluster", val_at_bool(exec, "provideClusterInfo", false) ? cluster : NULL,
        "interactive", val_bool(false), NULL);
    struct err *e;

    if (TRY(&e, check(a, exec, name)))
        return e;
    p->command = command_path(a, val_get_str(exec, "command"), folder);
    p->api_version = val_get_str(exec, "apiVersion");
    p->install_hint = val_get_str(exec, "installHint");
    p->argv = arguments(a, p->command, val_get(exec, STR("args")));
    p->env = val_get(exec, STR("env"));
    p->info = json_string(a,
                          val_map_of(a, "apiVersion", val_string(a, p->api_version), "kind",
                                     val_cstring(a, "ExecCredential"), "spec", spec, NULL),
                          JSON_COMPACT);
    *ret = p;
    return NULL;
}

static bool is_set_by(const struct exec_plugin *p, struct str variable)
{
    struct str name = str_slice(variable, 0, str_find_byte(variable, '=', 0));

    if (str_is(name, INFO_VARIABLE))
        return true;
    for (size_t i = 0; i < val_count(p->env); i++)
        if (str_eq(val_get_str(val_item(p->env, i), "name"), name))
            return true;
    return false;
}

/* Ours, then the kubeconfig's, which win. */
static const char *const *environment_of(const struct exec_plugin *p, struct arena *a)
{
    size_t own = 0, count = 0;
    const char **env;

    while (environ && environ[own] && own < ENVIRONMENT_MAX)
        own++;
    env = ARENA_ARRAY(a, own + val_count(p->env) + 2, const char *);
    for (size_t i = 0; i < own; i++)
        if (!is_set_by(p, str_from_cstr(environ[i])))
            env[count++] = environ[i];
    for (size_t i = 0; i < val_count(p->env); i++) {
        const struct val *v = val_item(p->env, i);

        env[count++] = str_cstr(a, str_printf(a, "%.*s=%.*s", STR_ARG(val_get_str(v, "name")),
                                              STR_ARG(val_get_str(v, "value"))));
    }
    env[count] = str_cstr(a, str_printf(a, INFO_VARIABLE "=%.*s", STR_ARG(p->info)));
    return env;
}

static struct err *failed(const struct exec_plugin *p, struct arena *a,
                          const struct process_result *r)
{
    struct str said = str_trim(r->error);

    if (said.len > SAID_BYTES_MAX)
        said = str_skip(said, said.len - SAID_BYTES_MAX);
    return err_new(a, ERR_UNAUTHORIZED,
                   "getting credentials: exec: executable %.*s failed with exit code %d%s%.*s",
                   STR_ARG(p->command), r->exit_status, said.len ? ": " : "", STR_ARG(said));
}

static struct err *not_started(const struct exec_plugin *p, struct arena *a, const struct err *why)
{
    if (why->code == ERR_NOT_FOUND)
        return err_new(
            a, ERR_UNAUTHORIZED, "getting credentials: exec: executable %.*s not found%s%.*s",
            STR_ARG(p->command), p->install_hint.len ? ": " : "", STR_ARG(p->install_hint));
    return err_wrap(a, why, "getting credentials: exec: executable %.*s", STR_ARG(p->command));
}

static struct err *bad_output(const struct exec_plugin *p, struct arena *a, const char *what)
{
    return err_new(a, ERR_UNAUTHORIZED, "getting credentials: exec: executable %.*s printed %s",
                   STR_ARG(p->command), what);
}

/* What it printed may be a secret, so no message quotes it. */
static struct err *read_output(const struct exec_plugin *p, struct arena *a, struct str output,
                               struct exec_credential *ret)
{
    const struct val *printed = NULL, *status;
    struct str token, key, expires;
    struct err *e = json_read(a, output, STR("ExecCredential"), JSON_READ_LAST_KEY_WINS, &printed);

    if (e || !str_is(val_get_str(printed, "kind"), "ExecCredential"))
        return bad_output(p, a, "no ExecCredential in JSON");
    if (!str_eq(val_get_str(printed, "apiVersion"), p->api_version))
        return err_new(a, ERR_UNAUTHORIZED,
                       "getting credentials: exec plugin is configured to use API version %.*s, "
                       "plugin returned version %.*s",
                       STR_ARG(p->api_version), STR_ARG(val_get_str(printed, "apiVersion")));
    status = val_get(printed, STR("status"));
    token = val_get_str(status, "token");
    ret->cert_pem = val_get_str(status, "clientCertificateData");
    key = val_get_str(status, "clientKeyData");
    expires = val_get_str(status, "expirationTimestamp");
    if (token.len == 0 && ret->cert_pem.len == 0)
        return bad_output(p, a, "neither a token nor a client certificate");
    if ((ret->cert_pem.len == 0) != (key.len == 0))
        return bad_output(p, a, "a client certificate without its key, or a key without it");
    if (expires.len > 0 && !wall_time_parse(expires, &ret->expires))
        return bad_output(p, a, "an expirationTimestamp that is no time of RFC 3339");
    if (token.len > 0)
        ret->token = secret_new(a, token);
    if (key.len > 0)
        ret->key_pem = secret_new(a, key);
    return NULL;
}

struct err *exec_plugin_run(const struct exec_plugin *plugin, const struct process *process,
                            struct run *r, struct exec_credential *ret)
{
    struct process_spec spec = { .argv = plugin->argv,
                                 .env = environment_of(plugin, r->arena),
                                 .output_max = LIMIT_EXEC_OUTPUT_BYTES };
    struct process_result result = { 0 };
    struct err *e;

    *ret = (struct exec_credential){ .cert_pem = STR("") };
    if (TRY(&e, process->ops->run(process->self, r, &spec, &result)))
        return not_started(plugin, r->arena, e);
    if (result.exit_status != 0)
        return failed(plugin, r->arena, &result);
    return read_output(plugin, r->arena, result.output, ret);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Expectations: client.authentication.k8s.io v1, and client-go's plugin for messages. */
#include "adapters/kube_http/exec_plugin.h"

#include "adapters/kube_http/login.h"
#include "adapters/process_posix/process_posix.h"
#include "tests/harness.h"
#include "value/yaml.h"

static const struct val *yaml(struct arena *a, struct str text)
{
    const struct val *v = NULL;

    CHECK(yaml_read(a, text, STR("test"), YAML_SIGS, &v) == NULL);
    return v;
}

/* A plugin whose program is this shell script. */
static struct err *plugin(struct arena *a, const char *script, const char *more,
                          const struct exec_plugin **ret)
{
    struct str text = str_printf(a,
                                 "apiVersion: client.authentication.k8s.io/v1\ncommand: sh\n"
                                 "interactiveMode: Never\nargs: [-c, '%s']\n%s",
                                 script, more);
    const struct val *cluster = val_map_of(a, "server", val_cstring(a, "https://here"), NULL);

    return exec_plugin_parse(a, yaml(a, text), STR("kubeconfig"), STR(""), cluster, ret);
}

static struct err *run_plugin(struct arena *a, const char *script, const char *more,
                              struct exec_credential *ret)
{
    struct process process = process_posix_port();
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    const struct exec_plugin *p;
    struct err *e = plugin(a, script, more, &p);

    return e ? e : exec_plugin_run(p, &process, &r, ret);
}

#define PRINT(version, status)                                                  \
    "printf %s \"{\\\"apiVersion\\\":\\\"client.authentication.k8s.io/" version \
    "\\\",\\\"kind\\\":\\\"ExecCredential\\\",\\\"status\\\":{" status "}}\""

TEST(a_program_gives_a_token_and_says_when_it_ends)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct exec_credential c = { .cert_pem = STR("") };

    REQUIRE(run_plugin(a,
                       PRINT("v1", "\\\"token\\\":\\\"t1\\\",\\\"expirationTimestamp\\\":"
                                   "\\\"2026-01-31T09:30:00Z\\\""),
                       "", &c) == NULL);
    CHECK_STR(secret_reveal(c.token), "t1");
    CHECK_STR(wall_time_format(a, c.expires), "2026-01-31T09:30:00Z");
    CHECK(!secret_is_set(c.key_pem));
}

TEST(it_sees_its_environment_and_the_cluster_where_it_asks)
{
    static const char script[] =
        "case \"$KUBERNETES_EXEC_INFO\" in *https://here*) T=told;; *) T=untold;; esac; " PRINT(
            "v1", "\\\"token\\\":\\\"$T-$COLOR-$HOME\\\"");
    ARENA_AUTO struct arena *a = arena_new(0);
    struct exec_credential c = { .cert_pem = STR("") };

    REQUIRE(run_plugin(a, script,
                       "env: [{name: COLOR, value: red}, {name: HOME, value: /h}]\n"
                       "provideClusterInfo: true\n",
                       &c) == NULL);
    CHECK_STR(secret_reveal(c.token), "told-red-/h");
    REQUIRE(run_plugin(a, script, "env: [{name: HOME, value: /h}]\n", &c) == NULL);
    CHECK_STR(secret_reveal(c.token), "untold--/h");
}

TEST(what_gives_no_credential_says_why_and_tells_no_output)
{
    static const struct {
        const char *name, *script, *more, *want;
    } cases[] = {
        { "fails", "echo hunter2; echo why >&2; exit 3", "",
          "executable sh failed with exit code 3: why" },
        { "no JSON", "echo hunter2", "", "printed no ExecCredential" },
        { "another version", PRINT("v1beta1", "\\\"token\\\":\\\"hunter2\\\""), "",
          "configured to use API version client.authentication.k8s.io/v1, plugin returned version "
          "client.authentication.k8s.io/v1beta1" },
        { "nothing in it", PRINT("v1", ""), "", "neither a token nor a client certificate" },
        { "half a pair", PRINT("v1", "\\\"clientCertificateData\\\":\\\"hunter2\\\""), "",
          "without its key" },
        { "no time",
          PRINT("v1", "\\\"token\\\":\\\"hunter2\\\",\\\"expirationTimestamp\\\":\\\"soon\\\""), "",
          "expirationTimestamp" },
        { "too much", "head -c 2000000 /dev/zero", "", "executable sh" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct exec_credential c = { .cert_pem = STR("") };
        struct err *e = run_plugin(a, cases[i].script, cases[i].more, &c);

        test_label(cases[i].name);
        REQUIRE(e != NULL);
        CHECK_HAS(err_line(a, e), cases[i].want);
        CHECK(!str_contains(err_line(a, e), STR("hunter2")));
    }
}

TEST(plugins_that_cannot_run_here_are_refused)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "{apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}", "exec.command" },
        { "{apiVersion: client.authentication.k8s.io/v1alpha1, command: x}", "v1alpha1" },
        { "{apiVersion: client.authentication.k8s.io/v1, command: x}",
          "interactiveMode is required" },
        { "{apiVersion: client.authentication.k8s.io/v1beta1, command: x, interactiveMode: Always}",
          "no terminal" },
    };
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct exec_plugin *p;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err *e = exec_plugin_parse(a, yaml(a, str_from_cstr(cases[i].text)),
                                          STR("kubeconfig"), STR(""), NULL, &p);

        REQUIRE(e != NULL);
        CHECK_INT(e->code, ERR_INVALID);
        CHECK_HAS(err_line(a, e), cases[i].want);
    }
}

TEST(a_program_that_is_not_there_is_told_with_its_hint)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct process process = process_posix_port();
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    const struct exec_plugin *p = NULL;
    struct exec_credential c = { .cert_pem = STR("") };
    struct err *e;

    REQUIRE(exec_plugin_parse(a,
                              yaml(a, STR("{apiVersion: client.authentication.k8s.io/v1beta1, "
                                          "command: ./no-such, installHint: get it}")),
                              STR("/etc/k/config"), STR("/etc/k"), NULL, &p) == NULL);
    CHECK_STR(p->command, "/etc/k/./no-such");
    e = exec_plugin_run(p, &process, &r, &c);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_UNAUTHORIZED);
    CHECK_HAS(err_line(a, e), "not found: get it");
}

/* Counts how often it is run, and gives a token with that number in it. */
struct counting {
    int runs;
    const char *expires;
    bool fails;
};

static struct err *count_run(void *self, struct run *r, const struct process_spec *spec,
                             struct process_result *ret)
{
    struct counting *c = self;

    (void)spec;
    c->runs++;
    *ret = (struct process_result){
        .exit_status = c->fails ? 1 : 0,
        .output = str_printf(r->arena,
                             "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":"
                             "\"ExecCredential\",\"status\":{\"token\":\"t%d\"%s}}",
                             c->runs, c->expires),
    };
    return NULL;
}

static const struct process_ops counting_ops = { .run = count_run };

TEST(a_credential_is_kept_until_it_ends_or_is_refused)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct counting c = { .expires = "" };
    struct process process = { .ops = &counting_ops, .self = &c };
    struct kubeconfig config = { .server = STR("https://here") };
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct identity me;
    struct login login;

    REQUIRE(plugin(a, "", "", &config.exec) == NULL);
    login_init(&login, &config, &process);
    for (int i = 0; i < 3; i++)
        REQUIRE(login_identity(&login, &r, &me) == NULL);
    CHECK_STR(me.authorization, "Bearer t1");
    login_refused(&login); /* it was read just now: another would not be better */
    REQUIRE(login_identity(&login, &r, &me) == NULL);
    CHECK_INT(c.runs, 1);
    login.read_ns -= 3 * NS_PER_S;
    login_refused(&login);
    c.expires = ",\"expirationTimestamp\":\"2000-01-01T00:00:00Z\"";
    REQUIRE(login_identity(&login, &r, &me) == NULL);
    CHECK_STR(me.authorization, "Bearer t2");
    REQUIRE(login_identity(&login, &r, &me) == NULL);
    CHECK_STR(me.authorization, "Bearer t3");
    login_done(&login);
}

TEST(a_program_that_fails_is_not_asked_again_at_once)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct counting c = { .expires = "", .fails = true };
    struct process process = { .ops = &counting_ops, .self = &c };
    struct kubeconfig config = { .server = STR("https://here") };
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct identity me;
    struct login login;

    REQUIRE(plugin(a, "", "", &config.exec) == NULL);
    login_init(&login, &config, &process);
    for (int i = 0; i < 5; i++)
        CHECK(login_identity(&login, &r, &me) != NULL);
    CHECK_INT(c.runs, 1);
    login.read_ns -= 3 * NS_PER_S;
    c.fails = false;
    CHECK(login_identity(&login, &r, &me) == NULL);
    CHECK_STR(me.authorization, "Bearer t2");
    login_done(&login);
}

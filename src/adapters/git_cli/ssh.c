/* SPDX-License-Identifier: Apache-2.0 */
/* The ssh program under git: nothing of the machine or its user decides, and only the Secret's host keys are trusted. */
#include <stdio.h>
#include <unistd.h>

#include "adapters/git_cli/askpass.h"
#include "adapters/git_cli/setup.h"
#include "base/buf.h"

/* A key may be asked its passphrase for (BatchMode would forbid it); every other prompt is switched off by its source. */
static const char *const fixed_options[] = {
    "IdentitiesOnly=yes",
    "IdentityAgent=none",
    "AddKeysToAgent=no",
    "PreferredAuthentications=publickey",
    "PubkeyAuthentication=yes",
    "PasswordAuthentication=no",
    "KbdInteractiveAuthentication=no",
    "HostbasedAuthentication=no",
    "GSSAPIAuthentication=no",
    "NumberOfPasswordPrompts=1",
    "StrictHostKeyChecking=yes",
    "GlobalKnownHostsFile=/dev/null",
    "KnownHostsCommand=none",
    "UpdateHostKeys=no",
    "VerifyHostKeyDNS=no",
    "CheckHostIP=no",
    "ClearAllForwardings=yes",
    "ForwardAgent=no",
    "PermitLocalCommand=no",
    "ProxyCommand=none",
    "ControlMaster=no",
    "ControlPath=none",
    "CanonicalizeHostname=no",
    "PKCS11Provider=none",
    "ServerAliveInterval=15",
    "ServerAliveCountMax=2",
    "LogLevel=ERROR",
};

/* ssh starts it by itself; no terminal is needed. */
static struct err *add_passphrase(struct git_setup *s, const struct git_auth *auth)
{
    char program[64];
    const char *path;
    struct err *e;

    if (!secret_is_set(auth->ssh_passphrase))
        return NULL;
    if (TRY(&e, git_setup_secret_file(s, secret_reveal(auth->ssh_passphrase), &path)))
        return e;
    (void)snprintf(program, sizeof program, "/proc/%ld/exe", (long)getpid());
    git_setup_env(s, "SSH_ASKPASS", str_from_cstr(program));
    git_setup_env(s, "SSH_ASKPASS_REQUIRE", STR("force"));
    git_setup_env(s, GIT_ASKPASS_VARIABLE, str_from_cstr(path));
    return NULL;
}

struct err *git_setup_ssh(struct git_setup *s, const struct git_auth *auth, bool has_user)
{
    const char *identity, *hosts;
    struct str key;
    struct buf command;
    struct err *e;

    if (!auth || !secret_is_set(auth->ssh_identity) || auth->ssh_known_hosts.len == 0)
        return err_new(s->arena, ERR_UNAUTHORIZED,
                       "an ssh:// URL needs a Secret with identity and known_hosts");
    key = secret_reveal(auth->ssh_identity);
    if (key.len > 0 && key.ptr[key.len - 1] != '\n') /* ssh wants its last line ended */
        key = str_printf(s->arena, "%.*s\n", STR_ARG(key));
    if (TRY(&e, git_setup_secret_file(s, key, &identity)) ||
        TRY(&e, git_setup_secret_file(s, auth->ssh_known_hosts, &hosts)) ||
        TRY(&e, add_passphrase(s, auth)))
        return e;
    buf_init(&command, s->arena, 0);
    buf_printf(&command, "ssh -F /dev/null -i %s -o UserKnownHostsFile=%s", identity, hosts);
    for (size_t i = 0; i < sizeof fixed_options / sizeof fixed_options[0]; i++)
        buf_printf(&command, " -o %s", fixed_options[i]);
    if (!has_user)
        buf_lit(&command, " -o User=git");
    git_setup_env(s, "GIT_SSH_COMMAND", buf_str(&command));
    git_setup_env(s, "GIT_SSH_VARIANT", STR("ssh"));
    return NULL;
}

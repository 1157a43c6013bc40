/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_cli/failure.h"

#include "base/buf.h"
#include "core/git/ssh_key.h"

/*
 * First hit counts. `says` stands in front of git's words: go-git's where source-controller shows them, and the names of
 * docs/reference/gitrepository.md.
 */
static const struct {
    struct str words;
    enum err_code code;
    const char *says;
} meanings[] = {
    { STR_INIT("Host key verification failed"), ERR_FORBIDDEN, "HostKeyMismatch" },
    { STR_INIT("incorrect passphrase"), ERR_UNAUTHORIZED, "authentication required" },
    { STR_INIT("Permission denied ("), ERR_UNAUTHORIZED, "authentication required" },
    { STR_INIT("Authentication failed"), ERR_UNAUTHORIZED, "authentication required" },
    { STR_INIT("could not read Username"), ERR_UNAUTHORIZED, "authentication required" },
    { STR_INIT("could not read Password"), ERR_UNAUTHORIZED, "authentication required" },
    { STR_INIT("error: 401"), ERR_UNAUTHORIZED, "authentication required" },
    { STR_INIT("error: 403"), ERR_FORBIDDEN, "authorization failed" },
    { STR_INIT("error: 407"), ERR_UNAUTHORIZED, "the proxy wants other credentials" },
    { STR_INIT("response 407"), ERR_UNAUTHORIZED, "the proxy wants other credentials" },
    { STR_INIT("error: 30"), ERR_FORBIDDEN,
      "the server redirects, and credentials are not sent elsewhere: set spec.url to where it leads" },
    { STR_INIT("unable to update url base from redirection"), ERR_FORBIDDEN, NULL },
    { STR_INIT("mismatched algorithms"), ERR_UNSUPPORTED,
      "GitHashUnsupported: the repository names its objects by SHA-256" },
    { STR_INIT("died of signal 25"), ERR_TOO_LARGE,
      "PackTooLarge: more than the limit of 512 MiB" },
    { STR_INIT("bad line length"), ERR_UNAVAILABLE, "GitProtocolError" },
    { STR_INIT("protocol error"), ERR_UNAVAILABLE, "GitProtocolError" },
    { STR_INIT("invalid server response"), ERR_UNAVAILABLE, "GitProtocolError" },
    { STR_INIT("fsck error"), ERR_INVALID, "GitObjectInvalid" },
    { STR_INIT("SHA1 COLLISION"), ERR_INVALID, "GitObjectInvalid" },
    { STR_INIT("pack is corrupted"), ERR_UNAVAILABLE, "PackChecksumMismatch" },
    { STR_INIT("invalid index-pack output"), ERR_UNAVAILABLE, "PackInvalid" },
    { STR_INIT("index-pack failed"), ERR_UNAVAILABLE, "PackInvalid" },
    { STR_INIT("' not found"), ERR_NOT_FOUND, "repository not found" },
    { STR_INIT("not found: did you run git update-server-info"), ERR_NOT_FOUND,
      "repository not found" },
    { STR_INIT("does not appear to be a git repository"), ERR_NOT_FOUND, "repository not found" },
    { STR_INIT("couldn't find remote ref"), ERR_NOT_FOUND, NULL },
    { STR_INIT("not our ref"), ERR_NOT_FOUND, NULL },
    { STR_INIT("transport '"), ERR_INVALID, NULL },
    { STR_INIT("cannot run ssh"), ERR_UNSUPPORTED,
      "ssh is not installed (Debian package openssh-client)" },
};

static bool line_matters(struct str line, bool is_ssh)
{
    static const struct str skipped[] = { STR_INIT("Please make sure you have"),
                                          STR_INIT("and the repository exists"), STR_INIT("@@@@"),
                                          STR_INIT("Warning: Permanently") };

    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++)
        if (str_has_prefix(line, skipped[i]))
            return false;
    return line.len > 0 &&
           (is_ssh || str_has_prefix(line, STR("fatal:")) || str_has_prefix(line, STR("error:")) ||
            str_has_prefix(line, STR("remote:")));
}

/* Without progress and advice, in one line. */
static struct str last_words(struct arena *a, struct str text, bool is_ssh)
{
    struct str line, rest = str_trim(text);
    struct buf out;

    buf_init(&out, a, 1024);
    while (str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        if (!line_matters(line, is_ssh))
            continue;
        if (out.len > 0)
            buf_lit(&out, "; ");
        buf_put(&out, str_trim(str_trim_prefix(line, STR("fatal:"))));
    }
    return out.len ? buf_str(&out) : str_slice(str_trim(text), 0, 512);
}

static struct str after(struct str text, struct str words, char end)
{
    size_t at = str_find(text, words, 0);
    struct str rest = at == SIZE_MAX ? STR("") : str_skip(text, at + words.len), head = STR("");

    (void)str_cut(&rest, end, &head);
    return str_trim(head);
}

/* "Offending ED25519 key in <file>:3" and the fingerprint of what the server sent. */
static struct str host_key_words(struct arena *a, const struct git_command *c, struct str words)
{
    struct str sent = after(words, STR("sent by the remote host is"), '.'),
               line = after(words, STR("Offending "), '\n'), type, wanted;
    uint64_t number = 0;

    if (line.len == 0 || !str_to_uint64(str_skip(line, str_rfind_byte(line, ':') + 1), &number))
        return last_words(a, words, true);
    type = str_slice(line, 0, str_find_byte(line, ' ', 0));
    wanted = ssh_known_host_fingerprint(a, c->remote->auth->ssh_known_hosts, (size_t)number);
    return str_printf(a, "the server's %.*s key is %.*s, known_hosts line %llu has %.*s",
                      STR_ARG(type), STR_ARG(sent), (unsigned long long)number, STR_ARG(wanted));
}

struct err *git_failure(struct arena *a, const struct git_command *c, int exit_status,
                        struct str words)
{
    bool is_ssh = c->remote && str_has_prefix(c->remote->url, STR("ssh:"));
    enum err_code code = c->remote ? ERR_UNAVAILABLE : ERR_INTERNAL;
    struct str shown = last_words(a, words, is_ssh);
    const char *says = NULL;

    for (size_t i = 0; c->remote && i < sizeof meanings / sizeof meanings[0]; i++)
        if (str_contains(words, meanings[i].words)) {
            code = meanings[i].code;
            says = meanings[i].says;
            if (i == 0 && is_ssh && c->remote->auth)
                shown = host_key_words(a, c, words);
            break;
        }
    if (shown.len == 0)
        shown = str_printf(a, "git %s ended with status %d", c->args[0], exit_status);
    if (says)
        return err_new(a, code, "%s: %.*s", says, STR_ARG(shown));
    return err_new(a, code, "%.*s", STR_ARG(shown));
}

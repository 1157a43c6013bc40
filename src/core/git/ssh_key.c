/* SPDX-License-Identifier: Apache-2.0 */
#include "core/git/ssh_key.h"

#include "foreign/base64.h"
#include "foreign/digest.h"

/* What stands between the BEGIN and END lines of `label`; false when they are not there. */
static bool pem_body(struct str pem, struct str begin, struct str end, struct str *ret)
{
    size_t from = str_find(pem, begin, 0), to;

    if (from == SIZE_MAX)
        return false;
    from += begin.len;
    to = str_find(pem, end, from);
    if (to == SIZE_MAX)
        return false;
    *ret = str_slice(pem, from, to);
    return true;
}

/* "openssh-key-v1" NUL, then the cipher's name with a length of four bytes in front. */
static enum ssh_key_state openssh_state(struct arena *a, struct str body)
{
    static const struct str magic = STR_INIT("openssh-key-v1\0"), plain = STR_INIT("\0\0\0\4none");
    struct str bytes;

    if (!base64_decode(a, str_trim(body), BASE64_SKIP_LINE_BREAKS, &bytes) ||
        !str_has_prefix(bytes, magic))
        return SSH_KEY_NONE;
    return str_has_prefix(str_skip(bytes, magic.len), plain) ? SSH_KEY_PLAIN : SSH_KEY_ENCRYPTED;
}

enum ssh_key_state ssh_key_state(struct arena *a, struct str pem)
{
    static const struct {
        struct str begin, end;
        bool encrypted;
    } forms[] = {
        { STR_INIT("-----BEGIN RSA PRIVATE KEY-----"), STR_INIT("-----END RSA PRIVATE KEY-----"),
          false },
        { STR_INIT("-----BEGIN EC PRIVATE KEY-----"), STR_INIT("-----END EC PRIVATE KEY-----"),
          false },
        { STR_INIT("-----BEGIN DSA PRIVATE KEY-----"), STR_INIT("-----END DSA PRIVATE KEY-----"),
          false },
        { STR_INIT("-----BEGIN PRIVATE KEY-----"), STR_INIT("-----END PRIVATE KEY-----"), false },
        { STR_INIT("-----BEGIN ENCRYPTED PRIVATE KEY-----"),
          STR_INIT("-----END ENCRYPTED PRIVATE KEY-----"), true },
    };
    struct str body;

    if (pem_body(pem, STR("-----BEGIN OPENSSH PRIVATE KEY-----"),
                 STR("-----END OPENSSH PRIVATE KEY-----"), &body))
        return openssh_state(a, body);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (pem_body(pem, forms[i].begin, forms[i].end, &body))
            return forms[i].encrypted || str_contains(body, STR("Proc-Type: 4,ENCRYPTED"))
                       ? SSH_KEY_ENCRYPTED
                       : SSH_KEY_PLAIN;
    return SSH_KEY_NONE;
}

struct str ssh_known_host_fingerprint(struct arena *a, struct str known_hosts, size_t number)
{
    struct str rest = known_hosts, line = STR(""), word, key = STR(""), bytes;
    uint8_t digest[DIGEST_BYTES_MAX];

    while (number > 0 && str_cut(&rest, '\n', &line))
        number--;
    if (number > 0)
        return STR("");
    for (rest = str_trim(line); str_cut(&rest, ' ', &word);)
        if (str_has_prefix(word, STR("AAAA"))) /* every key blob begins with a short length */
            key = word;
    if (key.len == 0 || !base64_decode(a, key, BASE64_STRICT, &bytes))
        return STR("");
    digest_bytes(DIGEST_SHA256, bytes, digest);
    return str_printf(
        a, "SHA256:%.*s",
        STR_ARG(str_trim_suffix(base64_encode(a, str_of((const char *)digest, 32)), STR("="))));
}

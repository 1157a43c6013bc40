/* SPDX-License-Identifier: Apache-2.0 */
#include "core/git/ssh_key.h"

#include "tests/harness.h"

/* Made for this test by ssh-keygen of OpenSSH 9.2; used nowhere. */
static const char plain_key[] =
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
    "QyNTUxOQAAACDOqxBE1ePCcLsjDoKo3vreXzfb8N1o/WfJHeDkgInnqgAAAIjAAGCewABg\n"
    "ngAAAAtzc2gtZWQyNTUxOQAAACDOqxBE1ePCcLsjDoKo3vreXzfb8N1o/WfJHeDkgInnqg\n"
    "AAAEBXCL+obAoeNw3R5gOt9U0y874rwAsOM6SXUK4ih6XPd86rEETV48JwuyMOgqje+t5f\n"
    "N9vw3Wj9Z8kd4OSAieeqAAAAAXQBAgME\n"
    "-----END OPENSSH PRIVATE KEY-----\n";
static const char encrypted_key[] =
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABCFPISOl9\n"
    "wm9p05ejOlG1o5AAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIDMjrlM84J2Ma1mF\n"
    "0Fm9I+v2b1cLpmbwzSKhITUv4VZDAAAAkP6lyVfjJ4lSjD0CHNe+tjFYC+J9pVJRH5lbdQ\n"
    "ZidKjbdH0+LYvGOyiZGnz9NWGmWOfcBW5QhGc98pYZRhlnL/gwOZ4nEslrj4f4c+J9GKCJ\n"
    "/Qcaw1cl0nbhtlURUPDqf6EzcCvG5fdASUWYMbTCQ0imuyl5FFsy6RQr7jBr+xRwZYt/Pv\n"
    "er4pWpLmULz7gtOw==\n"
    "-----END OPENSSH PRIVATE KEY-----\n";

TEST(a_key_says_whether_it_has_a_passphrase)
{
    static const struct {
        const char *text;
        enum ssh_key_state want;
    } cases[] = {
        { plain_key, SSH_KEY_PLAIN },
        { encrypted_key, SSH_KEY_ENCRYPTED },
        { "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
          "-----END RSA PRIVATE KEY-----\n",
          SSH_KEY_ENCRYPTED },
        { "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n", SSH_KEY_PLAIN },
        { "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
          SSH_KEY_ENCRYPTED },
        { "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
          SSH_KEY_NONE },
        { "-----BEGIN OPENSSH PRIVATE KEY-----\n", SSH_KEY_NONE },
        { "ssh-ed25519 AAAA", SSH_KEY_NONE },
        { "", SSH_KEY_NONE },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);

        CHECK_INT(ssh_key_state(a, str_from_cstr(cases[i].text)), cases[i].want);
    }
}

/* ssh-keygen -l of the same key. */
TEST(a_line_of_known_hosts_has_a_fingerprint)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct str text = STR("# a comment\n[git.example.com]:2222 ssh-ed25519 "
                          "AAAAC3NzaC1lZDI1NTE5AAAAIM6rEETV48JwuyMOgqje+t5fN9vw3Wj9Z8kd4OSAieeq\n"
                          "broken\n");

    CHECK_STR(ssh_known_host_fingerprint(a, text, 2),
              "SHA256:0EMYs4go3TM/uuapDKnbu0AM8z+HcHwl7Pmav54saO8");
    CHECK_STR(ssh_known_host_fingerprint(a, text, 1), "");
    CHECK_STR(ssh_known_host_fingerprint(a, text, 3), "");
    CHECK_STR(ssh_known_host_fingerprint(a, text, 9), "");
    CHECK_STR(ssh_known_host_fingerprint(a, text, 0), "");
}

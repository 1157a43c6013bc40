/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/git/ssh_key.h - what can be told about SSH keys from their text alone. Nothing here decrypts or signs.
 *
 * Used by app/reconcile and adapters/git_cli. Source of truth: OpenSSH's PROTOCOL.key; RFC 7468; sshd(8), known_hosts.
 */
#ifndef CORE_GIT_SSH_KEY_H
#define CORE_GIT_SSH_KEY_H

#include "base/arena.h"
#include "base/str.h"

enum ssh_key_state { SSH_KEY_NONE, SSH_KEY_PLAIN, SSH_KEY_ENCRYPTED };

/* Of a private key in PEM: OpenSSH's own format, PKCS#1, SEC1 or PKCS#8. NONE: it is none of them. */
enum ssh_key_state ssh_key_state(struct arena *a, struct str pem);

/* "SHA256:<base64>" of the key on line `number` (1..) of a known_hosts text; "" when the line has none. */
struct str ssh_known_host_fingerprint(struct arena *a, struct str known_hosts, size_t number);

#endif

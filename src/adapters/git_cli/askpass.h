/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/git_cli/askpass.h - our own program as the one that ssh asks for a passphrase.
 *
 * ssh has no way to take a passphrase but from a terminal or a program. It starts SSH_ASKPASS, which is this program
 * again, with the prompt as the only argument; GIT_ASKPASS_VARIABLE names the memory file that holds the answer.
 */
#ifndef ADAPTERS_GIT_CLI_ASKPASS_H
#define ADAPTERS_GIT_CLI_ASKPASS_H

#define GIT_ASKPASS_VARIABLE "WEIR_ASKPASS_FILE"

/*
 * Prints what the file holds in answer to a prompt for a key's passphrase, to no other; the exit status. `file` is the
 * value of the variable above.
 */
int git_askpass_answer(const char *file, const char *prompt);

#endif

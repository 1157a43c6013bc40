/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/oci/credential_program.h - what a program that keeps a user's credentials is told and answers: docker-credential-NAME with
 * "get" (a server on standard input, JSON out), "store" (JSON in) or "erase" (a server in).
 *
 * Source of truth: docker/docker-credential-helpers.
 */
#ifndef CORE_OCI_CREDENTIAL_PROGRAM_H
#define CORE_OCI_CREDENTIAL_PROGRAM_H

#include "core/oci/docker_config.h"

/* "docker-credential-NAME"; ERR_INVALID: NAME has other characters than letters, digits, '.', '_' and '-', or begins with '-'. */
MUST_CHECK struct err *credential_program_name(struct arena *a, struct str name, struct str *ret);

/* The registry as helpers know it: Docker Hub by the name its credentials always had. */
struct str credential_program_server(struct str registry);

/*
 * The answer to "get". The name "<token>" stands before an identity token. ERR_INVALID: no answer. Messages never show what
 * the program wrote.
 */
MUST_CHECK struct err *credential_program_read(struct arena *a, struct str answer,
                                               struct str program, struct oci_credentials *ret);

/* What a program that fails writes where it merely has none. */
bool credential_program_has_none(struct str answer);

/* The input of "store". */
struct secret credential_program_entry(struct arena *a, struct str server,
                                       const struct oci_credentials *c);

#endif

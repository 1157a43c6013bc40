/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/process_posix/process_posix.h - ports/driven/process.h over posix_spawn and poll.
 */
#ifndef ADAPTERS_PROCESS_POSIX_PROCESS_POSIX_H
#define ADAPTERS_PROCESS_POSIX_PROCESS_POSIX_H

#include "ports/driven/process.h"

/* Stateless; `self` is unused. The program ignores SIGPIPE: a child may end before it has read its input. */
struct process process_posix_port(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* main/sandbox.h - the embedded API server with its engine, as one process. */
#ifndef MAIN_SANDBOX_H
#define MAIN_SANDBOX_H

#include "ports/driving/daemon.h"

/* Until SIGINT or SIGTERM. */
struct err *sandbox_run(void *self, struct run *r, const struct sandbox_settings *settings);

#endif

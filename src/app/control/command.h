/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/control/command.h - private to the commands: their parts, a file each.
 */
#ifndef APP_CONTROL_COMMAND_H
#define APP_CONTROL_COMMAND_H

#include "app/control/commands.h"

/* As in the port; `self` is a control_commands. */
struct err *command_put(void *self, struct run *r, const struct put_request *req,
                        const struct progress *progress);
struct err *command_remove(void *self, struct run *r, const struct obj_ref *ref,
                           const struct progress *progress);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/render_process/conversation.h - the parent's side of one build: sends it, answers what the worker asks, takes the result.
 *
 * Reads of the tenant's bytes nothing but lengths. Private to the parent.
 */
#ifndef ADAPTERS_RENDER_PROCESS_CONVERSATION_H
#define ADAPTERS_RENDER_PROCESS_CONVERSATION_H

#include "adapters/render_process/frame.h"
#include "core/render.h"

/*
 * fd: of a worker that waits for work. *ret_usable: it waits again; false, and it must be ended. The build's own error where it failed;
 * ERR_GONE: the worker closed; ERR_INTERNAL: it said what no worker of ours says; ERR_TIMEOUT, ERR_CANCELLED.
 */
MUST_CHECK struct err *conversation_run(int fd, struct run *r, const struct render_request *request,
                                        struct render_result *ret, bool *ret_usable);

#endif

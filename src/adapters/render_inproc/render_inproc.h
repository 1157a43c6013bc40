/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/render_inproc/render_inproc.h - ports/driven/renderer.h in the caller's thread: for tests, and where no worker process can
 * be started. Without state.
 */
#ifndef ADAPTERS_RENDER_INPROC_RENDER_INPROC_H
#define ADAPTERS_RENDER_INPROC_RENDER_INPROC_H

#include "ports/driven/renderer.h"

struct renderer render_inproc_port(void);

#endif

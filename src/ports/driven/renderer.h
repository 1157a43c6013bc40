/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/renderer.h - from a folder of an artifact to objects, as far from our credentials as can be.
 *
 * What comes out is a function of the request (core/render.h). Thread-safe; blocks until done, r->deadline or
 * cancellation. Implementations: adapters/render_process (a confined child for each tenant), adapters/render_inproc.
 */
#ifndef PORTS_DRIVEN_RENDERER_H
#define PORTS_DRIVEN_RENDERER_H

#include "base/run.h"
#include "core/render.h"

struct renderer_ops {
    /*
     * The result lives in r->arena. Errors of the build as render() gives them. Of a worker process also ERR_UNAVAILABLE: it
     * could not be started; ERR_INTERNAL: it died or answered nonsense; ERR_TOO_LARGE: it reached a limit; ERR_TIMEOUT.
     */
    struct err *(*render)(void *self, struct run *r, const struct render_request *request,
                          struct render_result *ret);
};

struct renderer {
    const struct renderer_ops *ops; /* no entry is NULL */
    void *self;
};

#endif

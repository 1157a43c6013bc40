/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/render_inproc/render_inproc.h"

static struct err *render_here(void *self, struct run *r, const struct render_request *request,
                               struct render_result *ret)
{
    (void)self;
    return render(r->arena, request, ret);
}

struct renderer render_inproc_port(void)
{
    static const struct renderer_ops ops = { .render = render_here };

    return (struct renderer){ .ops = &ops };
}

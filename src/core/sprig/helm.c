/* SPDX-License-Identifier: Apache-2.0 */
/* Helm's own functions that are not documents or durations. */
#include "core/gotmpl/include.h"
#include "core/kube/obj_ref.h"
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"
#include "value/val.h"

/* The message between marks, which template_error_as_helm() takes out again. */
static struct err *stop(struct call *c, struct str message)
{
    return call_fail(c, "%s%.*s%s", TEMPLATE_MESSAGE_BEGIN, STR_ARG(message), TEMPLATE_MESSAGE_END);
}

static bool is_lint(const struct call *c)
{
    return c->exec->engine->options.lint;
}

struct err *sprig_fail(struct call *c, struct go_value *ret)
{
    *ret = go_string(STR(""));
    return is_lint(c) ? NULL : stop(c, c->args[0].text);
}

struct err *sprig_required(struct call *c, struct go_value *ret)
{
    const struct go_value *v = &c->args[1];

    *ret = *v;
    if (v->type > GO_NIL && (v->type != GO_STRING || v->text.len > 0))
        return NULL;
    *ret = go_string(STR(""));
    return is_lint(c) ? NULL : stop(c, c->args[0].text);
}

struct err *sprig_lookup(struct call *c, struct go_value *ret)
{
    const struct host *host = c->exec->engine->options.host;
    struct obj_ref ref = { .kind = c->args[1].text,
                           .ns = c->args[2].text,
                           .name = c->args[3].text };
    const struct val *found = NULL;
    struct err *e;

    *ret = go_map_new(c->arena, GO_MAP);
    if (is_lint(c) || !host || !host->lookup)
        return NULL;
    if (!api_version_parse(c->args[0].text, &ref.group, &ref.version))
        return call_fail(c, "unexpected GroupVersion string: %.*s", STR_ARG(c->args[0].text));
    if (TRY(&e, call_charge(c, 1000)) || TRY(&e, host->lookup(host->self, c->arena, &ref, &found)))
        return e;
    if (val_is(found, VAL_MAP))
        *ret = go_from_val(c->arena, found);
    return NULL;
}

/* Helm gives an empty text unless DNS is asked for: what is rendered does not depend on the network. */
struct err *sprig_get_host_by_name(struct call *c, struct go_value *ret)
{
    (void)c;
    *ret = go_string(STR(""));
    return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that keep credentials, as the user's own configuration names them. */
#include "core/oci/credential_program.h"

#include "app/charts/work.h"
#include "base/limits.h"

/* One program, for one registry. */
struct helper {
    const struct work *w;
    struct str program;
    struct str server;
};

static struct err *open_helper(const struct work *w, struct str name, struct str registry,
                               struct helper *ret)
{
    *ret = (struct helper){ .w = w, .server = credential_program_server(registry) };
    return credential_program_name(w->arena, name, &ret->program);
}

static struct err *call(const struct helper *h, const char *verb, struct str input,
                        struct process_result *ret)
{
    const struct chart_tools *tools = h->w->tools;
    const char *argv[] = { str_cstr(h->w->arena, h->program), verb, NULL };
    struct process_spec spec = { .argv = argv,
                                 .env = tools->environment,
                                 .input = input,
                                 .output_max = LIMIT_CREDENTIAL_PROGRAM_BYTES };
    struct err *e = tools->process.ops->run(tools->process.self, h->w->run, &spec, ret);

    if (!e)
        return NULL;
    if (e->code == ERR_NOT_FOUND)
        return err_new(
            h->w->arena, ERR_NOT_FOUND,
            "%.*s keeps the credentials of \"%.*s\" and is not there: install it, or log in "
            "with --username and --password",
            STR_ARG(h->program), STR_ARG(h->server));
    return err_wrap(h->w->arena, e, "%.*s %s", STR_ARG(h->program), verb);
}

static struct err *failed(const struct helper *h, const char *verb, const struct process_result *r)
{
    struct str said = str_trim(r->error.len > 0 ? r->error : r->output);

    return err_new(h->w->arena, ERR_UNAUTHORIZED, "%.*s %s \"%.*s\": status %d: %.*s",
                   STR_ARG(h->program), verb, STR_ARG(h->server), r->exit_status, STR_ARG(said));
}

struct err *credential_program_get(const struct work *w, struct str name, struct str registry,
                                   struct oci_credentials *ret)
{
    struct process_result result;
    struct helper h;
    struct err *e;

    *ret = (struct oci_credentials){ .username = STR("") };
    if (TRY(&e, open_helper(w, name, registry, &h)) || TRY(&e, call(&h, "get", h.server, &result)))
        return e;
    if (result.exit_status == 0)
        return credential_program_read(w->arena, result.output, h.program, ret);
    return credential_program_has_none(result.output) ? NULL : failed(&h, "get", &result);
}

struct err *credential_program_store(const struct work *w, struct str name, struct str registry,
                                     const struct oci_credentials *c)
{
    struct process_result result;
    struct secret entry;
    struct helper h;
    struct err *e;

    if (TRY(&e, open_helper(w, name, registry, &h)))
        return e;
    entry = credential_program_entry(w->arena, h.server, c);
    if (TRY(&e, call(&h, "store", secret_reveal(entry), &result)))
        return e;
    return result.exit_status == 0 ? NULL : failed(&h, "store", &result);
}

struct err *credential_program_erase(const struct work *w, struct str name, struct str registry)
{
    struct process_result result;
    struct helper h;
    struct err *e;

    if (TRY(&e, open_helper(w, name, registry, &h)) ||
        TRY(&e, call(&h, "erase", h.server, &result)))
        return e;
    return result.exit_status == 0 || credential_program_has_none(result.output)
               ? NULL
               : failed(&h, "erase", &result);
}

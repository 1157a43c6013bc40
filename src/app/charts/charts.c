/* SPDX-License-Identifier: Apache-2.0 */
#include "app/charts/charts.h"

#include "app/charts/work.h"
#include "base/vec.h"
#include "core/gotmpl/quote.h"

void work_tell(const struct work *w, int stream, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct err *line = err_newv(w->arena, ERR_INTERNAL, format, args); /* for its formatting */
    va_end(args);
    w->request->report.tell(w->request->report.self, stream, line->msg);
}

struct str work_log_value(struct arena *a, struct str value)
{
    bool is_plain = value.len > 0;

    for (size_t i = 0; i < value.len; i++)
        is_plain = is_plain && value.ptr[i] > ' ' && value.ptr[i] < 0x7f && value.ptr[i] != '"' &&
                   value.ptr[i] != '=';
    return is_plain ? value : quote_go(a, value);
}

static struct work work_of(void *self, struct run *r, const struct chart_request *request)
{
    return (struct work){
        .tools = self, .run = r, .arena = r->arena, .request = request, .oci_stream = 1
    };
}

static struct err *pull(void *self, struct run *r, const struct chart_request *request,
                        struct str chart, const struct chart_pull *how)
{
    struct work w = work_of(self, r, request);

    return chart_pull(&w, chart, how);
}

static struct err *verify(void *self, struct run *r, const struct chart_request *request,
                          struct str file, struct str keyring)
{
    struct work w = work_of(self, r, request);

    return chart_verify_file(&w, file, keyring);
}

static struct err *push(void *self, struct run *r, const struct chart_request *request,
                        struct str file, struct str remote)
{
    struct work w = work_of(self, r, request);

    return chart_push(&w, file, remote);
}

static struct err *locate(void *self, struct run *r, const struct chart_request *request,
                          struct str chart, struct str *ret)
{
    struct work w = work_of(self, r, request);

    w.oci_stream = 2;
    return chart_locate(&w, chart, ret);
}

static struct err *build(void *self, struct run *r, const struct chart_request *request,
                         const struct chart_dependencies *how)
{
    struct work w = work_of(self, r, request);

    return dependency_build(&w, how);
}

static struct err *update(void *self, struct run *r, const struct chart_request *request,
                          const struct chart_dependencies *how)
{
    struct work w = work_of(self, r, request);

    return dependency_update(&w, how);
}

static struct err *add(void *self, struct run *r, const struct chart_request *request,
                       const struct chart_repository *repository, bool replace)
{
    struct work w = work_of(self, r, request);

    return repository_add(&w, repository, replace);
}

static struct err *remove_some(void *self, struct run *r, const struct chart_request *request,
                               const struct str *names, size_t count)
{
    struct work w = work_of(self, r, request);

    return repository_remove(&w, names, count);
}

static struct err *refresh(void *self, struct run *r, const struct chart_request *request,
                           const struct str *names, size_t count)
{
    struct work w = work_of(self, r, request);

    return repository_update(&w, names, count);
}

static struct err *list(void *self, struct run *r, const struct chart_request *request,
                        struct chart_repositories *ret)
{
    struct work w = work_of(self, r, request);
    struct helm_repositories all;
    struct err *e;

    *ret = (struct chart_repositories){ .items = NULL };
    if (TRY(&e, repositories_load(&w, &all)))
        return e;
    for (size_t i = 0; i < all.count; i++)
        *VEC_PUSH(r->arena, ret) = (struct chart_repository){ all.items[i].name, all.items[i].url };
    return NULL;
}

static struct err *make_index(void *self, struct run *r, const struct chart_request *request,
                              const struct chart_index *how)
{
    struct work w = work_of(self, r, request);

    return repository_index(&w, how);
}

static struct err *login(void *self, struct run *r, const struct chart_request *request,
                         struct str host)
{
    struct work w = work_of(self, r, request);

    return registry_login(&w, host);
}

static struct err *logout(void *self, struct run *r, const struct chart_request *request,
                          struct str host)
{
    struct work w = work_of(self, r, request);

    return registry_logout(&w, host);
}

struct charts charts_port(struct chart_tools *tools)
{
    static const struct charts_ops ops = { .pull = pull,
                                           .verify = verify,
                                           .locate = locate,
                                           .dependency_build = build,
                                           .dependency_update = update,
                                           .repository_add = add,
                                           .repository_remove = remove_some,
                                           .repository_update = refresh,
                                           .repositories = list,
                                           .repository_index = make_index };

    return (struct charts){ .ops = &ops, .self = tools };
}

struct chart_registries chart_registries_port(struct chart_tools *tools)
{
    static const struct chart_registries_ops ops = { .push = push,
                                                     .login = login,
                                                     .logout = logout };

    return (struct chart_registries){ .ops = &ops, .self = tools };
}

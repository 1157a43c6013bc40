/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "core/kustomize/build.h"

static bool ends_build(const struct err *e)
{
    return e->code == ERR_TOO_LARGE || e->code == ERR_CANCELLED || e->code == ERR_TIMEOUT ||
           e->code == ERR_INTERNAL;
}

static bool names_file(const struct err *e, struct str file)
{
    return str_has_prefix(e->msg, file) && e->msg.len > file.len && e->msg.ptr[file.len] == ':';
}

/* "file:3:5: resources" in front, then each kustomization above, so that the start folder's is first. */
static struct err *placed(struct kust_build *b, const struct kust_dir *dir, const char *field,
                          const struct val *at, struct err *e)
{
    struct arena *a = b->arena;
    if (!names_file(e, dir->file)) {
        bool known = at && at->line > 0;
        e = err_wrap(a, e, "%.*s%s%s%s", STR_ARG(dir->file),
                     known ? str_cstr(a, str_printf(a, ":%u:%u", at->line, at->column)) : "",
                     field ? ": " : "", field ? field : "");
    }
    for (; dir && dir->named_at.len > 0; dir = dir->parent)
        e = err_wrap(a, e, "%.*s", STR_ARG(dir->named_at));
    return e;
}

static bool is_known(const struct kust_build *b, struct err *e)
{
    struct str line = err_line(b->arena, e);
    for (size_t i = 0; i < b->errors.count; i++)
        if (str_eq(err_line(b->arena, b->errors.items[i]), line))
            return true;
    return false;
}

static struct err *report_one(struct kust_build *b, struct err *e)
{
    if (is_known(b, e))
        return NULL;
    *VEC_PUSH(b->arena, &b->errors) = e;
    bool full = b->errors.count >= LIMIT_BUILD_ERRORS;
    if (!full && !ends_build(e))
        return NULL;
    if (full)
        *VEC_PUSH(b->arena, &b->errors) = err_new(
            b->arena, ERR_INVALID, "more than %u errors; the rest was not looked for",
            LIMIT_BUILD_ERRORS - 1);
    b->fatal = e;
    return e;
}

struct err *kust_report(struct kust_build *b, const struct kust_dir *dir, const char *field,
                        const struct val *at, struct err *e)
{
    if (!e || e == b->fatal)
        return e;
    if (e->part_count == 0)
        return report_one(b, placed(b, dir, field, at, e));
    for (size_t i = 0; i < e->part_count; i++) {
        struct err *fatal = report_one(b, placed(b, dir, field, at, e->parts[i]));
        if (fatal)
            return fatal;
    }
    return NULL;
}

struct err *kust_reported(const struct kust_build *b)
{
    return err_join(b->arena, b->errors.items, b->errors.count);
}

void kust_trace(struct kust_build *b, const struct kust_dir *dir, const struct kust_resmap *m,
                const char *by, const char *field, const struct val *at)
{
    struct arena *a = b->arena;
    if (!b->options->trace)
        return;
    struct str place = dir->file;
    if (at && at->line > 0)
        place = str_printf(a, "%s:%u:%u", at->file ? at->file : str_cstr(a, dir->file), at->line,
                           (unsigned)at->column);
    if (field)
        place = str_printf(a, "%.*s: %s", STR_ARG(place), field);
    for (size_t i = 0; i < m->all.count; i++) {
        struct kust_steps *steps = &m->all.items[i]->steps;
        const struct val *object = m->all.items[i]->object;
        if (steps->count == 0 || steps->items[steps->count - 1].object != object)
            *VEC_PUSH(a, steps) = (struct kustomize_step){ object, str_from_cstr(by), place };
    }
}

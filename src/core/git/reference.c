/* SPDX-License-Identifier: Apache-2.0 */
#include "core/git/reference.h"

#include "base/vec.h"
#include "core/semver/semver.h"

static bool byte_is_forbidden(unsigned char c)
{
    return c <= ' ' || c == 0x7f || (c < 0x80 && strchr("~^:?*[\\", c) != NULL);
}

static bool level_is_valid(struct str level)
{
    return level.len > 0 && level.ptr[0] != '.' && !str_has_suffix(level, STR(".lock"));
}

bool git_ref_is_valid(struct str ref)
{
    struct str rest = ref, level;

    for (size_t i = 0; i < ref.len; i++)
        if (byte_is_forbidden((unsigned char)ref.ptr[i]))
            return false;
    if (ref.len == 0 || ref.ptr[0] == '-' || ref.ptr[ref.len - 1] == '/' || str_is(ref, "@") ||
        str_has_suffix(ref, STR(".")) || str_contains(ref, STR("..")) ||
        str_contains(ref, STR("@{")))
        return false;
    while (str_cut(&rest, '/', &level))
        if (!level_is_valid(level))
            return false;
    return true;
}

bool git_id_is_full(struct str id)
{
    for (size_t i = 0; i < id.len; i++)
        if (strchr("0123456789abcdefABCDEF", id.ptr[i]) == NULL)
            return false;
    return id.len == 40;
}

static struct err *check_ref(struct arena *a, const char *field, struct str name, struct str full)
{
    if (git_ref_is_valid(full) && name.ptr[0] != '-')
        return NULL;
    return err_new(a, ERR_INVALID,
                   "InvalidRef: spec.ref.%s '%.*s' violates Git's grammar of references", field,
                   STR_ARG(name));
}

static struct err *check_commit(struct arena *a, struct str commit)
{
    if (git_id_is_full(commit))
        return NULL;
    return err_new(
        a, ERR_INVALID,
        "InvalidRef: spec.ref.commit '%.*s' is no commit id: give all 40 hexadecimal digits",
        STR_ARG(commit));
}

struct err *git_wanted_of(struct arena *a, const struct val *ref, struct git_wanted *ret)
{
    struct str branch = val_get_str(ref, "branch"), tag = val_get_str(ref, "tag"),
               name = val_get_str(ref, "name"), commit = val_get_str(ref, "commit"),
               range = val_get_str(ref, "semver");
    struct git_wanted w = { .commit = commit };
    struct err *e = NULL;

    if (commit.len > 0)
        e = check_commit(a, commit);
    if (!e && name.len > 0) { /* peeled tags may be written as in a listing */
        w.ref = str_trim_suffix(name, STR("^{}"));
        w.shown = name;
        e = check_ref(a, "name", name, w.ref);
    }
    if (!e && commit.len > 0) {
        w.ref = branch.len ? str_printf(a, "refs/heads/%.*s", STR_ARG(branch)) : STR("");
        w.shown = name.len ? name : branch;
        if (branch.len > 0)
            e = check_ref(a, "branch", branch, w.ref);
    } else if (!e && name.len == 0 && tag.len > 0) {
        w.ref = str_printf(a, "refs/tags/%.*s", STR_ARG(tag));
        w.shown = tag;
        e = check_ref(a, "tag", tag, w.ref);
    } else if (!e && name.len == 0 && range.len > 0) {
        w.range = range;
    } else if (!e && name.len == 0) {
        w.shown = branch.len ? branch : STR("master");
        w.ref = str_printf(a, "refs/heads/%.*s", STR_ARG(w.shown));
        e = check_ref(a, "branch", w.shown, w.ref);
    }
    if (!e)
        *ret = w;
    return e;
}

/* Tags count as versions with all three parts only: "v1" is a name. */
static bool version_of(struct str tag, struct semver *ret)
{
    size_t dot = str_find_byte(tag, '.', 0);

    return dot != SIZE_MAX && str_find_byte(tag, '.', dot + 1) != SIZE_MAX &&
           semver_parse(tag, ret) == NULL;
}

static void insert_by_name(const struct str *tags, size_t *list, size_t count, size_t item)
{
    size_t at = count;

    for (; at > 0 && str_cmp(tags[list[at - 1]], tags[item]) > 0; at--)
        list[at] = list[at - 1];
    list[at] = item;
}

struct err *git_tags_choose(struct arena *a, struct str range, const struct str *tags, size_t count,
                            size_t *ret, size_t *ret_count)
{
    struct semver_constraints *constraints;
    struct semver best = { 0 }, v;
    size_t found = 0;
    struct err *e;

    if (TRY(&e, semver_constraints_parse(a, range, &constraints)))
        return err_wrap(a, e, "semver parse error");
    for (size_t i = 0; i < count; i++) {
        int order;

        if (!version_of(tags[i], &v) || !semver_satisfies(constraints, &v))
            continue;
        order = found > 0 ? semver_compare(&v, &best) : 1;
        if (order < 0)
            continue;
        if (order > 0)
            found = 0;
        best = v;
        insert_by_name(tags, ret, found++, i);
    }
    if (found == 0)
        return err_new(a, ERR_NOT_FOUND, "no match found for semver: %.*s", STR_ARG(range));
    *ret_count = found;
    return NULL;
}

struct str git_revision(struct arena *a, struct str shown, struct str id)
{
    if (shown.len == 0)
        return str_printf(a, "sha1:%.*s", STR_ARG(id));
    return str_printf(a, "%.*s@sha1:%.*s", STR_ARG(shown), STR_ARG(id));
}

bool git_sparse_has(const struct str *prefixes, size_t count, struct str path)
{
    for (size_t i = 0; i < count; i++)
        if (str_has_prefix(path, str_trim_prefix(prefixes[i], STR("./"))))
            return true;
    return count == 0;
}

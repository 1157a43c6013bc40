/* SPDX-License-Identifier: Apache-2.0 */
/* Semantic versions: `semver` gives an object with Masterminds' methods. */
#include "core/semver/semver.h"
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"

static const struct go_class version_class;

static const struct semver *version_of(const struct go_value *v)
{
    return v->object->data;
}

static struct go_value version_value(struct call *c, const struct semver *v)
{
    struct semver *copy = ARENA_NEW(c->arena, struct semver);
    struct go_value *fields = ARENA_ARRAY(c->arena, 6, struct go_value);

    *copy = *v;
    fields[0] = go_number_of(GO_UINT64, (int64_t)v->major);
    fields[1] = go_number_of(GO_UINT64, (int64_t)v->minor);
    fields[2] = go_number_of(GO_UINT64, (int64_t)v->patch);
    fields[3] = go_string(v->pre);
    fields[4] = go_string(v->metadata);
    fields[5] = go_string(v->original);
    return go_object_new(c->arena, GO_POINTER, &version_class, fields, copy);
}

static struct str version_text(struct arena *a, const struct go_object *o)
{
    return semver_format(a, o->data);
}

static struct err *run_part(struct call *c, struct go_value *ret)
{
    const struct semver *v = version_of(&c->args[0]);

    *ret = go_number_of(GO_UINT64, (int64_t)(strcmp(c->name, "Major") == 0   ? v->major
                                             : strcmp(c->name, "Minor") == 0 ? v->minor
                                                                             : v->patch));
    return NULL;
}

static struct err *run_text(struct call *c, struct go_value *ret)
{
    const struct semver *v = version_of(&c->args[0]);

    *ret = go_string(strcmp(c->name, "Prerelease") == 0 ? v->pre
                     : strcmp(c->name, "Metadata") == 0 ? v->metadata
                     : strcmp(c->name, "Original") == 0 ? v->original
                                                        : semver_format(c->arena, v));
    return NULL;
}

static struct err *run_compare(struct call *c, struct go_value *ret)
{
    int order;

    if (c->args[1].type != GO_POINTER)
        return call_nil(c);
    order = semver_compare(version_of(&c->args[0]), version_of(&c->args[1]));
    if (strcmp(c->name, "Compare") == 0)
        *ret = go_int((order > 0) - (order < 0));
    else
        *ret = go_bool(strcmp(c->name, "Equal") == 0           ? order == 0
                       : strcmp(c->name, "GreaterThan") == 0   ? order > 0
                       : strcmp(c->name, "LessThan") == 0      ? order < 0
                       : strcmp(c->name, "LessThanEqual") == 0 ? order <= 0
                                                               : order >= 0);
    return NULL;
}

/* Versions made from others keep a leading v. */
static struct err *give_next(struct call *c, struct semver v, struct go_value *ret)
{
    const struct str original = version_of(&c->args[0])->original;

    v.original = semver_format(c->arena, &v);
    if (original.len > 0 && original.ptr[0] == 'v')
        v.original = str_concat(c->arena, STR("v"), v.original);
    *ret = version_value(c, &v);
    ret->type = GO_STRUCT;
    return NULL;
}

static struct err *run_increment(struct call *c, struct go_value *ret)
{
    struct semver v = *version_of(&c->args[0]);
    bool had_pre = v.pre.len > 0;

    v.pre = v.metadata = STR("");
    if (strcmp(c->name, "IncPatch") == 0) {
        v.patch += had_pre ? 0 : 1;
    } else {
        v.patch = 0;
        if (strcmp(c->name, "IncMajor") == 0) {
            v.major++;
            v.minor = 0;
        } else {
            v.minor++;
        }
    }
    return give_next(c, v, ret);
}

static struct err *run_set(struct call *c, struct go_value *ret)
{
    struct semver v = *version_of(&c->args[0]);
    bool is_pre = strcmp(c->name, "SetPrerelease") == 0;
    struct str text = c->args[1].text;
    const char *wrong = text.len == 0 ? NULL
                        : is_pre      ? semver_check_pre(text)
                                      : semver_check_metadata(text);

    if (wrong)
        return call_fail(c, "%s", wrong);
    *(is_pre ? &v.pre : &v.metadata) = text;
    return give_next(c, v, ret);
}

#define METHOD(method, letters, kind, function) \
    { .name = method, .params = letters, .result = kind, .run = function }

static const struct function version_methods[] = {
    METHOD("Compare", "xV", 'i', run_compare),
    METHOD("Equal", "xV", 'b', run_compare),
    METHOD("GreaterThan", "xV", 'b', run_compare),
    METHOD("GreaterThanEqual", "xV", 'b', run_compare),
    METHOD("IncMajor", "x", 'x', run_increment),
    METHOD("IncMinor", "x", 'x', run_increment),
    METHOD("IncPatch", "x", 'x', run_increment),
    METHOD("LessThan", "xV", 'b', run_compare),
    METHOD("LessThanEqual", "xV", 'b', run_compare),
    METHOD("Major", "x", 'U', run_part),
    METHOD("Metadata", "x", 's', run_text),
    METHOD("Minor", "x", 'U', run_part),
    METHOD("Original", "x", 's', run_text),
    METHOD("Patch", "x", 'U', run_part),
    METHOD("Prerelease", "x", 's', run_text),
    METHOD("SetMetadata", "xs", 'x', run_set),
    METHOD("SetPrerelease", "xs", 'x', run_set),
    METHOD("String", "x", 's', run_text),
};
static const char *const version_fields[] = { "major",    "minor",    "patch", "pre",
                                              "metadata", "original", NULL };
static const struct go_class version_class = { .name = "*semver.Version",
                                               .fields = version_fields,
                                               .methods = version_methods,
                                               .method_count = sizeof version_methods /
                                                               sizeof *version_methods,
                                               .text = version_text };

struct err *sprig_semver(struct call *c, struct go_value *ret)
{
    struct semver v;
    const char *wrong = semver_parse(c->args[0].text, &v);

    if (wrong)
        return call_fail(c, "%s", wrong);
    *ret = version_value(c, &v);
    return NULL;
}

struct err *sprig_semver_compare(struct call *c, struct go_value *ret)
{
    struct semver_constraints *constraints;
    struct semver v;
    const char *wrong;
    struct err *e;

    if (TRY(&e, semver_constraints_parse(c->arena, c->args[0].text, &constraints)))
        return e;
    wrong = semver_parse(c->args[1].text, &v);
    if (wrong)
        return call_fail(c, "%s", wrong);
    *ret = go_bool(semver_satisfies(constraints, &v));
    return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/selector.h"

#include "core/kustomize/label_selector.h"
#include "foreign/regex.h"

/* One whole-text pattern; most are plain words or ".*" and need no engine. */
struct pattern {
    struct str text; /* "": everything */
    bool given;
    struct regex *regex;
};

struct kust_selector {
    struct pattern group, version, kind, name, ns;
    struct kust_labels labels;
    struct kust_labels annotations;
    struct err *unread; /* why one of the two has no rules; NULL: both were read */
    bool has_metadata;
    size_t steps;
};

static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_' || c == '/' || c == ':';
        if (!word)
            return false;
    }
    return true;
}

static struct err *compile(struct arena *a, struct str text, struct pattern *ret)
{
    ret->text = str_is(text, ".*") ? STR("") : text;
    ret->given = text.len > 0;
    if (is_word(ret->text))
        return NULL;
    return regex_compile(a, str_printf(a, "^(?:%.*s)$", STR_ARG(text)), &ret->regex);
}

static bool fits(const struct pattern *p, struct str text)
{
    if (p->text.len == 0)
        return true;
    return p->regex ? regex_is_match(p->regex, text) : str_eq(p->text, text);
}

/* Counted repetition makes automata with thousands of states. */
static size_t pattern_steps(const struct pattern *p)
{
    if (!p->regex)
        return 0;
    return 8 + p->text.len / 4 + (str_find_byte(p->text, '{', 0) != SIZE_MAX ? 2000 : 0);
}

struct err *kust_selector_new(struct arena *a, const struct val *selector,
                              struct kust_selector **ret)
{
    struct kust_selector *s = ARENA_NEW(a, struct kust_selector);
    struct {
        const char *field;
        struct pattern *pattern;
    } parts[] = {
        { "group", &s->group }, { "version", &s->version }, { "kind", &s->kind },
        { "name", &s->name },   { "namespace", &s->ns },
    };
    struct err *e;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (TRY(&e, compile(a, val_get_str(selector, parts[i].field), parts[i].pattern)))
            return err_wrap(a, e, "target %s", parts[i].field);
    struct str labels = val_get_str(selector, "labelSelector");
    struct str annotations = val_get_str(selector, "annotationSelector");
    if (TRY(&e, kust_labels_parse(a, labels, &s->labels)))
        s->unread = err_wrap(a, e, "labelSelector");
    else if (TRY(&e, kust_labels_parse(a, annotations, &s->annotations)))
        s->unread = err_wrap(a, e, "annotationSelector");
    s->has_metadata = labels.len + annotations.len > 0;
    s->steps = 2 + (labels.len + annotations.len) / 16;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        s->steps += pattern_steps(parts[i].pattern);
    *ret = s;
    return NULL;
}

size_t kust_selector_steps(const struct kust_selector *s)
{
    return s->steps;
}

static bool fits_kind(const struct kust_selector *s, const struct kust_id *id)
{
    return fits(&s->group, id->group) && fits(&s->version, id->version) && fits(&s->kind, id->kind);
}

bool kust_selector_matches_id(const struct kust_selector *s, const struct kust_id *id)
{
    return fits_kind(s, id) && fits(&s->name, id->name) && fits(&s->ns, id->ns);
}

struct err *kust_selector_matches_metadata(struct arena *a, const struct kust_selector *s,
                                           const struct kust_resource *r, bool *ret)
{
    const struct val *metadata = val_get(r->object, STR("metadata"));
    *ret = kust_labels_match(a, &s->labels, val_get(metadata, STR("labels"))) &&
           kust_labels_match(a, &s->annotations, val_get(metadata, STR("annotations")));
    return s->unread;
}

struct err *kust_selector_matches(struct arena *a, const struct kust_selector *s,
                                  const struct kust_resource *r, bool *ret)
{
    struct kust_id first = kust_resource_origin_id(r);
    bool ns = fits(&s->ns, kust_id_effective_ns(&first)) ||
              fits(&s->ns, kust_id_effective_ns(&r->id));
    bool name = fits(&s->name, first.name) || fits(&s->name, r->id.name);
    *ret = ns && name && fits_kind(s, &r->id);
    return *ret ? kust_selector_matches_metadata(a, s, r, ret) : NULL;
}

bool kust_selector_has_id(const struct kust_selector *s)
{
    const struct pattern *parts[] = { &s->group, &s->version, &s->kind, &s->name, &s->ns };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i]->given)
            return true;
    return false;
}

bool kust_selector_has_metadata(const struct kust_selector *s)
{
    return s->has_metadata;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/set.h"

#include "base/arena.h"
#include "tests/harness.h"
#include "value/json.h"

static struct err *fake_file(void *self, struct arena *a, struct str path, struct str *ret)
{
    (void)self;
    *ret = str_printf(a, "<%.*s>", STR_ARG(path));
    return NULL;
}

/* The values as JSON, or the error. */
static struct str after(struct arena *a, enum set_kind kind, const char *text)
{
    struct set_options options = { .kind = kind, .read_file = fake_file };
    struct go_value values = go_map_new(a, GO_MAP);
    const struct val *v;
    struct err *e = set_values(a, &values.map, str_from_cstr(text), &options);
    if (!e)
        e = go_to_val(a, &values, &v);
    return e ? err_line(a, e) : json_string(a, v, JSON_COMPACT);
}

TEST(texts_become_values)
{
    static const struct {
        enum set_kind kind;
        const char *text, *want;
    } cases[] = {
        { SET_TYPED,
          "a=1,b=x,c=true,d=null,e=", "{\"a\":1,\"b\":\"x\",\"c\":true,\"d\":null,\"e\":\"\"}" },
        { SET_TYPED, "a=0,b=01,c=1.5,d=-3", "{\"a\":0,\"b\":\"01\",\"c\":\"1.5\",\"d\":-3}" },
        { SET_TYPED, "a.b.c=x,a.b.d=y", "{\"a\":{\"b\":{\"c\":\"x\",\"d\":\"y\"}}}" },
        { SET_TYPED, "a={x,1,true},b={}", "{\"a\":[\"x\",1,true],\"b\":[\"\"]}" },
        { SET_TYPED, "a[1]=x", "{\"a\":[null,\"x\"]}" },
        { SET_TYPED, "a[0].b=1,a[0].c=2,a[1][0]=z", "{\"a\":[{\"b\":1,\"c\":2},[\"z\"]]}" },
        { SET_TYPED, "a\\.b=1,c=x\\,y", "{\"a.b\":1,\"c\":\"x,y\"}" },
        { SET_STRING, "a=1,b=true", "{\"a\":\"1\",\"b\":\"true\"}" },
        { SET_LITERAL, "a.b=x,y={z}", "{\"a\":{\"b\":\"x,y={z}\"}}" },
        { SET_FILE, "a.b=some/file", "{\"a\":{\"b\":\"<some/file>\"}}" },
        { SET_JSON, "a={\"b\": [1, 2.5]},c=\"x\"", "{\"a\":{\"b\":[1,2.5]},\"c\":\"x\"}" },
        { SET_JSON, "{\"a\": {\"b\": 1}}", "{\"a\":{\"b\":1}}" },
        { SET_JSON, "a=", "{\"a\":null}" },
        { SET_TYPED, "", "{}" },
        { SET_TYPED, "a=1,b[0", "{\"a\":1}" }, /* Helm takes it for the end */
        { SET_TYPED, "a[0].b=", "{\"a\":[]}" },
        { SET_LITERAL, "a[0].b=", "{\"a\":[{\"b\":\"\"}]}" },
        { SET_TYPED, "a[0]=x,a[0].b=1", "{\"a\":[{\"b\":1}]}" },
        { SET_JSON, "a=-0,b=true,c=[1]", "{\"a\":-0,\"b\":true,\"c\":[1]}" },
        { SET_JSON, "a=1b=2", "{\"a\":1,\"b\":2}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        test_label(cases[i].text);
        CHECK_STR(after(a, cases[i].kind, cases[i].text), cases[i].want);
    }
}

TEST(mistakes_are_named)
{
    static const struct {
        enum set_kind kind;
        const char *text, *want;
    } cases[] = {
        { SET_TYPED, "a", "key \"a\" has no value" },
        { SET_TYPED, "a,b=1", "key \"a\" has no value (cannot end with ,)" },
        { SET_TYPED, "a[x]=1", "error parsing index: strconv.Atoi: parsing \"x\": invalid syntax" },
        { SET_TYPED, "a[-1]=1", "negative -1 index not allowed" },
        { SET_TYPED, "a[70000]=1", "maximum supported index of 65536" },
        { SET_TYPED, "a[999999999]=1", "maximum supported index of 65536" },
        { SET_TYPED, "a={x,y", "list must terminate with '}'" },
        { SET_TYPED, "a=1,a.b=2",
          "unable to parse key: interface conversion: interface {} is int64, not map[string]interface {}" },
        { SET_TYPED, "a[0]b=1", "unexpected data at end of array index: ['b']" },
        { SET_TYPED, "1.2.3.4.5.6.7.8.9.1.2.3.4.5.6.7.8.9.1.2.3.4.5.6.7.8.9.1.2.3.4.5=x",
          "maximum supported nested level of 30" },
        { SET_JSON, "a={\"b\"", "failed parsing --set-json data a={\"b\"" },
        { SET_JSON, "{\"a\": ", "failed parsing --set-json data JSON: {\"a\": " },
        { SET_TYPED, "a=x,a[0]=1", "interface {} is string, not []interface {}" },
        { SET_TYPED, "a=null,a[0]=1", "interface {} is nil, not []interface {}" },
        { SET_TYPED, "a[0]=x,a[0][1]=1", "interface {} is string, not []interface {}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        test_label(cases[i].text);
        CHECK_HAS(after(a, cases[i].kind, cases[i].text), cases[i].want);
    }
}

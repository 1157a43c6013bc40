/* SPDX-License-Identifier: Apache-2.0 */
#include "core/jsonschema/jsonschema.h"

#include "base/arena.h"
#include "tests/harness.h"
#include "value/json.h"

static struct str verdict(struct arena *a, const char *schema, const char *instance)
{
    const struct val *s, *v;
    struct err *e = json_read(a, str_from_cstr(schema), STR("schema"), JSON_READ_LAST_KEY_WINS, &s);
    if (!e)
        e = json_read(a, str_from_cstr(instance), STR("value"), JSON_READ_LAST_KEY_WINS, &v);
    if (!e)
        e = jsonschema_validate(a, s, v);
    return e ? err_line(a, e) : STR("valid");
}

TEST(keywords_judge_values)
{
    static const struct {
        const char *schema, *value, *want;
    } cases[] = {
        { "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}}}",
          "{\"a\": 1.0}", "valid" },
        { "{\"properties\": {\"a\": {\"type\": \"integer\"}}}", "{\"a\": 1.5}",
          "- at '/a': got number, want integer" },
        { "{\"type\": [\"string\", \"null\"]}", "true",
          "- at '': got boolean, want null or string" },
        { "{\"required\": [\"a\", \"b\"]}", "{}", "- at '': missing properties 'a', 'b'" },
        { "{\"additionalProperties\": false, \"patternProperties\": {\"^x-\": true}}",
          "{\"x-a\": 1, \"y\": 2}", "- at '': additional properties 'y' not allowed" },
        { "{\"enum\": [1, \"a\"]}", "\"b\"", "- at '': value must be one of 1, 'a'" },
        { "{\"items\": {\"minimum\": 2}}", "[3, 1]", "- at '/1': minimum: got 1, want 2" },
        { "{\"prefixItems\": [true], \"items\": false}", "[1, 2]", "- at '/1': false schema" },
        { "{\"uniqueItems\": true}", "[{\"a\": 1}, {\"a\": 1.0}]",
          "- at '': items at 0 and 1 are equal" },
        { "{\"oneOf\": [{\"type\": \"number\"}, {\"minimum\": 2}]}", "3",
          "- at '': 'oneOf' failed, subschemas 0, 1 matched" },
        { "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"null\"}]}", "null", "valid" },
        { "{\"not\": {\"type\": \"string\"}}", "\"x\"", "- at '': 'not' failed" },
        { "{\"if\": {\"required\": [\"a\"]}, \"then\": {\"required\": [\"b\"]}}", "{\"a\": 1}",
          "- at '': missing property 'b'" },
        { "{\"dependentRequired\": {\"a\": [\"b\"]}}", "{\"a\": 1}",
          "- at '': properties 'b' required, if 'a' exists" },
        { "{\"$defs\": {\"p\": {\"maximum\": 9}}, \"$ref\": \"#/$defs/p\", \"minimum\": 5}", "10",
          "- at '': maximum: got 10, want 9" },
        { "{\"allOf\": [{\"properties\": {\"a\": true}}], \"unevaluatedProperties\": false}",
          "{\"a\": 1, \"b\": 2}", "- at '/b': false schema" },
        { "{\"$schema\": \"http://json-schema.org/draft-04/schema#\", \"minimum\": 1, "
          "\"exclusiveMinimum\": true}",
          "1", "- at '': exclusiveMinimum: got 1, want 1" },
        { "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"format\": \"ipv4\"}",
          "\"1.2.3\"", "- at '': '1.2.3' is not valid ipv4" },
        { "{\"format\": \"ipv4\"}", "\"1.2.3\"", "valid" },
        { "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"$ref\": \"#/definitions/a\", "
          "\"type\": \"string\", \"definitions\": {\"a\": {}}}",
          "1", "valid" },
        { "{\"$schema\": \"http://json-schema.org/draft-06/schema#\", \"$ref\": \"#/definitions/a\", "
          "\"const\": 2, \"enum\": [3], \"definitions\": {\"a\": {}}}",
          "1", "- at '': value must be 2" },
        { "{\"pattern\": \"^a+$\"}", "\"ab\"", "- at '': 'ab' does not match pattern '^a+$'" },
        { "{\"multipleOf\": 0.1}", "0.3", "valid" },
        { "{\"contains\": {\"const\": 1}, \"maxContains\": 1}", "[1, 1]",
          "- at '': max 1 items required to match contains schema, but matched 2 items at 0 1" },
        { "{\"propertyNames\": {\"maxLength\": 1}}", "{\"ab\": 1}",
          "- at '': invalid propertyName 'ab'\n  - at '': maxLength: got 2, want 1" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        test_label(cases[i].schema);
        CHECK_STR(verdict(a, cases[i].schema, cases[i].value), cases[i].want);
    }
}

/* Expectations: helm 4.3.1. */
TEST(causes_stand_below_what_they_explain)
{
    static const struct {
        const char *schema, *value, *want;
    } cases[] = {
        { "{\"anyOf\": [{\"type\": \"string\"}, {\"minimum\": 7e6}, {\"allOf\": [{\"maximum\": 0}, "
          "{\"const\": null}]}]}",
          "1234567",
          "- at '': 'anyOf' failed\n  - at '': got number, want string\n  - at '': minimum: got 1.234567×10⁰⁶, want "
          "7×10⁰⁶\n  - at '': 'allOf' failed\n"
          "    - at '': maximum: got 1.234567×10⁰⁶, want 0\n    - at '': value must be <nil>" },
        { "{\"$defs\": {\"p\": {\"minimum\": 2, \"multipleOf\": 2}}, \"oneOf\": [{\"$ref\": \"#/$defs/p\"}, "
          "{\"type\": \"null\"}]}",
          "1",
          "- at '': 'oneOf' failed, none matched\n  - at '': validation failed\n"
          "    - at '': minimum: got 1, want 2\n    - at '': multipleOf: got 1, want 2\n"
          "  - at '': got number, want null" },
        { "{\"minimum\": 70000.25}", "0.5", "- at '': minimum: got 0.5, want 70,000.25" },
        { "{\"$schema\": \"http://json-schema.org/draft-06/schema#\", \"items\": [true], "
          "\"additionalItems\": false}",
          "[1, 2, 3]", "- at '': last 2 additionalItem(s) not allowed" },
        { "{\"pattern\": \"'\"}", "\"a\\\"b\"", "- at '': 'a\"b' does not match pattern '\\''" },
        { "{\"$ref\": \"#\"}", "1", "- at '': schema 1:1 leads to itself, a reference cycle" },
        { "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"format\": \"duration\"}",
          "\"P1H\"", "- at '': 'P1H' is not valid duration" },
        { "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"format\": \"uri\"}",
          "\"a b\"", "- at '': 'a b' is not valid uri" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        test_label(cases[i].schema);
        CHECK_STR(verdict(a, cases[i].schema, cases[i].value), cases[i].want);
    }
}

TEST(broken_and_hostile_schemas_are_refused)
{
    static const struct {
        const char *schema, *want;
    } cases[] = {
        { "{\"$ref\": \"https://example.com/x.json\"}", "remote reference" },
        { "{\"$ref\": \"#/$defs/none\"}", "$ref leads nowhere" },
        { "{\"properties\": {\"a\": {\"$ref\": \"#/x\"}}}", "schema 1:31: $ref leads nowhere" },
        { "{\"$defs\": {\"a\": {\"minimum\": \"1\"}}}", "schema 1:29: must be a number" },
        { "{\"anyOf\": []}", "schema 1:11: must be a list of schemas, one at least" },
        { "{\"type\": \"strin\"}", "must be the name of a type" },
        { "{\"pattern\": \"(\"}", "schema 1:13" },
        { "3", "must be an object or a boolean" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        test_label(cases[i].schema);
        CHECK_HAS(verdict(a, cases[i].schema, "\"x\""), cases[i].want);
    }
}

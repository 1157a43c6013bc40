/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/decode.h"
#include "tests/harness.h"
#include "value/json.h"

/* The envelope of a v1 ConfigMap named "c" with data {"a": "b"}, as client-go writes it. */
#define BODY                     \
    "k8s\0"                      \
    "\x0a\x0f\x0a\x02v1\x12\x09" \
    "ConfigMap"                  \
    "\x12\x0d"                   \
    "\x0a\x03\x0a\x01"           \
    "c"                          \
    "\x12\x06\x0a\x01"           \
    "a\x12\x01"                  \
    "b"

TEST(a_config_map_reads_like_its_json)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v = NULL;

    REQUIRE(protobuf_read(a, (struct str){ BODY, sizeof BODY - 1 }, &v) == NULL);
    CHECK_STR(json_string(a, v, JSON_SORTED),
              "{\"apiVersion\":\"v1\",\"data\":{\"a\":\"b\"},\"kind\":\"ConfigMap\","
              "\"metadata\":{\"name\":\"c\"}}");
}

TEST(cut_bodies_are_refused)
{
    for (size_t len = 0; len < sizeof BODY - 1; len++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *v = NULL;
        struct err *e = protobuf_read(a, (struct str){ BODY, len }, &v);

        /* Where a field of the envelope ends, what is left is a shorter message. */
        CHECK(e != NULL || !val_get(v, STR("data")));
    }
}

TEST(of_an_unknown_kind_only_its_name_is_read)
{
    static const char body[] = "k8s\0\x0a\x0a\x0a\x02v9\x12\x04Nope\x12\x02\x0a\x00";
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v = NULL;

    REQUIRE(protobuf_read(a, (struct str){ body, sizeof body - 1 }, &v) == NULL);
    CHECK_STR(json_string(a, v, JSON_SORTED), "{\"apiVersion\":\"v9\",\"kind\":\"Nope\"}");
}

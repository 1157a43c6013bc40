/* SPDX-License-Identifier: Apache-2.0 */
/* A schema on the first line, an instance behind it: judged twice with the same words, and never for long. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "core/jsonschema/jsonschema.h"
#include "value/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(1024 * MIB);
    struct str rest = str_dup(a, str_of((const char *)data, size)), line;
    const struct val *schema, *instance;

    (void)str_cut(&rest, '\n', &line);
    if (json_read(a, line, STR("schema"), JSON_READ_LAST_KEY_WINS, &schema) ||
        json_read(a, rest.ptr ? rest : STR("null"), STR("value"), JSON_READ_LAST_KEY_WINS,
                  &instance))
        return 0;
    struct err *first = jsonschema_validate(a, schema, instance);
    struct err *second = jsonschema_validate(a, schema, instance);
    assert((first == NULL) == (second == NULL));
    assert(!first || str_eq(err_line(a, first), err_line(a, second)));
    return 0;
}

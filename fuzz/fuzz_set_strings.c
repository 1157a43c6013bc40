/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of --set and its relatives, applied one after the other: the first byte of a line chooses which. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "core/helm/set.h"
#include "value/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct err *empty_file(void *self, struct arena *a, struct str path, struct str *ret)
{
    (void)self;
    (void)a;
    *ret = path;
    return NULL;
}

static struct str applied(struct arena *a, struct str text)
{
    struct go_value values = go_map_new(a, GO_MAP);
    const struct val *v = NULL;
    struct err *e = NULL;

    for (struct str line, rest = text; !e && str_cut(&rest, '\n', &line);) {
        struct set_options options = { .kind = SET_TYPED, .read_file = empty_file };

        if (line.len > 0)
            options.kind = (enum set_kind)((unsigned char)line.ptr[0] % 5);
        e = set_values(a, &values.map, str_skip(line, 1), &options);
    }
    if (!e)
        e = go_to_val(a, &values, &v);
    return e ? err_line(a, e) : json_string(a, v, JSON_SORTED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(512 * MIB);
    struct str text = str_dup(a, str_of((const char *)data, size));

    assert(str_eq(applied(a, text), applied(a, text)));
    return 0;
}

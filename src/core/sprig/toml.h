/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/sprig/toml.h - TOML 1.0 to Go values and back, as BurntSushi/toml v1.6 reads and prints it.
 */
#ifndef CORE_SPRIG_TOML_H
#define CORE_SPRIG_TOML_H

#include "base/buf.h"
#include "core/gotmpl/value.h"

/* ERR_INVALID: a value that TOML has no form for, or no table at the top; the text is the library's. */
MUST_CHECK struct err *toml_write(struct buf *out, const struct go_value *v);

/* A GO_MAP; integers are int64, tables maps, arrays of tables []map. ERR_INVALID: "toml: line N: ...". */
MUST_CHECK struct err *toml_read(struct arena *a, struct str text, struct go_value *ret);

#endif

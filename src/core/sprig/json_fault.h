/* SPDX-License-Identifier: Apache-2.0 */
/* core/sprig/json_fault.h - what encoding/json says about a text that is not JSON; templates print these messages. */
#ifndef CORE_SPRIG_JSON_FAULT_H
#define CORE_SPRIG_JSON_FAULT_H

#include "base/str.h"

/* Go's words, or an empty text where it is JSON: invalid character 'x' looking for beginning of value. */
struct str json_fault(struct arena *a, struct str text);

#endif

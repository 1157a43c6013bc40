/* SPDX-License-Identifier: Apache-2.0 */
/* core/sprig/codecs.h - base64 with Go's leniency about line breaks and its count of the byte at fault. */
#ifndef CORE_SPRIG_CODECS_H
#define CORE_SPRIG_CODECS_H

#include "base/str.h"

/* False: *ret_fault is the offset that Go names. */
bool codec_base64_decode(struct arena *a, struct str s, struct str *ret, size_t *ret_fault);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/decode.h"

struct err *protobuf_read(struct arena *a, struct str body, const struct val **ret)
{
    (void)body;
    (void)ret;
    return status_not_implemented(a, "protobuf bodies are not built");
}

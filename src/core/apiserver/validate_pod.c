/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/validate.h"

void validate_pod(const struct check *c, const struct val *pod, const struct val *live)
{
    (void)c;
    (void)pod;
    (void)live;
}

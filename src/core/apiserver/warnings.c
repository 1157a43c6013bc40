/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/validate.h"

void warnings_of(const struct check *c, const struct prepare_call *call, const struct val *object)
{
    (void)c;
    (void)call;
    (void)object;
}

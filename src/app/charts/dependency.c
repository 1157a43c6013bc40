/* SPDX-License-Identifier: Apache-2.0 */
#include "app/charts/work.h"

struct err *dependency_build(const struct work *w, const struct chart_dependencies *how)
{
    (void)how;
    return err_new(w->arena, ERR_UNSUPPORTED, "dependency build is not built yet");
}

struct err *dependency_update(const struct work *w, const struct chart_dependencies *how)
{
    (void)how;
    return err_new(w->arena, ERR_UNSUPPORTED, "dependency update is not built yet");
}

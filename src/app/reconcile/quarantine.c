/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/quarantine.h"

#include "app/reconcile/report.h"

void quarantine_run(const struct reconcile_ports *ports, struct run *run,
                    const struct quarantine_input *in, struct outcome *ret)
{
    struct obj_ref ref = obj_ref_of(in->object);
    bool is_kustomization = str_is(ref.kind, "Kustomization");
    struct str controller = is_kustomization ? STR("kustomize-controller")
                                             : STR("source-controller");
    struct str manager = is_kustomization ? STR("gotk-kustomize-controller") : controller;
    struct str on = in->revision.len
                        ? str_printf(run->arena, " on revision %.*s", STR_ARG(in->revision))
                        : STR("");
    struct str message = str_printf(
        run->arena,
        "the engine died %u times while it worked on this object%.*s: it is left alone until its "
        "spec, its source's revision or reconcile.fluxcd.io/requestedAt changes",
        in->strikes, STR_ARG(on));
    struct log_fields fields = { .controller = is_kustomization ? STR("kustomization")
                                                                : STR("gitrepository"),
                                 .kind = ref.kind,
                                 .ns = ref.ns,
                                 .name = ref.name,
                                 .error = message };
    struct report r;

    *ret = (struct outcome){ .kind = OUTCOME_STALLED };
    report_begin(&r, ports, run, in->object, controller, manager);
    report_stalled(&r, "Quarantined", message);
    if (report_write(&r) != NULL) {
        *ret = (struct outcome){ .kind = OUTCOME_RETRY, .requeue_ns = 5 * NS_PER_S };
        return;
    }
    log_write(&ports->log, LOG_ERROR, STR("quarantined"), &fields);
    report_event(&r, EVENT_ERROR, "Quarantined", message, in->revision);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Torture of the Kustomization use-case: each write to the cluster fails in turn, with each kind of error. Always true: no crash, a
 * condition that says so, no live object outside the inventory, nothing deleted that is still wanted, and the next run without
 * a fault converges. The cluster is the embedded API server; the artifact is a tree in memory.
 */
#include "tests/harness.h"
#include "tests/sim/world.h"

/* Applies abc, then bcd with write `fail_at` failing, then bcd again. False: that write was never reached. */
static bool torture(struct sim_world *w, long long fail_at, enum err_code code)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct str ns = str_printf(a, "t-%d-%lld", (int)code, fail_at);
    struct outcome o;
    bool reached;

    test_label(
        str_cstr(a, str_printf(a, "write %lld fails with %s", fail_at, err_code_name(code))));
    sim_make(w, &r, ns);
    sim_source(w, a, ns, "abc");
    w->fault.fail_at = 0;
    CHECK_INT(sim_run(w, &r, ns, "main@sha1:1").kind, OUTCOME_DONE);
    CHECK_STR(sim_live(w, &r, ns), "abc");
    atomic_store(&w->fault.writes, 0);
    w->fault.fail_at = fail_at;
    w->fault.fail_with = code;
    sim_source(w, a, ns, "bcd");
    (void)sim_run(w, &r, ns, "main@sha1:2");
    reached = atomic_load(&w->fault.writes) >= fail_at;
    sim_check_no_orphan(w, &r, ns);
    CHECK(str_contains(sim_live(w, &r, ns), STR("bc")));
    w->fault.fail_at = 0;
    o = sim_run(w, &r, ns, "main@sha1:2");
    CHECK_INT(o.kind, OUTCOME_DONE);
    CHECK_STR(sim_live(w, &r, ns), "bcd");
    sim_check_no_orphan(w, &r, ns);
    return reached;
}

TEST(every_write_may_fail_and_the_next_run_converges)
{
    static const enum err_code codes[] = { ERR_UNAVAILABLE, ERR_CONFLICT, ERR_FORBIDDEN,
                                           ERR_TIMEOUT, ERR_INVALID };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct sim_world w = { .arena = a, .dir = "/tmp/weir-faults-XXXXXX" };
    long long writes = 0;

    REQUIRE(sim_open(&w) == NULL);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        for (writes = 1; torture(&w, writes, codes[i]); writes++)
            REQUIRE(writes < 50);
    test_label(NULL);
    CHECK(writes > 4);
    sim_close(&w);
}

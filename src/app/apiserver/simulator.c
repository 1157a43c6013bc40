/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/simulator.h"

struct simulator {
    struct apiserver *s;
};

struct simulator *simulator_new(struct apiserver *s, int64_t delay_ns)
{
    struct simulator *m = ARENA_NEW(s->home, struct simulator);

    (void)delay_ns;
    m->s = s;
    return m;
}

bool simulator_start(struct simulator *m)
{
    return m->s != NULL;
}

void simulator_stop(struct simulator *m)
{
    (void)m;
}

void simulator_wake(struct simulator *m)
{
    (void)m;
}

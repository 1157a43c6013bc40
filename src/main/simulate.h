/* SPDX-License-Identifier: Apache-2.0 */
/* main/simulate.h - ports/driving/simulation.h: the embedded API server and the engine, in a folder that goes with the call. */
#ifndef MAIN_SIMULATE_H
#define MAIN_SIMULATE_H

#include "ports/driving/simulation.h"

struct err *simulate_run(void *self, struct run *r, const struct simulation_settings *settings,
                         struct simulation *ret);

#endif

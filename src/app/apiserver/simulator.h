/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/simulator.h - private to app/apiserver: a healthy cluster without nodes.
 *
 * Plays the controllers and the kubelet for workloads, so that whoever waits for a rollout has something to wait for.
 * One thread; follows the store's history like the keeper. Not started with --no-engine.
 *
 * A pod with the annotation "sandbox.weir.dev/never-ready" never gets ready; its value is the reason that its containers
 * show, such as ImagePullBackOff. A Deployment of such pods fails when its progressDeadlineSeconds have passed.
 */
#ifndef APP_APISERVER_SIMULATOR_H
#define APP_APISERVER_SIMULATOR_H

#include "app/apiserver/state.h"

/* Pods become ready `delay_ns` after they are made. */
struct simulator *simulator_new(struct apiserver *s, int64_t delay_ns);
bool simulator_start(struct simulator *m);
void simulator_stop(struct simulator *m);
void simulator_wake(struct simulator *m);

#endif

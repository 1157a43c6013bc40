/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/reactor/reactor.h - the one thread that waits for sockets, timers and child processes.
 *
 * It owns a libevent base and hands the pointer out, so that adapters which never include each other share one loop:
 * main gives reactor_base() to each. What is registered before reactor_start() needs no lock; afterwards a
 * base belongs to the reactor's thread, and other threads wake it by an eventfd of their own.
 */
#ifndef ADAPTERS_REACTOR_REACTOR_H
#define ADAPTERS_REACTOR_REACTOR_H

#include <stdbool.h>

struct reactor;
struct event_base; /* libevent */

struct reactor *reactor_new(void); /* NULL: the kernel refuses epoll or memory is out */
struct event_base *reactor_base(struct reactor *r);

/* Starts the thread. False: no thread could be made. */
bool reactor_start(struct reactor *r);
/* Asks the loop to end and waits for the thread. Events stay registered. */
void reactor_stop(struct reactor *r);
/* After reactor_stop and after all who registered have gone. NULL is fine. */
void reactor_free(struct reactor *r);

#endif

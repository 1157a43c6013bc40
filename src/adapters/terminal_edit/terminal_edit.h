/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/terminal_edit/terminal_edit.h - ports/driving/terminal.h over libedit, which is loaded when the first line is asked for at
 * a terminal (docs/adr/0009). Lines are UTF-8 whatever the locale; the process' own stays as it is.
 */
#ifndef ADAPTERS_TERMINAL_EDIT_TERMINAL_EDIT_H
#define ADAPTERS_TERMINAL_EDIT_TERMINAL_EDIT_H

#include "ports/driving/terminal.h"

struct terminal terminal_edit_port(void);

#endif

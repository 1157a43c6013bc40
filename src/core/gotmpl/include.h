/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/include.h - Helm's functions that render: rows of a function table (core/sprig/tables) name them.
 *
 * include(string, interface {}) string executes a named template; tpl(string, interface {}) string parses a text and
 * executes it, with what it defines visible to what it includes.
 */
#ifndef CORE_GOTMPL_INCLUDE_H
#define CORE_GOTMPL_INCLUDE_H

#include "core/gotmpl/function.h"

MUST_CHECK struct err *template_include(struct call *c, struct go_value *ret);
MUST_CHECK struct err *template_tpl(struct call *c, struct go_value *ret);

/* Messages of `fail` and `required` stand between these words, as in Helm, until template_error_as_helm() takes them out. */
#define TEMPLATE_MESSAGE_BEGIN "HELM_ERR_START"
#define TEMPLATE_MESSAGE_END "HELM_ERR_END"

#endif

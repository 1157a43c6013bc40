/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/change_report.h - what applying would change, for people: one line an object, below it the fields by their paths.
 *
 * Follows the words and layout of `flux diff kustomization`; blocks stand below each other, never side by side.
 */
#ifndef CLI_CHANGE_REPORT_H
#define CLI_CHANGE_REPORT_H

#include "cli/command.h"

void change_report_print(const struct cli *cli, const struct changes *changes);

/* The fields of one object. */
void change_report_fields(struct buf *out, const struct val *before, const struct val *after);

#endif

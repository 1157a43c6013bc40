/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/help_pages.h - the command table as a manual page (man(7) macros) and as a page of Markdown.
 *
 * docs/man/weir.1 and docs/reference/cli.md are what these print (scripts/generated.txt).
 */
#ifndef CLI_HELP_PAGES_H
#define CLI_HELP_PAGES_H

#include "cli/command.h"

void help_page_man(const struct cli *cli);
void help_page_markdown(const struct cli *cli);

#endif

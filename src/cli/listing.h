/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/listing.h - objects in the formats that every listing has: table, wide, name, json, yaml.
 */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include "cli/command.h"

/* "json", "yaml" or "name". */
void listing_print(const struct cli *cli, const struct objects *objects, struct str format);

/* One object of a stream of them: JSON, a YAML document with "---" before it, or a name. */
void listing_print_one(const struct cli *cli, const struct val *object, struct str format);

/* True for a format that listing_print prints, false for a table. */
bool listing_is_document(struct str format);

/* Hexadecimal words of 40 to 128 digits cut to eight, as flux shows revisions. */
struct str listing_short(struct arena *a, struct str text);

/* Ready's status and message; "False" and "waiting to be reconciled" without one. */
void listing_status(const struct val *object, struct str *ret_status, struct str *ret_message);

/* "3m12s" since an RFC 3339 time, as kubectl prints ages. */
struct str listing_age(struct arena *a, struct wall_time now, struct str since);

#endif

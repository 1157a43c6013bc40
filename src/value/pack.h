/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/pack.h - numbers, texts and trees as bytes and back, for a pipe between two processes of one binary.
 *
 * Numbers in the machine's byte order; a text is its length and its bytes; a tree is its nodes in order. Not a file format:
 * both ends are the same program. What comes back is checked like everything foreign. Places (file, line, column) are not
 * kept; kinds, styles and the source text of numbers are. Used by adapters/render_process.
 */
#ifndef VALUE_PACK_H
#define VALUE_PACK_H

#include "base/buf.h"
#include "base/err.h"
#include "value/val.h"

void pack_byte(struct buf *out, uint8_t n);
void pack_u32(struct buf *out, uint32_t n);
void pack_u64(struct buf *out, uint64_t n);
void pack_str(struct buf *out, struct str s); /* shorter than 4 GiB */
void pack_val(struct buf *out, const struct val *v);

/* What is left to read. Once `bad`, everything reads as zero, empty or val_null: test it at the end of a message. */
struct unpack {
    struct arena *arena;
    struct str rest;
    size_t nodes; /* of trees, so far */
    bool bad;     /* truncated, too deep, more than LIMIT_TREE_NODES, or no such kind */
};

uint8_t unpack_byte(struct unpack *u);
uint32_t unpack_u32(struct unpack *u);
uint64_t unpack_u64(struct unpack *u);
struct str unpack_str(struct unpack *u); /* points into the message */

/* Strings point into the message; all else is in the arena. Never NULL. */
const struct val *unpack_val(struct unpack *u);

/* A count of things of which each takes at least `size` bytes of what is left; 0 and `bad` otherwise. */
size_t unpack_count(struct unpack *u, size_t size);

#endif

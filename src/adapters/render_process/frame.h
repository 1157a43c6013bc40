/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/render_process/frame.h - messages between a parent and its render worker over a socket pair.
 *
 *     u32 length of the body, u8 kind, body (value/pack.h)
 *
 * The worker asks, the parent answers; only FRAME_BUILD goes unasked. Both are one binary, so there is no version. Each side gives the
 * largest body it takes, and nothing is allocated for a longer one.
 */
#ifndef ADAPTERS_RENDER_PROCESS_FRAME_H
#define ADAPTERS_RENDER_PROCESS_FRAME_H

#include "base/run.h"
#include "value/pack.h"

enum frame_kind {
    /* from the worker */
    FRAME_HELLO = 1, /* byte landlock is on, byte seccomp is on, byte memory is limited */
    FRAME_STAT,      /* u32 tree, text path -> OK byte enum tree_kind */
    FRAME_FOLDER, /* u32 tree, text path -> OK text real path, u32 entries: text name, byte kind, byte executable, byte 1 and text when its
                     content follows */
    FRAME_READ,   /* u32 tree, text path, u64 max -> OK text content */
    FRAME_RESOLVE,          /* u32 tree, text path -> OK text path */
    FRAME_FETCH_REPOSITORY, /* text url -> OK u32 tree, text label */
    FRAME_FETCH_FILE,       /* text url -> OK text content */
    FRAME_DONE, /* u32 objects, each a tree; u32 warnings, each a text; text digest; ends the build */
    FRAME_FAILED, /* an error; ends the build */
    /* from the parent */
    FRAME_BUILD, /* text tenant, text path, text label, byte remote allowed, tree spec, byte variables; with those byte always, byte strict, u32 count:
                    text name, text value */
    FRAME_OK,
    FRAME_ERROR, /* byte enum err_code, text message */
};

struct frame {
    enum frame_kind kind;
    struct unpack body;
};

/* Starts a message in an empty buffer; packs follow, then frame_send. */
void frame_begin(struct buf *out, struct arena *a, enum frame_kind kind);
void frame_put_error(struct buf *out, struct arena *a, const struct err *e);

/* The error of a FRAME_ERROR or FRAME_FAILED. */
struct err *frame_take_error(struct arena *a, struct unpack *body) __attribute__((returns_nonnull));

/*
 * One whole message. A descriptor that does not block waits for r->deadline and cancellation (ERR_TIMEOUT, ERR_CANCELLED); one that
 * blocks for the other side alone. ERR_GONE: the other side has closed; ERR_TOO_LARGE: a body of more than max bytes.
 */
MUST_CHECK struct err *frame_send(int fd, struct run *r, struct buf *message);
MUST_CHECK struct err *frame_receive(int fd, struct run *r, size_t max, struct frame *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_logs.h"

#include "base/limits.h"
#include "value/json.h"

enum { TAIL_MAX = 100000 };

struct logs {
    const struct cli *cli;
    const struct invocation *in;
    struct wall_time since; /* ns 0: always */
    struct buf line;        /* what has not ended yet */
    bool tailing;           /* --tail: lines are kept, round and round, until the end is met */
    struct buf *kept;
    size_t keep;
    size_t seen;
};

static bool is_chosen(const struct logs *l, const char *flag, struct str value)
{
    struct str wanted = flag_text(l->in, flag);

    return wanted.len == 0 || str_eq_nocase(wanted, value);
}

static struct str kind_of(const struct val *entry)
{
    struct str kind = val_get_str(entry, "reconciler kind");

    return kind.len > 0 ? kind : val_get_str(entry, "controllerKind");
}

static bool is_wanted(const struct logs *l, const struct val *entry)
{
    struct wall_time at;

    if (l->since.ns > 0 && wall_time_parse(val_get_str(entry, "ts"), &at) && at.ns < l->since.ns)
        return false;
    return is_chosen(l, "level", val_get_str(entry, "level")) &&
           is_chosen(l, "kind", kind_of(entry)) &&
           is_chosen(l, "name", val_get_str(entry, "name")) &&
           (flag_is_set(l->in, "all-namespaces") ||
            is_chosen(l, "namespace", val_get_str(entry, "namespace")));
}

static void print(const struct logs *l, struct arena *a, const struct val *entry)
{
    struct str name = val_get_str(entry, "name"), object = kind_of(entry);
    struct str text;

    if (name.len > 0)
        object = str_printf(a, "%.*s/%.*s.%.*s", STR_ARG(object), STR_ARG(name),
                            STR_ARG(val_get_str(entry, "namespace")));
    text = str_printf(a, "%.*s %.*s %.*s - %.*s %.*s\n", STR_ARG(val_get_str(entry, "ts")),
                      STR_ARG(val_get_str(entry, "level")), STR_ARG(object),
                      STR_ARG(val_get_str(entry, "msg")), STR_ARG(val_get_str(entry, "error")));
    l->cli->write(l->cli->self, 1, text);
}

/* Lines that are no JSON, such as what a crash prints, are passed over as flux does. */
static void show_line(const struct logs *l, struct str line)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *entry;

    if (!str_has_prefix(line, STR("{")) ||
        json_read(a, line, STR("log"), JSON_READ_BORROW, &entry) || !is_wanted(l, entry))
        return;
    if (str_is(flag_text(l->in, "output"), "json"))
        l->cli->write(l->cli->self, 1, str_printf(a, "%.*s\n", STR_ARG(line)));
    else
        print(l, a, entry);
}

static void take_line(struct logs *l, struct str line)
{
    struct buf *slot;

    if (!l->tailing) {
        show_line(l, line);
        return;
    }
    if (l->keep == 0)
        return;
    slot = &l->kept[l->seen++ % l->keep];
    buf_truncate(slot, 0);
    buf_put(slot, line);
}

/* The end was met: what --tail kept is shown, and from here on every line is. */
static void end_tail(struct logs *l)
{
    size_t count = l->seen < l->keep ? l->seen : l->keep;

    for (size_t i = 0; l->tailing && i < count; i++)
        show_line(l, buf_str(&l->kept[(l->seen - count + i) % l->keep]));
    l->tailing = false;
}

static struct err *take_bytes(struct logs *l, struct str bytes)
{
    while (bytes.len > 0) {
        size_t end = str_find_byte(bytes, '\n', 0);

        buf_put(&l->line, str_slice(bytes, 0, end));
        if (l->line.overflowed)
            return err_new(l->cli->run->arena, ERR_TOO_LARGE,
                           "a line of the log is longer than %llu bytes (LIMIT_DOCUMENT_BYTES)",
                           (unsigned long long)LIMIT_DOCUMENT_BYTES);
        if (end == SIZE_MAX)
            break;
        take_line(l, buf_str(&l->line));
        buf_truncate(&l->line, 0);
        bytes = str_skip(bytes, end + 1);
    }
    return NULL;
}

static struct err *prepare(struct logs *l)
{
    struct arena *a = l->cli->run->arena;
    struct str time = flag_text(l->in, "since-time");
    int64_t since = flag_duration(l->in, "since"), tail = flag_number(l->in, "tail");

    if (time.len > 0 && since > 0)
        return err_new(a, ERR_INVALID, "at most one of --since-time and --since may be given");
    if (time.len > 0 && !wall_time_parse(time, &l->since))
        return err_new(a, ERR_INVALID, "%.*s is not a valid (RFC3339) time", STR_ARG(time));
    if (since > 0)
        l->since.ns = l->cli->now.ns - since;
    if (tail > TAIL_MAX)
        return err_new(a, ERR_INVALID, "--tail is at most %d", TAIL_MAX);
    l->tailing = tail >= 0;
    if (tail > 0) {
        l->keep = (size_t)tail;
        l->kept = ARENA_ARRAY(a, l->keep, struct buf);
        for (size_t i = 0; i < l->keep; i++)
            buf_init(&l->kept[i], a, 0);
    }
    buf_init(&l->line, a, LIMIT_DOCUMENT_BYTES);
    return NULL;
}

struct err *cmd_logs(const struct cli *cli, const struct invocation *in)
{
    struct logs l = { .cli = cli, .in = in };
    struct str file = flag_text(in, "file"), bytes;
    bool follow = flag_is_set(in, "follow"), at_end = false;
    size_t at = 0;
    struct err *e = prepare(&l);

    if (!e && !flag_is_given(in, "file"))
        cli_note(cli, "► reading the engine's log from standard input; --file names a file\n");
    while (!e) {
        ARENA_AUTO struct arena *a = arena_new(0);

        e = cli->session.ops->read_on(cli->session.self, a, file, &at, follow && at_end, &bytes);
        if (e)
            return err_copy(cli->run->arena, e);
        if (bytes.len > 0) {
            e = take_bytes(&l, bytes);
            continue;
        }
        if (l.line.len > 0 && !follow)
            take_line(&l, buf_str(&l.line));
        end_tail(&l);
        if (!follow || at_end)
            break; /* a pipe that has ended gives nothing more */
        at_end = true;
    }
    return e;
}

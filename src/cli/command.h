/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/command.h - the one command table. Parsing, help, completion and the reference derive from it.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/buf.h"
#include "core/api/flux_kinds.h"
#include "ports/driving/chart_registries.h"
#include "ports/driving/daemon.h"
#include "ports/driving/session.h"
#include "ports/driving/simulation.h"
#include "ports/driving/terminal.h"

enum { FLAGS_MAX = 40, ARGUMENTS_MAX = 64 };

/* FLAG_TEXTS may be given again and again; flag_texts has them all. */
enum flag_type { FLAG_TEXT, FLAG_TEXTS, FLAG_SWITCH, FLAG_NUMBER, FLAG_DURATION };

struct flag {
    const char *name; /* without dashes */
    char letter;      /* 0: none */
    enum flag_type type;
    const char *otherwise; /* value when not given; NULL: "" or false */
    const char *choices;   /* comma-separated; NULL: anything */
    const char *help;
};

struct invocation;

/* What every command is given; made by main. */
struct cli {
    struct run *run;
    struct session session;
    struct daemon daemon;
    struct charts charts;
    struct chart_registries registries;
    struct terminal terminal;
    struct simulator simulator;
    struct wall_time now;
    /* A variable of the process' environment; false: not set. */
    bool (*environment)(void *self, struct str name, struct str *ret);
    /* Writes at once; `stream` 1 is data, 2 is progress and errors. */
    void (*write)(void *self, int stream, struct str text);
    void *self;
};

struct command {
    const char *path;      /* "get sources git" */
    const char *aliases;   /* comma-separated, of the last word; NULL: none */
    const char *arguments; /* "[NAME]"; NULL: none */
    size_t arguments_max;
    const char *summary;
    const char *examples; /* lines; NULL: none */
    const struct flag *flags;
    size_t flag_count;
    const struct flux_kind *kind; /* that it is about; NULL: of none, or of several */
    bool uses_cluster;            /* has the flags of every command that connects */
    /* NULL: a group. The error is printed by the caller; exit status by its code. */
    struct err *(*run)(const struct cli *cli, const struct invocation *in);
};

struct flag_value {
    const struct flag *flag;
    struct str text; /* as given, or the default; of a FLAG_TEXTS the last one */
    bool given;
    struct str *texts; /* FLAG_TEXTS: all, in order */
    size_t count;
    size_t cap;
};

struct invocation {
    const struct command *command;
    struct flag_value values[FLAGS_MAX];
    size_t value_count;
    struct str arguments[ARGUMENTS_MAX];
    size_t argument_count;
    int *status; /* a command that says more than success and failure sets the exit status here */
};

/* Row `i` of the table, NULL beyond its end. A group comes before what is below it. */
const struct command *cli_command(size_t i);
extern const struct flag cli_cluster_flags[];
extern const size_t cli_cluster_flag_count;

/* The command's own flags, then those of every command that connects; NULL beyond the end. */
const struct flag *command_flag(const struct command *c, size_t i);

/* Values of a parsed invocation; the flag must exist. */
struct str flag_text(const struct invocation *in, const char *name);
const struct str *flag_texts(const struct invocation *in, const char *name, size_t *ret_count);
bool flag_is_set(const struct invocation *in, const char *name);
bool flag_is_given(const struct invocation *in, const char *name);
int64_t flag_number(const struct invocation *in, const char *name);   /* checked when parsed */
int64_t flag_duration(const struct invocation *in, const char *name); /* ns */

void cli_print(const struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void cli_note(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Parses and runs; the process' exit status: 0, 1 failure, 2 usage. argv[0] is the program. */
int cli_main(const struct cli *cli, size_t argc, const struct str *argv);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The start of the program: hands the arguments to the CLI. What it runs on is put together in src/main/. No policy. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapters/clock_linux/clock_linux.h"
#include "adapters/git_cli/askpass.h"
#include "adapters/render_process/render_worker.h"
#include "adapters/terminal_edit/terminal_edit.h"
#include "cli/command.h"
#include "main/chart_stack.h"
#include "main/engine_stack.h"
#include "main/sandbox.h"
#include "main/session.h"
#include "main/simulate.h"

static void write_stream(void *self, int stream, struct str text)
{
    (void)self;
    while (text.len > 0) {
        ssize_t n = write(stream, text.ptr, text.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* the reader is gone */
        text = str_skip(text, (size_t)n);
    }
}

static bool find_environment(void *self, struct str name, struct str *ret)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const char *value = getenv(str_cstr(a, name));

    (void)self;
    *ret = str_from_cstr(value ? value : "");
    return value != NULL;
}

static int run_command(int argc, char **argv)
{
    static const struct simulation_ops simulation = { .simulate = simulate_run };
    static const struct daemon_ops daemon = { .sandbox = sandbox_run, .run = engine_run };
    struct clock clock = clock_linux();
    struct chart_stack charts;
    struct run run = { .arena = arena_new(0), .deadline = MONO_NEVER };
    struct cli cli = {
        .run = &run,
        .session = { .ops = &session_operations },
        .daemon = { .ops = &daemon },
        .simulator = { .ops = &simulation },
        .charts = chart_stack_open(&charts),
        .registries = chart_registries_port(&charts.tools),
        .terminal = terminal_edit_port(),
        .now = clock_wall(&clock),
        .write = write_stream,
        .environment = find_environment,
    };
    struct str *args = ARENA_ARRAY(run.arena, (size_t)argc + 1, struct str);
    int status;

    for (int i = 0; i < argc; i++)
        args[i] = str_from_cstr(argv[i]);
    status = cli_main(&cli, (size_t)argc, args);
    arena_free(run.arena);
    return status;
}

int main(int argc, char **argv)
{
    const char *passphrase = getenv(GIT_ASKPASS_VARIABLE);

    if (argc == 2 && passphrase)
        return git_askpass_answer(passphrase, argv[1]);
    if (argc > 1 && strcmp(argv[1], RENDER_WORKER_ROLE) == 0)
        return render_worker_main(argc, argv);
    return run_command(argc, argv);
}

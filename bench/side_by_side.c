/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs several commands in turns and prints, a line for each: medians of CPU seconds, wall seconds and peak memory in
 * KiB. In turns of a few runs, so that what else the machine does hits all alike, and a small program is not
 * measured with the caches that a large one left; from a small process, because the peak that Linux reports for a
 * child begins with that of its parent.
 *
 *     side_by_side ROUNDS -- COMMAND ARGS... -- COMMAND ARGS...
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "base/str.h"

enum { COMMANDS_MAX = 8, ROUNDS_MAX = 1000, RUNS_A_TURN = 5 };

extern char **environ;

struct samples {
    double cpu[ROUNDS_MAX], wall[ROUNDS_MAX], memory[ROUNDS_MAX];
};

static struct samples samples[COMMANDS_MAX];

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static bool run(char **argv, struct samples *s, int round)
{
    posix_spawn_file_actions_t actions;
    double start = now();
    struct rusage used;
    int status;
    pid_t pid;

    if (!argv[0])
        return false;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) != 0 ||
        wait4(pid, &status, 0, &used) != pid || status != 0) {
        fprintf(stderr, "side_by_side: %s failed\n", argv[0]);
        return false;
    }
    s->wall[round] = now() - start;
    s->cpu[round] = seconds(used.ru_utime) + seconds(used.ru_stime);
    s->memory[round] = (double)used.ru_maxrss;
    posix_spawn_file_actions_destroy(&actions);
    return true;
}

static int by_size(const void *x, const void *y)
{
    const double *a = x, *b = y;

    return (*a > *b) - (*a < *b);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_size);
    return values[count / 2];
}

int main(int argc, char **argv)
{
    char **commands[COMMANDS_MAX];
    int count = 0, rounds;
    int64_t asked = 0;

    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], "--") == 0 && count < COMMANDS_MAX) {
            argv[i] = NULL;
            commands[count++] = &argv[i + 1];
        }
    if (argc < 2 || !str_to_int64(str_from_cstr(argv[1]), &asked) || count == 0 || asked < 1 ||
        asked > ROUNDS_MAX) {
        fputs("usage: side_by_side ROUNDS -- COMMAND ARGS... [-- COMMAND ARGS...]\n", stderr);
        return 2;
    }
    rounds = (int)asked;
    for (int from = 0; from < rounds; from += RUNS_A_TURN)
        for (int c = 0; c < count; c++)
            for (int round = from; round < rounds && round < from + RUNS_A_TURN; round++)
                if (!run(commands[c], &samples[c], round))
                    return 1;
    for (int c = 0; c < count; c++)
        printf("%.6f %.6f %.0f\n", median(samples[c].cpu, rounds), median(samples[c].wall, rounds),
               median(samples[c].memory, rounds));
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A build in our process beside the same build in a warm worker, in turns; medians in microseconds. Three trees: 4 objects, 1,000 objects in
 * one file, 1,000 objects in a file each. Last, what a worker adds to a build when it must first be started, and its memory in KiB.
 *
 *     render          prints "NAME in-process worker" lines
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "adapters/render_inproc/render_inproc.h"
#include "adapters/render_process/render_process.h"
#include "adapters/render_process/render_worker.h"
#include "base/limits.h"
#include "core/tree_memory.h"

enum { ROUNDS_MAX = 400 };

static double now_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

static struct str deployment(struct arena *a, int i)
{
    return str_printf(a,
                      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-%d\n"
                      "  labels: {app: web-%d, tier: front}\nspec:\n  replicas: 2\n"
                      "  selector: {matchLabels: {app: web-%d}}\n  template:\n    metadata:\n"
                      "      labels: {app: web-%d}\n    spec:\n      containers:\n"
                      "      - name: web\n        image: registry.example/web:1.0\n"
                      "        ports: [{containerPort: 8080}]\n        resources:\n"
                      "          requests: {cpu: 100m, memory: 64Mi}\n",
                      i, i, i, i);
}

static struct tree fill(struct arena *a, int objects, bool one_file)
{
    struct tree_memory *m = tree_memory_new(a);
    struct buf all, list;

    buf_init(&all, a, 0);
    buf_init(&list, a, 0);
    buf_lit(&list, "namespace: shop\nnamePrefix: prod-\nimages:\n- name: registry.example/web\n"
                   "  newTag: \"2.0\"\nresources:\n");
    for (int i = 0; i < objects; i++) {
        struct str name = str_printf(a, "web-%d.yaml", i);

        buf_put(&all, deployment(a, i));
        buf_lit(&all, "---\n");
        if (one_file)
            continue;
        tree_memory_put(m, name, deployment(a, i), false);
        buf_printf(&list, "- %.*s\n", STR_ARG(name));
    }
    if (one_file) {
        tree_memory_put(m, STR("all.yaml"), buf_str(&all), false);
        buf_lit(&list, "- all.yaml\n");
    }
    tree_memory_put(m, STR("kustomization.yaml"), buf_str(&list), false);
    return tree_memory_port(m, STR(""));
}

static double once(const struct renderer *renderer, const struct tree *tree)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct render_request request = { .tenant = STR("bench"), .tree = tree, .path = STR("") };
    struct render_result result;
    double begin = now_us();
    struct err *e = renderer->ops->render(renderer->self, &r, &request, &result);

    if (e) {
        (void)fprintf(stderr, "%.*s\n", STR_ARG(err_line(a, e)));
        abort();
    }
    return now_us() - begin;
}

static void compare(struct render_process *pool, const char *name, const struct tree *tree,
                    size_t rounds)
{
    struct renderer here = render_inproc_port(), there = render_process_port(pool);
    double ours[ROUNDS_MAX], theirs[ROUNDS_MAX];

    (void)once(&there, tree);
    for (size_t i = 0; i < rounds; i++) {
        ours[i] = once(&here, tree);
        theirs[i] = once(&there, tree);
    }
    printf("%s %.0f %.0f\n", name, median(ours, rounds), median(theirs, rounds));
}

static void measure_start(const struct tree *tree)
{
    struct render_process_options options = render_process_defaults(1);
    double took[20];

    for (size_t i = 0; i < 20; i++) {
        struct render_process *pool = render_process_new(&options);
        struct renderer port = render_process_port(pool);

        took[i] = once(&port, tree);
        render_process_free(pool);
    }
    printf("start 0 %.0f\n", median(took, 20));
}

/* Process id of our only child; 0: none. */
static long only_child(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int64_t pid = 0;

    for (struct dirent *task; tasks && (task = readdir(tasks)) != NULL;) {
        char path[320], text[32] = "";
        FILE *f;

        (void)snprintf(path, sizeof path, "/proc/self/task/%s/children", task->d_name);
        f = fopen(path, "re");
        if (f && fgets(text, sizeof text, f))
            (void)str_to_int64(str_trim(str_from_cstr(text)), &pid);
        if (f)
            (void)fclose(f);
    }
    if (tasks)
        (void)closedir(tasks);
    return (long)pid;
}

/* Of the worker, once it has given back what it does not need. */
static void measure_memory(const char *name)
{
    char path[64], line[128];
    FILE *f;

    (void)nanosleep(&(struct timespec){ .tv_sec = 1 }, NULL);
    (void)snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", only_child());
    f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "Rss:", 4) == 0 || strncmp(line, "Pss:", 4) == 0 ||
            strncmp(line, "Private_Dirty:", 14) == 0)
            printf("%s %s", name, line);
    if (f)
        (void)fclose(f);
}

int main(int argc, char **argv)
{
    struct render_process_options options = render_process_defaults(1);
    struct render_process *pool;
    struct arena *a = arena_new(0);
    struct tree small, one, many;

    if (argc > 1 && strcmp(argv[1], RENDER_WORKER_ROLE) == 0)
        return render_worker_main(argc, argv);
    small = fill(a, 4, false);
    one = fill(a, 1000, true);
    many = fill(a, 1000, false);
    pool = render_process_new(&options);
    compare(pool, "4-objects", &small, ROUNDS_MAX);
    measure_memory("idle-after-small");
    compare(pool, "1000-objects-one-file", &one, 20);
    compare(pool, "1000-objects-1000-files", &many, 20);
    measure_memory("idle-after-large");
    measure_start(&small);
    render_process_free(pool);
    arena_free(a);
    return 0;
}

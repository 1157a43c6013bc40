/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads one file into a tree over and over for a second and prints megabytes a second. bench/peers/yaml is the same
 * for Go's readers.
 *
 *     read_text yaml|json FILE
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/limits.h"
#include "value/json.h"
#include "value/yaml.h"

static struct str read_file(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rbe");
    struct buf text;
    size_t got;

    buf_init(&text, a, LIMIT_DOCUMENT_BYTES);
    if (!f)
        return STR("");
    do {
        char *to = buf_reserve(&text, 64 * KIB);

        got = to ? fread(to, 1, 64 * KIB, f) : 0;
        text.len += got;
    } while (got == 64 * KIB);
    (void)fclose(f);
    return buf_str(&text);
}

static struct err *read_once(struct arena *a, const char *format, struct str text)
{
    struct yaml_docs docs;
    const struct val *v;

    if (strcmp(format, "json") == 0)
        return json_read(a, text, STR("text"), JSON_READ_DEFAULT, &v);
    return yaml_read_all(a, text, STR("text"), YAML_SIGS, &docs);
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    ARENA_AUTO struct arena *own = arena_new(0);
    ARENA_AUTO struct arena *a = arena_new(0);
    unsigned rounds = 0;
    double start = seconds(), spent = 0;
    struct str text;

    if (argc != 3) {
        fputs("usage: read_text yaml|json FILE\n", stderr);
        return 2;
    }
    text = read_file(own, argv[2]);
    for (; rounds == 0 || spent < 1; rounds++, spent = seconds() - start) {
        struct err *e = read_once(a, argv[1], text);

        if (e) {
            fprintf(stderr, "%.*s\n", STR_ARG(err_line(a, e)));
            return 1;
        }
        arena_reset(a);
    }
    printf("%.2f\n", (double)text.len * rounds / spent / 1e6);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs one fuzzer over its committed corpus without libFuzzer, so that any compiler can do it.
 * The program is named after the fuzzer: "yaml" reads fuzz/corpus/yaml/ under the current folder;
 * arguments, if any, are files to try instead. A property that fails aborts, and the last name
 * printed is the culprit.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_BYTES_MAX (16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes of the file, exactly as many as it has, so that ASan sees one byte too far. */
static uint8_t *read_file(const char *path, size_t *ret_size)
{
    FILE *f = fopen(path, "rbe");
    struct stat st;
    uint8_t *data = NULL;

    if (!f)
        return NULL;
    if (fstat(fileno(f), &st) == 0 && st.st_size <= INPUT_BYTES_MAX)
        data = malloc((size_t)st.st_size + (st.st_size == 0));
    if (data)
        *ret_size = fread(data, 1, (size_t)st.st_size, f);
    fclose(f);
    return data;
}

/* True when the file could be read; the fuzzer itself aborts on a failure. */
static bool replay_file(const char *path)
{
    size_t size = 0;
    uint8_t *data = read_file(path, &size);

    if (!data) {
        perror(path);
        return false;
    }
    puts(path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    return true;
}

static int is_visible(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

static void replay_folder(const char *folder, unsigned *passed, unsigned *failed)
{
    struct dirent **names = NULL;
    int count = chdir(folder) ? 0 : scandir(".", &names, is_visible, alphasort);

    for (int i = 0; i < count; i++) {
        ++*(replay_file(names[i]->d_name) ? passed : failed);
        free(names[i]);
    }
    free(names);
}

int main(int argc, char **argv)
{
    unsigned passed = 0;
    unsigned failed = 0;

    for (int i = 1; i < argc; i++)
        ++*(replay_file(argv[i]) ? &passed : &failed);
    if (argc < 2) {
        const char *slash = strrchr(argv[0], '/');
        char folder[4096];

        (void)snprintf(folder, sizeof folder, "fuzz/corpus/%s", slash ? slash + 1 : argv[0]);
        replay_folder(folder, &passed, &failed);
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed > 0;
}

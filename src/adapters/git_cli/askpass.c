/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_cli/askpass.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/secret.h"

int git_askpass_answer(const char *file, const char *prompt)
{
    char block[4096];
    ssize_t n;
    int fd;

    if (strncmp(prompt, "Enter passphrase for", 20) != 0)
        return 1;
    fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 1;
    while ((n = read(fd, block, sizeof block)) > 0)
        if (write(STDOUT_FILENO, block, (size_t)n) != n)
            break;
    secret_wipe(block, sizeof block);
    (void)close(fd);
    return n == 0 ? 0 : 1;
}

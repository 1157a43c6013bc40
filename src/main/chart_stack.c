/* SPDX-License-Identifier: Apache-2.0 */
#include "main/chart_stack.h"

#include <unistd.h>

#include "adapters/clock_linux/clock_linux.h"
#include "adapters/fs_posix/host_files.h"
#include "adapters/http_curl/http_curl.h"
#include "adapters/oci_http/oci_http.h"
#include "adapters/process_posix/process_posix.h"

struct charts chart_stack_open(struct chart_stack *stack)
{
    stack->tools.clock = clock_linux();
    stack->tools.http = http_curl_port(&stack->tools.clock);
    stack->tools.registry = oci_http_port(&stack->tools.http);
    stack->tools.files = host_files_port();
    stack->tools.process = process_posix_port();
    stack->tools.environment = (const char *const *)environ;
    return charts_port(&stack->tools);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What is counted of requests, and when a busy server is asked again. */
#include <time.h>

#include "adapters/kube_http/http_state.h"

enum {
    RETRY_AFTER_S_MAX = 30,
    JITTER_PERCENT = 10,
};

void http_measure(struct kube_http *k, struct arena *a, struct str method, long code,
                  int64_t took_ns)
{
    struct str text = code > 0 ? str_printf(a, "%ld", code) : STR("<error>");
    const struct metrics *m = &k->metrics;

    if (!m->ops)
        return;
    m->ops->add(m->self, METRIC_REST_REQUESTS, (struct str[]){ text, k->host, method }, 1);
    if (took_ns >= 0)
        m->ops->observe(m->self, METRIC_REST_DURATION, (struct str[]){ method, k->host },
                        (double)took_ns / (double)NS_PER_S);
}

/* Up to a tenth more, each moment another: who was sent away together does not come back together. */
static int64_t jitter_ms(const struct kube_http *k, int64_t ms)
{
    struct timespec t;
    uint64_t mixed;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    mixed = str_hash_seeded(k->host, (uint64_t)t.tv_nsec);
    return (int64_t)(mixed % (uint64_t)(ms * JITTER_PERCENT / 100 + 1));
}

/* 429, or an error of the server's, with a Retry-After: only who says when is asked again. */
int64_t http_retry_ms(const struct kube_http *k, CURL *handle)
{
    curl_off_t seconds = 0;
    int64_t ms;
    long status = 0;

    (void)k->curl->curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    (void)k->curl->curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &seconds);
    if ((status != 429 && status < 500) || seconds <= 0 || seconds > RETRY_AFTER_S_MAX)
        return -1;
    ms = (int64_t)seconds * 1000;
    return ms + jitter_ms(k, ms);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of requests at once: as streams of one HTTP/2 connection where the server has it, else over a few connections. Only so
 * many are on their way that none waits for its turn while its time runs.
 */
#include <stdlib.h>

#include "adapters/kube_http/http_state.h"

enum { WINDOW = 64, CONNECTIONS_MAX = 8, POLL_MS = 100 };

struct set {
    struct kube_http *k;
    struct run *run;
    const struct api_request *reqs;
    struct api_response *answers;
    size_t count;
    struct exchange *exchanges;
    int64_t *pauses_ms; /* -1: it is answered */
    CURLM *multi;
    size_t next; /* to be sent */
    size_t under_way;
};

static CURLM *take_multi(struct kube_http *k)
{
    CURLM *multi = NULL;

    (void)pthread_mutex_lock(&k->lock);
    if (k->idle_multi_count > 0)
        multi = k->idle_multi[--k->idle_multi_count];
    (void)pthread_mutex_unlock(&k->lock);
    if (multi)
        return multi;
    multi = k->curl->curl_multi_init();
    if (!multi)
        abort(); /* memory is out */
    (void)k->curl->curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    (void)k->curl->curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS_MAX);
    return multi;
}

static void give_multi(struct kube_http *k, CURLM *multi)
{
    bool kept = false;

    (void)pthread_mutex_lock(&k->lock);
    if (k->idle_multi_count < IDLE_MULTI_MAX) {
        k->idle_multi[k->idle_multi_count++] = multi;
        kept = true;
    }
    (void)pthread_mutex_unlock(&k->lock);
    if (!kept)
        (void)k->curl->curl_multi_cleanup(multi);
}

/* Sends on until the window is full or nothing is left. */
static void fill_window(struct set *s)
{
    const struct libcurl *c = s->k->curl;

    for (; s->next < s->count && s->under_way < WINDOW; s->next++) {
        struct exchange *x = &s->exchanges[s->next];

        s->pauses_ms[s->next] = -1;
        if (!exchange_begin(x, s->k, s->run, &s->reqs[s->next], &s->answers[s->next]))
            continue;
        (void)c->curl_easy_setopt(x->handle, CURLOPT_PRIVATE, x);
        (void)c->curl_easy_setopt(x->handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
        (void)c->curl_easy_setopt(x->handle, CURLOPT_PIPEWAIT, 1L);
        if (c->curl_multi_add_handle(s->multi, x->handle) != CURLM_OK)
            abort(); /* memory is out */
        s->under_way++;
    }
}

/* False: there was none. */
static bool take_answers(struct set *s)
{
    const struct libcurl *c = s->k->curl;
    size_t before = s->under_way;
    CURLMsg *message;
    int left;

    while ((message = c->curl_multi_info_read(s->multi, &left)) != NULL) {
        CURL *handle = message->easy_handle;
        CURLcode code = message->data.result;
        struct exchange *x = NULL;
        size_t i;

        if (message->msg != CURLMSG_DONE)
            continue;
        (void)c->curl_easy_getinfo(handle, CURLINFO_PRIVATE, (char **)&x);
        i = (size_t)(x - s->exchanges);
        (void)c->curl_multi_remove_handle(s->multi, handle);
        exchange_end(x, s->k, s->run, &s->reqs[i], code, &s->answers[i]);
        s->pauses_ms[i] = x->pause_ms;
        s->under_way--;
    }
    return s->under_way < before;
}

/* The server was too busy for some: they come again one by one, once the first pause is over. */
static void ask_again(struct set *s)
{
    bool paused = false;

    for (size_t i = 0; i < s->count; i++) {
        if (s->pauses_ms[i] < 0)
            continue;
        if (!paused && !http_pause(s->run, s->pauses_ms[i]))
            return;
        paused = true;
        http_serve(s->k, s->run, &s->reqs[i], &s->answers[i]);
    }
}

void http_serve_all(void *self, struct run *r, const struct api_request *reqs, size_t count,
                    struct api_response *ret)
{
    struct set s = { .k = self,
                     .run = r,
                     .reqs = reqs,
                     .answers = ret,
                     .count = count,
                     .exchanges = ARENA_ARRAY(r->arena, count, struct exchange),
                     .pauses_ms = ARENA_ARRAY(r->arena, count, int64_t) };
    int running;

    s.multi = take_multi(s.k);
    for (fill_window(&s); s.under_way > 0; fill_window(&s)) {
        (void)s.k->curl->curl_multi_perform(s.multi, &running);
        /* Where there was an answer there is a place for the next request: that comes before waiting. */
        if (!take_answers(&s) && running > 0)
            (void)s.k->curl->curl_multi_poll(s.multi, NULL, 0, POLL_MS, NULL);
    }
    give_multi(s.k, s.multi);
    ask_again(&s);
}

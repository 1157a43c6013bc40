/* SPDX-License-Identifier: Apache-2.0 */
/* The use-cases on a network and a disk in memory. */
#include "app/charts/charts.h"

#include "adapters/clock_linux/clock_linux.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "tests/harness.h"

struct sent {
    struct str url;
    struct str username;
};

struct world {
    struct arena *arena;
    struct run run;
    struct map pages; /* URL -> struct str * */
    struct map disk;  /* path -> struct str * */
    VEC(struct sent) sent;
    struct buf told;
    struct chart_tools tools;
    struct chart_request request;
};

static void put(struct map *m, struct arena *a, const char *key, struct str value)
{
    struct str *kept = ARENA_NEW(a, struct str);

    *kept = value;
    map_set(m, str_from_cstr(key), kept);
}

static struct err *send_request(void *self, struct run *r, const struct http_request *request,
                                struct http_answer *ret)
{
    struct world *w = self;
    const struct str *body = map_get(&w->pages, request->url);

    (void)r;
    *VEC_PUSH(w->arena, &w->sent) = (struct sent){ request->url, request->credentials.username };
    *ret = (struct http_answer){ .status = body ? 200 : 404,
                                 .reason = body ? STR("OK") : STR("Not Found"),
                                 .url = request->url,
                                 .body = body ? *body : STR("") };
    return NULL;
}

static struct err *read_file(void *self, struct arena *a, struct str path, size_t max,
                             struct str *ret)
{
    struct world *w = self;
    const struct str *content = map_get(&w->disk, path);

    (void)max;
    if (!content)
        return err_new(a, ERR_NOT_FOUND, "no %.*s", STR_ARG(path));
    *ret = *content;
    return NULL;
}

static struct err *write_file(void *self, struct arena *a, struct str path, struct str content,
                              enum file_access access)
{
    struct world *w = self;

    (void)a;
    (void)access;
    put(&w->disk, w->arena, str_cstr(w->arena, path), content);
    return NULL;
}

static struct err *make_folder(void *self, struct arena *a, struct str path)
{
    (void)self;
    (void)a;
    (void)path;
    return NULL;
}

static void tell(void *self, int stream, struct str text)
{
    struct world *w = self;

    (void)stream;
    buf_put(&w->told, text);
}

static struct charts open_world(struct world *w, struct arena *a)
{
    static const struct http_ops http = { .send = send_request };
    static const struct files_ops files = { .read = read_file,
                                            .write = write_file,
                                            .make_folder = make_folder };

    *w = (struct world){ .arena = a, .run = { .arena = a, .deadline = MONO_NEVER } };
    map_init(&w->pages, a);
    map_init(&w->disk, a);
    buf_init(&w->told, a, 0);
    w->tools = (struct chart_tools){ .http = { &http, w },
                                     .files = { &files, w },
                                     .clock = clock_linux() };
    w->request = (struct chart_request){ .homes = { .repositories = STR("r.yaml"),
                                                    .repository_cache = STR("cache"),
                                                    .content_cache = STR("content") },
                                         .access = { .username = STR("me"),
                                                     .password = secret_new(a, STR("pw")) },
                                         .report = { tell, w } };
    return charts_port(&w->tools);
}

#define INDEX(url) \
    "apiVersion: v1\nentries:\n  web:\n  - {name: web, version: 1.0.0, urls: [\"" url "\"]}\n"

TEST(a_password_goes_to_the_repository_and_not_to_where_it_points)
{
    static const struct {
        const char *index, *archive, *user;
        bool everywhere;
    } cases[] = {
        { INDEX("web-1.0.0.tgz"), "https://h/charts/web-1.0.0.tgz", "me", false },
        { INDEX("https://cdn/web-1.0.0.tgz"), "https://cdn/web-1.0.0.tgz", "", false },
        { INDEX("https://h:8443/web-1.0.0.tgz"), "https://h:8443/web-1.0.0.tgz", "", false },
        { INDEX("http://h/web-1.0.0.tgz"), "http://h/web-1.0.0.tgz", "", false },
        { INDEX("https://cdn/web-1.0.0.tgz"), "https://cdn/web-1.0.0.tgz", "me", true },
    };
    struct chart_pull how = { .folder = STR("."), .untar_folder = STR(".") };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct world w;
        struct charts charts = open_world(&w, a);

        test_label(cases[i].archive);
        w.request.repository = STR("https://h/charts");
        w.request.access.pass_credentials = cases[i].everywhere;
        put(&w.pages, a, "https://h/charts/index.yaml", str_from_cstr(cases[i].index));
        put(&w.pages, a, cases[i].archive, STR("bytes"));
        REQUIRE(charts.ops->pull(charts.self, &w.run, &w.request, STR("web"), &how) == NULL);
        REQUIRE(w.sent.count == 2);
        CHECK_STR(w.sent.items[0].username, "me");
        CHECK_STR(w.sent.items[1].url, cases[i].archive);
        CHECK_STR(w.sent.items[1].username, cases[i].user);
        REQUIRE(map_get(&w.disk, STR("web-1.0.0.tgz")) != NULL);
    }
}

TEST(a_chart_with_a_known_digest_is_fetched_once)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct world w;
    struct charts charts = open_world(&w, a);

    put(&w.disk, a, "r.yaml", STR("repositories:\n- {name: shop, url: \"https://h\"}\n"));
    put(&w.disk, a, "cache/shop-index.yaml",
        STR("apiVersion: v1\nentries:\n  web:\n  - {name: web, version: 1.0.0, urls: [w.tgz], digest: "
            "\"sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0\"}\n"));
    put(&w.disk, a,
        "content/98/9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0.chart",
        STR("aaa"));
    struct chart_pull how = { .folder = STR("."), .untar_folder = STR(".") };
    REQUIRE(charts.ops->pull(charts.self, &w.run, &w.request, STR("shop/web"), &how) == NULL);
    CHECK(w.sent.count == 0);
    const struct str *bytes = map_get(&w.disk, STR("w.tgz"));
    REQUIRE(bytes != NULL);
    CHECK_STR(*bytes, "aaa");
}

TEST(a_repository_is_kept_only_once_its_index_was_read)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct chart_repository own = { STR("shop"), STR("https://h") };
    struct world w;
    struct charts charts = open_world(&w, a);

    CHECK(charts.ops->repository_add(charts.self, &w.run, &w.request, &own, false) != NULL);
    CHECK(map_get(&w.disk, STR("r.yaml")) == NULL);
    put(&w.pages, a, "https://h/index.yaml", STR(INDEX("web.tgz")));
    CHECK(charts.ops->repository_add(charts.self, &w.run, &w.request, &own, false) == NULL);
    CHECK(map_get(&w.disk, STR("r.yaml")) != NULL);
    CHECK(map_get(&w.disk, STR("cache/shop-index.yaml")) != NULL);
    own.url = STR("https://other");
    CHECK(charts.ops->repository_add(charts.self, &w.run, &w.request, &own, false) != NULL);
}

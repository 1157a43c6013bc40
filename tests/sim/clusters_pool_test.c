/* SPDX-License-Identifier: Apache-2.0 */
/* The pool of clients of main/clusters.c on a clock of its own: who is kept, who is closed, when a token is asked for. */
/* What main is made of is in no library. NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "main/clusters.c"
#include "tests/harness.h"

struct hand_clock {
    int64_t ns;
};

static struct wall_time hand_wall(void *self)
{
    struct hand_clock *c = self;

    return (struct wall_time){ c->ns };
}

static struct mono_time hand_mono(void *self)
{
    struct hand_clock *c = self;

    return (struct mono_time){ c->ns };
}

struct fixture {
    struct hand_clock hand;
    struct clusters_pool *pool;
    struct clusters port;
    int tokens;
};

static struct fixture make(void)
{
    return (struct fixture){ .hand = { .ns = 1000 * NS_PER_S } };
}

static void begin(struct fixture *f)
{
    static const struct api_server_ops nothing = { .serve = NULL };
    static const struct kube_http_options options = { .insecure_tls = false };
    static const struct clock_ops clock_ops = { .wall = hand_wall, .mono = hand_mono };
    struct clock clock = { .ops = &clock_ops, .self = &f->hand };
    struct api_server own = { .ops = &nothing };
    struct api_user user = { .name = STR("weir") };

    f->pool = clusters_pool_new(own, &user, &clock, &options);
    f->port = clusters_pool_port(f->pool);
}

static size_t client_count(const struct fixture *f)
{
    size_t n = 0;

    for (const struct client *c = f->pool->first; c; c = c->next)
        n++;
    return n;
}

/* Opens the target in a run that ends at once. */
static void use(struct fixture *f, const struct cluster_target *target)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct cluster c;

    CHECK(clusters_open(&f->port, &r, target, &c) == NULL);
}

static void use_as(struct fixture *f, struct str user)
{
    use(f, &(struct cluster_target){ .user = user });
}

TEST(a_client_is_shared_and_closed_when_nobody_wants_it_any_more)
{
    struct fixture f = make();

    begin(&f);
    use_as(&f, STR("a"));
    use_as(&f, STR("a"));
    CHECK_INT(client_count(&f), 1);
    use_as(&f, STR("b"));
    CHECK_INT(client_count(&f), 2);
    f.hand.ns += (IDLE_S - 1) * NS_PER_S;
    use_as(&f, STR("a"));
    CHECK_INT(client_count(&f), 2);
    f.hand.ns += 2 * NS_PER_S;
    use_as(&f, STR("a"));
    CHECK_INT(client_count(&f), 1);
    clusters_pool_free(f.pool);
}

TEST(a_client_in_use_is_kept)
{
    struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct cluster_target target = { .user = STR("a") };
    struct fixture f = make();
    struct cluster c;

    begin(&f);
    CHECK(clusters_open(&f.port, &r, &target, &c) == NULL);
    f.hand.ns += 10 * IDLE_S * NS_PER_S;
    use_as(&f, STR("b"));
    CHECK_INT(client_count(&f), 2);
    arena_free(a);
    f.hand.ns += 2 * IDLE_S * NS_PER_S;
    use_as(&f, STR("c"));
    CHECK_INT(client_count(&f), 1);
    clusters_pool_free(f.pool);
}

static struct err *give_token(void *self, struct run *r, struct secret *ret,
                              struct wall_time *ret_expires)
{
    struct fixture *f = self;

    f->tokens++;
    *ret = secret_new(r->arena, STR("token"));
    ret_expires->ns = f->hand.ns + 1000 * NS_PER_S;
    return NULL;
}

TEST(a_token_is_asked_for_when_four_fifths_of_its_life_are_over)
{
    struct fixture f = make();
    struct cluster_target target = { .address = STR("https://127.0.0.1:1"),
                                     .user = STR(""),
                                     .tokens = { .get = give_token, .key = STR("ns/a") } };

    begin(&f);
    target.tokens.self = &f;
    use(&f, &target);
    use(&f, &target);
    CHECK_INT(f.tokens, 1);
    for (int i = 0; i < 2; i++) { /* within the time that nobody uses it */
        f.hand.ns += 395 * NS_PER_S;
        use(&f, &target);
    }
    CHECK_INT(f.tokens, 1);
    f.hand.ns += 15 * NS_PER_S;
    use(&f, &target);
    CHECK_INT(f.tokens, 2);
    target.tokens.key = STR("ns/b");
    use(&f, &target);
    CHECK_INT(f.tokens, 3);
    CHECK_INT(client_count(&f), 2);
    clusters_pool_free(f.pool);
}

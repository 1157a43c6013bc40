/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lives of a Kustomization by chance: revisions come and go, people change, delete and take over objects, calls are refused, answers
 * are lost and the process ends, all drawn from a seed. After every run: what carries our labels is in the inventory, and nothing that
 * is not ours, or that the source still has, was deleted. Once the faults end, the cluster is what the last revision says, and a
 * further run writes nothing.
 *
 * The argument seeds=FROM:TO chooses the seeds (0:2000, under ASan others); a failure names its seed, and seeds=N:N+1 replays it.
 */

#include "core/kube/conditions.h"
#include "core/kube/inventory.h"
#include "tests/harness.h"
#include "tests/sim/world.h"

/* A sanitizer makes each life several times as long, and has its own hundreds of them. */
#ifdef __SANITIZE_ADDRESS__
#define SEEDS "2000:2300"
#else
#define SEEDS "0:2000"
#endif

enum { LETTERS = 6, STEPS = 8, RUNS_TO_REST = 8 };

/* One life. What the model knows of each object, by its letter. */
struct life {
    struct sim_world *world;
    struct run run;
    struct str ns;
    uint64_t state;        /* of the generator of events; faults have their own */
    bool wanted[LETTERS];  /* in the newest revision */
    bool foreign[LETTERS]; /* somebody else's labels are on it */
    bool removed[LETTERS]; /* somebody deleted it since it was last seen alive */
    bool alive[LETTERS];   /* at the last look */
    bool hand_alive;       /* an object that was never ours */
    int revision;
};

static uint64_t draw(struct life *l)
{
    uint64_t z = (l->state += 0x9E3779B97F4A7C15u);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static size_t draw_below(struct life *l, size_t n)
{
    return (size_t)(draw(l) % n);
}

static struct obj_ref letter_ref(struct life *l, size_t i)
{
    return (struct obj_ref){ STR(""), STR("v1"), STR("ConfigMap"), l->ns,
                             str_printf(l->run.arena, "%c", (char)('a' + i)) };
}

/* What people do is not touched by faults. */
static const struct cluster *people(struct life *l)
{
    return &l->world->fault.inner;
}

static void change(struct life *l, size_t i, const char *key, const char *value)
{
    struct arena *a = l->run.arena;
    const struct val *labels = val_with(a, NULL, str_from_cstr(key), val_cstring(a, value)), *after;
    struct cluster_patch patch = {
        .ref = letter_ref(l, i),
        .type = CLUSTER_PATCH_MERGE,
        .field_manager = STR("kubectl-edit"),
        .patch = val_map_of(a, "metadata", val_map_of(a, "labels", labels, NULL), NULL),
    };

    CHECK(cluster_patch_one(people(l), &l->run, &patch, &after) == NULL);
}

static void delete_by_hand(struct life *l, size_t i)
{
    struct cluster_delete del = { .ref = letter_ref(l, i), .propagation = CLUSTER_BACKGROUND };
    struct cluster_result answer = { 0 };

    CHECK(cluster_delete_set(people(l), &l->run, &del, 1, &answer) == NULL);
    CHECK(answer.err == NULL);
    l->removed[i] = true;
    l->foreign[i] = false;
}

static const struct val *look_up(struct life *l, size_t i)
{
    struct obj_ref ref = letter_ref(l, i);
    const struct val *object = NULL;

    CHECK(cluster_get_one(people(l), &l->run, &ref, &object) == NULL);
    return object;
}

static void new_revision(struct life *l)
{
    char letters[LETTERS + 1];
    size_t count = 0;

    for (size_t i = 0; i < LETTERS; i++) {
        l->wanted[i] = draw_below(l, 2);
        if (l->wanted[i])
            letters[count++] = (char)('a' + i);
    }
    if (count ==
        0) { /* an empty folder is a mistake more often than a wish; it has tests of its own */
        l->wanted[0] = true;
        letters[count++] = 'a';
    }
    letters[count] = '\0';
    sim_source(l->world, l->run.arena, l->ns, letters);
    l->revision++;
}

/* Somebody changes, takes over or deletes an object that is there. */
static void somebody_acts(struct life *l)
{
    size_t i = draw_below(l, LETTERS);

    if (!look_up(l, i))
        return;
    switch (draw_below(l, 3)) {
    case 0:
        change(l, i, "by", "hand");
        break;
    case 1:
        change(l, i, "kustomize.toolkit.fluxcd.io/name", "other");
        l->foreign[i] = true;
        break;
    default:
        delete_by_hand(l, i);
        break;
    }
}

static bool is_by_hand_alive(struct life *l)
{
    struct obj_ref ref = { STR(""), STR("v1"), STR("ConfigMap"), l->ns, STR("by-hand") };
    const struct val *object = NULL;

    CHECK(cluster_get_one(people(l), &l->run, &ref, &object) == NULL);
    return object != NULL;
}

/* Nothing went that had to stay; then the model takes the cluster's state over. */
static void check_deletions(struct life *l)
{
    for (size_t i = 0; i < LETTERS; i++) {
        const struct val *object = look_up(l, i);
        struct str owner = val_str(
            val_get(val_at(object, "metadata.labels"), STR("kustomize.toolkit.fluxcd.io/name")));

        if (l->alive[i] && !object && !l->removed[i])
            CHECK(!l->wanted[i] && !l->foreign[i]);
        l->alive[i] = object != NULL;
        l->removed[i] = l->removed[i] && !object;
        if (object)
            l->foreign[i] = !str_is(owner, "k");
    }
    CHECK(is_by_hand_alive(l));
}

static struct outcome run_life(struct life *l)
{
    const char *revision = str_cstr(l->run.arena,
                                    str_printf(l->run.arena, "main@sha1:%d", l->revision));

    return sim_run(l->world, &l->run, l->ns, revision);
}

/* Runs with faults, then the end of the process, then perhaps more runs. */
static void live_through(struct life *l, struct fault_chance *chance)
{
    size_t runs = 1 + draw_below(l, 3);

    chance->refused = (unsigned)draw_below(l, 300);
    chance->unheard = (unsigned)draw_below(l, 150);
    chance->dies = (unsigned)draw_below(l, 60);
    l->world->fault.chance = chance;
    for (size_t i = 0; i < runs; i++) {
        chance->dead = false;
        (void)run_life(l);
    }
    l->world->fault.chance = NULL;
    sim_check_no_orphan(l->world, &l->run, l->ns);
    check_deletions(l);
}

/* Without faults the last revision is reached, and then nothing more is written. */
static void come_to_rest(struct life *l)
{
    struct obj_ref ref = sim_ref(l->ns);
    struct outcome o = { .kind = OUTCOME_RETRY };
    const struct val *k = NULL;
    long long writes;

    for (int i = 0; i < RUNS_TO_REST && o.kind != OUTCOME_DONE; i++)
        o = run_life(l);
    CHECK_INT(o.kind, OUTCOME_DONE);
    check_deletions(l);
    for (size_t i = 0; i < LETTERS; i++)
        if (!l->foreign[i])
            CHECK(l->alive[i] == l->wanted[i]);
        else
            CHECK(l->alive[i] && !l->wanted[i]);
    sim_check_no_orphan(l->world, &l->run, l->ns);
    writes = atomic_load(&l->world->fault.writes);
    CHECK_INT(run_life(l).kind, OUTCOME_DONE);
    CHECK_INT(atomic_load(&l->world->fault.writes), writes);
    REQUIRE(cluster_get_one(people(l), &l->run, &ref, &k) == NULL && k);
    CHECK(condition_is(k, "Ready", "True"));
}

static void make_by_hand(struct life *l)
{
    struct arena *a = l->run.arena;
    const struct val *metadata = val_map_of(a, "name", val_cstring(a, "by-hand"), "namespace",
                                            val_string(a, l->ns), NULL),
                     *made;
    const struct val *object = val_map_of(a, "apiVersion", val_cstring(a, "v1"), "kind",
                                          val_cstring(a, "ConfigMap"), "metadata", metadata, NULL);

    CHECK(cluster_create(people(l), &l->run, object, STR("test"), &made) == NULL);
}

static void one_life(struct sim_world *world, uint64_t seed)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct fault_chance chance = { .state = seed ^ 0xA5A5A5A5u };
    struct life l = { .world = world,
                      .run = { .arena = a, .deadline = MONO_NEVER },
                      .ns = str_printf(a, "s-%llu", (unsigned long long)seed),
                      .state = seed };

    test_label(str_cstr(a, str_printf(a, "seeds=%llu:%llu", (unsigned long long)seed,
                                      (unsigned long long)seed + 1)));
    sim_make(world, &l.run, l.ns);
    make_by_hand(&l);
    new_revision(&l);
    for (int i = 0; i < STEPS; i++) {
        if (draw_below(&l, 2))
            somebody_acts(&l);
        if (draw_below(&l, 2))
            new_revision(&l);
        live_through(&l, &chance);
    }
    come_to_rest(&l);
    test_label(NULL);
}

TEST(lives_by_chance_end_as_their_last_revision_says)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct sim_world w = { .arena = a, .dir = "/tmp/weir-seeds-XXXXXX" };
    const char *range = test_option("seeds");
    struct str from = STR("0"), to = STR("2000"), rest = str_from_cstr(range ? range : SEEDS);
    uint64_t first = 0, last = 0;

    REQUIRE(str_cut(&rest, ':', &from) && str_cut(&rest, ':', &to));
    REQUIRE(str_to_uint64(from, &first) && str_to_uint64(to, &last) && first < last);
    REQUIRE(sim_open(&w) == NULL);
    for (uint64_t seed = first; seed < last; seed++)
        one_life(&w, seed);
    sim_close(&w);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/simulate/simulate.h"

#include "base/limits.h"
#include "base/vec.h"
#include "core/api/flux_kinds.h"
#include "core/api/kind.h"
#include "core/kube/conditions.h"
#include "core/kube/inventory.h"

#define MANAGER STR("weir-simulate")
#define ROOT STR("flux-system")

enum { LOOK_EVERY_MS = 100, QUIET_MS = 1500, QUIET_WAITING_MS = 6000 };

static struct err *apply(const struct simulate_ports *ports, struct run *r,
                         const struct val *object)
{
    struct cluster_apply req = { .object = object, .field_manager = MANAGER, .force = true };
    struct cluster_result answer = { 0 };
    struct err *e;

    if (TRY(&e, cluster_apply_set(&ports->cluster, r, &req, 1, &answer)))
        return e;
    return answer.err;
}

static const struct val *named(struct arena *a, struct str version, struct str kind, struct str ns,
                               struct str name, const struct val *spec)
{
    const struct val *metadata = val_map_of(a, "name", val_string(a, name), NULL);

    if (ns.len > 0)
        metadata = val_with(a, metadata, STR("namespace"), val_string(a, ns));
    return val_map_of(a, "apiVersion", val_string(a, version), "kind", val_string(a, kind),
                      "metadata", metadata, "spec", spec, NULL);
}

/* A plural that the API server takes; nobody but this cluster sees it. */
static struct str plural_of(struct arena *a, struct str kind)
{
    struct str lower = str_lower(a, kind);

    if (str_has_suffix(lower, STR("y")))
        return str_printf(a, "%.*sies", (int)lower.len - 1, lower.ptr);
    return str_concat(a, lower, str_has_suffix(lower, STR("s")) ? STR("es") : STR("s"));
}

static const struct val *anything(struct arena *a)
{
    const struct val *schema = val_map_of(a, "type", val_cstring(a, "object"),
                                          "x-kubernetes-preserve-unknown-fields", &val_true, NULL);

    return val_map_of(a, "openAPIV3Schema", schema, NULL);
}

static const struct val *one_item(struct arena *a, const struct val *item)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    seq_builder_add(&b, item);
    return seq_builder_done(&b, NULL);
}

/* A definition that takes any content. */
static const struct val *open_definition(struct arena *a, const struct gvk *gvk, bool namespaced)
{
    struct str plural = plural_of(a, gvk->kind);
    const struct val *version = val_map_of(
        a, "name", val_string(a, gvk->version), "served", &val_true, "storage", &val_true, "schema",
        anything(a), "subresources", val_map_of(a, "status", &val_empty_map, NULL), NULL);
    const struct val *names = val_map_of(a, "kind", val_string(a, gvk->kind), "plural",
                                         val_string(a, plural), "singular",
                                         val_string(a, str_lower(a, gvk->kind)), NULL);
    const struct val *spec = val_map_of(a, "group", val_string(a, gvk->group), "scope",
                                        val_cstring(a, namespaced ? "Namespaced" : "Cluster"),
                                        "names", names, "versions", one_item(a, version), NULL);

    return named(a, STR("apiextensions.k8s.io/v1"), STR("CustomResourceDefinition"), STR(""),
                 str_printf(a, "%.*s.%.*s", STR_ARG(plural), STR_ARG(gvk->group)), spec);
}

static bool is_reconciled(const struct gvk *gvk)
{
    return api_kind_find(gvk->group, gvk->kind) != NULL;
}

/* A source as bootstrap makes it. */
static struct err *make_source(const struct simulate_ports *ports, struct run *r, struct str ns,
                               struct str name)
{
    struct arena *a = r->arena;
    const struct val *spec = val_map_of(
        a, "url", val_string(a, ports->source_url(ports->self)), "interval", val_cstring(a, "1h"),
        "ref", val_map_of(a, "branch", val_cstring(a, "main"), NULL), NULL);

    return apply(
        ports, r,
        named(a, STR("source.toolkit.fluxcd.io/v1"), STR("GitRepository"), ns, name, spec));
}

/* Flux' install gives its controllers' accounts all rights; fleets name them in serviceAccountName. */
static struct err *make_rights(const struct simulate_ports *ports, struct run *r)
{
    static const char *const accounts[] = { "kustomize-controller", "helm-controller" };
    struct arena *a = r->arena;
    struct seq_builder subjects;
    const struct val *binding;

    seq_builder_init(&subjects, a);
    for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++)
        seq_builder_add(&subjects, val_map_of(a, "kind", val_cstring(a, "ServiceAccount"), "name",
                                              val_cstring(a, accounts[i]), "namespace",
                                              val_string(a, ROOT), NULL));
    binding = named(a, STR("rbac.authorization.k8s.io/v1"), STR("ClusterRoleBinding"), STR(""),
                    STR("cluster-reconciler-flux-system"), NULL);
    binding = val_with(a, binding, STR("subjects"), seq_builder_done(&subjects, NULL));
    binding = val_with(a, binding, STR("roleRef"),
                       val_map_of(a, "apiGroup", val_cstring(a, "rbac.authorization.k8s.io"),
                                  "kind", val_cstring(a, "ClusterRole"), "name",
                                  val_cstring(a, "cluster-admin"), NULL));
    return apply(ports, r, binding);
}

struct err *simulate_begin(const struct simulate_ports *ports, struct run *r, struct str path)
{
    struct arena *a = r->arena;
    const struct val *sync = val_map_of(
        a, "interval", val_cstring(a, "1h"), "retryInterval", val_cstring(a, "1h"), "prune",
        &val_true, "path", val_string(a, path), "sourceRef",
        val_map_of(a, "kind", val_cstring(a, "GitRepository"), "name", val_string(a, ROOT), NULL),
        NULL);
    struct err *e;

    if (TRY(&e, apply(ports, r, named(a, STR("v1"), STR("Namespace"), STR(""), ROOT, NULL))) ||
        TRY(&e, make_rights(ports, r)) || TRY(&e, make_source(ports, r, ROOT, ROOT)))
        return e;
    return apply(
        ports, r,
        named(a, STR("kustomize.toolkit.fluxcd.io/v1"), STR("Kustomization"), ROOT, ROOT, sync));
}

static struct err *list(const struct simulate_ports *ports, struct run *r, const struct gvk *gvk,
                        struct cluster_list *ret)
{
    struct cluster_selector sel = { .gvk = *gvk };

    return cluster_list_all(&ports->cluster, r, &sel, ret);
}

static struct err *request(const struct simulate_ports *ports, struct run *r,
                           const struct val *object, const struct gvk *gvk)
{
    struct arena *a = r->arena;
    struct str token = wall_time_format_micro(a, clock_wall(&ports->clock));
    const struct val *annotations = val_map_of(a, "reconcile.fluxcd.io/requestedAt",
                                               val_string(a, token), NULL);
    struct cluster_patch patch = {
        .ref = obj_ref_of(object),
        .type = CLUSTER_PATCH_MERGE,
        .field_manager = MANAGER,
        .patch = val_map_of(a, "metadata", val_map_of(a, "annotations", annotations, NULL), NULL),
    };
    const struct val *ignored;

    patch.ref.group = gvk->group;
    patch.ref.version = gvk->version;
    patch.ref.kind = gvk->kind; /* lists leave them out of their items */

    return cluster_patch_one(&ports->cluster, r, &patch, &ignored);
}

struct err *simulate_refresh(const struct simulate_ports *ports, struct run *r)
{
    struct cluster_list sources;
    struct err *e;

    if (TRY(&e, list(ports, r, &flux_kinds[FLUX_GIT_REPOSITORY].gvk, &sources)))
        return e;
    for (size_t i = 0; i < sources.count; i++)
        if (TRY(&e, request(ports, r, sources.items[i], &flux_kinds[FLUX_GIT_REPOSITORY].gvk)))
            return e;
    return NULL;
}

/* ---- coming to rest ---- */

struct picture {
    struct cluster_list sources;
    struct cluster_list kustomizations;
    uint64_t hash;
    bool waiting; /* for health, or for anything that is under way */
};

static void add_to_picture(struct picture *p, const struct cluster_list *objects)
{
    for (size_t i = 0; i < objects->count; i++) {
        const struct val *object = objects->items[i];
        const struct val *ready = condition_get(object, STR("Ready"));
        int64_t generation = val_at_int(object, "metadata.generation", 0);

        p->hash = p->hash * 31 + val_hash(val_at(object, "metadata.resourceVersion"));
        if (!ready || str_is(val_get_str(ready, "status"), "Unknown") ||
            val_at_int(ready, "observedGeneration", 0) != generation)
            p->waiting = p->waiting || !val_at_bool(object, "spec.suspend", false);
    }
}

static struct err *take_picture(const struct simulate_ports *ports, struct run *r,
                                struct picture *ret)
{
    struct err *e;

    *ret = (struct picture){ .hash = 17 };
    if (TRY(&e, list(ports, r, &flux_kinds[FLUX_GIT_REPOSITORY].gvk, &ret->sources)) ||
        TRY(&e, list(ports, r, &flux_kinds[FLUX_KUSTOMIZATION].gvk, &ret->kustomizations)))
        return e;
    add_to_picture(ret, &ret->sources);
    add_to_picture(ret, &ret->kustomizations);
    return NULL;
}

/* The fleet may say by which URL it is fetched. */
static void adopt_own_url(const struct simulate_ports *ports, struct run *r,
                          const struct picture *p)
{
    for (size_t i = 0; i < p->sources.count; i++) {
        const struct val *source = p->sources.items[i];

        if (!str_eq(val_at_str(source, "metadata.name"), ROOT) ||
            !str_eq(val_at_str(source, "metadata.namespace"), ROOT) ||
            !condition_is(source, "Ready", "False"))
            continue;
        ports->adopt(ports->self, val_at_str(source, "spec.url"));
        (void)request(ports, r, source, &flux_kinds[FLUX_GIT_REPOSITORY].gvk);
    }
}

/* One line of a failure: Widget/shop/one dry-run failed: no matches for kind "Widget" in version "example.com/v1" */
static bool parse_no_match(struct str line, struct gvk *ret, bool *ret_namespaced)
{
    size_t at = str_find(line, STR("no matches for kind \""), 0), slash;
    struct str rest, kind, version, object = str_slice(line, 0, str_find_byte(line, ' ', 0));

    if (at == SIZE_MAX)
        return false;
    rest = str_skip(line, at + STR("no matches for kind \"").len);
    if (!str_cut(&rest, '"', &kind) || !str_cut(&rest, '"', &version) ||
        !str_cut(&rest, '"', &version))
        return false;
    *ret = (struct gvk){ .kind = kind };
    api_version_parse(version, &ret->group, &ret->version);
    slash = str_find_byte(object, '/', 0);
    *ret_namespaced = slash != SIZE_MAX && str_find_byte(object, '/', slash + 1) != SIZE_MAX;
    return ret->group.len > 0;
}

static bool is_listed(const struct obj_refs *refs, const struct gvk *gvk)
{
    for (size_t i = 0; i < refs->count; i++)
        if (str_eq(refs->items[i].kind, gvk->kind) && str_eq(refs->items[i].group, gvk->group))
            return true;
    return false;
}

/* What simulate_settle keeps from look to look. */
struct settling {
    const struct simulate_ports *ports;
    struct run *run;
    struct obj_refs *assumed;
    struct mono_time since; /* the picture is what it is */
    uint64_t hash;
    unsigned rounds;
    bool complete;
    bool over;
};

static void remember(struct settling *s, const struct obj_ref *ref)
{
    *VEC_PUSH(s->run->arena, s->assumed) = obj_ref_copy(s->run->arena, ref);
}

/* A GitRepository that is named and nowhere. *ret_some: it was made. */
static struct err *assume_source(struct settling *s, struct run *once, const struct val *k,
                                 bool *ret_some)
{
    const struct val *from = val_at(k, "spec.sourceRef");
    struct obj_ref ref = { .group = flux_kinds[FLUX_GIT_REPOSITORY].gvk.group,
                           .version = flux_kinds[FLUX_GIT_REPOSITORY].gvk.version,
                           .kind = val_get_str(from, "kind"),
                           .ns = val_get_str(from, "namespace"),
                           .name = val_get_str(from, "name") };
    const struct val *ready = condition_get(k, STR("Ready"));
    struct err *e;

    if (!str_is(ref.kind, "GitRepository") ||
        !str_is(val_get_str(ready, "reason"), "ArtifactFailed") ||
        !str_has_suffix(val_get_str(ready, "message"), STR("not found")))
        return NULL;
    if (ref.ns.len == 0)
        ref.ns = val_at_str(k, "metadata.namespace");
    for (size_t i = 0; i < s->assumed->count; i++)
        if (obj_ref_eq(&s->assumed->items[i], &ref))
            return NULL;
    if (TRY(&e, make_source(s->ports, once, ref.ns, ref.name)))
        return e;
    remember(s, &ref);
    *ret_some = true;
    return NULL;
}

/* Defines every kind that a failure misses. *ret_some: there was one. */
static struct err *assume_definitions(struct settling *s, struct run *once, struct str message,
                                      bool *ret_some)
{
    struct err *e;

    for (struct str line; str_cut(&message, '\n', &line);) {
        struct gvk gvk;
        bool namespaced;

        if (!parse_no_match(line, &gvk, &namespaced))
            continue;
        *ret_some = true;
        if (is_listed(s->assumed, &gvk))
            continue;
        if (TRY(&e, apply(s->ports, once, open_definition(once->arena, &gvk, namespaced))))
            return e;
        remember(s,
                 &(struct obj_ref){ .group = gvk.group, .version = gvk.version, .kind = gvk.kind });
    }
    return NULL;
}

/* Makes what others failed for want of. *ret_some: it did, and those who failed try again. */
static struct err *assume_missing(struct settling *s, struct run *once, const struct picture *p,
                                  bool *ret_some)
{
    struct err *e;

    *ret_some = false;
    for (size_t i = 0; i < p->kustomizations.count; i++) {
        const struct val *k = p->kustomizations.items[i];
        bool defined = false;

        if (TRY(&e, assume_source(s, once, k, ret_some)) ||
            TRY(&e, assume_definitions(
                        s, once, val_get_str(condition_get(k, STR("Ready")), "message"), &defined)))
            return e;
        *ret_some = *ret_some || defined;
        if (defined && TRY(&e, request(s->ports, once, k, &flux_kinds[FLUX_KUSTOMIZATION].gvk)))
            return e;
    }
    return NULL;
}

static struct err *look_once(struct settling *s, struct run *once)
{
    struct mono_time now;
    struct picture p;
    struct err *e;
    bool more;

    if (TRY(&e, take_picture(s->ports, once, &p)))
        return e;
    now = clock_mono(&s->ports->clock);
    if (p.hash != s->hash) {
        s->since = now;
        s->hash = p.hash;
        adopt_own_url(s->ports, once, &p);
    }
    s->complete = !p.waiting;
    s->over = now.ns >= s->run->deadline.ns;
    if (s->over ||
        mono_diff_ns(now, s->since) <= (p.waiting ? QUIET_WAITING_MS : QUIET_MS) * NS_PER_MS)
        return NULL;
    if (TRY(&e, assume_missing(s, once, &p, &more)))
        return e;
    s->over = !more || ++s->rounds > LIMIT_SIMULATE_ROUNDS;
    return NULL;
}

struct err *simulate_settle(const struct simulate_ports *ports, struct run *r,
                            struct obj_refs *assumed, bool *ret_complete)
{
    struct settling s = {
        .ports = ports, .run = r, .assumed = assumed, .since = clock_mono(&ports->clock)
    };

    while (!s.over) {
        ARENA_AUTO struct arena *scratch = arena_new(0);
        struct run once = { .arena = scratch, .deadline = MONO_NEVER };
        struct err *e = look_once(&s, &once);

        if (e)
            return err_new(r->arena, e->code, "%.*s", STR_ARG(err_line(scratch, e)));
        ports->pause(ports->self, LOOK_EVERY_MS * NS_PER_MS);
    }
    *ret_complete = s.complete;
    return NULL;
}

/* ---- what became of it ---- */

static enum simulated_state state_of(const struct val *object, struct str reason,
                                     struct str message)
{
    if (condition_is(object, "Ready", "True"))
        return SIMULATED_READY;
    if (!condition_is(object, "Ready", "False"))
        return SIMULATED_WAITING;
    if (str_is(reason, "DependencyNotReady") || str_is(reason, "ArtifactFailed") ||
        str_contains(message, STR("substitute from ")) ||
        str_contains(message, STR("is not the simulated repository")))
        return SIMULATED_UNRESOLVED;
    return SIMULATED_FAILED;
}

static struct err *look_at(struct run *r, const struct val *object, const struct gvk *gvk,
                           const struct simulation *before, struct simulated_subject *ret)
{
    const struct val *ready = condition_get(object, STR("Ready")),
                     *ref = val_at(object, "spec.sourceRef");
    struct str url = val_at_str(object, "spec.url"), ns = val_get_str(ref, "namespace");
    struct err *e;

    *ret = (struct simulated_subject){ .ref = obj_ref_of(object),
                                       .path = url.len ? url : val_at_str(object, "spec.path"),
                                       .reason = val_get_str(ready, "reason"),
                                       .message = val_get_str(ready, "message") };
    ret->ref.group = gvk->group;
    ret->ref.kind = gvk->kind;
    ret->state = val_at_bool(object, "spec.suspend", false)
                     ? SIMULATED_READY
                     : state_of(object, ret->reason, ret->message);
    if (ret->state == SIMULATED_WAITING)
        ret->message = val_get_str(condition_get(object, STR("Reconciling")), "message");
    if (ref)
        ret->source = str_printf(r->arena, "%.*s/%.*s/%.*s", STR_ARG(val_get_str(ref, "kind")),
                                 STR_ARG(ns.len ? ns : ret->ref.ns),
                                 STR_ARG(val_get_str(ref, "name")));
    if (TRY(&e, inventory_parse(r->arena, val_at(object, "status.inventory"), &ret->objects)))
        return e;
    for (size_t i = 0; before && i < before->count; i++)
        if (obj_ref_eq(&before->subjects[i].ref, &ret->ref))
            ret->deleted = inventory_difference(r->arena, &before->subjects[i].objects,
                                                &ret->objects);
    return NULL;
}

/* Objects of Flux kinds that were only stored. */
static struct err *look_at_others(const struct simulate_ports *ports, struct run *r,
                                  struct obj_refs *ret)
{
    struct cluster_list found;
    struct err *e;

    for (size_t i = 0; i < FLUX_KIND_COUNT; i++) {
        if (is_reconciled(&flux_kinds[i].gvk))
            continue;
        if (TRY(&e, list(ports, r, &flux_kinds[i].gvk, &found))) {
            if (e->code != ERR_NOT_FOUND) /* the fleet has none of the kind */
                return e;
            continue;
        }
        for (size_t j = 0; j < found.count; j++) {
            struct obj_ref ref = obj_ref_of(found.items[j]);

            ref.kind = flux_kinds[i].gvk.kind;
            ref.group = flux_kinds[i].gvk.group;
            *VEC_PUSH(r->arena, ret) = ref;
        }
    }
    return NULL;
}

struct err *simulate_look(const struct simulate_ports *ports, struct run *r,
                          const struct simulation *before, struct simulation *ret)
{
    struct picture p;
    struct err *e;

    if (TRY(&e, take_picture(ports, r, &p)) ||
        TRY(&e, look_at_others(ports, r, &ret->not_simulated)))
        return e;
    ret->subjects = ARENA_ARRAY(r->arena, p.sources.count + p.kustomizations.count,
                                struct simulated_subject);
    for (size_t i = 0; i < p.sources.count; i++)
        if (TRY(&e, look_at(r, p.sources.items[i], &flux_kinds[FLUX_GIT_REPOSITORY].gvk, NULL,
                            &ret->subjects[ret->count++])))
            return e;
    for (size_t i = 0; i < p.kustomizations.count; i++)
        if (TRY(&e, look_at(r, p.kustomizations.items[i], &flux_kinds[FLUX_KUSTOMIZATION].gvk,
                            before, &ret->subjects[ret->count++])))
            return e;
    return NULL;
}

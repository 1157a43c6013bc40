/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/git_repository.h"

#include "app/reconcile/git_access.h"
#include "app/reconcile/git_checkout.h"
#include "app/reconcile/report.h"
#include "core/sourceignore/ignore.h"

enum { TIMEOUT_DEFAULT_S = 60 };

struct attempt {
    const struct reconcile_ports *ports;
    struct run *run;
    const struct val *object;
    struct report report;
    struct mono_time started;
    struct str progress;        /* message of Reconciling */
    const struct val *artifact; /* status.artifact, as long as its file is there */
    const struct val *includes; /* artifacts of spec.include; NULL: none */
    struct run git_run;
    struct git_checkout checkout;
};

/* Why a stage did not succeed, and where that is told. */
struct failure {
    const char
        *condition; /* FetchFailed, IncludeUnavailable, StorageOperationFailed, SourceVerified */
    const char *reason;
    struct err *err; /* NULL: it did succeed */
};

int64_t git_repository_timeout_ns(const struct val *object)
{
    int64_t ns = 0;

    return duration_parse(val_at_str(object, "spec.timeout"), &ns) && ns > 0
               ? ns
               : TIMEOUT_DEFAULT_S * NS_PER_S;
}

static struct artifact_owner owner_of(const struct val *object)
{
    return (struct artifact_owner){ STR("gitrepository"), val_at_str(object, "metadata.namespace"),
                                    val_at_str(object, "metadata.name") };
}

/* The negative conditions are there only while they hold; those of stages before the failed one are settled. */
static void set_conditions(struct attempt *t, const struct failure *f, struct str message)
{
    static const char *const negative[] = { "FetchFailed", "IncludeUnavailable",
                                            "StorageOperationFailed" };

    for (size_t i = 0; i < sizeof negative / sizeof negative[0]; i++)
        if (!f || strcmp(negative[i], f->condition) != 0)
            report_no_condition(&t->report, negative[i]);
    if (f)
        report_condition(&t->report, f->condition,
                         strcmp(f->condition, "SourceVerified") == 0 ? "False" : "True", f->reason,
                         message);
}

static bool is_news(const struct attempt *t, struct str message)
{
    return !str_eq(val_get_str(condition_get(t->object, STR("Ready")), "message"), message);
}

/* Every attempt has one line, but those that find nothing new. */
static void log_attempt(const struct attempt *t, enum log_level level, struct str message,
                        const char *reason, struct str error)
{
    int64_t ns = mono_diff_ns(clock_mono(&t->ports->clock), t->started);
    struct log_fields fields = { .controller = STR("gitrepository"),
                                 .kind = STR("GitRepository"),
                                 .ns = val_at_str(t->object, "metadata.namespace"),
                                 .name = val_at_str(t->object, "metadata.name"),
                                 .revision = t->checkout.revision,
                                 .reason = str_from_cstr(reason),
                                 .error = error,
                                 .duration_ms = ns / NS_PER_MS };

    log_write(&t->ports->log, level, message, &fields);
}

/* Only a change of the object can help. */
static void stall(struct attempt *t, const struct failure *f, struct outcome *ret)
{
    struct str message = err_line(t->run->arena, f->err);

    ret->kind = OUTCOME_STALLED;
    log_attempt(t, LOG_ERROR, STR("reconciliation stalled"), f->reason, message);
    set_conditions(t, f, message);
    report_stalled(&t->report, f->reason, message);
    if (report_write(&t->report) == NULL && is_news(t, message))
        report_event(&t->report, EVENT_ERROR, f->reason, message, STR(""));
}

/* Tried again: after an include's event where one is missing, else after ever longer pauses. */
static void fail(struct attempt *t, const struct failure *f, struct outcome *ret)
{
    struct str message = err_line(t->run->arena, f->err);
    bool waits = strcmp(f->condition, "IncludeUnavailable") == 0;

    ret->kind = waits ? OUTCOME_WAIT_STAGE : OUTCOME_RETRY;
    ret->requeue_ns = waits ? t->ports->options.requeue_dependency_ns : 0;
    log_attempt(t, waits ? LOG_INFO : LOG_ERROR,
                waits ? STR("reconciliation waiting") : STR("Reconciler error"), f->reason,
                message);
    set_conditions(t, f, message);
    report_failed(&t->report, f->reason, message, message);
    report_condition(&t->report, "Reconciling", "True", "ProgressingWithRetry", t->progress);
    /* The same failure again is no news. */
    if (report_write(&t->report) == NULL && is_news(t, message))
        report_event(&t->report, waits ? EVENT_INFO : EVENT_ERROR, f->reason, message, STR(""));
}

static struct failure refuse_unbuilt(struct attempt *t)
{
    struct failure f = { .condition = "SourceVerified", .reason = "VerificationError" };

    if (val_at(t->object, "spec.verify"))
        f.err = err_new(
            t->run->arena, ERR_UNSUPPORTED,
            "spec.verify is not built yet: nothing is fetched without the check it asks for");
    return f;
}

/* An artifact whose file is gone or damaged is none. */
static void look_at_storage(struct attempt *t, bool verify)
{
    const struct artifact_store *store = &t->ports->artifacts;
    int64_t generation = val_at_int(t->object, "metadata.generation", 0),
            observed = val_at_int(t->object, "status.observedGeneration", -1);
    bool whole = true;

    t->progress = STR("reconciliation in progress");
    if (generation != observed)
        t->progress = str_printf(t->run->arena, "processing object: new generation %lld -> %lld",
                                 (long long)observed, (long long)generation);
    t->artifact = val_at(t->object, "status.artifact");
    if (!t->artifact)
        t->progress = STR("building artifact");
    if (!t->artifact || !verify)
        return;
    if (store->ops->verify(store->self, t->run, val_get_str(t->artifact, "path"),
                           val_get_str(t->artifact, "digest"), &whole))
        whole = false;
    if (whole)
        return;
    t->artifact = NULL;
    t->progress = STR("building artifact: disappeared from storage");
    report_set(&t->report, "artifact", NULL);
    report_no_condition(&t->report, "ArtifactInStorage");
}

static struct failure access_remote(struct attempt *t)
{
    struct failure f = { .condition = "FetchFailed", .reason = "GitOperationFailed" };

    f.err = git_access_remote(t->ports, t->run, t->object, &t->checkout.remote, &f.reason);
    if (f.err)
        return f;
    f.condition = "IncludeUnavailable";
    return f;
}

static struct failure resolve(struct attempt *t)
{
    struct failure f = { .condition = "FetchFailed", .reason = "GitOperationFailed" };
    struct arena *a = t->run->arena;

    f.err = git_wanted_of(a, val_at(t->object, "spec.ref"), &t->checkout.wanted);
    if (f.err)
        return f;
    t->git_run = *t->run;
    t->git_run.deadline = mono_add_ns(clock_mono(&t->ports->clock),
                                      git_repository_timeout_ns(t->object));
    t->checkout.git = &t->ports->git;
    t->checkout.run = &t->git_run;
    t->checkout.object = t->object;
    t->checkout.observed = t->artifact != NULL;
    f.err = git_checkout_resolve(&t->checkout, &f.reason);
    return f;
}

static bool includes_differ(const struct attempt *t)
{
    const struct val *built = val_at(t->object, "status.includedArtifacts");

    if (val_count(t->includes) != val_count(built))
        return true;
    for (size_t i = 0; i < val_count(built); i++) {
        const struct val *then = val_item(built, i), *now = val_item(t->includes, i);

        if (!str_eq(val_get_str(then, "revision"), val_get_str(now, "revision")) ||
            !str_eq(val_get_str(then, "digest"), val_get_str(now, "digest")))
            return true;
    }
    return false;
}

/* What the present artifact was made from is what is asked for now. */
static bool content_is_current(const struct attempt *t)
{
    const struct val *spec = val_get(t->object, STR("spec")),
                     *status = val_get(t->object, STR("status"));

    return val_eq(val_get(spec, STR("ignore")), val_get(status, STR("observedIgnore"))) &&
           val_at_bool(spec, "recurseSubmodules", false) ==
               val_at_bool(status, "observedRecurseSubmodules", false) &&
           val_eq(val_get(spec, STR("include")), val_get(status, STR("observedInclude"))) &&
           val_eq(val_get(spec, STR("sparseCheckout")),
                  val_get(status, STR("observedSparseCheckout"))) &&
           !includes_differ(t);
}

static bool artifact_is_current(const struct attempt *t)
{
    return t->artifact && str_eq(val_get_str(t->artifact, "revision"), t->checkout.revision) &&
           content_is_current(t);
}

/* Told before the fetch, which may take long. */
static struct err *tell_progress(struct attempt *t)
{
    struct arena *a = t->run->arena;
    struct str revision = t->checkout.revision, why = STR("");
    const char *reason = "NewRevision";

    if (!t->artifact || !str_eq(val_get_str(t->artifact, "revision"), revision)) {
        why = str_printf(a, "new upstream revision '%.*s'", STR_ARG(revision));
    } else if (includes_differ(t)) {
        why = STR("included artifacts differ from last observed includes");
        reason = "IncludeChange";
    }
    if (why.len == 0)
        return NULL;
    if (t->artifact)
        report_condition(&t->report, "ArtifactOutdated", "True", reason, why);
    t->progress = str_printf(a, "building artifact: %.*s", STR_ARG(why));
    report_progressing(&t->report, t->progress, t->progress);
    return report_write(&t->report);
}

static bool keep_path(void *self, struct str path, bool is_dir)
{
    return !ignore_rules_match(self, path, is_dir);
}

static struct failure publish(struct attempt *t, const struct tree *tree, struct artifact *ret)
{
    struct artifact_owner owner = owner_of(t->object);
    struct ignore_rules rules;
    struct artifact_content content = { .stem = t->checkout.id,
                                        .tree = *tree,
                                        .filter = { .keep = keep_path, .self = &rules } };
    struct failure f = { .condition = "StorageOperationFailed", .reason = "SourceIgnoreError" };
    struct arena *a = t->run->arena;

    ignore_rules_init(&rules, a);
    f.err = ignore_rules_load(&rules, tree);
    if (f.err) {
        f.err = err_wrap(a, f.err, "failed to load source ignore patterns from repository");
        return f;
    }
    ignore_rules_add(&rules, STR(""), val_at_str(t->object, "spec.ignore"));
    f.reason = "ArchiveOperationFailed";
    f.err = t->ports->artifacts.ops->publish_tree(t->ports->artifacts.self, t->run, &owner,
                                                  &content, ret);
    if (f.err)
        f.err = err_wrap(a, f.err, "unable to archive artifact to storage");
    return f;
}

static struct failure build(struct attempt *t, struct artifact *ret)
{
    struct failure f = { .condition = "FetchFailed", .reason = "GitOperationFailed" };
    struct tree tree;

    f.err = git_checkout_fetch(&t->checkout, &tree);
    if (f.err)
        return f;
    f = (struct failure){ .condition = "StorageOperationFailed", .reason = "CopyFailure" };
    f.err = git_includes_apply(t->ports, t->run, t->object, t->includes, &tree);
    return f.err ? f : publish(t, &tree, ret);
}

static void set_artifact(struct attempt *t, const struct artifact *artifact)
{
    struct arena *a = t->run->arena;
    bool recurses = val_at_bool(t->object, "spec.recurseSubmodules", false);

    report_set(&t->report, "artifact",
               val_map_of(a, "digest", val_string(a, artifact->digest), "lastUpdateTime",
                          val_string(a, wall_time_format(a, t->report.now)), "path",
                          val_string(a, artifact->path), "revision",
                          val_string(a, t->checkout.revision), "size",
                          val_int(a, (int64_t)artifact->size), "url", val_string(a, artifact->url),
                          NULL));
    report_set(&t->report, "observedIgnore", val_at(t->object, "spec.ignore"));
    report_set(&t->report, "observedInclude", val_at(t->object, "spec.include"));
    report_set(&t->report, "observedSparseCheckout", val_at(t->object, "spec.sparseCheckout"));
    report_set(&t->report, "observedRecurseSubmodules", recurses ? &val_true : NULL);
    report_set(&t->report, "includedArtifacts", t->includes);
}

/* True: all is said. */
static bool succeed(struct attempt *t, struct outcome *ret)
{
    struct arena *a = t->run->arena;
    struct str message = str_printf(a, "stored artifact for revision '%.*s'",
                                    STR_ARG(t->checkout.revision));

    ret->kind = OUTCOME_DONE;
    ret->revision = t->checkout.revision;
    set_conditions(t, NULL, STR(""));
    report_no_condition(&t->report, "ArtifactOutdated");
    report_no_condition(&t->report, "SourceVerified");
    report_condition(&t->report, "ArtifactInStorage", "True", "Succeeded", message);
    report_ready(&t->report, "Succeeded", message);
    if (report_write(&t->report)) {
        ret->kind = OUTCOME_RETRY;
        return false;
    }
    return true;
}

static bool had_failed(const struct val *object)
{
    return condition_get(object, STR("FetchFailed")) ||
           condition_get(object, STR("IncludeUnavailable")) ||
           condition_get(object, STR("StorageOperationFailed"));
}

/* Of a new artifact, or of an old one that is served again after a failure. */
static void tell_success(struct attempt *t, struct str digest, struct str shown)
{
    struct str before = val_at_str(t->object, "status.artifact.digest");
    struct str message = str_printf(t->run->arena, "stored artifact for commit '%.*s'",
                                    STR_ARG(shown));
    bool is_new = !str_eq(before, digest);

    t->report.digest = digest;
    if (!is_new && !had_failed(t->object))
        return;
    log_attempt(t, LOG_INFO, message, is_new ? "NewArtifact" : "Succeeded", STR(""));
    report_event(&t->report, EVENT_INFO, is_new ? "NewArtifact" : "Succeeded", message,
                 t->checkout.revision);
}

static void collect_old(struct attempt *t, struct str keep)
{
    struct artifact_owner owner = owner_of(t->object);
    struct str kept[2] = { keep, val_at_str(t->object, "status.artifact.path") };
    struct err *e = t->ports->artifacts.ops->collect(t->ports->artifacts.self, t->run, &owner, kept,
                                                     kept[1].len ? 2 : 1,
                                                     t->ports->options.artifact_ttl_ns);

    if (e) {
        struct log_fields fields = { .kind = STR("GitRepository"),
                                     .ns = owner.ns,
                                     .name = owner.name,
                                     .error = err_line(t->run->arena, e) };

        log_write(&t->ports->log, LOG_ERROR, STR("could not collect old artifacts"), &fields);
    }
}

static void store_revision(struct attempt *t, struct outcome *ret)
{
    struct artifact artifact = { 0 };
    struct failure f;

    if (tell_progress(t)) {
        ret->kind = OUTCOME_RETRY;
        return;
    }
    f = build(t, &artifact);
    if (f.err) {
        fail(t, &f, ret);
        return;
    }
    set_artifact(t, &artifact);
    if (!succeed(t, ret))
        return;
    ret->committed = t->checkout.commit.committed;
    tell_success(t, artifact.digest, t->checkout.commit.subject);
    collect_old(t, artifact.path);
}

/* Everything up to the question whether there is something to do. */
static struct failure look_up(struct attempt *t, const struct git_includes *includes)
{
    struct failure f = access_remote(t);

    if (!f.err)
        f.err = git_includes_artifacts(t->run->arena, t->object, includes, &t->includes, &f.reason);
    return f.err ? f : resolve(t);
}

static void reconcile(struct attempt *t, const struct git_repository_input *in, struct outcome *ret)
{
    struct failure f = refuse_unbuilt(t);

    if (!f.err) {
        look_at_storage(t, in->verify_storage);
        f = look_up(t, &in->includes);
    }
    if (f.err && (f.err->code == ERR_UNSUPPORTED || f.err->code == ERR_INVALID))
        stall(t, &f, ret);
    else if (f.err)
        fail(t, &f, ret);
    else if (!artifact_is_current(t))
        store_revision(t, ret);
    else if (succeed(t, ret)) /* writes nothing when all is said already */
        tell_success(t, val_get_str(t->artifact, "digest"), t->checkout.revision);
}

/* The mirror can be found only while the Secret is there; else the adapter removes it when it is idle for long. */
static void forget_mirror(struct attempt *t)
{
    struct git_remote remote;
    const char *reason;

    if (git_access_remote(t->ports, t->run, t->object, &remote, &reason) == NULL &&
        t->ports->git.ops->forget(t->ports->git.self, t->run, remote.mirror))
        log_write(&t->ports->log, LOG_INFO, STR("could not remove a mirror of a repository"), NULL);
}

static void finalize(struct attempt *t, struct outcome *ret)
{
    struct artifact_owner owner = owner_of(t->object);
    struct err *e = t->ports->artifacts.ops->collect(t->ports->artifacts.self, t->run, &owner, NULL,
                                                     0, 0);

    if (!e)
        forget_mirror(t);
    if (!e)
        e = report_finalizer(&t->report, false);
    *ret = (struct outcome){ .kind = e ? OUTCOME_RETRY : OUTCOME_GONE,
                             .requeue_ns = 10 * NS_PER_S };
}

void git_repository_reconcile(const struct reconcile_ports *ports, struct run *run,
                              const struct git_repository_input *in, struct outcome *ret)
{
    struct attempt t = {
        .ports = ports, .run = run, .object = in->object, .started = clock_mono(&ports->clock)
    };

    *ret = (struct outcome){ .kind = OUTCOME_AGAIN };
    report_begin(&t.report, ports, run, in->object, STR("source-controller"),
                 STR("source-controller"));
    if (val_at_str(in->object, "metadata.deletionTimestamp").len > 0) {
        finalize(&t, ret);
    } else if (!has_finalizer(in->object)) {
        if (report_finalizer(&t.report, true)) {
            ret->kind = OUTCOME_RETRY;
            ret->requeue_ns = NS_PER_S;
        }
    } else if (val_at_bool(in->object, "spec.suspend", false)) {
        ret->kind = OUTCOME_DONE;
    } else {
        reconcile(&t, in, ret);
    }
}

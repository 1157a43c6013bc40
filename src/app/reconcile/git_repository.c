/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/git_repository.h"

#include "app/reconcile/git_access.h"
#include "app/reconcile/report.h"
#include "core/sourceignore/ignore.h"

struct attempt {
    const struct reconcile_ports *ports;
    struct run *run;
    const struct val *object;
    struct report report;
    struct git_remote remote;
    struct git_checkout checkout;
    struct str id; /* of the commit at the remote */
    struct str revision;
};

/* Fields of the kind that this version does not act on; acting as if they were not there would be wrong. */
static struct err *refuse_unbuilt(struct arena *a, const struct val *object)
{
    static const char *const fields[] = { "verify", "include", "proxySecretRef", "sparseCheckout",
                                          "serviceAccountName" };
    struct str provider = val_at_str(object, "spec.provider");

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (val_get(val_get(object, STR("spec")), str_from_cstr(fields[i])))
            return err_new(a, ERR_UNSUPPORTED, "spec.%s is not built yet", fields[i]);
    if (val_at_bool(object, "spec.recurseSubmodules", false))
        return err_new(a, ERR_UNSUPPORTED, "spec.recurseSubmodules is not built yet");
    if (provider.len > 0 && !str_is(provider, "generic"))
        return err_new(a, ERR_UNSUPPORTED, "spec.provider '%.*s' is not built yet",
                       STR_ARG(provider));
    return NULL;
}

static int64_t interval_of(const struct val *object)
{
    int64_t ns = 0;

    return duration_parse(val_at_str(object, "spec.interval"), &ns) && ns > 0 ? ns : 60 * NS_PER_S;
}

static void fail(struct attempt *t, const char *reason, struct str message, struct outcome *ret)
{
    struct err *e;

    ret->kind = OUTCOME_RETRY;
    ret->requeue_ns = interval_of(t->object) < 60 * NS_PER_S ? interval_of(t->object)
                                                             : 60 * NS_PER_S;
    report_condition(&t->report, "FetchFailed", "True", reason, message);
    report_failed(&t->report, reason, message);
    e = report_write(&t->report);
    /* The same failure again is no news. */
    if (!e && !str_eq(val_get_str(condition_get(t->object, STR("Ready")), "message"), message))
        report_event(&t->report, EVENT_ERROR, reason, message, STR(""));
}

static void stall(struct attempt *t, const char *reason, struct str message, struct outcome *ret)
{
    ret->kind = OUTCOME_STALLED;
    report_condition(&t->report, "FetchFailed", "True", reason, message);
    report_stalled(&t->report, reason, message);
    if (report_write(&t->report) == NULL)
        report_event(&t->report, EVENT_ERROR, reason, message, STR(""));
}

/* The id that the reference has at the remote now. */
static struct err *resolve(struct attempt *t)
{
    struct arena *a = t->run->arena;
    struct git_refs refs;
    struct str patterns[2];
    struct err *e;

    if (t->checkout.commit.len > 0) {
        t->id = t->checkout.commit;
        return NULL;
    }
    patterns[0] = t->checkout.ref;
    patterns[1] = str_printf(a, "%.*s^{}", STR_ARG(t->checkout.ref));
    if (TRY(&e, t->ports->git.ops->ls_remote(t->ports->git.self, t->run, &t->remote, patterns, 2,
                                             &refs)))
        return err_wrap(
            a, e, "failed to checkout and determine revision: unable to list remote for '%.*s'",
            STR_ARG(git_shown_url(t->run->arena, t->remote.url)));
    for (size_t i = 0; i < refs.count; i++)
        if (str_eq(refs.items[i].name, t->checkout.ref)) {
            t->id = refs.items[i].peeled.len ? refs.items[i].peeled : refs.items[i].id;
            return NULL;
        }
    return err_new(
        a, ERR_NOT_FOUND,
        "failed to checkout and determine revision: unable to clone '%.*s': couldn't find remote ref \"%.*s\"",
        STR_ARG(git_shown_url(t->run->arena, t->remote.url)), STR_ARG(t->checkout.ref));
}

static bool artifact_is_current(struct attempt *t, bool verify_storage)
{
    const struct val *artifact = val_at(t->object, "status.artifact");
    bool ok = true;

    if (!artifact || !str_eq(val_get_str(artifact, "revision"), t->revision) ||
        !val_eq(val_at(t->object, "spec.ignore"), val_at(t->object, "status.observedIgnore")))
        return false;
    if (verify_storage && t->ports->artifacts.ops->verify(t->ports->artifacts.self, t->run,
                                                          val_get_str(artifact, "path"),
                                                          val_get_str(artifact, "digest"), &ok))
        return false;
    return ok;
}

static bool keep_path(void *self, struct str path, bool is_dir)
{
    return !ignore_rules_match(self, path, is_dir);
}

static struct err *publish(struct attempt *t, struct artifact *ret, struct git_commit *commit)
{
    struct arena *a = t->run->arena;
    struct artifact_owner owner = { STR("gitrepository"),
                                    val_at_str(t->object, "metadata.namespace"),
                                    val_at_str(t->object, "metadata.name") };
    struct ignore_rules rules;
    struct artifact_content content = { .stem = t->id,
                                        .filter = { .keep = keep_path, .self = &rules } };
    const struct git *git = &t->ports->git;
    struct err *e;

    if (TRY(&e, git->ops->fetch(git->self, t->run, &t->remote, t->checkout.ref, t->id, commit)) ||
        TRY(&e, git->ops->tree(git->self, t->run, &t->remote, t->id, &content.tree)))
        return err_wrap(a, e, "failed to checkout and determine revision: unable to clone '%.*s'",
                        STR_ARG(git_shown_url(t->run->arena, t->remote.url)));
    ignore_rules_init(&rules, a);
    if (TRY(&e, ignore_rules_load(&rules, &content.tree)))
        return e;
    ignore_rules_add(&rules, STR(""), val_at_str(t->object, "spec.ignore"));
    return t->ports->artifacts.ops->publish_tree(t->ports->artifacts.self, t->run, &owner, &content,
                                                 ret);
}

static void set_artifact(struct attempt *t, const struct artifact *artifact)
{
    struct arena *a = t->run->arena;

    report_set(&t->report, "artifact",
               val_map_of(a, "digest", val_string(a, artifact->digest), "lastUpdateTime",
                          val_string(a, wall_time_format(a, t->report.now)), "path",
                          val_string(a, artifact->path), "revision", val_string(a, t->revision),
                          "size", val_int(a, (int64_t)artifact->size), "url",
                          val_string(a, artifact->url), NULL));
    report_set(&t->report, "observedIgnore", val_at(t->object, "spec.ignore"));
}

static void succeed(struct attempt *t, struct outcome *ret)
{
    struct arena *a = t->run->arena;
    struct str message = str_printf(a, "stored artifact for revision '%.*s'", STR_ARG(t->revision));

    ret->kind = OUTCOME_DONE;
    ret->revision = t->revision;
    report_no_condition(&t->report, "FetchFailed");
    report_no_condition(&t->report, "ArtifactOutdated");
    report_condition(&t->report, "ArtifactInStorage", "True", "Succeeded", message);
    report_ready(&t->report, "Succeeded", message);
    if (report_write(&t->report))
        ret->kind = OUTCOME_RETRY;
}

static void collect_old(struct attempt *t, struct str keep)
{
    struct artifact_owner owner = { STR("gitrepository"),
                                    val_at_str(t->object, "metadata.namespace"),
                                    val_at_str(t->object, "metadata.name") };
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
    struct git_commit commit = { 0 };
    struct artifact artifact = { 0 };
    struct err *e = publish(t, &artifact, &commit);

    if (e) {
        fail(t, "GitOperationFailed", err_line(t->run->arena, e), ret);
        return;
    }
    set_artifact(t, &artifact);
    succeed(t, ret);
    if (ret->kind != OUTCOME_DONE)
        return;
    report_event(
        &t->report, EVENT_INFO, "NewArtifact",
        str_printf(t->run->arena, "stored artifact for commit '%.*s'", STR_ARG(commit.subject)),
        t->revision);
    collect_old(t, artifact.path);
}

static void reconcile(struct attempt *t, const struct git_repository_input *in, struct outcome *ret)
{
    struct arena *a = t->run->arena;
    struct err *e;

    if (TRY(&e, refuse_unbuilt(a, t->object)) ||
        TRY(&e, git_access_checkout(a, t->object, &t->checkout))) {
        stall(t, "GitOperationFailed", err_line(a, e), ret);
        return;
    }
    if (TRY(&e, git_access_remote(t->ports, t->run, t->object, &t->remote))) {
        fail(t, "AuthenticationFailed", err_line(a, e), ret);
        return;
    }
    if (TRY(&e, resolve(t))) {
        if (e->code == ERR_INVALID)
            stall(t, "URLInvalid", err_line(a, e), ret);
        else
            fail(t, e->code == ERR_UNAUTHORIZED ? "AuthenticationFailed" : "GitOperationFailed",
                 err_line(a, e), ret);
        return;
    }
    t->revision = git_revision(a, &t->checkout, t->id);
    if (artifact_is_current(t, in->verify_storage))
        succeed(t, ret); /* writes nothing when all is said already */
    else
        store_revision(t, ret);
}

static void finalize(struct attempt *t, struct outcome *ret)
{
    struct artifact_owner owner = { STR("gitrepository"),
                                    val_at_str(t->object, "metadata.namespace"),
                                    val_at_str(t->object, "metadata.name") };
    struct err *e = t->ports->artifacts.ops->collect(t->ports->artifacts.self, t->run, &owner, NULL,
                                                     0, 0);

    if (!e)
        e = t->ports->git.ops->forget(
            t->ports->git.self, t->run,
            str_printf(t->run->arena, "%.*s/%.*s", STR_ARG(owner.ns), STR_ARG(owner.name)));
    if (!e)
        e = report_finalizer(&t->report, false);
    *ret = (struct outcome){ .kind = e ? OUTCOME_RETRY : OUTCOME_GONE,
                             .requeue_ns = 10 * NS_PER_S };
}

void git_repository_reconcile(const struct reconcile_ports *ports, struct run *run,
                              const struct git_repository_input *in, struct outcome *ret)
{
    struct attempt t = { .ports = ports, .run = run, .object = in->object };

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

/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures of charts, checked by gpgv: a program of GnuPG that only ever verifies, with the keys of one file. */
#include "app/charts/work.h"
#include "base/limits.h"
#include "core/helm/host_path.h"
#include "core/helm/provenance.h"

/* A name without a slash would be looked up in ~/.gnupg. */
static struct str keyring_path(struct arena *a, struct str path)
{
    return str_find_byte(path, '/', 0) == SIZE_MAX ? str_concat(a, STR("./"), path) : path;
}

/* The text that was signed, as gpgv gives it out: never what merely stands in the file. */
static struct err *open_signature(const struct work *w, struct str provenance, struct str keyring,
                                  struct str *ret_text, struct helm_signer *ret)
{
    const struct chart_tools *tools = w->tools;
    const char *argv[] = { "gpgv",
                           "--status-fd",
                           "2",
                           "--keyring",
                           str_cstr(w->arena, keyring_path(w->arena, keyring)),
                           "--output",
                           "-",
                           "-",
                           NULL };
    struct process_spec spec = { .argv = argv,
                                 .env = tools->environment,
                                 .input = provenance,
                                 .output_max = LIMIT_CONFIG_FILE_BYTES };
    struct process_result result;
    enum tree_kind kind;
    struct err *e;

    if (TRY(&e, tools->files.ops->kind(tools->files.self, w->arena, keyring, &kind)))
        return e;
    if (kind == TREE_ABSENT)
        return err_new(w->arena, ERR_NOT_FOUND,
                       "failed to load keyring: open %.*s: no such file or directory",
                       STR_ARG(keyring));
    e = tools->process.ops->run(tools->process.self, w->run, &spec, &result);
    if (e && e->code == ERR_NOT_FOUND)
        return err_new(
            w->arena, ERR_NOT_FOUND,
            "signatures are checked by gpgv, which is not there: install the package gpgv");
    if (e)
        return err_wrap(w->arena, e, "gpgv");
    if (result.exit_status != 0 || !helm_signer_read(result.error, ret))
        return err_new(w->arena, ERR_FORBIDDEN, "the signature is not one of a key in %.*s: %.*s",
                       STR_ARG(keyring), STR_ARG(str_trim(result.error)));
    *ret_text = result.output;
    return NULL;
}

struct err *chart_verify(const struct work *w, const struct signed_chart *chart, struct str keyring)
{
    struct helm_signer signer;
    struct str text, hash;
    struct err *e;

    if (TRY(&e, open_signature(w, chart->provenance, keyring, &text, &signer)) ||
        TRY(&e, helm_provenance_check(w->arena, text, chart->file_name, chart->archive, &hash)))
        return e;
    work_tell(w, 1,
              "Signed by: %.*s\nUsing Key With Fingerprint: %.*s\nChart Hash Verified: %.*s\n",
              STR_ARG(signer.name), STR_ARG(signer.fingerprint), STR_ARG(hash));
    return NULL;
}

struct err *chart_verify_file(const struct work *w, struct str file, struct str keyring)
{
    const struct files *files = &w->tools->files;
    struct signed_chart chart = { .file_name = tree_path_base(file) };
    struct err *e;

    if (TRY(&e, files->ops->read(files->self, w->arena, file, LIMIT_CHART_BYTES, &chart.archive)) ||
        TRY(&e, files->ops->read(files->self, w->arena, str_concat(w->arena, file, STR(".prov")),
                                 LIMIT_CONFIG_FILE_BYTES, &chart.provenance)))
        return e;
    return chart_verify(w, &chart, keyring);
}

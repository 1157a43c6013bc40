/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/provenance.h"

#include "foreign/digest.h"
#include "value/yaml.h"

/* What stands behind the line "..."; "" when there is none. */
static struct str sums_of(struct str text)
{
    size_t at = str_find(text, STR("\n...\n"), 0);

    return at == SIZE_MAX ? STR("") : str_skip(text, at + 5);
}

struct err *helm_provenance_check(struct arena *a, struct str signed_text, struct str file_name,
                                  struct str archive, struct str *ret_hash)
{
    struct str hash = str_concat(a, STR("sha256:"), digest_hex(a, DIGEST_SHA256, archive));
    const struct val *v;
    struct str told;
    struct err *e;

    if (TRY(&e, yaml_read(a, sums_of(signed_text), STR("provenance"), YAML_SIGS_LOOSE, &v)))
        return e;
    told = val_get_str(val_get(v, STR("files")), str_cstr(a, file_name));
    if (told.len == 0)
        return err_new(a, ERR_INVALID,
                       "provenance does not contain a SHA for a file named \"%.*s\"",
                       STR_ARG(file_name));
    if (!str_eq(told, hash))
        return err_new(a, ERR_INVALID, "sha256 sum does not match for %.*s: \"%.*s\" != \"%.*s\"",
                       STR_ARG(file_name), STR_ARG(told), STR_ARG(hash));
    *ret_hash = hash;
    return NULL;
}

/* The words behind "[GNUPG:] WORD " on the line that has them; false: there is no such line. */
static bool status_line(struct str status, const char *word, struct str *ret)
{
    struct str line;

    while (str_cut(&status, '\n', &line)) {
        struct str rest = line, first, second;

        if (str_cut(&rest, ' ', &first) && rest.ptr && str_is(first, "[GNUPG:]") &&
            str_cut(&rest, ' ', &second) && str_eq(second, str_from_cstr(word)) && rest.ptr) {
            *ret = rest;
            return true;
        }
    }
    return false;
}

bool helm_signer_read(struct str status, struct helm_signer *ret)
{
    struct str valid, good, word;

    *ret = (struct helm_signer){ STR(""), STR("") };
    if (!status_line(status, "VALIDSIG", &valid))
        return false;
    while (str_cut(&valid, ' ', &word)) /* the last one is the primary key's */
        ret->fingerprint = word;
    if (status_line(status, "GOODSIG", &good) && str_cut(&good, ' ', &word))
        ret->name = good;
    return ret->fingerprint.len > 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What repositories, registries and credential files send: the first byte chooses the reader. The same bytes give the same
 * answer, and what was read and written again reads the same.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "core/helm/lock.h"
#include "core/helm/oci_chart.h"
#include "core/helm/repositories.h"
#include "core/helm/repository_index.h"
#include "core/oci/challenge.h"
#include "core/oci/registry_error.h"
#include "core/url/url.h"
#include "value/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str index_answer(struct arena *a, struct str text)
{
    const struct helm_index_entry *entry;
    struct helm_index index;
    struct str name;
    struct err *e;

    (void)str_cut(&text, '\n', &name);
    if (TRY(&e, helm_index_read(a, text, STR("index"), &index)) ||
        TRY(&e, helm_index_get(a, &index, STR("web"), name, &entry, NULL)))
        return err_line(a, e);
    for (size_t i = 0; i < index.charts.entry_count; i++) {
        const struct helm_index_versions *v = index.charts.entries[i].value;

        for (size_t k = 1; k < v->count; k++)
            assert(semver_compare(&v->items[k - 1].parsed, &v->items[k].parsed) >= 0);
    }
    return entry->version;
}

static struct str repositories_answer(struct arena *a, struct str text)
{
    struct helm_repositories all, again;
    struct err *e = helm_repositories_read(a, text, STR("r"), &all);

    if (e)
        return err_line(a, e);
    text = helm_repositories_format(a, &all);
    e = helm_repositories_read(a, text, STR("r"), &again);
    assert(!e && again.count == all.count);
    return text;
}

static struct str reference_answer(struct arena *a, struct str text)
{
    struct helm_oci_reference r, again;
    struct err *e = helm_oci_reference_parse(a, text, &r);

    if (e)
        return err_line(a, e);
    text = oci_reference_format(a, &r.oci);
    e = helm_oci_reference_parse(a, text, &again);
    assert(!e && str_eq(oci_reference_format(a, &again.oci), text));
    return text;
}

static struct str challenge_answer(struct arena *a, struct str text)
{
    struct oci_challenge c;
    struct err *e;

    oci_challenge_parse(a, text, &c);
    e = oci_realm_check(a, c.realm, STR("https://registry.example.com/v2/"));
    return e ? err_line(a, e) : oci_token_url(a, &c, oci_scopes(a, STR("a/b"), c.scope));
}

static struct str manifest_answer(struct arena *a, struct str text)
{
    struct oci_manifest m;
    struct helm_oci_parts parts = { .config = NULL };
    struct err *e = oci_manifest_read(a, text, STR(OCI_MEDIA_MANIFEST), STR("m"), &m);

    if (e)
        return err_line(a, e);
    helm_oci_parts_take(&m, &parts);
    for (size_t i = 0; i < m.items.count; i++)
        assert(oci_is_digest(m.items.items[i].digest));
    e = helm_oci_parts_check(a, &parts, 1, false);
    return e ? err_line(a, e) : parts.chart->digest;
}

static struct str credentials_answer(struct arena *a, struct str text)
{
    struct registry_refusal refusal = { "GET", STR("http://h/"), 400, text };
    struct oci_credentials c;
    const struct val *config;
    struct err *e = docker_config_read(a, text, STR("c"), &config);

    if (e || TRY(&e, docker_config_find(a, config, STR("h"), &c)))
        return registry_error(a, &refusal)->msg;
    return docker_config_format(a, config);
}

static struct str url_answer(struct arena *a, struct str text)
{
    struct url u, again;
    struct str out, other;

    (void)str_cut(&text, '\n', &other);
    if (url_parse(a, text, &u) || helm_url_resolve(a, text, other, &out))
        return url_without_password(a, text);
    assert(!url_parse(a, url_format(a, &u), &again) || u.host.len > 0 || u.raw_path.len > 0);
    return out;
}

static struct str lock_answer(struct arena *a, struct str text)
{
    const struct val *v;
    struct helm_lock lock;
    struct err *e;

    if (TRY(&e, yaml_read(a, text, STR("l"), YAML_SIGS_LOOSE, &v)) ||
        TRY(&e, helm_lock_read(a, v, STR("l"), &lock)))
        return err_line(a, e);
    return helm_lock_digest(a, &lock.dependencies, lock.has_dependencies, &lock);
}

static struct str answer(struct arena *a, struct str text)
{
    static struct str (*const readers[])(struct arena *, struct str) = {
        index_answer,    repositories_answer, reference_answer, challenge_answer,
        manifest_answer, credentials_answer,  url_answer,       lock_answer,
    };

    if (text.len == 0)
        return text;
    return readers[(unsigned char)text.ptr[0] % (sizeof readers / sizeof *readers)](
        a, str_skip(text, 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(512 * MIB);
    struct str text = str_dup(a, str_of((const char *)data, size));

    assert(str_eq(answer(a, text), answer(a, text)));
    return 0;
}

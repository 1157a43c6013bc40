/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oci/docker_config.h"

#include "base/buf.h"
#include "foreign/base64.h"
#include "value/json.h"

bool oci_has_credentials(const struct oci_credentials *c)
{
    return c->username.len > 0 || secret_is_set(c->password) || secret_is_set(c->refresh_token) ||
           secret_is_set(c->access_token) || c->helper.len > 0;
}

struct err *docker_config_read(struct arena *a, struct str text, struct str name,
                               const struct val **ret)
{
    const struct val *v = &val_empty_map;
    struct err *e;

    if (str_trim(text).len > 0 && TRY(&e, json_read(a, text, name, JSON_READ_LAST_KEY_WINS, &v)))
        return err_wrap(a, e, "failed to decode config file %.*s: invalid config format",
                        STR_ARG(name));
    if (v->kind != VAL_MAP)
        return err_new(a, ERR_INVALID,
                       "failed to decode config file %.*s: invalid config format: an object is "
                       "expected, not %s",
                       STR_ARG(name), val_kind_name(v));
    *ret = v;
    return NULL;
}

/* Docker Hub's credentials have a name of their own. */
struct str docker_config_address(struct str registry)
{
    return str_is(registry, "docker.io") || str_is(registry, "registry-1.docker.io")
               ? STR("https://index.docker.io/v1/")
               : registry;
}

/* "https://registry.example.com/v1/" was written by old versions. */
static struct str host_of(struct str address)
{
    struct str host;

    address = str_trim_prefix(str_trim_prefix(address, STR("http://")), STR("https://"));
    (void)str_cut(&address, '/', &host);
    return host;
}

static const struct val *entry_of(const struct val *config, struct str address)
{
    const struct val *auths = val_get(config, STR("auths"));
    const struct val *own = val_get(auths, address);

    for (size_t i = 0; !own && val_is(auths, VAL_MAP) && i < auths->count; i++)
        if (str_eq(host_of(auths->fields[i].key), address))
            own = auths->fields[i].value;
    return own;
}

static struct secret secret_field(struct arena *a, const struct val *entry, const char *name)
{
    struct str text = val_get_str(entry, name);

    return text.len > 0 ? secret_new(a, text) : (struct secret){ NULL };
}

struct err *docker_config_find(struct arena *a, const struct val *config, struct str registry,
                               struct oci_credentials *ret)
{
    struct str address = docker_config_address(registry), pair = STR(""), name;
    struct str helper = val_str(val_get(val_get(config, STR("credHelpers")), address));
    const struct val *entry = entry_of(config, address);
    struct str encoded = val_get_str(entry, "auth");

    *ret = (struct oci_credentials){ .username = STR(""), .helper = helper };
    if (helper.len == 0)
        ret->helper = val_get_str(config, "credsStore");
    if (ret->helper.len > 0 || !entry)
        return NULL;
    ret->username = val_get_str(entry, "username");
    ret->password = secret_field(a, entry, "password");
    ret->refresh_token = secret_field(a, entry, "identitytoken");
    ret->access_token = secret_field(a, entry, "registrytoken");
    if (encoded.len == 0)
        return NULL;
    if (!base64_decode(a, encoded, BASE64_SKIP_LINE_BREAKS, &pair))
        return err_new(a, ERR_INVALID,
                       "failed to decode auth field: invalid config format: auths.%.*s.auth is no "
                       "base64",
                       STR_ARG(address));
    if (!str_cut(&pair, ':', &name) || !pair.ptr)
        return err_new(a, ERR_INVALID,
                       "failed to decode auth field: invalid config format: auths.%.*s.auth is not "
                       "the base64 of username:password",
                       STR_ARG(address));
    ret->username = name;
    ret->password = pair.len > 0 ? secret_new(a, pair) : (struct secret){ NULL };
    return NULL;
}

struct err *docker_config_with(struct arena *a, const struct val *config, struct str registry,
                               const struct oci_credentials *c, const struct val **ret)
{
    struct str pair = str_printf(a, "%.*s:%.*s", STR_ARG(c->username),
                                 STR_ARG(secret_reveal(c->password)));
    const struct val *auths = val_get(config, STR("auths"));
    const struct val *entry = &val_empty_map;

    if (str_find_byte(c->username, ':', 0) != SIZE_MAX)
        return err_new(a, ERR_INVALID,
                       "bad credential format: colons(:) are not allowed in username");
    if (pair.len > 1)
        entry = val_with(a, entry, STR("auth"), val_string(a, base64_encode(a, pair)));
    auths = val_with(a, val_is(auths, VAL_MAP) ? auths : NULL, docker_config_address(registry),
                     entry);
    *ret = val_with(a, config, STR("auths"), auths);
    return NULL;
}

void docker_config_without(struct arena *a, const struct val *config, struct str registry,
                           const struct val **ret)
{
    const struct val *auths = val_get(config, STR("auths"));

    *ret = NULL;
    if (val_get(auths, docker_config_address(registry)))
        *ret = val_with(a, config, STR("auths"),
                        val_without(a, auths, docker_config_address(registry)));
}

struct str docker_config_format(struct arena *a, const struct val *config)
{
    struct str text = json_string(a, val_sorted(a, config), JSON_INDENT | JSON_ESCAPE_HTML), line;
    struct buf out;

    buf_init(&out, a, 0);
    for (bool is_first = true; str_cut(&text, '\n', &line); is_first = false) {
        if (!is_first)
            buf_put_byte(&out, '\n');
        for (; str_has_prefix(line, STR("    ")); line = str_skip(line, 4))
            buf_put_byte(&out, '\t');
        buf_put(&out, line);
    }
    return str_trim_suffix(buf_str(&out), STR("\n"));
}

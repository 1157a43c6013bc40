/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oci/credential_program.h"

#include "value/json.h"

#define TOKEN_NAME "<token>"

struct err *credential_program_name(struct arena *a, struct str name, struct str *ret)
{
    bool good = name.len > 0 && name.ptr[0] != '-';

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        good = good && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-');
    }
    if (!good)
        return err_new(a, ERR_INVALID, "\"%.*s\" is no name of a credential helper", STR_ARG(name));
    *ret = str_concat(a, STR("docker-credential-"), name);
    return NULL;
}

struct str credential_program_server(struct str registry)
{
    return docker_config_address(registry);
}

bool credential_program_has_none(struct str answer)
{
    return str_contains(answer, STR("credentials not found in native keychain"));
}

struct err *credential_program_read(struct arena *a, struct str answer, struct str program,
                                    struct oci_credentials *ret)
{
    const struct val *v = NULL;
    struct str secret;

    if (json_read(a, answer, program, JSON_READ_LAST_KEY_WINS, &v) || v->kind != VAL_MAP ||
        !val_get(v, STR("Secret")))
        return err_new(a, ERR_INVALID, "%.*s did not answer with JSON that has Username and Secret",
                       STR_ARG(program));
    *ret = (struct oci_credentials){ .username = val_get_str(v, "Username") };
    secret = val_get_str(v, "Secret");
    if (str_is(ret->username, TOKEN_NAME)) {
        ret->username = STR("");
        ret->refresh_token = secret_new(a, secret);
    } else if (secret.len > 0) {
        ret->password = secret_new(a, secret);
    }
    return NULL;
}

struct secret credential_program_entry(struct arena *a, struct str server,
                                       const struct oci_credentials *c)
{
    bool is_token = secret_is_set(c->refresh_token);
    struct str secret = secret_reveal(is_token ? c->refresh_token : c->password);
    const struct val *entry = val_map_of(a, "ServerURL", val_string(a, server), "Username",
                                         val_string(a, is_token ? STR(TOKEN_NAME) : c->username),
                                         "Secret", val_string(a, secret), NULL);

    return secret_new(a, json_string(a, entry, JSON_COMPACT));
}

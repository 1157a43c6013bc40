/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/crd_format.h"

#include "base/clock.h"
#include "core/apiserver/checks.h"
#include "foreign/regex.h"

/* Formats that are a pattern; the rest is code. */
static const struct {
    struct str format;
    struct str pattern;
} patterns[] = {
    { STR_INIT("uuid"),
      STR_INIT("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$") },
    { STR_INIT("uuid3"),
      STR_INIT("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$") },
    { STR_INIT("uuid4"),
      STR_INIT("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$") },
    { STR_INIT("uuid5"),
      STR_INIT("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$") },
    { STR_INIT("email"), STR_INIT("^[^@[:space:]]+@[^@[:space:]]+$") },
    { STR_INIT("hexcolor"), STR_INIT("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$") },
    { STR_INIT("bsonobjectid"), STR_INIT("^[0-9a-fA-F]{24}$") },
    { STR_INIT("mac"), STR_INIT("^([0-9a-fA-F]{2}[:-]){5}([0-9a-fA-F]{2})$") },
    { STR_INIT("date"), STR_INIT("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$") },
    { STR_INIT("uri"), STR_INIT("^([a-zA-Z][a-zA-Z0-9+.-]*:|/)[^[:space:]]*$") },
    { STR_INIT("hostname"),
      STR_INIT("^[a-zA-Z0-9]([a-zA-Z0-9-]{0,62})?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,62})?)*$") },
    { STR_INIT("byte"),
      STR_INIT("^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$") },
};

static bool is_v4(struct str s)
{
    return is_ip(s) && str_find_byte(s, ':', 0) == SIZE_MAX;
}

bool crd_format_fits(struct arena *a, struct str format, struct str text)
{
    struct wall_time t;
    int64_t ns;
    struct regex *re;

    if (str_is(format, "date-time") || str_is(format, "datetime"))
        return wall_time_parse(text, &t);
    if (str_is(format, "duration"))
        return duration_parse(text, &ns);
    if (str_is(format, "ipv4"))
        return is_v4(text);
    if (str_is(format, "ipv6"))
        return is_ip(text) && !is_v4(text);
    if (str_is(format, "cidr"))
        return is_cidr(text);
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
        if (str_eq(patterns[i].format, format))
            return regex_compile(a, patterns[i].pattern, &re) || regex_is_match(re, text);
    return true;
}

bool crd_format_known(struct arena *a, struct str format)
{
    struct str known = STR("bsonobjectid,uri,email,hostname,ipv4,ipv6,cidr,mac,uuid,uuid3,uuid4,"
                           "uuid5,isbn,isbn10,isbn13,creditcard,ssn,hexcolor,rgbcolor,byte,"
                           "password,date,duration,datetime,k8sshortname,k8slongname");
    struct str plain = STR("");
    struct str name;

    /* "date-time" is "datetime". */
    for (struct str rest = format; str_cut(&rest, '-', &name);)
        plain = str_concat(a, plain, name);

    while (str_cut(&known, ',', &name))
        if (str_eq(name, plain))
            return true;
    return false;
}

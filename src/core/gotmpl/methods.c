/* SPDX-License-Identifier: Apache-2.0 */
/* Methods of times, durations, files, values and version sets. */
#include "base/limits.h"
#include "core/gotmpl/exec.h"
#include "core/gotmpl/format.h"
#include "core/gotmpl/glob.h"
#include "core/gotmpl/time.h"
#include "foreign/base64.h"
#include "value/val.h"
#include "value/yaml.h"

/* ---- engine.files ---- */

static struct go_value file_bytes(struct call *c)
{
    struct go_value v;

    return go_map_find(c->args[0].map, GO_FILES, c->args[1].text, &v) ? v : go_bytes(STR(""));
}

static struct err *files_get(struct call *c, struct go_value *ret)
{
    *ret = go_string(file_bytes(c).text);
    return NULL;
}

static struct err *files_get_bytes(struct call *c, struct go_value *ret)
{
    *ret = file_bytes(c);
    return NULL;
}

static struct err *files_glob(struct call *c, struct go_value *ret)
{
    struct str pattern = file_glob_is_valid(c->args[1].text) ? c->args[1].text : STR("**");
    const struct go_field *fields = go_map_sorted(c->args[0].map);

    *ret = go_map_new(c->arena, GO_FILES);
    for (size_t i = 0; i < c->args[0].map->count; i++)
        if (file_glob_match(pattern, fields[i].key))
            go_map_set(ret->map, fields[i].key, fields[i].value);
    return NULL;
}

static struct err *files_lines(struct call *c, struct go_value *ret)
{
    struct str text = file_bytes(c).text, line;
    VEC(struct go_value) lines = VEC_INIT;

    text = str_trim_suffix(text, STR("\n"));
    if (file_bytes(c).text.len > 0)
        while (str_cut(&text, '\n', &line))
            *VEC_PUSH(c->arena, &lines) = go_string(line);
    *ret = lines.count > 0 ? go_list_over(c->arena, GO_STRINGS, lines.items, lines.count)
                           : go_list_new(c->arena, GO_STRINGS, 0);
    return NULL;
}

static struct err *files_as(struct call *c, bool encoded, struct go_value *ret)
{
    const struct go_field *fields = go_map_sorted(c->args[0].map);
    struct map_builder b;
    struct str text;

    map_builder_init(&b, c->arena);
    for (size_t i = 0; i < c->args[0].map->count; i++) {
        struct str path = fields[i].key, bytes = fields[i].value.text;
        size_t slash = str_rfind_byte(path, '/');

        if (encoded)
            bytes = base64_encode(c->arena, bytes);
        (void)map_builder_set(&b, slash == SIZE_MAX ? path : str_skip(path, slash + 1),
                              val_string(c->arena, bytes));
    }
    text = yaml_string(c->arena, map_builder_done(&b, NULL), YAML_WRITE_DEFAULT);
    *ret = go_string(str_trim_suffix(text, STR("\n")));
    return NULL;
}

static struct err *files_as_config(struct call *c, struct go_value *ret)
{
    return files_as(c, false, ret);
}

static struct err *files_as_secrets(struct call *c, struct go_value *ret)
{
    return files_as(c, true, ret);
}

static const struct function files_methods[] = {
    { .name = "AsConfig", .params = "F", .result = 's', .run = files_as_config },
    { .name = "AsSecrets", .params = "F", .result = 's', .run = files_as_secrets },
    { .name = "Get", .params = "Fs", .result = 's', .run = files_get },
    { .name = "GetBytes", .params = "Fs", .result = 'B', .run = files_get_bytes },
    { .name = "Glob", .params = "Fs", .result = 'F', .run = files_glob },
    { .name = "Lines", .params = "Fs", .result = 'S', .run = files_lines },
};

/* ---- common.Values and common.VersionSet ---- */

static struct err *values_as_map(struct call *c, struct go_value *ret)
{
    *ret = c->args[0];
    ret->type = GO_MAP;
    return NULL;
}

static struct err *values_yaml(struct call *c, struct go_value *ret)
{
    const struct val *v;
    struct err *e = go_to_val(c->arena, &c->args[0], &v);

    if (!e)
        *ret = go_string(yaml_string(c->arena, v, YAML_WRITE_DEFAULT));
    return e;
}

static struct err *values_walk(struct call *c, bool table_only, struct go_value *ret)
{
    struct str path = c->args[1].text, part;
    struct go_value at = c->args[0];

    while (str_cut(&path, '.', &part)) {
        struct go_value next;
        bool is_last = path.ptr == NULL;

        if (!go_map_find(at.map, (enum go_type)at.type, part, &next) ||
            ((table_only || !is_last) && next.type != GO_MAP && next.type != c->args[0].type))
            return err_new(c->arena, ERR_INVALID, "\"%.*s\" is not a %s", STR_ARG(part),
                           table_only || !is_last ? "table" : "value");
        at = next;
    }
    *ret = at;
    if (table_only)
        ret->type = c->args[0].type;
    else if (go_is_map(ret))
        return err_new(c->arena, ERR_INVALID, "\"%.*s\" is not a value", STR_ARG(part));
    return NULL;
}

static struct err *values_table(struct call *c, struct go_value *ret)
{
    return values_walk(c, true, ret);
}

static struct err *values_path(struct call *c, struct go_value *ret)
{
    return values_walk(c, false, ret);
}

static const struct function values_methods[] = {
    { .name = "AsMap", .params = "K", .result = 'm', .run = values_as_map },
    { .name = "PathValue", .params = "Ks", .result = 'a', .run = values_path },
    { .name = "Table", .params = "Ks", .result = 'K', .run = values_table },
    { .name = "YAML", .params = "K", .result = 's', .run = values_yaml },
};

static struct err *versions_has(struct call *c, struct go_value *ret)
{
    bool found = false;

    for (size_t i = 0; i < c->args[0].list->count && !found; i++)
        found = str_eq(c->args[0].list->items[i].text, c->args[1].text);
    *ret = go_bool(found);
    return NULL;
}

static const struct function versions_methods[] = {
    { .name = "Has", .params = "Ss", .result = 'b', .run = versions_has },
};

/* ---- time.Time ---- */

static struct err *time_of(struct call *c, struct go_time t, struct go_value *ret)
{
    *ret = go_time_of(c->arena, &t);
    return NULL;
}

static struct err *time_format_method(struct call *c, struct go_value *ret)
{
    struct buf out;

    buf_init(&out, c->arena, LIMIT_TEMPLATE_STRING_BYTES);
    time_put(&out, c->args[0].time, c->args[1].text);
    *ret = go_string(buf_str(&out));
    return NULL;
}

static struct err *time_string(struct call *c, struct go_value *ret)
{
    *ret = go_string(format_time(c->arena, c->args[0].time));
    return NULL;
}

/* Year, Month, Hour ...: which is told by the name of the method. */
static struct err *time_part(struct call *c, struct go_value *ret)
{
    const struct go_time *t = c->args[0].time;
    struct go_date d = time_date(t);

    if (strcmp(c->name, "Year") == 0)
        *ret = go_int(d.year);
    else if (strcmp(c->name, "Month") == 0)
        *ret = go_number_of(GO_MONTH, d.month);
    else if (strcmp(c->name, "Day") == 0)
        *ret = go_int(d.day);
    else if (strcmp(c->name, "Hour") == 0)
        *ret = go_int(d.hour);
    else if (strcmp(c->name, "Minute") == 0)
        *ret = go_int(d.minute);
    else if (strcmp(c->name, "Second") == 0)
        *ret = go_int(d.second);
    else if (strcmp(c->name, "Weekday") == 0)
        *ret = go_number_of(GO_WEEKDAY, d.weekday);
    else if (strcmp(c->name, "YearDay") == 0)
        *ret = go_int(d.yearday);
    else
        *ret = go_int(t->nanoseconds);
    return NULL;
}

static struct err *time_unix_method(struct call *c, struct go_value *ret)
{
    const struct go_time *t = c->args[0].time;
    int64_t scale = strcmp(c->name, "Unix") == 0        ? 1
                    : strcmp(c->name, "UnixMilli") == 0 ? 1000
                    : strcmp(c->name, "UnixMicro") == 0 ? 1000000
                                                        : NS_PER_S;

    *ret = go_int64((int64_t)((uint64_t)t->seconds * (uint64_t)scale +
                              (uint64_t)(t->nanoseconds / (NS_PER_S / scale))));
    return NULL;
}

static struct err *time_add_method(struct call *c, struct go_value *ret)
{
    return time_of(c, time_add(c->args[0].time, c->args[1].integer), ret);
}

static struct err *time_add_date(struct call *c, struct go_value *ret)
{
    struct go_time t = *c->args[0].time;
    struct go_date d = time_date(&t);
    int64_t clock = d.hour * 3600 + d.minute * 60 + d.second;

    for (size_t i = 1; i < 4; i++)
        if (c->args[i].integer > 1000000 || c->args[i].integer < -1000000)
            return err_new(c->arena, ERR_INVALID,
                           "years, months and days to add are at most 1000000");
    t.seconds = time_days(d.year + c->args[1].integer, d.month + c->args[2].integer,
                          d.day + c->args[3].integer) *
                    86400 +
                clock - t.offset;
    return time_of(c, t, ret);
}

static struct err *time_sub_method(struct call *c, struct go_value *ret)
{
    *ret = go_number_of(GO_DURATION, time_sub(c->args[0].time, c->args[1].time));
    return NULL;
}

static struct err *time_compare_method(struct call *c, struct go_value *ret)
{
    int order = time_compare(c->args[0].time, c->args[1].time);

    if (strcmp(c->name, "Compare") == 0)
        *ret = go_int(order);
    else
        *ret = go_bool(strcmp(c->name, "Before") == 0  ? order < 0
                       : strcmp(c->name, "After") == 0 ? order > 0
                                                       : order == 0);
    return NULL;
}

static struct err *time_is_zero(struct call *c, struct go_value *ret)
{
    struct go_time zero = time_zero();

    *ret = go_bool(time_compare(c->args[0].time, &zero) == 0);
    return NULL;
}

static struct err *time_utc(struct call *c, struct go_value *ret)
{
    struct go_time t = *c->args[0].time;

    t.offset = 0;
    t.name = STR("UTC");
    t.is_utc = c->name[0] == 'U'; /* the other one is Local */
    return time_of(c, t, ret);
}

/* Nanoseconds since year 1 are more than 64 bits hold. */
__extension__ typedef __int128 wide;

/* Down to, or to the nearest, multiple of a duration since year 1. */
static struct err *time_round_method(struct call *c, struct go_value *ret)
{
    struct go_time zero = time_zero(), t = *c->args[0].time;
    int64_t m = c->args[1].integer, rest;
    wide since;

    if (m <= 0)
        return time_of(c, t, ret);
    since = (wide)(t.seconds - zero.seconds) * NS_PER_S + t.nanoseconds;
    rest = (int64_t)(since % m);
    if (rest < 0)
        rest += m;
    if (c->name[0] == 'R' && rest >= m - rest)
        rest -= m;
    return time_of(c, time_add(&t, -rest), ret);
}

#define TIME(method, letters, kind, function) \
    { .name = method, .params = letters, .result = kind, .run = function }

static const struct function time_methods[] = {
    TIME("Add", "td", 't', time_add_method),
    TIME("AddDate", "tiii", 't', time_add_date),
    TIME("After", "tt", 'b', time_compare_method),
    TIME("Before", "tt", 'b', time_compare_method),
    TIME("Compare", "tt", 'i', time_compare_method),
    TIME("Day", "t", 'i', time_part),
    TIME("Equal", "tt", 'b', time_compare_method),
    TIME("Format", "ts", 's', time_format_method),
    TIME("Hour", "t", 'i', time_part),
    TIME("IsZero", "t", 'b', time_is_zero),
    TIME("Local", "t", 't', time_utc),
    TIME("Minute", "t", 'i', time_part),
    TIME("Month", "t", 'o', time_part),
    TIME("Nanosecond", "t", 'i', time_part),
    TIME("Round", "td", 't', time_round_method),
    TIME("Second", "t", 'i', time_part),
    TIME("String", "t", 's', time_string),
    TIME("Sub", "tt", 'd', time_sub_method),
    TIME("Truncate", "td", 't', time_round_method),
    TIME("UTC", "t", 't', time_utc),
    TIME("Unix", "t", 'n', time_unix_method),
    TIME("UnixMicro", "t", 'n', time_unix_method),
    TIME("UnixMilli", "t", 'n', time_unix_method),
    TIME("UnixNano", "t", 'n', time_unix_method),
    TIME("Weekday", "t", 'w', time_part),
    TIME("Year", "t", 'i', time_part),
    TIME("YearDay", "t", 'i', time_part),
};

/* ---- time.Duration, Month, Weekday ---- */

static struct err *duration_string(struct call *c, struct go_value *ret)
{
    const struct go_value *v = &c->args[0];

    *ret = go_string(v->type == GO_DURATION ? duration_format(c->arena, v->integer)
                                            : format_go_name(v));
    return NULL;
}

static struct err *duration_in(struct call *c, struct go_value *ret)
{
    int64_t unit = c->name[0] == 'H'   ? 3600 * NS_PER_S
                   : c->name[0] == 'M' ? 60 * NS_PER_S
                                       : NS_PER_S;
    int64_t d = c->args[0].integer, whole = d / unit, rest = d % unit;

    *ret = go_float((double)whole + (double)rest / (double)unit);
    return NULL;
}

static struct err *duration_whole(struct call *c, struct go_value *ret)
{
    int64_t unit = strcmp(c->name, "Milliseconds") == 0   ? NS_PER_MS
                   : strcmp(c->name, "Microseconds") == 0 ? 1000
                                                          : 1;

    *ret = go_int64(c->args[0].integer / unit);
    return NULL;
}

static struct err *duration_round(struct call *c, struct go_value *ret)
{
    int64_t d = c->args[0].integer, m = c->args[1].integer;

    *ret = go_number_of(GO_DURATION, c->name[0] == 'R' ? time_round(d, m) : m <= 0 ? d : d - d % m);
    return NULL;
}

static struct err *duration_abs(struct call *c, struct go_value *ret)
{
    int64_t d = c->args[0].integer;

    *ret = go_number_of(GO_DURATION, d == INT64_MIN ? INT64_MAX : d < 0 ? -d : d);
    return NULL;
}

static const struct function duration_methods[] = {
    TIME("Abs", "d", 'd', duration_abs),
    TIME("Hours", "d", 'f', duration_in),
    TIME("Microseconds", "d", 'n', duration_whole),
    TIME("Milliseconds", "d", 'n', duration_whole),
    TIME("Minutes", "d", 'f', duration_in),
    TIME("Nanoseconds", "d", 'n', duration_whole),
    TIME("Round", "dd", 'd', duration_round),
    TIME("Seconds", "d", 'f', duration_in),
    TIME("String", "d", 's', duration_string),
    TIME("Truncate", "dd", 'd', duration_round),
};

static const struct function name_methods[] = { TIME("String", "a", 's', duration_string) };

#define SEARCH(table) function_search((table), sizeof(table) / sizeof *(table), name)

const struct function *method_find(const struct go_value *receiver, struct str name)
{
    switch ((int)receiver->type) {
    case GO_FILES:
        return SEARCH(files_methods);
    case GO_VALUES:
    case GO_VALUES3:
        return SEARCH(values_methods);
    case GO_VERSIONS:
        return SEARCH(versions_methods);
    case GO_TIME:
        return SEARCH(time_methods);
    case GO_DURATION:
        return SEARCH(duration_methods);
    case GO_MONTH:
    case GO_WEEKDAY:
        return SEARCH(name_methods);
    case GO_STRUCT:
    case GO_POINTER:
        return function_search(receiver->object->class->methods,
                               receiver->object->class->method_count, name);
    default:
        return NULL;
    }
}

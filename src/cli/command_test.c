/* SPDX-License-Identifier: Apache-2.0 */
/* The command table from the outside: parse.c, help.c, main_command.c, commands.c, table.c, listing.c. */
#include "cli/command.h"

#include "cli/help.h"
#include "cli/listing.h"
#include "cli/parse.h"
#include "cli/table.h"
#include "tests/harness.h"

struct screen {
    struct buf out;
    struct buf err;
};

static void write_screen(void *self, int stream, struct str text)
{
    struct screen *s = self;

    buf_put(stream == 1 ? &s->out : &s->err, text);
}

struct fixture {
    struct run run;
    struct screen screen;
    struct cli cli;
};

static void fixture_init(struct fixture *f, struct arena *a)
{
    f->run = (struct run){ .arena = a, .deadline = MONO_NEVER };
    buf_init(&f->screen.out, a, 0);
    buf_init(&f->screen.err, a, 0);
    f->cli = (struct cli){ .run = &f->run, .write = write_screen, .self = &f->screen };
}

/* Runs a line of words that are separated by single spaces. */
static int run_line(struct fixture *f, const char *line)
{
    struct str words[32], rest = str_from_cstr(line);
    size_t count = 0;

    while (count < 32 && str_cut(&rest, ' ', &words[count]))
        count++;
    return cli_main(&f->cli, count, words);
}

TEST(wrong_use_is_told_and_is_status_2)
{
    static const struct {
        const char *line, *want;
    } cases[] = {
        { "weir fly", "unknown command \"fly\"" },
        { "weir get sources svn", "unknown command \"svn\" for \"weir get sources\"" },
        { "weir get kustomizations --colour", "unknown flag: --colour" },
        { "weir get kustomizations -Z", "unknown flag: -Z" },
        { "weir get kustomizations -o xml",
          "--output is one of table,wide,name,json,yaml, not \"xml\"" },
        { "weir get kustomizations --namespace", "--namespace needs a value" },
        { "weir get kustomizations one two", "unexpected argument \"two\"" },
        { "weir get kustomizations --timeout soon", "--timeout takes a duration" },
        { "weir sandbox --concurrent many", "--concurrent takes a whole number" },
        { "weir get kustomizations -A=maybe", "takes true or false" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct fixture f;

        test_label(cases[i].line);
        fixture_init(&f, a);
        CHECK_INT(run_line(&f, cases[i].line), 2);
        CHECK_HAS(buf_str(&f.screen.err), cases[i].want);
        CHECK_UINT(f.screen.out.len, 0);
    }
}

TEST(flags_are_taken_in_every_form)
{
    static const char *const lines[] = {
        "get ks -n shop web -o json",
        "get ks web -nshop -ojson",
        "get ks --namespace=shop --output=json web",
        "get kustomization --namespace shop -o=json -- web",
    };

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct str words[16], rest = str_from_cstr(lines[i]);
        const struct command *c;
        struct invocation in;
        size_t count = 0, used;
        bool help;

        test_label(lines[i]);
        while (str_cut(&rest, ' ', &words[count]))
            count++;
        c = parse_command(words, count, &used);
        REQUIRE(c != NULL);
        CHECK_STR(c->path, "get kustomizations");
        REQUIRE(parse_invocation(a, c, words + used, count - used, &in, &help) == NULL);
        CHECK_STR(flag_text(&in, "namespace"), "shop");
        CHECK_STR(flag_text(&in, "output"), "json");
        CHECK_STR(flag_text(&in, "timeout"), "5m0s");
        CHECK(!flag_is_set(&in, "all-namespaces"));
        CHECK(flag_is_given(&in, "namespace") && !flag_is_given(&in, "timeout"));
        CHECK_INT(flag_duration(&in, "timeout"), 300 * NS_PER_S);
        REQUIRE(in.argument_count == 1);
        CHECK_STR(in.arguments[0], "web");
    }
}

TEST(every_command_has_help_and_a_place_in_completion)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct command *c;
    struct fixture f;
    struct str script;

    fixture_init(&f, a);
    REQUIRE(help_completion(&f.cli, STR("bash")) == NULL);
    script = str_dup(a, buf_str(&f.screen.out));
    for (size_t i = 0; (c = cli_command(i)) != NULL; i++) {
        test_label(c->path);
        buf_truncate(&f.screen.out, 0);
        CHECK_INT(run_line(&f, str_cstr(a, str_printf(a, "weir %s --help", c->path))), 0);
        CHECK_HAS(buf_str(&f.screen.out), c->summary);
        CHECK_HAS(buf_str(&f.screen.out), str_printf(a, "weir %s", c->path));
        CHECK_HAS(script, str_printf(a, "\"%s\") words=", c->path));
    }
    test_label(NULL);
    CHECK(help_completion(&f.cli, STR("tcsh")) != NULL);
}

TEST(the_overview_names_every_top_command)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct command *c;
    struct fixture f;

    fixture_init(&f, a);
    CHECK_INT(run_line(&f, "weir --help"), 0);
    for (size_t i = 0; (c = cli_command(i)) != NULL; i++)
        if (str_find_byte(str_from_cstr(c->path), ' ', 0) == SIZE_MAX)
            CHECK_HAS(buf_str(&f.screen.out), str_printf(a, "\n  %s ", c->path));
}

/* "alert-providers" is written "alert\-providers". */
static const char *roff_words(struct arena *a, const char *path)
{
    struct buf out;

    buf_init(&out, a, 0);
    for (; *path; path++)
        buf_printf(&out, "%s%c", *path == '-' ? "\\" : "", *path);
    return str_cstr(a, buf_str(&out));
}

TEST(both_pages_name_every_command_and_its_flags)
{
    static const char *const pages[] = { "weir help --man", "weir help --markdown" };

    for (size_t p = 0; p < 2; p++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct command *c;
        struct fixture f;

        fixture_init(&f, a);
        CHECK_INT(run_line(&f, pages[p]), 0);
        for (size_t i = 0; (c = cli_command(i)) != NULL; i++) {
            test_label(c->path);
            if (c->run && p == 0)
                CHECK_HAS(buf_str(&f.screen.out),
                          str_printf(a, "\n.SS weir %s", roff_words(a, c->path)));
            if (p == 1)
                CHECK_HAS(buf_str(&f.screen.out), str_printf(a, "\n## weir %s\n", c->path));
            for (size_t k = 0; p == 1 && k < c->flag_count; k++)
                CHECK_HAS(buf_str(&f.screen.out), str_printf(a, "--%s", c->flags[k].name));
        }
        test_label(NULL);
    }
}

TEST(help_tells_of_one_command)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct fixture f;

    fixture_init(&f, a);
    CHECK_INT(run_line(&f, "weir help get ks"), 0);
    CHECK_HAS(buf_str(&f.screen.out), "weir get kustomizations [NAME] [flags]");
    CHECK_INT(run_line(&f, "weir help get nothing"), 1);
    CHECK_HAS(buf_str(&f.screen.err), "unknown command \"nothing\"");
}

TEST(tables_are_laid_out_as_flux_lays_them_out)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct text_table t;
    struct table_row *row;
    struct buf out;

    buf_init(&out, a, 0);
    text_table_init(&t, a);
    text_table_column(&t, "Name");
    text_table_column(&t, "Message");
    row = text_table_row(&t);
    row->cells[0] = STR("apps");
    row->cells[1] = STR("one\nlonger line");
    text_table_print(&out, &t, true);
    CHECK_STR(buf_str(&out), "NAME\tMESSAGE     \napps\tone        \t\n    \tlonger line\t\n");
    buf_truncate(&out, 0);
    text_table_print(&out, &t, false);
    CHECK_STR(buf_str(&out), "apps\tone        \t\n    \tlonger line\t\n");
}

TEST(revisions_are_shortened_and_ages_are_kubectls)
{
    static const struct {
        const char *since, *want;
    } ages[] = {
        { "2026-01-01T11:59:30Z", "30s" },   { "2026-01-01T11:58:01Z", "119s" },
        { "2026-01-01T11:55:30Z", "4m30s" }, { "2026-01-01T11:30:00Z", "30m" },
        { "2026-01-01T07:30:00Z", "4h30m" }, { "2025-12-31T12:00:00Z", "24h" },
        { "2025-12-01T12:00:00Z", "31d" },   { "2026-01-01T12:00:09Z", "0s" },
        { "yesterday", "<unknown>" },
    };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct wall_time now = { 0 };

    REQUIRE(wall_time_parse(STR("2026-01-01T12:00:00Z"), &now));
    for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++) {
        test_label(ages[i].since);
        CHECK_STR(listing_age(a, now, str_from_cstr(ages[i].since)), ages[i].want);
    }
    test_label(NULL);
    CHECK_STR(listing_short(a, STR("main@sha1:cb6df9c1e12b6faa8fe37e9cead42836e8b3172f")),
              "main@sha1:cb6df9c1");
    CHECK_STR(listing_short(a, STR("v1.2.3@sha1:cb6df9c1")), "v1.2.3@sha1:cb6df9c1");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_show.h"

#include "cli/cluster_command.h"
#include "cli/listing.h"
#include "value/json.h"
#include "value/yaml.h"

static bool is_shown(const struct tree_node *node, bool compact)
{
    return !compact || str_contains(node->ref.group, STR("toolkit.fluxcd.io"));
}

static size_t last_shown(const struct tree_node *node, bool compact)
{
    size_t last = SIZE_MAX;

    for (size_t i = 0; i < node->child_count; i++)
        if (is_shown(&node->children[i], compact))
            last = i;
    return last;
}

struct branch {
    struct arena *arena;
    struct buf *out;
    bool compact;
    bool wide; /* with health */
};

static void put_children(const struct branch *b, const struct tree_node *node, struct str indent)
{
    size_t last = last_shown(node, b->compact);

    for (size_t i = 0; i < node->child_count; i++) {
        const struct tree_node *child = &node->children[i];

        if (!is_shown(child, b->compact))
            continue;
        buf_put(b->out, indent);
        buf_put(b->out, i == last ? STR("└── ") : STR("├── "));
        buf_put(b->out, obj_ref_format(b->arena, &child->ref));
        if (b->wide && child->status.len > 0)
            buf_printf(b->out, "  [%.*s] %.*s", STR_ARG(child->status), STR_ARG(child->message));
        buf_put_byte(b->out, '\n');
        put_children(b, child, str_concat(b->arena, indent, i == last ? STR("    ") : STR("│   ")));
    }
}

static const struct val *node_val(struct arena *a, const struct tree_node *node, bool compact)
{
    const struct val *group_kind = val_map_of(a, "Group", val_string(a, node->ref.group), "Kind",
                                              val_string(a, node->ref.kind), NULL);
    const struct val *resource = val_map_of(a, "Namespace", val_string(a, node->ref.ns), "Name",
                                            val_string(a, node->ref.name), "GroupKind", group_kind,
                                            NULL);
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < node->child_count; i++)
        if (is_shown(&node->children[i], compact))
            seq_builder_add(&b, node_val(a, &node->children[i], compact));
    return val_map_of(a, "resource", resource, "resources",
                      b.count ? seq_builder_done(&b, NULL) : NULL, NULL);
}

static void print_tree(const struct cli *cli, const struct invocation *in,
                       const struct tree_node *root)
{
    struct arena *a = cli->run->arena;
    struct str format = flag_text(in, "output");
    struct buf out;
    struct branch b = { .arena = a,
                        .out = &out,
                        .compact = flag_is_set(in, "compact"),
                        .wide = str_is(format, "wide") };

    buf_init(&out, a, 0);
    if (str_is(format, "json")) {
        json_write(&out, node_val(a, root, b.compact), JSON_INDENT2);
        buf_put_byte(&out, '\n');
    } else if (str_is(format, "yaml")) {
        yaml_write(&out, val_sorted(a, node_val(a, root, b.compact)), YAML_WRITE_DEFAULT);
        buf_put_byte(&out, '\n');
    } else {
        buf_put(&out, obj_ref_format(a, &root->ref));
        buf_put_byte(&out, '\n');
        put_children(&b, root, STR(""));
        buf_put_byte(&out, '\n');
    }
    cli->write(cli->self, 1, buf_str(&out));
}

struct err *cmd_tree_kustomization(const struct cli *cli, const struct invocation *in)
{
    struct obj_ref ref = { .ns = flag_text(in, "namespace") };
    const struct flux_kind *kind = in->command->kind;
    struct commands commands;
    struct queries queries;
    struct tree_node root;
    struct err *e;

    if (in->argument_count == 0)
        return err_new(cli->run->arena, ERR_INVALID, "kustomization name is required");
    ref.group = kind->gvk.group;
    ref.version = kind->gvk.version;
    ref.kind = kind->gvk.kind;
    ref.name = in->arguments[0];
    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)) ||
        TRY(&e, queries.ops->tree(queries.self, cli->run, &ref, &root)))
        return e;
    print_tree(cli, in, &root);
    return NULL;
}

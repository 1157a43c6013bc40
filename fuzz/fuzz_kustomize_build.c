/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds of whole trees that the input's bytes choose: three folders and a component, each a list of kustomization fields and of objects
 * made from templates, so that nearly every input gets past the reader. fuzz_kustomize is the same for free text.
 *
 * True for every input: the same output twice; what is printed reads back as the same number of objects; what a render worker would
 * send arrives as it was.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/vec.h"
#include "core/kustomize/kustomize.h"
#include "core/render.h"
#include "core/tree_memory.h"
#include "value/pack.h"
#include "value/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input, read from its start; 0 for ever once it has ended. */
struct source {
    const uint8_t *at, *end;
    unsigned made; /* objects so far */
};

static unsigned next(struct source *s, unsigned below)
{
    unsigned n = s->at < s->end ? *s->at++ : 0;

    return n % below;
}

/* What a hole of a template is filled with. */
static const char
    *const names[] = { "a", "b", "web", "web-1", "x.y", "12", "true", "\"\"", "~", "A b", "$(V)" },
           *const kinds[] = { "ConfigMap", "Secret",      "Deployment",  "Service",
                              "Role",      "RoleBinding", "Namespace",   "ClusterRole",
                              "Widget",    "List",        "StatefulSet", "Ingress" },
           *const versions[] = { "v1", "apps/v1", "rbac.authorization.k8s.io/v1", "x.y/v1",
                                 "networking.k8s.io/v1" },
           *const values[] = { "1",    "yes",        "\"on\"",      "null",
                               "[]",   "{}",         "\"a:b\"",     "0x10",
                               "1e3",  "'${V}'",     "[1, {a: b}]", "|\n        text\n",
                               "$(V)", "{name: web}" },
           *const paths[] = { "spec",
                              "metadata.name",
                              "data.k",
                              "spec.template.spec.containers.[name=web].image",
                              "spec.list.0",
                              "spec.list.-",
                              "metadata.annotations.[x]",
                              "spec.*.a",
                              "a.b.c",
                              "spec.[a=b].*" },
           *const jsons[] = { "/metadata/name", "/data/k", "/spec/list/-", "/spec/list/0",
                              "/kind",          "/",       "/a~1b",        "/spec" },
           *const files[] = { "../one/o.yaml", "p.yaml",       "../one",    "../two",
                              "../part",       "missing.yaml", "../../out", "../two/" };

#define POOL(array) { array, sizeof array / sizeof array[0] }

static const struct {
    char hole;
    struct {
        const char *const *items;
        unsigned count;
    } pool;
} pools[] = {
    { 'n', POOL(names) }, { 'k', POOL(kinds) }, { 'g', POOL(versions) }, { 'v', POOL(values) },
    { 'p', POOL(paths) }, { 'j', POOL(jsons) }, { 'f', POOL(files) },
};

/* "@x" is a hole of pool x, "@d" a name that no other object has, "@r" one that some object may have. */
static void fill(struct source *s, const char *template, struct buf *out)
{
    for (const char *c = template; *c; c++) {
        size_t pool = 0;

        if (*c != '@') {
            buf_put_byte(out, *c);
            continue;
        }
        c++;
        if (*c == 'd' || *c == 'r') {
            buf_printf(out, "o%u", *c == 'd' ? s->made++ : next(s, s->made + 1));
            continue;
        }
        while (pools[pool].hole != *c)
            pool++;
        buf_put(out, str_from_cstr(pools[pool].pool.items[next(s, pools[pool].pool.count)]));
    }
}

static const char *const objects[] = {
    "apiVersion: @g\nkind: @k\nmetadata:\n  name: @n\n",
    "apiVersion: @g\nkind: @k\nmetadata:\n  name: @d\n  namespace: @n\n  labels: {app: @n}\ndata:\n  k: @v\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: @d\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: @n}}\n"
    "  template:\n    metadata: {labels: {app: @n}}\n    spec:\n      containers:\n      - name: web\n        image: nginx:1\n"
    "        envFrom: [{configMapRef: {name: @r}}]\n        args: [\"$(V)\", @n]\n      volumes:\n"
    "      - {name: v, secret: {secretName: @r}}\n",
    "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: @k\n  metadata: {name: @d}\n",
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: @d}\nroleRef: {apiGroup: "
    "rbac.authorization.k8s.io, kind: Role, name: @r}\nsubjects: [{kind: ServiceAccount, name: default}]\n",
    "apiVersion: x.y/v1\nkind: Widget\nmetadata:\n  name: @d\n  annotations:\n    config.kubernetes.io/local-config: \"false\"\n"
    "spec:\n  list: [@v, @v]\n  @n: @v\n",
};

/* Fields of a kustomization: the items of each are gathered below its name. */
static const struct {
    const char *name;
    const char *item; /* one template; a list's begins with "- " */
} fields[] = {
    { "resources", "- @f\n" },
    { "components", "- @f\n" },
    { "namespace", " @n\n" },
    { "namePrefix", " @n-\n" },
    { "nameSuffix", " -@n\n" },
    { "labels", "- pairs: {app: @n}\n  includeSelectors: true\n" },
    { "labels",
      "- pairs: {t: @n}\n  includeTemplates: true\n  fields: [{path: spec/x, create: true, kind: @k}]\n" },
    { "commonLabels", "  l: @n\n" },
    { "commonAnnotations", "  l: @n\n" },
    { "images", "- {name: nginx, newName: @n, newTag: @n}\n" },
    { "replicas", "- {name: @r, count: 3}\n" },
    { "configMapGenerator", "- {name: @d, literals: [k=@n, \"l=@n\"]}\n" },
    { "configMapGenerator", "- {name: @n, files: [@f], behavior: merge}\n" },
    { "secretGenerator",
      "- {name: @d, literals: [k=@n], options: {disableNameSuffixHash: true, immutable: true}}\n" },
    { "generatorOptions", "  labels: {g: @n}\n" },
    { "patches",
      "- patch: |-\n    - {op: add, path: @j, value: @n}\n    - {op: remove, path: @j}\n  target: {kind: @k}\n" },
    { "patches",
      "- patch: |-\n    - {op: replace, path: @j, value: [1]}\n    - {op: copy, from: @j, path: @j}\n  target: {name: \"@r.*\"}\n" },
    { "patches",
      "- patch: |-\n    {apiVersion: @g, kind: @k, metadata: {name: @r}, data: {k: null, l: m}}\n" },
    { "patches",
      "- patch: |-\n    {apiVersion: apps/v1, kind: Deployment, metadata: {name: @r}, spec: {template: {spec: {containers: "
      "[{name: web, $patch: delete}, {name: b}]}}}}\n  options: {allowNameChange: true}\n" },
    { "patches",
      "- patch: |-\n    {$patch: delete, apiVersion: @g, kind: @k, metadata: {name: @r}}\n  target: {labelSelector: \"app in (a, b)\"}\n" },
    { "replacements",
      "- source: {kind: @k, name: @r, fieldPath: @p}\n  targets:\n  - select: {kind: @k}\n    fieldPaths: [@p, @p]\n"
      "    options: {create: true}\n" },
    { "replacements",
      "- source: {kind: @k, fieldPath: metadata.name, options: {delimiter: \"-\", index: 1}}\n  targets:\n"
      "  - select: {name: @r}\n    reject: [{kind: @k}]\n    fieldPaths: [@p]\n    options: {delimiter: \"-\", index: -1}\n" },
    { "vars",
      "- {name: V, objref: {apiVersion: @g, kind: @k, name: @r}, fieldref: {fieldpath: @p}}\n" },
    { "sortOptions",
      "  {order: legacy, legacySortOptions: {orderFirst: [@k], orderLast: [@k]}}\n" },
    { "buildMetadata", "- originAnnotations\n- transformerAnnotations\n- managedByLabel\n" },
    { "crds", "- @f\n" },
    { "configurations", "- @f\n" },
    { "openapi", "  path: @f\n" },
    { "transformers",
      "- |-\n  apiVersion: builtin\n  kind: PrefixTransformer\n  metadata: {name: p}\n  prefix: @n\n  fieldSpecs: [{path: @n/name}]\n" },
    { "transformers",
      "- |-\n  apiVersion: builtin\n  kind: NamespaceTransformer\n  metadata: {name: p, namespace: @n}\n  unsetOnly: true\n" },
    { "generators",
      "- |-\n  apiVersion: builtin\n  kind: ConfigMapGenerator\n  metadata: {name: @n}\n  literals: [a=@n]\n" },
};

enum { FIELDS = sizeof fields / sizeof fields[0], FOLDERS = 4, STEPS_MAX = 40 };

static const char *const folders[FOLDERS] = { "top", "one", "two", "part" };

struct folder {
    struct buf fields[FIELDS]; /* items of the field whose first template has that number */
    struct buf objects;
};

static size_t first_of(size_t field)
{
    size_t first = 0;

    while (str_cmp(str_from_cstr(fields[first].name), str_from_cstr(fields[field].name)) != 0)
        first++;
    return first;
}

static void choose(struct source *s, struct folder *all)
{
    for (int steps = 0; s->at < s->end && steps < STEPS_MAX; steps++) {
        struct folder *f = &all[next(s, FOLDERS)];
        unsigned what = next(s, FIELDS + FIELDS / 2);

        if (what < FIELDS) {
            struct buf *items = &f->fields[first_of(what)];

            /* A scalar is given once; so are the other maps. */
            if (items->len == 0 || fields[what].item[0] == '-')
                fill(s, fields[what].item, items);
            continue;
        }
        if (f->objects.len > 0)
            buf_lit(&f->objects, "---\n");
        fill(s, objects[what % (sizeof objects / sizeof objects[0])], &f->objects);
    }
}

static struct tree make_tree(struct arena *a, struct source *s)
{
    struct tree_memory *m = tree_memory_new(a);
    struct folder *all = ARENA_ARRAY(a, FOLDERS, struct folder);

    for (size_t f = 0; f < FOLDERS; f++) {
        buf_init(&all[f].objects, a, 0);
        for (size_t i = 0; i < FIELDS; i++)
            buf_init(&all[f].fields[i], a, 0);
        buf_lit(&all[f].fields[0], "- o.yaml\n");
    }
    choose(s, all);
    for (size_t f = 0; f < FOLDERS; f++) {
        struct buf text;

        buf_init(&text, a, 0);
        buf_printf(&text, "kind: %s\napiVersion: kustomize.config.k8s.io/v1%s\n",
                   f == 3 ? "Component" : "Kustomization", f == 3 ? "alpha1" : "beta1");
        for (size_t i = 0; i < FIELDS; i++)
            if (all[f].fields[i].len > 0)
                buf_printf(&text, "%s:%s%.*s", fields[i].name,
                           fields[i].item[0] == ' ' && fields[i].item[1] != ' ' ? "" : "\n",
                           STR_ARG(buf_str(&all[f].fields[i])));
        tree_memory_put(m, str_printf(a, "%s/kustomization.yaml", folders[f]), buf_str(&text),
                        false);
        tree_memory_put(m, str_printf(a, "%s/o.yaml", folders[f]),
                        all[f].objects.len ? buf_str(&all[f].objects) : STR(""), false);
    }
    return tree_memory_port(m, STR(""));
}

/* What a build prints; its error's text when it fails. */
static struct str build(struct arena *a, const struct tree *tree, struct kustomize_result *result)
{
    struct kustomize_options options = { .label = STR(""), .load_anywhere = true };
    struct buf out;
    struct err *e = kustomize_build(a, &options, tree, STR("top"), result);

    if (e)
        return err_line(a, e);
    buf_init(&out, a, 0);
    kustomize_print(&out, result);
    return out.len ? buf_str(&out) : STR("");
}

static void check_objects(struct arena *a, const struct kustomize_result *result, struct str text)
{
    struct yaml_docs docs = { NULL, 0 };
    struct err *e = yaml_read_all(a, text, STR("output"), YAML_KYAML, &docs);

    assert(!e && docs.count == result->count);
    for (size_t i = 0; i < result->count; i++) {
        struct buf packed;
        struct unpack u = { .arena = a };
        const struct val *back;

        buf_init(&packed, a, 0);
        pack_val(&packed, result->items[i].object);
        u.rest = buf_str(&packed);
        back = unpack_val(&u);
        assert(!u.bad && u.rest.len == 0 && val_eq(back, result->items[i].object));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(512 * MIB);
    struct source s = { data, data + size, 0 };
    struct tree tree = make_tree(a, &s);
    struct kustomize_result first = { 0 }, second = { 0 };
    struct str text = build(a, &tree, &first), again = build(a, &tree, &second);

    assert(str_eq(text, again));
    check_objects(a, &first, first.count ? text : STR(""));
    return 0;
}

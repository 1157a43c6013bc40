# SPDX-License-Identifier: Apache-2.0
"""Kustomizations that must fail, each with the words of its error: paths that leave, cycles, features that are off, and bombs.

A case is a function that gives the files of a tree; its decorator says what the error must hold, and where it comes from (docs: the
project's table of bad input, B35 to B58, or an attack of ours). Origin of all expectations: ours.
"""

CASES = []


def bad(row, says, **more):
    """says: a regular expression for the error. root: the folder to build. engine: also through the engine."""
    def take(fn):
        CASES.append({'name': fn.__name__, 'row': row, 'says': says, 'files': fn, **more})
        return fn
    return take


def cm(name, rest=''):
    return f'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n{rest}'


def many(count, make=cm):
    return '---\n'.join(make(f'c-{i}') for i in range(count))


def kustomization(text, **files):
    return {'kustomization.yaml': text, **{name.replace('__', '/').replace('_yaml', '.yaml').replace('_json', '.json'): content
                                           for name, content in files.items()}}


COMPONENT = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n'
DEPLOYMENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: {containers: [{name: a, env: [%s]}]}}}\n'


# ---- B35 to B46: YAML and manifests ----

@bad('B35', r'a\.yaml:\d+:\d+: document contains excessive aliasing', engine=True)
def aliases_that_multiply():
    layers = ''.join(f'{chr(98 + i)}: &{chr(98 + i)} [{",".join(["*" + chr(97 + i)] * 10)}]\n' for i in range(9))
    return kustomization('resources: [a.yaml]\n', a_yaml='a: &a [x,x,x,x,x,x,x,x,x,x]\n' + layers + cm('a'))


@bad('B36', r'a\.yaml:6:6: anchor "d" contains itself')
def an_alias_to_itself():
    return kustomization('resources: [a.yaml]\n', a_yaml=cm('a', 'data: &d\n  x: *d\n'))


@bad('B37', r'a\.yaml:\d+:\d+: nested deeper than 512', engine=True)
def brackets_100000_deep():
    return kustomization('resources: [a.yaml]\n', a_yaml='[' * 100000)


@bad('B37', r'a\.yaml:\d+:\d+: nested deeper than 512')
def blocks_2000_deep():
    return kustomization('resources: [a.yaml]\n', a_yaml=cm('a', 'x:\n') + ''.join(' ' * (i + 1) + 'a:\n' for i in range(2000)))


@bad('B37', r'too much within \[ \] and \{ \}.*100000000')
def brackets_500_deep_around_a_million_values():
    return kustomization('resources: [a.yaml]\n', a_yaml=cm('a', 'x: ') + '[' * 500 + ','.join(['1'] * 1200000) + ']' * 500 + '\n')


@bad('B38', r'a\.yaml:6:1: duplicate key "data", first on line 5')
def a_key_twice():
    return kustomization('resources: [a.yaml]\n', a_yaml=cm('a', 'data: {a: b}\ndata: {c: d}\n'))


@bad('B40', r'a\.yaml: byte \d+ is not UTF-8')
def bytes_that_are_no_utf8():
    return kustomization('resources: [a.yaml]\n', a_yaml=b'apiVersion: v1\nkind: \xff\xfe\n')


@bad('B43', r'a\.yaml": .*5242880')
def a_file_of_6_megabytes():
    return kustomization('resources: [a.yaml]\n', a_yaml=cm('a', 'data: {x: "' + 'y' * 6000000 + '"}\n'))


@bad('B44', r'operation 2 of the JSON patch')
def a_json_patch_whose_test_fails():
    return kustomization('resources: [a.yaml]\npatches:\n- target: {kind: ConfigMap}\n  patch: |-\n    - {op: add, path: /x, value: 1}\n'
                         '    - {op: test, path: /x, value: 2}\n', a_yaml=cm('a'))


@bad('B44', r'operation 1 of the JSON patch')
def a_json_patch_path_that_leads_nowhere():
    return kustomization('resources: [a.yaml]\npatches:\n- target: {kind: ConfigMap}\n  patch: |-\n    - {op: remove, path: /a/b}\n', a_yaml=cm('a'))


@bad('B45', r'a\.yaml:\d+:\d+: missing kind')
def an_object_without_kind():
    return kustomization('resources: [a.yaml]\n', a_yaml='apiVersion: v1\nmetadata: {name: a}\n')


@bad('B45', r'a\.yaml:\d+:\d+: missing metadata\.name', engine=True)
def an_object_without_name():
    return kustomization('resources: [a.yaml]\n', a_yaml='apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n')


# ---- B48, B53, B58: paths that leave ----

@bad('B48', r'path "\.\./.*/etc/passwd" escapes the root')
def a_resource_above_the_root():
    return kustomization('resources: [../../../../../../../../../../../../etc/passwd]\n')


@bad('B48', r'security; file "\.\./secret\.yaml" is not in or below', root='app')
def a_resource_beside_the_root():
    return {'secret.yaml': cm('s'), 'app/kustomization.yaml': 'resources: [../secret.yaml]\n'}


@bad('B48', r'security; file "link\.yaml" is not in or below the folder', root='app')
def a_link_out_of_the_root():
    return {'secret.yaml': cm('s'), 'app/kustomization.yaml': 'resources: [link.yaml]\n', 'app/link.yaml': ('link', '../secret.yaml')}


@bad('B53', r'security; file "/proc/self/environ" is not in or below the folder')
def a_generator_file_of_the_system():
    return kustomization('configMapGenerator:\n- {name: a, files: [/proc/self/environ]}\n')


@bad('B53', r'path "\.\./.*/proc/self/environ" escapes the root', engine=True)
def a_generator_file_above_the_artifact():
    return kustomization('configMapGenerator:\n- {name: a, files: [../../../../../../../../../../../../proc/self/environ]}\n')


@bad('B58', r'folder "/etc" must be a relative path')
def a_component_with_an_absolute_path():
    return kustomization('components: [/etc]\nresources: [a.yaml]\n', a_yaml=cm('a'))


# ---- B49: cycles and depth ----

@bad('B49', r'cycle: .*one -> .*two -> .*one', root='one', engine=True)
def two_bases_that_need_each_other():
    return {'one/kustomization.yaml': 'resources: [../two]\n', 'two/kustomization.yaml': 'resources: [../one]\n'}


@bad('B49', r'cycle: ')
def a_base_that_is_itself():
    return kustomization('resources: [.]\n')


@bad('B49', r'nested more than 64 deep')
def bases_a_hundred_deep():
    files = {'m/' * i + 'kustomization.yaml': 'resources: [m]\n' for i in range(100)}
    return {**files, 'm/' * 100 + 'kustomization.yaml': 'resources: [x.yaml]\n', 'm/' * 100 + 'x.yaml': cm('x')}


@bad('B49', r'needs more than the \d+ MiB')
def bases_that_each_name_two_more():
    files = {f'{s}{i}/kustomization.yaml': f'resources: [../a{i + 1}, ../b{i + 1}]\nnamePrefix: {s}-\n' for i in range(30) for s in 'ab'}
    return {**files, 'kustomization.yaml': 'resources: [a0]\n', 'a30/kustomization.yaml': 'resources: [x.yaml]\n', 'a30/x.yaml': cm('x'),
            'b30/kustomization.yaml': 'resources: [y.yaml]\n', 'b30/y.yaml': cm('y')}


@bad('B49', r'needs more than the \d+ MiB')
def components_that_each_name_two_more():
    files = {f'{s}{i}/kustomization.yaml': f'{COMPONENT}components: [../a{i + 1}, ../b{i + 1}]\n' for i in range(30) for s in 'ab'}
    return {**files, **{f'{s}30/kustomization.yaml': COMPONENT + 'namePrefix: a\n' for s in 'ab'},
            'kustomization.yaml': 'resources: [x.yaml]\ncomponents: [a0]\n', 'x.yaml': cm('x')}


# ---- B50, B52: features that are off ----

@bad('B50', r'"github\.com/x/y//z\?ref=v1".*not allowed', flags=['--no-remote-bases'])
def a_remote_base_under_lockdown():
    return kustomization('resources: ["github.com/x/y//z?ref=v1"]\n')


@bad('B50', r'"https://example\.invalid/a\.yaml".*not allowed', flags=['--no-remote-bases'])
def a_remote_file_under_lockdown():
    return kustomization('resources: ["https://example.invalid/a.yaml"]\n')


@bad('B52', r'helmCharts: not supported', engine=True)
def a_chart():
    return kustomization('helmCharts: [{name: x, repo: "https://example.invalid"}]\n')


@bad('B52', r'g\.yaml:1:1: plugin G/g: only builtin plugins are allowed')
def a_container_function():
    return kustomization('generators: [g.yaml]\n', g_yaml='apiVersion: x.y/v1\nkind: G\nmetadata:\n  name: g\n  annotations:\n'
                         '    config.kubernetes.io/function: |\n      container: {image: evil}\n')


@bad('B52', r'g\.yaml:1:1: plugin G/g: only builtin plugins are allowed', engine=True)
def an_exec_function():
    return kustomization('transformers: [g.yaml]\nresources: [a.yaml]\n', a_yaml=cm('a'), g_yaml='apiVersion: x.y/v1\nkind: G\nmetadata:\n  name: g\n'
                         '  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: /bin/sh}\n')


# ---- B54: what grows without end ----

@bad('B54', r'replacements copy more than 1000000 values', engine=True)
def a_replacement_that_puts_a_tree_into_itself():
    one = '- source: {kind: Big, name: b, fieldPath: x}\n  targets:\n  - select: {kind: Big, name: b}\n    fieldPaths: [x.a%d]\n    options: {create: true}\n'
    return kustomization('resources: [a.yaml]\nreplacements:\n' + ''.join(one % i for i in range(40)),
                         a_yaml='apiVersion: v1\nkind: Big\nmetadata: {name: b}\nx: {v: 1}\n')


@bad('B54', r'needs more than the \d+ MiB')
def a_replacement_that_doubles_a_text():
    one = ('- source: {kind: ConfigMap, name: c, fieldPath: data.v}\n  targets:\n  - select: {kind: ConfigMap, name: c}\n    fieldPaths: [data.v]\n'
           '    options: {delimiter: "-", index: 0}\n')
    return kustomization('resources: [a.yaml]\nreplacements:\n' + one * 60, a_yaml=cm('c', 'data: {v: a-a}\n'))


@bad('B54', r'needs more than the \d+ MiB')
def a_million_replacements():
    one = '- source: {kind: ConfigMap, name: c-0, fieldPath: metadata.name}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.k%d]\n    options: {create: true}\n'
    return kustomization('resources: [a.yaml]\nreplacements:\n' + ''.join(one % i for i in range(1000)), a_yaml=many(1000))


@bad('B54', r'takes more than the \d+ steps')
def paths_times_list_items():
    paths = ''.join(f'    - "l.[name=n{i}].v"\n' for i in range(8000))
    return kustomization('resources: [a.yaml]\nreplacements:\n- source: {kind: ConfigMap, name: c-0, fieldPath: metadata.name}\n  targets:\n'
                         '  - select: {kind: Big}\n    fieldPaths:\n' + paths,
                         a_yaml=many(1) + '---\napiVersion: v1\nkind: Big\nmetadata: {name: b}\nl:\n' + ''.join(f'- {{name: n{i}, v: a}}\n' for i in range(8000)))


@bad('B54', r'with its vars the text has more than 16 MiB')
def a_var_of_a_megabyte_a_million_times():
    return kustomization('resources: [a.yaml]\nconfigurations: [c.yaml]\nvars:\n- {name: V, objref: {apiVersion: v1, kind: ConfigMap, name: c}, '
                         'fieldref: {fieldpath: data.v}}\n', c_yaml='varReference:\n- {path: data/w, kind: ConfigMap}\n',
                         a_yaml=cm('c', f'data: {{v: "{"x" * 1000000}"}}\n') + '---\n' + cm('d', f'data: {{w: "{"$(V)" * 900000}"}}\n'))


@bad('B54', r'takes more than the \d+ steps')
def regex_targets_times_objects():
    one = '- target: {name: "(a|b|c|-)+.*%d$"}\n  patch: "- {op: add, path: /x, value: 1}"\n'
    return kustomization('resources: [a.yaml]\npatches:\n' + ''.join(one % i for i in range(3000)), a_yaml=many(3000))


@bad('B54', r'needs more than the \d+ MiB')
def patches_times_objects():
    one = '- target: {kind: ConfigMap}\n  patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {k%d: v}}"\n'
    return kustomization('resources: [a.yaml]\npatches:\n' + ''.join(one % i for i in range(1000)), a_yaml=many(1000))


@bad('B54', r'operation \d+ of the JSON patch: more memory is needed than may be used')
def operations_times_a_long_list():
    return kustomization('resources: [a.yaml]\npatches:\n- target: {kind: ConfigMap}\n  path: p.yaml\n', p_yaml='- {op: add, path: /l/0, value: 1}\n' * 9000,
                         a_yaml=cm('c', 'l: [' + ','.join(['1'] * 2000000) + ']\n'))


@bad('B54', r'more than 1000000 values copied')
def a_copy_that_doubles():
    operations = ','.join('{"op":"copy","from":"/x","path":"/x/a%d"}' % i for i in range(60))
    return kustomization(f"resources: [a.yaml]\npatches:\n- target: {{kind: ConfigMap}}\n  patch: '[{operations}]'\n", a_yaml=cm('c', 'x: {v: 1}\n'))


@bad('B54', r'lists of 60000 items that are merged by key')
def lists_of_30000_merged_by_key():
    items = lambda key: DEPLOYMENT % ','.join('{name: %s%d, value: x}' % (key, i) for i in range(30000))
    return kustomization('resources: [a.yaml]\npatches: [{path: p.yaml}]\n', a_yaml=items('a'), p_yaml=items('b'))


@bad('B54', r'take more than 256 MiB')
def a_label_of_a_megabyte_on_3000_objects():
    return kustomization(f'resources: [a.yaml]\nlabels:\n- pairs: {{a: "{"x" * 1000000}"}}\n', a_yaml=many(3000))


@bad('B54', r'needs more than the \d+ MiB')
def field_specs_times_objects():
    specs = ''.join(f'  - {{path: spec/a{i}/b, create: true}}\n' for i in range(2000))
    return kustomization('resources: [a.yaml]\nlabels:\n- pairs: {a: b}\n  fields:\n' + specs, a_yaml=many(1000))


@bad('B54', r'configurations have more than 2000 field specs')
def configurations_with_100000_entries():
    return kustomization('resources: [a.yaml]\nnamePrefix: p-\nconfigurations: [c.yaml]\n', a_yaml=cm('a'),
                         c_yaml='namePrefix:\n' + ''.join(f'- {{path: a/b{i}, kind: K{i}}}\n' for i in range(100000)))


@bad('B54', r'takes more than the \d+ steps')
def images_times_containers():
    pod = lambda name: DEPLOYMENT.replace('name: d', 'name: ' + name) % ','.join('{name: E%d, valueFrom: {fieldRef: {fieldPath: x}}}' % i for i in range(50))
    return kustomization('resources: [a.yaml]\nimages:\n' + ''.join(f'- {{name: "nginx{i}", newTag: "1"}}\n' for i in range(3000)), a_yaml=many(1000, pod))


@bad('B54', r'needs more than the 1024 MiB')
def a_large_file_in_300_generators():
    return kustomization('configMapGenerator:\n' + ''.join(f'- {{name: c{i}, files: [f]}}\n' for i in range(400)), f='x' * 4000000)


@bad('B54', r'takes more than the \d+ steps')
def references_times_namesakes():
    refs = ','.join('{name: E%d, valueFrom: {configMapKeyRef: {name: c, key: k}}}' % i for i in range(50))
    return kustomization('namePrefix: p-\nresources: [a.yaml, b.yaml]\n', a_yaml='---\n'.join(cm('c', f'  namespace: n{i}\n') for i in range(10000)),
                         b_yaml=many(1000, lambda name: DEPLOYMENT.replace('name: d', 'name: ' + name) % refs))


@bad('B54', r'needs more than the \d+ MiB')
def transformers_times_objects():
    one = 'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: p%d}\nprefix: x\nfieldSpecs: [{path: metadata/name}]\n'
    return kustomization('resources: [a.yaml]\ntransformers: [t.yaml]\n', a_yaml=many(1500), t_yaml='---\n'.join(one % i for i in range(3000)))


@bad('B54', r'more than \d+ errors')
def forty_thousand_errors():
    return kustomization('resources:\n' + ''.join(f'- missing{i}.yaml\n' for i in range(40000)))


# ---- B55: the same object twice ----

@bad('B55', r'ConfigMap/a: may not add resource with an already registered id \(.*b\.yaml:1\); first seen \(.*a\.yaml:1\)', engine=True)
def an_object_in_two_files():
    return kustomization('resources: [a.yaml, b.yaml]\n', a_yaml=cm('a'), b_yaml=cm('a'))


# ---- B56, B57: substitution, through the engine alone ----

@bad('B56', r"substitution failed for 'ConfigMap/default/a'.*variable not set \(strict mode\): \"X\"", engine='only', substitute={'Y': '1'})
def a_variable_that_must_be_set():
    return kustomization('resources: [a.yaml]\n', a_yaml=cm('a', '  namespace: default\ndata: {v: "${X:?no}${X}"}\n'))


@bad('B56', r'with its variables the object has more than 16 MiB', engine='only', substitute={'X': 'x' * 100000})
def a_variable_that_makes_an_object_huge():
    return kustomization('resources: [a.yaml]\n', a_yaml=cm('a', '  namespace: default\ndata: {v: "' + '${X}' * 1000 + '"}\n'))


@bad('B57', r'substitute from .ConfigMap/none. error: configmaps "none" not found', engine='only', from_objects=[{'kind': 'ConfigMap', 'name': 'none'}])
def variables_from_an_object_that_is_not_there():
    return kustomization('resources: [a.yaml]\n', a_yaml=cm('a', '  namespace: default\n'))

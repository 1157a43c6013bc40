#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""gen-schema.py schema|resources: constant C tables of Kubernetes' built-in types and resources.

schema     src/core/kube/tables/schema_table.c: every type that a served resource reaches
resources  src/core/apiserver/tables/resource_table.c: what is served, with verbs and subresources

Reads api/openapi-spec/v3 and api/discovery of the k8s.io/kubernetes Go module (fetched by `go mod download`
into the module cache). Prints the table; descriptions are not kept.
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

VERSION = 'v1.35.4'
META = 'io.k8s.apimachinery.pkg.apis.meta.v1.'
KINDS = {
    META + 'Time': 'TIME',
    META + 'MicroTime': 'MICRO_TIME',
    META + 'Duration': 'DURATION',
    META + 'FieldsV1': 'ANY',
    'io.k8s.apimachinery.pkg.api.resource.Quantity': 'QUANTITY',
    'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'INT_OR_STRING',
    'io.k8s.apimachinery.pkg.runtime.RawExtension': 'ANY',
}
# Beside the kinds of resources: what the server itself speaks.
ROOTS = [META + n for n in ('DeleteOptions', 'ObjectMeta', 'LabelSelector', 'Status')]

# How kinds differ from a plain one: pkg/registry/*/*/strategy.go. Letters name enum api_trait.
TRAITS = {
    'S': 'API_STATUS', 'G': 'API_GENERATION', 'C': 'API_CREATE_ON_UPDATE', 'U': 'API_UNCONDITIONAL_UPDATE',
    'D': 'API_GRACEFUL_DELETE', 'O': 'API_ORPHAN_DEFAULT', 'V': 'API_VIRTUAL', 'X': 'API_SCALE',
    'K': 'API_KEEP_GENERATION', 'R': 'API_RETURN_DELETED', 'N': 'API_NO_GC',
}
POLICY = {
    '/configmaps': 'UK', '/endpoints': 'CUK', '/events': 'CUKN', '/limitranges': 'CUK', '/namespaces': 'SUKR',
    '/nodes': 'SUK', '/persistentvolumes': 'SUKR', '/persistentvolumeclaims': 'SUKR', '/pods': 'SUDGR',
    '/podtemplates': 'UGR', '/replicationcontrollers': 'SGUXO', '/resourcequotas': 'SUKR', '/secrets': 'UK',
    '/serviceaccounts': 'UKR', '/services': 'CSUKR', '/bindings': 'V', '/componentstatuses': 'V',
    'apps/controllerrevisions': 'UK', 'apps/daemonsets': 'SGU', 'apps/deployments': 'SGUX',
    'apps/replicasets': 'SGUX', 'apps/statefulsets': 'SGUX',
    'admissionregistration.k8s.io/*': 'G', 'apiextensions.k8s.io/customresourcedefinitions': 'SG',
    'apiregistration.k8s.io/apiservices': 'SK', 'authentication.k8s.io/*': 'V', 'authorization.k8s.io/*': 'V',
    'autoscaling/*': 'SUK', 'batch/jobs': 'SGUO', 'batch/cronjobs': 'SGU',
    'certificates.k8s.io/certificatesigningrequests': 'SUK', 'coordination.k8s.io/leases': 'CK',
    'discovery.k8s.io/endpointslices': 'UG', 'events.k8s.io/events': 'CUKN', 'flowcontrol.apiserver.k8s.io/*': 'SUG',
    'networking.k8s.io/ingresses': 'SGU', 'networking.k8s.io/networkpolicies': 'GU',
    'networking.k8s.io/ingressclasses': 'UG', 'networking.k8s.io/ipaddresses': 'UK',
    'networking.k8s.io/servicecidrs': 'SUK', 'node.k8s.io/runtimeclasses': 'CK',
    'policy/poddisruptionbudgets': 'SG', 'rbac.authorization.k8s.io/*': 'CUK', 'scheduling.k8s.io/*': 'UG',
    'storage.k8s.io/csidrivers': 'KR', 'storage.k8s.io/csinodes': 'KR', 'storage.k8s.io/csistoragecapacities': 'KR',
    'storage.k8s.io/volumeattachments': 'SKR', 'storage.k8s.io/*': 'UKR', 'resource.k8s.io/resourceclaims': 'SUKR',
    'resource.k8s.io/*': 'UKR',
}
VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']


def module(path='k8s.io/kubernetes@' + VERSION):
    with tempfile.TemporaryDirectory() as d:
        with open(os.path.join(d, 'go.mod'), 'w') as f:
            f.write('module scratch\n')
        out = subprocess.run(['go', 'mod', 'download', '-json', path], cwd=d,
                             check=True, capture_output=True, text=True).stdout
    return json.loads(out)['Dir']


def load(root):
    types = {}
    for name in sorted(glob.glob(os.path.join(root, 'api/openapi-spec/v3/*.json'))):
        with open(name) as f:
            types.update(json.load(f).get('components', {}).get('schemas', {}))
    with open(os.path.join(root, 'api/openapi-spec/swagger.json')) as f:
        older = json.load(f)['definitions']
    for name, t in older.items():
        types.setdefault(name, t)
    return types


def stable(version):
    return re.fullmatch(r'v\d+', version)


def resources(root):
    """(group, version, APIResource, [subresources]) of every stable version."""
    found = []
    for name in sorted(glob.glob(os.path.join(root, 'api/discovery/*.json'))):
        with open(name) as f:
            doc = json.load(f)
        if doc.get('kind') != 'APIResourceList':
            continue
        group, _, version = doc['groupVersion'].rpartition('/')
        if not stable(version):
            continue
        for r in doc['resources']:
            if '/' not in r['name']:
                subs = [s for s in doc['resources'] if s['name'].startswith(r['name'] + '/')]
                found.append((group, version, r, subs))
    return sorted(found, key=lambda x: (x[0], x[1], x[2]['name']))


def by_gvk(types):
    out = {}
    for name, t in types.items():
        for g in t.get('x-kubernetes-group-version-kind', []):
            key = (g['group'], g['version'], g['kind'])
            if key not in out or name.startswith('io.k8s.api.'):
                out[key] = name
    return out


def lit(s):
    return '{ %s, %d }' % (json.dumps(s), len(s.encode())) if s else '{ 0 }'


GO_FIELD = re.compile(r'\s+(?:(\w+)\s+)?([\w.*\[\]]+)\s+`(?:[^`]* )?json:"([^"]*)"')


def go_structs(path, prefix, out):
    """{type name: {json name: (Go type, tag options)}} of a package's types*.go."""
    own = {}
    for name in sorted(glob.glob(os.path.join(path, '*.go'))):
        if name.endswith('_test.go') or 'generated' in name:
            continue
        current = None
        for line in open(name):
            m = re.match(r'type (\w+) struct \{', line)
            if m:
                current = own[m[1]] = []
            elif line.startswith('}'):
                current = None
            elif current is not None:
                m = GO_FIELD.match(line)
                if m:
                    tag = m[3].split(',')
                    current.append((tag[0], m[2], tag[1:]))
    for t in own:
        out[prefix + t] = dict(go_flat(own, t))


def go_flat(own, t):
    for name, go, options in own.get(t, []):
        if name:
            yield name, (go, options)
        else:
            yield from go_flat(own, go.lstrip('*'))


def go_types():
    out = {}
    api, machinery, extensions = (module('k8s.io/%s@v0%s' % (m, VERSION[2:]))
                                  for m in ('api', 'apimachinery', 'apiextensions-apiserver'))
    for path in glob.glob(os.path.join(api, '*', 'v*')):
        group, version = path.split(os.sep)[-2:]
        go_structs(path, 'io.k8s.api.%s.%s.' % (group, version), out)
    go_structs(os.path.join(machinery, 'pkg/apis/meta/v1'), META, out)
    go_structs(os.path.join(extensions, 'pkg/apis/apiextensions/v1'),
               'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.', out)
    return out


class Table:
    def __init__(self, types):
        self.types = types
        self.go = go_types()
        self.rows, self.fields, self.keys = [], [], []
        self.named, self.interned, self.values = {}, {}, {}

    def ref(self, node):
        node = node['allOf'][0] if 'allOf' in node and len(node['allOf']) == 1 else node
        return node['$ref'].rsplit('/', 1)[1] if '$ref' in node else None

    def intern(self, row):
        if row not in self.interned:
            self.interned[row] = len(self.rows)
            self.rows.append(row)
        return self.interned[row]

    def type_named(self, name):
        if name not in self.named:
            if name in KINDS:
                self.named[name] = self.intern('.kind = SCHEMA_%s, .name = %s' % (KINDS[name], lit(name)))
            else:
                index = self.named[name] = len(self.rows)
                self.rows.append(None)  # types may hold themselves
                self.rows[index] = self.row(self.types[name], name)
        return self.named[name]

    def type_of(self, node, default=None):
        name = self.ref(node)
        if name:
            index = self.type_named(name)
            if node.get('x-kubernetes-map-type') == 'atomic' and '.atomic = true' not in self.rows[index]:
                return self.intern(self.rows[index] + ', .atomic = true')
            return index
        row = self.row(node, '')
        if default is not None:
            row += ', .defaults = ' + self.value(default)
        return self.intern(row)

    def value(self, v):
        if v not in self.values:
            n = 'value_%d' % len(self.values)
            self.values[v] = n
        return '&' + self.values[v]

    def row(self, node, name):
        kind, extra = self.shape(node, name)
        row = '.kind = SCHEMA_' + kind + extra
        if node.get('x-kubernetes-map-type') == 'atomic':
            row += ', .atomic = true'
        if node.get('x-kubernetes-preserve-unknown-fields'):
            row += ', .preserve_unknown = true'
        if name:
            row += ', .name = ' + lit(name)
        return row

    def shape(self, node, name):
        t = node.get('type')
        if t == 'array':
            return 'LIST', self.list_extra(node)
        if t == 'object' and 'properties' in node:
            return 'STRUCT', self.struct_extra(node, name)
        if t == 'object' and isinstance(node.get('additionalProperties'), dict):
            return 'DICT', ', .elem = &kube_schema_types[%d]' % self.type_of(node['additionalProperties'])
        if t == 'string':
            return {'byte': 'BYTES', 'date-time': 'TIME', 'int-or-string': 'INT_OR_STRING'}.get(
                node.get('format'), 'STRING'), ''
        if t == 'integer':
            return 'INT', ', .bits = 32' if node.get('format') == 'int32' else ''
        return {'number': 'NUMBER', 'boolean': 'BOOL'}.get(t, 'ANY'), ''

    def list_extra(self, node):
        kind, keys = node.get('x-kubernetes-list-type'), node.get('x-kubernetes-list-map-keys', [])
        merge = node.get('x-kubernetes-patch-strategy', '')
        if kind is None and merge.startswith('merge'):
            key = node.get('x-kubernetes-patch-merge-key')
            kind, keys = ('map', [key]) if key else ('set', [])
        elem = self.type_of(node['items'])
        if keys:
            elem = self.with_key_defaults(elem, node['items'], keys)
        extra = ', .elem = &kube_schema_types[%d]' % elem
        if kind in ('set', 'map'):
            extra += ', .list_type = SCHEMA_LIST_' + kind.upper()
        if kind == 'map':
            at = len(self.keys)
            self.keys += keys
            extra += ', .keys = &keys[%d], .key_count = %d' % (at, len(keys))
        return extra

    def with_key_defaults(self, elem, node, keys):
        """Defaults of key fields take part in the identity of an element."""
        name = self.ref(node)
        if name:
            for key in keys:
                self.key_default(name, key)
        return elem

    def key_default(self, name, key):
        prop = self.types[name].get('properties', {}).get(key, {})
        if 'default' not in prop or not isinstance(prop['default'], (str, int)):
            return
        index = self.named[name]
        first = int(re.search(r'\.fields = &fields\[(\d+)\]', self.rows[index])[1])
        names = sorted(self.types[name]['properties'])
        at = first + names.index(key)
        field = list(self.fields[at])
        field[1] = self.type_of({k: v for k, v in prop.items()}, prop['default'])
        self.fields[at] = tuple(field)

    def presence(self, owner, name, node, kind):
        """How Go prints the field when it is empty: enum schema_presence."""
        if name not in self.go.get(owner, {}):
            return 3 if node.get('default') == {} else 0
        go, options = self.go[owner][name]
        plain = not go.startswith(('*', '[]', 'map['))
        if 'omitzero' in options:
            return 0
        if kind in ('TIME', 'MICRO_TIME', 'ANY') and plain:
            return 1
        if kind == 'STRUCT' and plain:
            return 3
        if kind in ('QUANTITY', 'INT_OR_STRING', 'DURATION') and plain:
            return 2
        if 'omitempty' in options:
            return 4 if plain and kind in ('STRING', 'INT', 'BOOL') else 0
        return 2 if plain and kind in ('STRING', 'INT', 'NUMBER', 'BOOL') else 1

    def kind(self, index):
        return re.match(r'\.kind = SCHEMA_(\w+)', self.rows[index] or '.kind = SCHEMA_STRUCT')[1]

    def struct_extra(self, node, owner):
        names = sorted(node['properties'], key=lambda n: n.encode())
        at = len(self.fields)
        self.fields += [None] * len(names)
        for i, n in enumerate(names):
            p = node['properties'][n]
            strategy = p.get('x-kubernetes-patch-strategy', '').split(',')
            bits = ('merge' in strategy) + 2 * ('retainKeys' in strategy)
            index = self.type_of(p)
            self.fields[at + i] = (n, index, bits, n in node.get('required', []),
                                   p.get('x-kubernetes-patch-merge-key', ''),
                                   self.presence(owner, n, p, self.kind(index)))
        return ', .fields = &fields[%d], .field_count = %d' % (at, len(names))


def build(root):
    """The type table, and (group, version, APIResource, subresources, type index) of what is served."""
    types = load(root)
    gvks = by_gvk(types)
    table = Table(types)
    rows = []
    for group, version, r, subs in resources(root):
        key = (r.get('group', group), r.get('version', version), r['kind'])
        if key not in gvks:
            continue
        index = table.type_named(gvks[key])
        for s in subs:
            sub = (s.get('group', group), s.get('version', version), s['kind'])
            if sub in gvks:
                table.type_named(gvks[sub])
        rows.append((group, version, r, subs, index))
    for name in ROOTS:
        table.type_named(name)
    return table, rows


def emit_schema(root):
    table, rows = build(root)
    print('/* SPDX-License-Identifier: Apache-2.0 */')
    print('/* Generated by scripts/gen-schema.py from Kubernetes %s; do not edit. */' % VERSION)
    print('#include "core/kube/tables/schema_table.h"\n')
    for v, n in table.values.items():
        if isinstance(v, str):
            print('static const struct val %s = { .kind = VAL_STRING, .style = VAL_STYLE_DOUBLE, .text = %s };' %
                  (n, lit(v) if v else '{ "", 0 }'))
        else:
            print('static const struct val %s = { .kind = VAL_INT, .integer = %d };' % (n, v))
    print('\nstatic const struct str keys[] = {')
    for k in table.keys:
        print('    ' + lit(k) + ',')
    print('};\n\nstatic const struct schema_field fields[] = {')
    for n, t, bits, required, key, presence in table.fields:
        extra = (', .patch_strategy = %d' % bits if bits else '') + (', .required = true' if required else '')
        extra += ', .presence = %d' % presence if presence else ''
        extra += ', .patch_merge_key = ' + lit(key) if key else ''
        print('    { .name = %s, .type = &kube_schema_types[%d]%s },' % (lit(n), t, extra))
    print('};\n\nconst struct schema kube_schema_types[] = {')
    for row in table.rows:
        print('    { %s },' % row)
    print('};\n\nconst struct schema_name kube_schema_names[] = {')
    for n in sorted(table.named, key=lambda n: n.encode()):
        print('    { %s, &kube_schema_types[%d] },' % (lit(n), table.named[n]))
    print('};\nconst size_t kube_schema_name_count = %d;\n' % len(table.named))
    rows.sort(key=lambda x: (x[0], x[1], x[2]['kind']))
    print('const struct schema_resource kube_schema_resources[] = {')
    for group, version, r, subs, index in rows:
        print('    { .gvk = { %s, %s, %s }, .plural = %s, .singular = %s, .short_names = %s, .categories = %s,' %
              (lit(group), lit(version), lit(r['kind']), lit(r['name']), lit(r['singularName']),
               lit(','.join(r.get('shortNames', []))), lit(','.join(r.get('categories', [])))))
        print('      .subresources = %s, .namespaced = %s, .type = &kube_schema_types[%d] },' %
              (lit(','.join(s['name'].split('/')[1] for s in subs)), 'true' if r['namespaced'] else 'false', index))
    print('};\nconst size_t kube_schema_resource_count = %d;' % len(rows))


def traits(group, plural):
    letters = POLICY.get(group + '/' + plural, POLICY.get(group + '/*', ''))
    return ' | '.join(TRAITS[x] for x in letters) or '0'


def verb_bits(verbs):
    if set(verbs) == set(VERBS):
        return 'API_ALL_VERBS'
    return ' | '.join('API_' + {'deletecollection': 'DELETE_COLLECTION'}.get(v, v.upper()) for v in verbs) or '0'


def emit_resources(root):
    _, rows = build(root)
    print('/* SPDX-License-Identifier: Apache-2.0 */')
    print('/* Generated by scripts/gen-schema.py from Kubernetes %s; do not edit. */' % VERSION)
    print('#include "core/apiserver/tables/resource_table.h"\n')
    print('#include "core/kube/tables/schema_table.h"\n')
    print('static const struct api_subresource subresources[] = {')
    for _, _, _, subs, _ in rows:
        for s in subs:
            print('    { %s, %s, %s, %s, %s },' % (lit(s['name'].split('/')[1]), lit(s['kind']),
                                                   lit(s.get('group', '')), lit(s.get('version', '')),
                                                   verb_bits(s['verbs'])))
    print('};\n\nconst struct api_resource kube_resources[] = {')
    at = 0
    for group, version, r, subs, index in rows:
        storage = {('events.k8s.io', 'events'): ('', 'v1'), ('autoscaling', 'horizontalpodautoscalers'):
                   ('autoscaling', 'v2')}.get((group, r['name']), (group, version))
        print('    { .gvk = { %s, %s, %s },' % (lit(r.get('group', group)), lit(r.get('version', version)),
                                               lit(r['kind'])))
        print('      .plural = %s, .singular = %s, .list_kind = %s,' %
              (lit(r['name']), lit(r['singularName']), lit(r['kind'] + 'List')))
        print('      .short_names = %s, .categories = %s, .namespaced = %s,' %
              (lit(','.join(r.get('shortNames', []))), lit(','.join(r.get('categories', []))),
               'true' if r['namespaced'] else 'false'))
        print('      .storage_group = %s, .storage_version = %s, .storage_hash = %s,' %
              (lit(storage[0]), lit(storage[1]), lit(r.get('storageVersionHash', ''))))
        print('      .verbs = %s, .traits = %s,' % (verb_bits(r['verbs']), traits(group, r['name'])))
        print('      .subresources = &subresources[%d], .subresource_count = %d, .type = &kube_schema_types[%d] },' %
              (at if subs else 0, len(subs), index))
        at += len(subs)
    print('};\nconst size_t kube_resource_count = %d;' % len(rows))


def main():
    if sys.argv[1:] not in (['schema'], ['resources']):
        sys.exit(__doc__)
    {'schema': emit_schema, 'resources': emit_resources}[sys.argv[1]](module())


if __name__ == '__main__':
    main()

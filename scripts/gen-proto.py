#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""gen-proto.py: constant C table of the protobuf encoding of Kubernetes' built-in types.

Prints src/core/apiserver/tables/proto_table.c: for every message that a served kind reaches, its field numbers, wire
kinds and JSON names. Reads generated.proto of the Go modules k8s.io/api, k8s.io/apimachinery and
k8s.io/apiextensions-apiserver; JSON names are those of api/openapi-spec, as in gen-schema.py.
"""
import glob
import importlib.util
import os
import re
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location('gen_schema', os.path.join(HERE, 'gen-schema.py'))
schema = importlib.util.module_from_spec(spec)
spec.loader.exec_module(schema)

META = 'k8s.io.apimachinery.pkg.apis.meta.v1.'
CRD = 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.'
# Messages whose JSON is no object of their fields.
SHAPES = {
    'k8s.io.apimachinery.pkg.api.resource.Quantity': 'QUANTITY',
    'k8s.io.apimachinery.pkg.util.intstr.IntOrString': 'INT_OR_STRING',
    'k8s.io.apimachinery.pkg.runtime.RawExtension': 'RAW', META + 'FieldsV1': 'RAW', CRD + 'JSON': 'RAW',
    META + 'Time': 'TIME', META + 'MicroTime': 'MICRO_TIME',
    CRD + 'JSONSchemaPropsOrArray': 'SCHEMA_OR_LIST', CRD + 'JSONSchemaPropsOrBool': 'SCHEMA_OR_BOOL',
    CRD + 'JSONSchemaPropsOrStringArray': 'SCHEMA_OR_LIST',
}
SCALARS = {'string': 'STRING', 'bytes': 'BYTES', 'int32': 'INT', 'int64': 'INT', 'bool': 'BOOL', 'double': 'DOUBLE'}
FIELD = re.compile(r'  (optional|repeated|map<string, *([\w.]+)>) *([\w.]+)? +(\w+) = (\d+);')


def read_messages():
    """{full name: [(number, form, type, name)]}"""
    found = {}
    for name in ('api', 'apimachinery', 'apiextensions-apiserver'):
        root = schema.module('k8s.io/%s@v0%s' % (name, schema.VERSION[2:]))
        for path in sorted(glob.glob(os.path.join(root, '**', 'generated.proto'), recursive=True)):
            package = message = None
            for line in open(path):
                m = re.match(r'package ([\w.]+);', line)
                if m:
                    package = m[1] + '.'
                m = re.match(r'message (\w+) \{', line)
                if m:
                    message = found[package + m[1]] = []
                m = FIELD.match(line)
                if m:
                    kind = m[2] or m[3]
                    if kind not in SCALARS:
                        kind = kind.lstrip('.') if '.' in kind else package + kind
                    form = 'MAP' if m[2] else {'optional': 'ONE', 'repeated': 'MANY'}[m[1]]
                    message.append((int(m[5]), form, kind, m[4]))
    return found


def openapi_name(message):
    return 'io.k8s.' + message[7:].replace('apiextensions_apiserver', 'apiextensions-apiserver')


def proto_style(name):
    return re.sub(r'-(\w)', lambda m: m[1].upper(), name.lstrip('$'))


class Table:
    def __init__(self, types, messages):
        self.types, self.messages = types, messages
        self.rows, self.fields = [], []
        self.index, self.pool, self.offsets = {}, '', {}

    def text(self, s):
        if s not in self.offsets:
            self.offsets[s] = len(self.pool)
            self.pool += s + '\0'
        return self.offsets[s]

    def json_name(self, props, form, kind, name):
        """None: the fields of the message are fields of its owner."""
        for p in props or ():
            if proto_style(p).lower() == name.lower():  # Go's initials: webhooks is Webhooks, apiGroup aPIGroup
                return p
        if props and form == 'ONE' and kind not in SCALARS and kind not in SHAPES:
            return None
        return name

    def message(self, name):
        if name in self.index:
            return self.index[name]
        at = self.index[name] = len(self.rows)
        self.rows.append(None)
        props = self.types.get(openapi_name(name), {}).get('properties')
        fields = []
        for number, form, kind, field in sorted(self.messages[name]):
            json_name = self.json_name(props, form, kind, field)
            sub = self.message(kind) if kind not in SCALARS else 0
            wire = SCALARS.get(kind, 'MESSAGE')
            fields.append((number, self.text(json_name or ''), sub, wire, form if json_name else 'INLINE'))
        shape = SHAPES.get(name, 'OBJECT')
        if [f[3] for f in self.messages[name]] == ['items'] and props is None:
            shape = 'ITEMS'
        self.rows[at] = (len(self.fields), len(fields), shape)
        self.fields += fields
        return at


def main():
    root = schema.module()
    types = schema.load(root)
    gvks = schema.by_gvk(types)
    table = Table(types, read_messages())
    kinds = {('', '', 'DeleteOptions'): schema.META + 'DeleteOptions'}
    for group, version, r, subs in schema.resources(root):
        for x in [r] + subs:
            key = (x.get('group', group), x.get('version', version), x['kind'])
            kinds[key] = gvks.get(key, '')
    rows = []
    for (group, version, kind), name in sorted(kinds.items()):
        message = 'k8s.io.' + name[7:].replace('apiextensions-apiserver', 'apiextensions_apiserver')
        if message in table.messages:
            prefix = '/'.join(x for x in (group, version) if x)
            rows.append((prefix + '/' + kind, table.message(message)))
    print('/* SPDX-License-Identifier: Apache-2.0 */')
    print('/* Generated by scripts/gen-proto.py from Kubernetes %s; do not edit. */' % schema.VERSION)
    print('#include "core/apiserver/tables/proto_table.h"\n')
    print('const struct proto_field proto_fields[] = {')
    for number, name, sub, wire, form in table.fields:
        print('    { %d, %d, %d, PROTO_%s, PROTO_%s },' % (number, name, sub, wire, form))
    print('};\n\nconst struct proto_message proto_messages[] = {')
    for first, count, shape in table.rows:
        print('    { %d, %d, PROTO_SHAPE_%s },' % (first, count, shape))
    print('};\n\nconst struct proto_root proto_roots[] = {')
    for text, message in sorted(rows):
        print('    { %d, %d },' % (table.text(text), message))
    print('};\nconst size_t proto_root_count = %d;\n' % len(rows))
    print('const char proto_names[] = {')
    for word in table.pool.split('\0')[:-1]:
        print('    %s, 0,' % ', '.join("'%s'" % c for c in word) if word else '    0,')
    print('};')


main()

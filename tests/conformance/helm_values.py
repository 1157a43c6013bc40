#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Values on their way into a chart, through helm and weir: --set and its relatives, values files over charts with sub-charts, JSON schemas,
and what templates see of Chart, Release, Capabilities, Files. Output must be the same byte for byte, errors must hold helm's words.

helm_values.py [--kind set|merge|schema|objects] [--seeds FROM:TO] [--program W] [--helm H]
A case is a chart in c/ and the flags in args, one a line; what differs is made small and printed."""
import argparse, json, os, random, re, sys

from differential import Comparison, CRASH, add_arguments, copy_of, main

CHART = 'apiVersion: v2\nname: c\nversion: 1.2.3\n'
SHOW = 'v: {{ toJson .Values }}\n{{ define "types" }}{{ range $k, $v := . }}{{ $k }}:{{ printf "%T" $v }},{{ if kindIs "map" $v }}({{ include "types" $v }}){{ end }}{{ end }}{{ end }}t: {{ include "types" .Values | quote }}\n'


class Words(Comparison):
    """Where both fail, ours must hold what helm says, after the place; places in texts that do not parse are told in own words."""
    own_words = re.compile(r'(YAML parse error on \S+|error converting YAML to JSON|failed to parse \S+|cannot load \S+|failed parsing --set-json data\b)[^\n]*', re.S)

    def words(self, text):
        lines = [l for l in text.split('\n') if not re.match(r'(level|time)=|\d{4}/\d\d/\d\d ', l)]
        text = '\n'.join(lines).strip()
        text = re.sub(r'^(Error: |✗ )', '', text).replace('\n\nUse --debug flag to render out invalid YAML', '').replace('\nUse --debug flag to render out invalid YAML', '')
        text = re.sub(r'could not open "(.*?)": No such', r'open \1: no such', text)
        text = re.sub(r'\S*weir-diff-[a-z0-9_]+', 'D', text)
        head, middle, rest = text.partition('chart(s):\n')
        if middle:  # a schema that is none is told in own words
            rest = re.sub(r'\n[^\n]*(not valid against metaschema|not found$|^EOF$).*?(?=\n\w+:|$)', '', '\n' + rest, flags=re.S | re.M)
            text = head + middle + '\n'.join(l for l in rest.split('\n') if re.match(r'\s*- at |\w+:$', l))
        return sorted_causes(self.own_words.sub(r'\1', text))

    def compare(self, seed, files, *context):
        return super().compare(seed, files, *context) if files.get('c/Chart.yaml', '').startswith('apiVersion: v2\nname: c\nversion: ') else None

    def agree(self, peer, ours):
        if peer[0] == 0 or ours[0] == 0:
            plain = lambda p: (p[0], re.sub(rb'\b0x[0-9a-f]{8,}', b'0xADDRESS', p[1]), p[2])
            return super().agree(plain(peer), plain(ours))
        return self.words(peer[2]) in self.words(ours[2])


def sorted_causes(text):
    """Go's maps have no order: causes of one level sorted, and the names in one."""
    lines = [re.sub(r"('.+' is not valid [a-z-]+).*", r'\1', l) for l in text.split('\n')]
    # The peer's place of a property's name is one of a sibling that it looked at meanwhile: it shares the array.
    lines = [re.sub(r"at '.*': invalid propertyName", "at '': invalid propertyName", l) for l in lines]
    lines = [re.sub(r": .*reference cycle", ': reference cycle', l) for l in lines]
    lines = [re.sub(r'(additional properties) (.*) not allowed', lambda m: m[1] + ' ' + ', '.join(sorted(m[2].split(', '))), l) for l in lines]

    def tree(at, depth):
        out = []
        while at < len(lines):
            indent = len(lines[at]) - len(lines[at].lstrip())
            if not lines[at].lstrip().startswith('- ') or indent < depth:
                break
            head, (below, at) = lines[at], tree(at + 1, depth + 2)
            out.append('\n'.join([head, *below]))
        return sorted(out), at

    out, at = [], 0
    while at < len(lines):
        found, after = tree(at, 0)
        out += found if after > at else [lines[at]]
        at = max(after, at + 1)
    return '\n'.join(l for l in out if l.strip())


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def pick(self, *items):
        return self.r.choice(items)

    def chance(self, p):
        return self.r.random() < p

    def many(self, low, high, make):
        return [make() for _ in range(self.r.randint(low, high))]


class Sets(Generator):
    """--set, --set-string, --set-json, --set-file, --set-literal."""
    KEYS = ['a', 'b', 'c', 'l', 'm', 'x', 'a b', 'a\\.b', 'a\\,b', 'ü', '', '0', '"q"', 'a-b_c', 'new', 'n']
    SCALARS = ['1', '0', '01', '-1', '+5', '1.5', '1e3', 'true', 'True', 'FALSE', 'null', 'NULL', '', 'text', ' sp ', 'a b', '9223372036854775807', '9223372036854775808', '-', '+', '0x1', 'ü',
               'a\\,b', 'a\\=b', '\\{a', 'a=b', 'a.b', '[1]', '"q"', "'", '\\', '\\\\', '{', '}', 'a}', 'yes', '1_000', '+-1', '--1', '00', '-0', '1 ', '{{ .x }}', '$x', 'a[0]', '\\n']
    JSONS = ['1', '1.5', '-0', '1e3', '"x"', 'true', 'null', '[]', '[1,{"a":null}]', '{"a":{"b":[1,2]}}', '', ' ', '{', '[1', 'nul', '"x', '1 2', '01', "'x'", '{"a":1,"a":2}', ' 7 ', '{"a": 1} ', '"\\u00e9"', 'tru', '1,', '1 ,', '[1] x', '{"a":1}x', '-', '12345678901234567890', '1.0']

    def index(self):
        return '[' + self.pick('0', '1', '2', '0', '1', '3', '-1', 'x', '', '65536', '65537', '999999999', ' 1', '01', '1.0') + ']'

    def key(self):
        out = self.pick(*self.KEYS[:6]) if self.chance(.7) else self.pick(*self.KEYS)
        for _ in range(self.r.choice([0, 0, 1, 1, 2, 3])):
            out += self.index() if self.chance(.4) else '.' + (self.pick(*self.KEYS[:6]) if self.chance(.8) else self.pick(*self.KEYS))
        return out

    def value(self, kind):
        if kind == 'json':
            return self.pick(*self.JSONS)
        if kind == 'file':
            return self.pick('f1.txt', 'f2.txt', 'nope.txt', '', '{f1.txt,f2.txt}', 'f1.txt', 'f 3.txt')
        if self.chance(.25):
            return '{' + ','.join(self.many(0, 3, lambda: self.pick(*self.SCALARS))) + self.pick('}', '}', '}', '', '}}', '},')
        return self.pick(*self.SCALARS)

    def text(self, kind):
        if kind == 'json' and self.chance(.25):
            return self.pick(' ', '') + self.pick('{"a":1}', '{"m":{"k":null,"z":[1]}}', '{"a":{"b":{}}', '{"l":[1],"c":null}', '{}', '{"a":1} x', '{a:1}', '{"b":{"c":{"d":1}}}')
        out = ','.join(self.key() + ('=' if self.chance(.95) else '') + self.value(kind) for _ in range(self.r.choice([1, 1, 1, 2, 3])))
        if self.chance(.08):
            out = '.'.join(self.many(25, 40, lambda: 'k')) + '=1'
        if self.chance(.15) and out:
            at = self.r.randrange(len(out))
            out = out[:at] + self.pick('', ',', '=', '.', '[', ']', '{', '}', '\\', ' ') + out[at + self.r.randint(0, 1):]
        return out

    def case(self):
        args = []
        for _ in range(self.r.choice([1, 1, 2, 3])):
            kind = self.pick('set', 'set', 'set', 'string', 'json', 'json', 'file', 'literal')
            flag = '--set' if kind == 'set' else '--set-' + kind
            args.append(flag + '=' + self.text(kind).replace('\n', ''))
        files = {'args': '\n'.join(args), 'c/Chart.yaml': CHART, 'c/templates/t.yaml': SHOW,
                 'f1.txt': 'one\n', 'f2.txt': '', 'f 3.txt': 'x: 1'}
        if self.chance(.7):
            files['c/values.yaml'] = 'a: 1\nb: {c: {d: 2}, l: [1, x]}\nl: [1, [2, 3], {k: v}]\nm: {k: v, z: null}\nc: text\nn: null\n'
        if self.chance(.3):
            files['c/values.yaml'] = files.get('c/values.yaml', '')
            files['v.yaml'] = self.pick('l: [1, {k: v}, [5]]\nm: {a: null}\n', 'a: {b: {c: 1}}\nb: [1]\n', 'c: null\nm: null\nl: []\n')
            files['args'] = '-f=@/v.yaml\n' + files['args']
        return files


class Merges(Generator):
    """Values files, sub-charts, globals, nulls, conditions, tags, import-values."""
    KEYS = ['a', 'b', 'k', 'global', 'sub', 'deep', 'exports', 'data', 'enabled', 'tags']
    SCALARS = [1, 0, 1.5, 'x', '', True, False, None, None, None, [], [1], [{'a': None}], {}, -1, 1e21, '01']

    def tree(self, depth):
        if depth == 0 or self.chance(.3):
            return self.pick(*self.SCALARS)
        return {self.pick(*self.KEYS): self.tree(depth - 1) for _ in range(self.r.randint(0, 4))}

    def map(self, depth, *extra):
        out = {self.pick(*self.KEYS, *extra): self.tree(depth) for _ in range(self.r.randint(0, 4))}
        for key in ('global', 'tags', *extra):
            if key in out and not isinstance(out[key], dict) and self.chance(.8):
                out[key] = {self.pick('a', 'b', 't1', 't2', 'deep'): self.tree(1) for _ in range(2)}
        return out

    def dump(self, value):
        if self.chance(.1):
            return self.pick('', '# nothing\n', 'null\n', '---\na: 1\n---\na: null\n', '{}\n', json.dumps(value) + '\n')
        return json.dumps(value) + '\n'

    def dependency(self, name, alias):
        lines = ['- name: ' + name, '  version: ' + self.pick('"*"', '1.x', '">=1.0.0"', '1.0.0', '2.x'), '  repository: ""']
        if alias:
            lines.append('  alias: ' + alias)
        if self.chance(.3):
            lines.append('  condition: ' + self.pick('sub.enabled', 'a.enabled', 'enabled', 'global.a', 'sub.enabled,enabled', 'nope.x', 'deep.enabled', '" enabled"', 'tags.t1'))
        if self.chance(.3):
            lines.append('  tags: ' + self.pick('[t1]', '[t1, t2]', '[t2]', '[]'))
        if self.chance(.4):
            lines.append('  import-values: ' + self.pick('[data]', '[{child: a, parent: b}]', '[{child: exports.data, parent: k.a}]', '[data, {child: deep, parent: .}]', '[{child: global, parent: global}]', '[1]', '[{child: b}]', '[nope]', '[{child: a.b, parent: a}]', '[{parent: k, child: k}]'))
        return '\n'.join(lines) + '\n'

    def chart(self, files, path, name, depth):
        text = 'apiVersion: v2\nname: %s\nversion: 1.0.0\n' % name
        below = []
        if depth > 0:
            for sub in self.pick(['sub'], ['sub', 'deep'], ['sub']) if name == 'c' else self.pick(['deep'], [], ['k']):
                below.append(sub)
                self.chart(files, path + 'charts/' + sub + '/', sub, depth - 1)
        if below and self.chance(.75):
            text += 'dependencies:\n'
            for sub in below:
                alias = self.pick(None, None, None, 'a', 'other')
                if self.chance(.85):
                    text += self.dependency(sub, alias)
                if alias and self.chance(.4):
                    text += self.dependency(sub, 'twin')
            if text.endswith('dependencies:\n'):
                text += '  []\n'
        files[path + 'Chart.yaml'] = text
        files[path + 'templates/t.yaml'] = SHOW + self.pick('', 'r: {{ .Chart.IsRoot }}\nd: {{ toJson .Chart.Dependencies }}\n', 's: {{ keys .Subcharts | sortAlpha | join "," }}\n')
        if self.chance(.85):
            files[path + 'values.yaml'] = self.dump(self.map(3, *below))

    def case(self):
        files = {}
        self.chart(files, 'c/', 'c', self.pick(0, 1, 1, 2, 2))
        args = []
        for i in range(self.r.choice([0, 1, 1, 2, 3])):
            files['v%d.yaml' % i] = self.dump(self.map(3, 'sub', 'a', 'other', 'twin'))
            args.append('-f=@/v%d.yaml' % i)
        if self.chance(.3):
            args.append('--set=' + self.pick('sub.a=null', 'a=null', 'global.a=1', 'sub=null', 'sub.enabled=false', 'tags.t1=false', 'tags.t2=true', 'deep.k=1', 'global=null', 'sub=1', 'a.b.c=1', 'enabled=true'))
        files['args'] = '\n'.join(args)
        return files


class Schemas(Generator):
    """values.schema.json of all drafts."""
    NAMES = ['a', 'b', 'c', 'x-y', "it's", 'a/b', 'é']
    VALUES = [1, 0, -1, 1.5, 2, 3.0, 100, 1e10, 'x', 'abc', '', 'A1', True, False, None, [], [1], [1, 1], ['a', 2, None], {}, {'a': 1}, {'a': 'x', 'b': 2}, {'x-y': 1, 'c': [1, 'a']}, [[1], [1]], [{'a': 1}, {'a': 1}], "it's", 'q"x',
              '2024-02-29', '10.0.0.1', '::1', 'a@b.c', 'http://a/b?c#d', 'not a uri', '12:00:00Z', '2024-02-30', 'P1D', '/a/~0', '[a-z', 'example.com', '123e4567-e89b-12d3-a456-426614174000', 'P1Y2DT3H', '2024-01-01T00:00:00Z/P1D', '23:59:60+00:00', '2024-01-01T10:00:00.5-02:00', '0#', '1/a', 'http://[::1]:80/{x}', 'a b@c', '"q r"@x.y', '1.2.3-rc.1+b', 'x:y', ':', '%zz', 'a\\b', 'eyJhIjoxfQ==', '{"a":1}', 'v1.2.3', '1.2', 12345678901]
    FORMATS = ['date', 'time', 'date-time', 'ipv4', 'ipv6', 'email', 'uri', 'uri-reference', 'hostname', 'uuid', 'json-pointer', 'regex', 'duration', 'relative-json-pointer', 'uri-template', 'iri', 'semver', 'period', 'nope', 'iri-reference', 'idn-email', 'idn-hostname']
    DRAFTS = ['http://json-schema.org/draft-04/schema#', 'http://json-schema.org/draft-06/schema#', 'http://json-schema.org/draft-07/schema#', 'https://json-schema.org/draft/2019-09/schema', 'https://json-schema.org/draft/2020-12/schema', None]
    TYPES = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object']

    def value(self, depth=2):
        if depth and self.chance(.4):
            return {self.pick(*self.NAMES): self.value(depth - 1) for _ in range(self.r.randint(0, 3))} if self.chance(.6) else self.many(0, 3, lambda: self.value(depth - 1))
        return self.pick(*self.VALUES)

    def names(self):
        return self.r.sample(self.NAMES, self.r.randint(1, 2))

    def keywords(self, depth):
        s = lambda: self.schema(depth - 1)
        number = lambda: self.pick(0, 1, 2, 3, 1.5, -1, 10)
        count = lambda: self.pick(0, 1, 2, 3)
        plain = [
            lambda: {'type': self.pick(*self.TYPES)}, lambda: {'type': self.pick(*self.TYPES)}, lambda: {'type': self.r.sample(self.TYPES, 2)}, lambda: {'const': self.pick(*self.VALUES)},
            lambda: {'enum': self.r.sample(self.VALUES, self.r.randint(1, 3))}, lambda: {'minimum': number()}, lambda: {'maximum': number()}, lambda: {'exclusiveMinimum': number() if self.draft != 0 else True, **({} if self.draft else {'minimum': number()})},
            lambda: {'exclusiveMaximum': number() if self.draft != 0 else True, **({} if self.draft else {'maximum': number()})}, lambda: {'multipleOf': self.pick(1, 2, 0.5, 0.1, 3)}, lambda: {'minLength': count()}, lambda: {'maxLength': count()},
            lambda: {'pattern': self.pick('^a', '[0-9]+', '^[A-Z]', 'x|y', '.', "'")}, lambda: {'format': self.pick(*self.FORMATS)}, lambda: {'minItems': count()}, lambda: {'maxItems': count()}, lambda: {'uniqueItems': True},
            lambda: {'required': self.names()}, lambda: {'required': self.names()}, lambda: {'minProperties': count()}, lambda: {'maxProperties': count()}, lambda: {'additionalProperties': False}]
        nested = [
            lambda: {'properties': {n: s() for n in self.names()}}, lambda: {'properties': {n: s() for n in self.names()}}, lambda: {'patternProperties': {self.pick('^a', '-', '.'): s()}}, lambda: {'additionalProperties': s()},
            lambda: {'items': s()}, lambda: {'items': self.many(1, 2, s)} if self.draft < 4 else {'prefixItems': self.many(1, 2, s)}, lambda: {'additionalItems': self.pick(False, s())}, lambda: {'contains': s()},
            lambda: {'contains': s(), 'minContains': count()}, lambda: {'contains': s(), 'maxContains': count()}, lambda: {'allOf': self.many(1, 3, s)}, lambda: {'anyOf': self.many(1, 3, s)}, lambda: {'oneOf': self.many(1, 3, s)}, lambda: {'anyOf': self.many(1, 3, s)}, lambda: {'oneOf': self.many(1, 3, s)}, lambda: {'not': s()},
            lambda: {'if': s(), 'then': s(), 'else': s()}, lambda: {'dependencies': {self.pick(*self.NAMES): self.pick(self.names(), s())}}, lambda: {'dependentRequired': {self.pick(*self.NAMES): self.names()}}, lambda: {'dependentSchemas': {self.pick(*self.NAMES): s()}},
            lambda: {'propertyNames': s()}, lambda: {'$ref': self.ref()}, lambda: {'$ref': self.ref()}, lambda: {'unevaluatedProperties': self.pick(False, s())}, lambda: {'unevaluatedItems': self.pick(False, s())}]
        return self.pick(*plain) if depth <= 0 or self.chance(.55) else self.pick(*nested)

    def ref(self):
        base = 'definitions' if self.draft < 3 else '$defs'
        return self.pick('#/%s/p' % base, '#/%s/q' % base, '#/%s/p' % base, '#/%s/q' % base, '#/%s/p' % base, '#', '#anchor', '#/%s/none' % base) if self.chance(.3) else '#/%s/%s' % (base, self.pick('p', 'q'))

    def schema(self, depth):
        if self.chance(.04):
            return self.pick(True, False) if self.draft else {}
        out = {}
        for _ in range(self.r.choice([1, 1, 1, 2, 2, 3])):
            for k, v in self.keywords(depth)().items():
                out.setdefault(k, v)
        return out

    def case(self):
        self.draft = self.r.randrange(6)
        schema = self.schema(3)
        if not isinstance(schema, dict) or self.chance(.8):
            schema = {'properties': {n: self.schema(2) for n in self.names()}, **(schema if isinstance(schema, dict) else {})}
        if self.DRAFTS[self.draft]:
            schema['$schema'] = self.DRAFTS[self.draft]
        schema['definitions' if self.draft < 3 else '$defs'] = {'p': self.schema(1), 'q': self.schema(1)}
        files = {'c/Chart.yaml': CHART, 'c/templates/t.yaml': 'v: 1\n', 'c/values.yaml': json.dumps({n: self.value() for n in self.r.sample(self.NAMES, self.r.randint(0, 4))}) + '\n', 'args': ''}
        files['c/values.schema.json'] = json.dumps(schema, indent=1)
        if self.chance(.1):
            self.draft = 5
            files.update({'c/charts/s/Chart.yaml': CHART.replace('name: c', 'name: s'), 'c/charts/s/values.schema.json': json.dumps(self.schema(2)), 'c/charts/s/values.yaml': json.dumps({'a': self.value()})})
        return files


class Objects(Generator):
    """What templates see of the objects that Helm passes."""
    OBJECTS = ['.', '.Chart', '.Chart.Annotations', '.Chart.Maintainers', '.Chart.Sources', '.Chart.Dependencies', '.Chart.Deprecated', '(index .Chart.Maintainers 0)', '(index .Chart.Dependencies 0)', '(index .Chart.Dependencies 0).ImportValues', '.Release', '.Release.Revision', '.Capabilities', '.Capabilities.KubeVersion',
               '.Capabilities.HelmVersion', '.Capabilities.APIVersions', '.Template', '.Files', '(.Files.Glob "*.txt")', '(index .Files "a.txt")', '(.Files.GetBytes "a.txt")', '(.Files.Lines "a.txt")', '.Subcharts', '.Subcharts.sub', '.Subcharts.sub.Chart', '.Values', '.Values.m', '.Values.l', '.Values.n', '.Values.nul', '.Values.sub', '.Nope', '.Chart.Nope', '.Files.Nope']
    FORMS = ['toJson O', 'toPrettyJson O', 'toRawJson O', 'mustToJson O', 'toYaml O', 'toYamlPretty O', 'toToml O', 'printf "%v" O', 'printf "%+v" O', 'printf "%#v" O', 'printf "%T" O', 'printf "%s" O', 'printf "%q" O', 'print O', 'O', 'len O', 'kindOf O', 'typeOf O', 'hasKey O "Name"', 'keys O | sortAlpha', 'get O "Name"',
             'range $k, $v := O }}{{ $k }}={{ printf "%T" $v }};{{ end', 'range O }}{{ . }};{{ end', 'index O "Name"', 'index O 0', 'O.Name', 'O.Version', 'pick O "Name"', 'omit O "Name" | len', 'deepCopy O | toJson', 'merge (dict) O | toJson', 'dict "a" O | toJson', 'list O | printf "%v"', 'dict "a" O | printf "%#v"', 'dict "a" O | toYaml',
             'empty O', 'default "d" O | toJson', 'O | quote', 'eq O O', 'ne O nil', 'first O', 'rest O | toJson', 'has "v1" O', 'join "," O', 'compact O', 'uniq O', 'dig "Name" "d" O', 'not O', 'if O }}y{{ else }}n{{ end', 'slice O 0 1', 'ternary 1 2 O', 'set O "z" 1 | toJson', 'unset O "Name" | len', 'tpl "{{ .Name }}" O',
             'html O', 'O.String', 'O.Has "v1"', 'O.AsMap | toJson', 'O.YAML', 'O.Get "a.txt"', 'O.AsConfig', 'O.Copy | toJson', 'deepEqual O O', 'concat O O', 'sha256sum (toJson O)', 'b64enc O', 'semver O', 'toYaml (list O)', 'O 1', '1 | O', 'range $i, $x := O }}{{ $i }}{{ end', 'pluck "Name" O | toJson', 'trim O']

    def case(self):
        expression = re.sub(r'\bO\b', lambda _: self.pick(*self.OBJECTS), self.pick(*self.FORMS)) if self.chance(.2) else None
        if not expression:
            one = self.pick(*self.OBJECTS)
            expression = re.sub(r'\bO\b', lambda _: one, self.pick(*self.FORMS))
        dependency = 'dependencies:\n- {name: sub, version: 0.1.0, repository: "", tags: [t], import-values: [data, {child: a, parent: b}]}\n'
        return {'args': '', 'c/Chart.yaml': CHART + 'appVersion: "4.5"\ndescription: "a <b> & c"\ntype: application\nkeywords: [x, y]\nsources: [http://a]\nmaintainers: [{name: m, email: e@x}, {name: n}]\n' + (dependency if self.chance(.8) else ''),
                'c/values.yaml': 'n: 1.5\nnul: null\nl: [1, a, {b: c}]\nm: {Name: v, b: [1]}\nglobal: {g: 1}\n', 'c/a.txt': 'line1\nline2\n', 'c/b.bin': '@base64:/wB6', 'c/charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 0.1.0\nannotations: {a: b}\n',
                'c/charts/sub/values.yaml': 'x: 1\nexports: {data: {q: 1}}\n', 'c/templates/t.yaml': 'a: |\n{{- $x := "" }}\n  X{{ ' + expression + ' }}X\n'}


KINDS = {'set': Sets, 'merge': Merges, 'schema': Schemas, 'objects': Objects}


def main_values():
    p = argparse.ArgumentParser()
    add_arguments(p, '0:2000')
    p.add_argument('--kind', choices=[*KINDS], help='one kind alone; else they take turns')
    p.add_argument('--helm', default='helm')
    a = p.parse_args()
    weir = copy_of(a.program)

    def commands(folder):
        path = os.path.join(folder, 'args')
        lines = open(path).read().split('\n') if os.path.exists(path) else []
        args = [l.replace('@/', folder + '/') for l in lines if l]
        args = [re.sub(r'(?<=[={,])(f[^,}]*\.txt|nope\.txt)', lambda m: folder + '/' + m[1], l) if l.startswith('--set-file') else l for l in args]
        tail = ['template', 'r', os.path.join(folder, 'c'), *args]
        return ([a.helm, *tail],), ([weir, 'helm', *tail],)

    def generate(seed):
        kind = a.kind or [*KINDS][seed % len(KINDS)]
        return (KINDS[kind](seed).case(),)

    passed, failed = main('helm_values', generate, Words(commands), a)
    print('%d passed, %d failed' % (passed, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main_values())

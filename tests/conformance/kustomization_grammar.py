"""Random kustomization trees: folders with resources, generators, patches and everything else a kustomization.yaml may say."""
import base64, json, os, random

import plugin_grammar
from cluster_objects import IMAGES, KINDS, LABEL_KEYS, MULTI, NAMES, NAMESPACES, ODD, Objects, unique
from patch_grammar import PatchGrammar, paths_of
from styled_yaml import Raw, Writer, documents

CLUSTER = {'Namespace', 'ClusterRole', 'ClusterRoleBinding', 'IngressClass', 'PersistentVolume', 'StorageClass', 'PriorityClass', 'MutatingWebhookConfiguration',
           'ValidatingWebhookConfiguration', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'APIService', 'CustomResourceDefinition'}
CONFIGURATIONS = [
    {'nameReference': [{'kind': 'ConfigMap', 'fieldSpecs': [{'path': 'spec/ref/name', 'kind': 'Widget'}]}]},
    {'nameReference': [{'kind': 'Widget', 'group': 'example.com', 'fieldSpecs': [{'path': 'data/a', 'kind': 'ConfigMap'}, {'path': 'spec/list/name', 'kind': 'Widget'}]}]},
    {'nameReference': [{'kind': 'Secret', 'version': 'v1', 'fieldSpecs': [{'path': 'spec/values/a', 'kind': 'HelmRelease'}, {'path': 'spec/valuesFrom/name', 'kind': 'HelmRelease'}]}]},
    {'commonLabels': [{'path': 'spec/selector', 'create': True, 'kind': 'Widget'}]},
    {'commonLabels': [{'path': 'spec/template/metadata/labels', 'create': False, 'kind': 'Widget', 'group': 'example.com', 'version': 'v1'}]},
    {'commonAnnotations': [{'path': 'spec/deep/notes', 'create': True, 'kind': 'Widget'}]},
    {'labels': [{'path': 'spec/labels', 'create': True, 'kind': 'Widget'}]},
    {'templateLabels': [{'path': 'spec/template/metadata/labels', 'create': True, 'kind': 'Widget'}]},
    {'varReference': [{'path': 'data', 'kind': 'ConfigMap'}, {'path': 'spec/size', 'kind': 'Widget'}]},
    {'varReference': [{'path': 'spec/odd', 'kind': 'Widget'}, {'path': 'spec/values/list', 'kind': 'HelmRelease'}]},
    {'images': [{'path': 'spec/image', 'kind': 'Widget'}]},
    {'images': [{'path': 'spec/list[]/image'}, {'path': 'data/a', 'kind': 'ConfigMap'}]},
    {'replicas': [{'path': 'spec/size', 'create': True, 'kind': 'Widget'}]},
    {'namePrefix': [{'path': 'metadata/name', 'kind': 'Widget'}, {'path': 'spec/ref/name', 'kind': 'Widget'}]},
    {'nameSuffix': [{'path': 'data/level', 'kind': 'ConfigMap'}]},
    {'namespace': [{'path': 'spec/ref/namespace', 'create': True, 'kind': 'Widget'}]},
    {'namespace': [{'path': 'metadata/name', 'kind': 'Namespace', 'create': True}]},
]
CRD_SCHEMA = {'github.com/example/Widget': {'Schema': {'properties': {
    'apiVersion': {'type': 'string'}, 'kind': {'type': 'string'}, 'metadata': {'$ref': 'k8s.io/ObjectMeta'},
    'spec': {'$ref': 'github.com/example/WidgetSpec'}}}},
    'github.com/example/WidgetSpec': {'Schema': {'properties': {
        'ref': {'x-kubernetes-object-ref-api-version': 'v1', 'x-kubernetes-object-ref-kind': 'ConfigMap', '$ref': 'k8s.io/LocalRef'},
        'size': {'x-kubernetes-identity': '', 'type': 'string'}}}}}
OPENAPI = {'definitions': {'v1.Widget': {'type': 'object', 'properties': {'spec': {'type': 'object', 'properties': {'list': {
    'type': 'array', 'items': {'type': 'object'}, 'x-kubernetes-patch-merge-key': 'name', 'x-kubernetes-patch-strategy': 'merge'}}}},
    'x-kubernetes-group-version-kind': [{'group': 'example.com', 'kind': 'Widget', 'version': 'v1'}]}}}

NEEDS_OBJECTS = {'patches', 'patchesStrategicMerge', 'patchesJson6902', 'vars', 'replacements', 'replicas', 'transformers'}


class Tree:
    """What is generated: `files` by path, and the folder that is built."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.files, self.root, self.ids = {}, '', set()


class Grammar(PatchGrammar):
    def __init__(self, seed):
        self.t = Tree(seed)
        self.rng = self.t.rng
        self.objects = Objects(self.rng)
        self.known = []  # objects that the present folder sees, for patches and selectors
        self.seen = {}   # the same by folder

    def chance(self, p):
        return self.rng.random() < p

    def put(self, folder, name, text):
        path = folder + '/' + name if folder else name
        self.t.files[path] = text

    # --- resources

    def object(self):
        for _ in range(20):
            kind = self.rng.choice(KINDS)
            o = self.objects.make(kind, self.objects.name())
            key = (kind, o['metadata'].get('name'), o['metadata'].get('namespace', 'default') if kind not in CLUSTER else None)
            if key not in self.t.ids or self.chance(0.003):
                self.t.ids.add(key)
                self.known.append(o)
                return o
        return self.object_with_number()

    def object_with_number(self):
        o = self.objects.make('ConfigMap', 'n%d' % len(self.t.ids))
        self.t.ids.add(('ConfigMap', o['metadata']['name'], 'default'))
        self.known.append(o)
        return o

    def spoil(self, o):
        r = self.rng.random()
        if r < 0.25:
            o['metadata'].pop('name', None)
        elif r < 0.4:
            o.pop('kind', None)
        elif r < 0.5:
            o.pop('apiVersion', None)
        elif r < 0.6:
            o['metadata']['generateName'] = o['metadata'].pop('name')
        elif r < 0.7:
            o['metadata']['name'] = Raw(self.rng.choice(['5', 'true', '1.0', 'null', "''"]))
        elif r < 0.8:
            o['metadata']['labels'] = self.rng.choice([{'a': Raw('1')}, ['a'], 'x', {'a': {'b': 'c'}}])
        elif r < 0.9:
            o['metadata']['namespace'] = self.rng.choice([None, '', Raw('5')])
        else:
            o['status'] = {'x': self.objects.value()}
        return o

    def resource_file(self, folder, number):
        docs = [self.object() for _ in range(self.rng.choice([1, 1, 1, 2, 3, 4]))]
        if self.chance(0.03):
            kind = self.rng.choice(['List', 'ConfigMapList', 'DeploymentList', 'ResourceList'])
            docs = [{'apiVersion': 'v1', 'kind': kind, 'items': docs}]
        if self.chance(0.015) and 'metadata' in docs[0]:
            docs[0] = self.spoil(docs[0])
        name = self.rng.choice(['r%d.yaml', 'r%d.yml', 'sub/r%d.yaml', 'r%d.json'][:3]) % number
        self.put(folder, name, documents(self.rng, docs))
        return name

    # --- fields

    def pairs(self):
        return {k: self.rng.choice(['x', 'web', '5', 'true', 'v1.0', '$(WEB_NAME)']) for k in self.rng.sample(LABEL_KEYS + ['extra'], self.rng.randint(1, 2))}

    def label(self):
        l = {'pairs': self.pairs()}
        for option in ('includeSelectors', 'includeTemplates', 'includeVolumeClaimTemplates'):
            if self.chance(0.35):
                l[option] = self.rng.choice([True, True, False])
        if self.chance(0.2):
            l['fields'] = [self.rng.choice([{'path': 'spec/labels', 'create': True, 'kind': 'Widget'}, {'path': 'spec/template/metadata/labels', 'kind': 'Deployment', 'create': True},
                                            {'path': 'data', 'kind': 'ConfigMap'}, {'path': 'spec/selector', 'create': False, 'group': 'apps', 'kind': 'StatefulSet', 'version': 'v1'},
                                            {'path': 'spec/template/spec/containers[]/env', 'kind': 'Pod'}, {'path': 'metadata/labels', 'create': True}])]
        return l

    def image(self):
        i = {'name': self.rng.choice(['nginx', 'ghcr.io/org/app', 'registry:5000/team/api', 'postgres', 'redis', 'app', 'localhost:5000/x', 'library/nginx', 'docker.io/library/nginx'])}
        if self.chance(0.5):
            i['newName'] = self.rng.choice(['mirror/nginx', 'other:5000/y', 'z'])
        if self.chance(0.5):
            i['newTag'] = self.rng.choice(['v2', Raw('"1.0"'), 'latest', Raw("'7'"), ''])
        if self.chance(0.2):
            i['digest'] = 'sha256:' + 'cd' * 32
        if self.chance(0.15):
            i['tagSuffix'] = '-alpine'
        return i

    def replica(self):
        targets = [o for o in self.known if o.get('kind') in ('Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController') and 'name' in o['metadata']]
        if not targets and not self.chance(0.1):
            return None
        return {'name': self.rng.choice(targets)['metadata']['name'] if targets and self.chance(0.97) else 'absent', 'count': self.rng.choice([0, 2, 5])}

    def generator(self, folder, secret):
        g = {'name': self.rng.choice(['app-config', 'web', 'gen', 'app', 'settings', 'db']) + ('' if self.chance(0.5) else '-s' if secret else '-c')}
        if self.chance(0.75):
            literals = ['a=1', 'b=two', 'KEY=va=lue', "q='quoted'", 'd="double"', 'e=', 'multi=x\ny', 'z=$(WEB_NAME)', 'n=1.0', "s='it''s'", 'u=é', 'sp= lead', 'tr=x ', 't=a\tb',
                        'long=' + 'word ' * 25, 'bad', 'config.yaml=a: b\n', 'h=#x', 'j={"a":1}']
            g['literals'] = unique([{'k': l.split('=')[0], 'l': l} for l in self.rng.sample([l for l in literals if l != 'bad' or self.chance(0.02)], self.rng.randint(1, 3))], 'k')
            g['literals'] = [x['l'] for x in g['literals']]
        if self.chance(0.35):
            g['files'] = self.generator_files(folder)
        if self.chance(0.25):
            name = self.rng.choice(['c.env', 'd.env'])
            lines = ['X=1', '# comment', '', 'Y=two words', '  Z=indent', 'Q="quoted"', 'FROM_ENVIRONMENT', 'W=a=b', 'T=trail  ', "S='single'", 'É=é', 'A.b-c=1', '=x', '1A=2', 'X Y=1', '\tTAB=1', 'C=a # b']
            chosen = self.rng.sample([l for i, l in enumerate(lines) if i < 12 or self.chance(0.03)], self.rng.randint(1, 4))
            text = '\n'.join(chosen) + self.rng.choice(['\n', ''])
            self.put(folder, name, ('\ufeff' if self.chance(0.04) else '') + (text.replace('\n', '\r\n') if self.chance(0.05) else text))
            g.update({'envs': [name]} if self.chance(0.7) else {'env': name})
        r = self.rng.random()
        if r < 0.1:
            g['behavior'] = self.rng.choice(['create', 'merge', 'replace', 'Merge', 'unspecified'])
        if self.chance(0.15):
            g['namespace'] = self.rng.choice(NAMESPACES)
        if self.chance(0.3):
            g['options'] = self.generator_options()
        if secret and self.chance(0.3):
            g['type'] = self.rng.choice(['Opaque', 'kubernetes.io/tls'])
        self.behave(g, 'Secret' if secret else 'ConfigMap')
        return g

    def behave(self, g, kind):
        """A generator that finds its name taken merges or replaces; another creates."""
        known = next((o for o in self.known if o.get('kind') == kind and o['metadata'].get('name') == g['name']), None)
        key = (kind, g['name'], g.get('namespace', 'default'))
        if known:
            g['behavior'] = self.rng.choice(['merge', 'merge', 'replace'])
            g.pop('namespace', None)
            if 'namespace' in known['metadata']:
                g['namespace'] = known['metadata']['namespace']
        elif key in self.t.ids:
            g['name'] += str(len(self.t.ids))
            key = (kind, g['name'], key[2])
        elif g.get('behavior') in ('merge', 'replace', 'Merge') and self.chance(0.9):
            del g['behavior']
        self.t.ids.add(key)
        if not known:
            values = {l.split('=')[0]: l.split('=', 1)[1] for l in g.get('literals', []) if '=' in l}
            self.known.append({'apiVersion': 'v1', 'kind': kind, 'metadata': {'name': g['name'], **({'namespace': g['namespace']} if 'namespace' in g else {})}, 'data': values})

    def generator_files(self, folder):
        out = []
        for _ in range(self.rng.randint(1, 2)):
            name = self.rng.choice(['app.properties', 'conf/x.yaml', 'bin.dat', 'script.sh', 'data.json'])
            if name == 'bin.dat':
                text = '@base64:' + base64.b64encode(bytes(self.rng.randrange(256) for _ in range(self.rng.choice([3, 60])))).decode()
            else:
                text = self.rng.choice(MULTI + ['', 'one line', 'a: 1\r\nb: 2\r\n', '\ufeffbom: 1\n', 'x' * 200 + '\n', ' a\n  b\n', '\ttab\n', 'a\n\n\n'])
            self.put(folder, name, text)
            out.append(name if self.chance(0.5) else self.rng.choice(['key', 'other.txt', 'Z']) + '=' + name)
        return out

    def generator_options(self):
        o = {}
        if self.chance(0.4):
            o['disableNameSuffixHash'] = self.rng.choice([True, True, False])
        if self.chance(0.3):
            o['labels'] = self.pairs()
        if self.chance(0.3):
            o['annotations'] = {'note': self.rng.choice(['x', 'true', '5'])}
        if self.chance(0.2):
            o['immutable'] = self.rng.choice([True, False])
        return o

    def var(self):
        o = self.pick()
        fields = [p for p, there in paths_of(o) if not isinstance(there, (dict, list)) and there is not None and all(isinstance(x, int) or '.' not in x for x in p)]
        v = {'name': self.rng.choice(['WEB_NAME', 'HOST', 'PORT', 'A']), 'objref': {'kind': o.get('kind', 'x'), 'name': o['metadata'].get('name', 'x'), 'apiVersion': o.get('apiVersion', 'v1')}}
        if 'namespace' in o['metadata'] and self.chance(0.8):
            v['objref']['namespace'] = o['metadata']['namespace']
        if self.chance(0.5) and fields:
            path = ''.join('[%d]' % x if isinstance(x, int) else '.' + x for x in self.rng.choice(fields))[1:]
            if self.chance(0.03):
                path = self.rng.choice(['spec', 'metadata.labels', 'spec.ports[0]', 'metadata.labels[app.kubernetes.io/name]', 'absent.x'])
            v['fieldref'] = {self.rng.choice(['fieldPath', 'fieldPath', 'fieldpath']): path}
        return v

    def configuration(self, folder, number):
        merged = {}
        for c in self.rng.sample(CONFIGURATIONS, self.rng.randint(1, 3)):
            merged.update(c)
        name = 'config%d.yaml' % number
        self.put(folder, name, documents(self.rng, [merged], True))
        return name

    def sort_options(self):
        r = self.rng.random()
        if r < 0.3:
            return {'order': 'fifo'}
        o = {'order': 'legacy'} if r < 0.95 else {'order': self.rng.choice(['Legacy', '', 'other'])} if self.chance(0.2) else {'order': 'fifo'}
        if self.chance(0.5):
            kinds = self.rng.sample(['Namespace', 'Deployment', 'Service', 'ConfigMap', 'Secret', 'Widget', 'StatefulSet'], 4)
            o['legacySortOptions'] = {'orderFirst': kinds[:2], 'orderLast': kinds[2:]}
            if self.chance(0.2):
                o['legacySortOptions'].pop(self.rng.choice(['orderFirst', 'orderLast']))
        return o

    # --- a kustomization

    def kustomization(self, folder, resources, components=(), kind='Kustomization', own=True, sees=(), fixed=None):
        rng, k = self.rng, dict(fixed or {})
        self.known = [o for r in sees or resources for o in self.seen[os.path.normpath(os.path.join(folder, r))]]
        if self.chance(0.6) or kind == 'Component':
            k['apiVersion'] = 'kustomize.config.k8s.io/v1' + ('alpha1' if kind == 'Component' else 'beta1')
            k['kind'] = kind
        if self.chance(0.03):
            k['metadata'] = {'name': 'arbitrary', **({'annotations': {'config.kubernetes.io/local-config': 'true'}} if self.chance(0.5) else {})}
        files = [self.resource_file(folder, i) for i in range(rng.choice([0, 1, 1, 2, 3]) if kind == 'Component' or resources else rng.choice([1, 1, 2, 3]))] if own else []
        listed = list(resources) + files
        if self.chance(0.2):
            rng.shuffle(listed)
        if listed:
            bases = [r for r in resources] if self.chance(0.06) else []
            k['resources'] = [r for r in listed if r not in bases] or None
            if bases:
                k['bases'] = bases
            if k['resources'] is None:
                del k['resources']
        if components:
            k['components'] = list(components)
        self.fill(folder, k)
        self.seen[os.path.normpath(folder)] = self.known
        if self.chance(0.15):
            items = list(k.items())
            rng.shuffle(items)
            k = dict(items)
        if self.chance(0.006):
            k[rng.choice(['unknown', 'Resources', 'namePrefix ', 'patchesJSON6902', 'commonlabels'])] = rng.choice([['x'], 'x', None])
        name = 'kustomization.yaml' if self.chance(0.95) else rng.choice(['kustomization.yml', 'Kustomization'])
        text = documents(rng, [k])
        self.put(folder, name, text)
        return k

    def fill(self, folder, k):
        rng = self.rng
        many = lambda make, n=2: [x for x in (make() for _ in range(rng.randint(1, n))) if x is not None]
        options = [
            (3, 'namespace', lambda: rng.choice(NAMESPACES)),
            (3, 'namePrefix', lambda: rng.choice(['p-', 'dev-', 'x.'])),
            (2, 'nameSuffix', lambda: rng.choice(['-s', '-v2'])),
            (3, 'labels', lambda: many(self.label)),
            (3, 'commonLabels', self.pairs),
            (2, 'commonAnnotations', lambda: {rng.choice(['note', 'a/b', 'team']): rng.choice(['x', 'true', '5', 'long ' * 30, 'multi\nline'])}),
            (3, 'images', lambda: many(self.image)),
            (0.3, 'imageTags', lambda: many(self.image)),
            (2, 'replicas', lambda: unique(many(self.replica), 'name')),
            (6, 'patches', lambda: many(lambda: self.patch(folder), 3)),
            (3, 'patchesStrategicMerge', lambda: many(lambda: self.patch_strategic(folder))),
            (2, 'patchesJson6902', lambda: many(lambda: self.patch_json(folder))),
            (4, 'configMapGenerator', lambda: many(lambda: self.generator(folder, False))),
            (2, 'secretGenerator', lambda: many(lambda: self.generator(folder, True))),
            (1, 'generatorOptions', self.generator_options),
            (1.2, 'vars', lambda: unique(many(self.var), 'name')),
            (3, 'replacements', lambda: many(lambda: self.replacement(folder))),
            (1, 'sortOptions', self.sort_options),
            (1, 'buildMetadata', lambda: rng.sample(['originAnnotations', 'managedByLabel', 'transformerAnnotations'], rng.randint(1, 3)) if self.chance(0.97) else ['unknown']),
            (1, 'configurations', lambda: [self.configuration(folder, i) for i in range(rng.randint(1, 2))]),
            (0.5, 'crds', lambda: [self.crds(folder)]),
            (0.3, 'openapi', lambda: self.openapi(folder)),
            (0.7, 'generators', lambda: self.plugins(folder, 'generators')),
            (1.5, 'transformers', lambda: self.plugins(folder, 'transformers')),
            (0.4, 'validators', lambda: self.plugins(folder, 'validators')),
            (0.05, 'helmCharts', lambda: [{'name': 'x', 'repo': 'https://charts.example.com'}]),
        ]
        want = rng.choice([0, 1, 1, 2, 2, 3, 4, 6])
        for _ in range(want):
            weight, field, make = rng.choices(options, [o[0] for o in options])[0]
            if field in k:
                continue
            if not self.known and field in NEEDS_OBJECTS:
                continue
            value = make()
            if value or self.chance(0.02):
                k[field] = value
        if self.chance(0.01):
            k[rng.choice([o[1] for o in options])] = rng.choice([None, [], {}, '', 'x', 5])

    def crds(self, folder):
        name = self.rng.choice(['crd.json', 'crd.yaml'])
        self.put(folder, name, json.dumps(CRD_SCHEMA, indent=1) if name.endswith('json') else documents(self.rng, [CRD_SCHEMA], True))
        return name

    def openapi(self, folder):
        if self.chance(0.5):
            return {'version': self.rng.choice(['v1.21.2', 'v1.21.2', 'v1.21.2', 'v1.20.4'])}
        self.put(folder, 'schema.json', json.dumps(OPENAPI))
        return {'path': 'schema.json'}

    def plugins(self, folder, field):
        out = []
        for i in range(self.rng.randint(1, 2)):
            config = plugin_grammar.config(self, folder, field)
            if self.chance(0.5):
                out.append(Writer(self.rng, True).document(config))
            else:
                name = '%s%d.yaml' % (field, i)
                self.put(folder, name, documents(self.rng, [config], True))
                out.append(name)
        return out

    # --- the tree

    def tree(self):
        rng = self.rng
        shape = rng.choices(['single', 'overlay', 'two', 'diamond', 'component', 'chain', 'sibling'], [30, 30, 8, 8, 12, 6, 6])[0]
        if shape == 'single':
            self.kustomization('', [])
        elif shape == 'overlay':
            self.kustomization('base', [])
            self.kustomization('overlay', ['../base'], own=self.chance(0.5))
            self.t.root = 'overlay'
        elif shape == 'two':
            self.kustomization('a', [])
            self.kustomization('b', [])
            self.kustomization('', ['a', './b/'], own=self.chance(0.5))
        elif shape == 'diamond':
            self.kustomization('base', [])
            for side in 'lr':
                fixed = {rng.choice(['namePrefix', 'nameSuffix', 'namePrefix', 'namespace']): side + ('-' if self.chance(0.8) else '')} if self.chance(0.95) else {}
                self.kustomization(side, ['../base'], own=self.chance(0.3), fixed=fixed)
            self.kustomization('', ['l', 'r'], own=self.chance(0.3))
        elif shape == 'component':
            self.kustomization('base', [])
            self.kustomization('comp', [], kind='Component', own=self.chance(0.5), sees=['../base'])
            self.kustomization('overlay', ['../base'], ['../comp'], own=self.chance(0.3))
            self.t.root = 'overlay'
        elif shape == 'chain':
            self.kustomization('base', [])
            self.kustomization('mid', ['../base'], own=self.chance(0.3))
            self.kustomization('overlay', ['../mid'], own=self.chance(0.3))
            self.t.root = 'overlay'
        else:
            self.kustomization('base', [], own=True)
            self.kustomization('other', [])
            self.kustomization('base/sub', ['../../other'], own=self.chance(0.5))
            self.kustomization('', ['base', 'base/sub'], own=False)
        if self.chance(0.02):
            self.sabotage()
        return self.t

    def sabotage(self):
        """Something is wrong with a file."""
        path = self.rng.choice(sorted(self.t.files))
        text = self.t.files[path]
        r = self.rng.random()
        if r < 0.3:
            del self.t.files[path]
        elif r < 0.6 and text:
            at = self.rng.randrange(len(text))
            self.t.files[path] = text[:at] + self.rng.choice(['\t', ':', '{', '"', '- ', '%', '\n', '&a ', '*a ', '! ', '<<: {a: b}\n', '\x00', '? ']) + text[at:]
        elif r < 0.8:
            lines = text.split('\n')
            at = self.rng.randrange(len(lines))
            self.t.files[path] = '\n'.join(lines[:at] + lines[at:at + 1] * 2 + lines[at + 1:])
        else:
            lines = text.split('\n')
            del lines[self.rng.randrange(len(lines))]
            self.t.files[path] = '\n'.join(lines)


def generate(seed):
    return Grammar(seed).tree()

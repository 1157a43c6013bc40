"""Random patches, replacements and selectors, aimed at objects that exist (mostly)."""
import json

from cluster_objects import IMAGES, NAMESPACES
from styled_yaml import Raw, Writer, documents


def paths_of(o, prefix=()):
    """Every path of a value with what is there."""
    out = []
    for k, v in (o.items() if isinstance(o, dict) else enumerate(o)):
        out.append((prefix + (k,), v))
        if isinstance(v, (dict, list)):
            out += paths_of(v, prefix + (k,))
    return out


def pointer(path):
    return ''.join('/' + str(p).replace('~', '~0').replace('/', '~1') for p in path)


def dotted(path, rng, at):
    out = []
    for p in path:
        if isinstance(p, int):
            item = at[p]
            key = next((k for k in ('name', 'containerPort', 'port') if isinstance(item, dict) and k in item), None)
            r = rng.random()
            out.append('*' if r < 0.3 else '[%s=%s]' % (key, item[key]) if key and r < 0.8 else str(p))
        else:
            out.append('[%s]' % p if '.' in p and rng.random() < 0.3 else p.replace('.', '\\.'))
        at = at[p]
    return '.'.join(out)


class PatchGrammar:
    def pick(self, kinds=None):
        from_kinds = [o for o in self.known if kinds is None or o.get('kind') in kinds]
        if not from_kinds or self.chance(0.004):
            return {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'absent'}}
        return self.rng.choice(from_kinds)

    def head(self, o):
        meta = {'name': o['metadata'].get('name', 'x')}
        if 'namespace' in o['metadata'] and self.chance(0.95):
            meta['namespace'] = o['metadata']['namespace']
        return {'apiVersion': o.get('apiVersion', 'v1'), 'kind': o.get('kind', 'X'), 'metadata': meta}

    def merge_body(self, o):
        """What a strategic merge patch changes in o."""
        kind, rng, q = o.get('kind'), self.rng, self.objects
        out = {}
        if self.chance(0.3):
            out.setdefault('metadata', {})[rng.choice(['labels', 'annotations'])] = rng.choice([q.labels(), {'note': q.text()}, {'app': None}, {'note': None}, None, {'$patch': 'replace', 'b': 'c'}])
        template = {'Pod': (), 'CronJob': ('spec', 'jobTemplate', 'spec', 'template')}.get(kind, ('spec', 'template'))
        if kind in ('Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod', 'ReplicationController') and self.chance(0.85):
            at = out
            for step in template:
                at = at.setdefault(step, {})
            at['spec'] = self.pod_patch(o)
            if kind != 'Pod' and self.chance(0.2):
                at['metadata'] = {'labels': q.labels()}
            if kind == 'Deployment' and self.chance(0.3):
                out['spec']['replicas'] = rng.choice([4, None, Raw("'3'")])
            if kind == 'Deployment' and self.chance(0.15):
                out['spec']['strategy'] = rng.choice([{'$retainKeys': ['type'], 'type': 'Recreate'}, {'type': 'Recreate', 'rollingUpdate': None}, {'$patch': 'replace', 'type': 'Recreate'}])
            if self.chance(0.1):
                out['spec']['selector'] = {'matchLabels': q.labels()}
        elif kind == 'Service' and self.chance(0.8):
            out['spec'] = {'ports': [rng.choice([{'port': 80, 'targetPort': 8080}, {'port': 443, '$patch': 'delete'}, {'port': 81, 'name': 'new', 'protocol': 'UDP'}, {'port': 80, 'protocol': 'TCP', 'name': 'x'}])
                                     for _ in range(rng.randint(1, 2))]}
            if self.chance(0.2):
                out['spec']['selector'] = rng.choice([None, {'a': 'b'}, {'$patch': 'replace', 'c': 'd'}])
        elif kind in ('ConfigMap', 'Secret'):
            field = 'stringData' if kind == 'Secret' and self.chance(0.5) else 'data'
            data = o.get(field) if isinstance(o.get(field), dict) else {}
            out[field] = {rng.choice(list(data) or ['a']): rng.choice([None, q.value(), q.value()]), **({'new': q.value()} if self.chance(0.5) else {})}
        elif kind in ('Role', 'ClusterRole'):
            out['rules'] = [{'apiGroups': ['apps'], 'resources': ['deployments'], 'verbs': ['*']}]
        elif kind in ('RoleBinding', 'ClusterRoleBinding'):
            out['subjects'] = q.subjects()
        elif kind == 'Widget':
            out['spec'] = rng.choice([{'list': [{'name': 'a', 'v': 5}]}, {'list': [{'name': 'c', 'v': 3}], 'size': q.value()}, {'deep': {'a': {'b': None}, 'new': {}}}, {'list': None}, {'odd': []}, {'ref': {'name': 'z'}},
                                      {'deep': {'$patch': 'delete'}}, {'list': [{'$patch': 'replace'}, {'name': 'only'}]}, {'template': {'spec': self.pod_patch(o)}}])
        elif kind == 'Ingress':
            out['spec'] = rng.choice([{'rules': [{'host': 'new.example.com'}]}, {'tls': None}, {'ingressClassName': 'nginx'}])
        elif kind in ('MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'):
            out['webhooks'] = [{'name': 'h0.example.com', 'failurePolicy': 'Ignore'}]
        elif kind == 'ServiceAccount':
            out['imagePullSecrets'] = [{'name': q.name()}]
        elif kind == 'CustomResourceDefinition':
            out['spec'] = {'versions': [{'name': 'v1', 'storage': False}, {'name': 'v2'}]}
        elif self.chance(0.7):
            out['spec'] = {'x': q.value()}
        return out

    def pod_patch(self, o):
        rng, q = self.rng, self.objects
        names = [v for p, v in paths_of(o) if p[-1] == 'name' and len(p) > 2 and 'containers' in p and isinstance(p[-2], int) and p[-3] == 'containers']
        out = {}
        if self.chance(0.8):
            cs = []
            for _ in range(rng.randint(1, 2)):
                c = q.container(rng.choice(names) if names and self.chance(0.8) else None)
                r = rng.random()
                if r < 0.15:
                    c = {'name': c['name'], '$patch': 'delete'}
                elif r < 0.2:
                    c['$patch'] = 'replace'
                elif r < 0.6:
                    c = {'name': c['name'], **{k: v for k, v in c.items() if k != 'image' and self.chance(0.6)}}
                if self.chance(0.1):
                    c[rng.choice(['env', 'ports', 'args', 'image', 'resources'])] = None
                if self.chance(0.06) and isinstance(c.get('env'), list):
                    c['env'] = c['env'] + [rng.choice([{'$patch': 'replace'}, {'name': 'A', '$patch': 'delete'}])]
                if self.chance(0.03):
                    c['$setElementOrder/env'] = [{'name': 'B'}, {'name': 'A'}]
                if self.chance(0.03):
                    c['$deleteFromPrimitiveList/args'] = ['--b']
                cs.append(c)
            out['containers'] = cs
            if self.chance(0.04):
                out['containers'].insert(0, {'$patch': 'replace'})
        if self.chance(0.3):
            out['volumes'] = [q.volume() if self.chance(0.6) else {'name': 'v', '$patch': 'delete'} if self.chance(0.4) else {'name': 'v', 'emptyDir': None, 'secret': {'secretName': q.name()}} for _ in range(rng.randint(1, 2))]
        if self.chance(0.1):
            out['tolerations'] = [{'key': 'k2', 'operator': 'Exists'}]
        if self.chance(0.1):
            out['nodeSelector'] = rng.choice([None, {'a': 'b'}, {'$patch': 'replace', 'x': 'y'}, {'$patch': 'delete'}])
        if self.chance(0.07):
            out['imagePullSecrets'] = [{'name': 'extra'}]
        if self.chance(0.07):
            out['initContainers'] = [{'name': 'setup', 'image': 'new'}]
        if self.chance(0.04):
            out['hostAliases'] = [{'ip': '127.0.0.1', 'hostnames': ['c']}]
        if self.chance(0.04):
            out['topologySpreadConstraints'] = [{'topologyKey': 'zone', 'whenUnsatisfiable': 'DoNotSchedule', 'maxSkew': 2}]
        if self.chance(0.05):
            out['affinity'] = rng.choice([None, {'$patch': 'delete'}, {'nodeAffinity': {'requiredDuringSchedulingIgnoredDuringExecution': {'nodeSelectorTerms': [{'matchExpressions': []}]}}}])
        return out

    def merge_patch(self, o):
        head = self.head(o)
        if self.chance(0.04):
            head['$patch'] = self.rng.choice(['delete', 'delete', 'replace', 'merge', 'unknown'])
            if head['$patch'] == 'delete':
                return head
        body = self.merge_body(o)
        meta = body.pop('metadata', {})
        head['metadata'].update(meta)
        return {**head, **body}

    def json_value(self, there, path=()):
        if path in (('metadata', 'annotations'), ('metadata', 'labels')):
            return self.rng.choice([{}, self.objects.labels()])
        if isinstance(there, (dict, list)):
            return self.rng.choice([type(there)(), there, there])
        if path and path[-1] in ('kind', 'name', 'namespace', 'apiVersion'):
            return self.objects.name()
        r = self.rng.random()
        if r < 0.4:
            return self.rng.choice(['x', 'a.b', 5, True, None, 1.5, '5', 'true', ''])
        return self.objects.value()

    def operations(self, o):
        ops, all_paths = [], [p for p in paths_of(o) if p[0] != ("kind",) and (p[0] not in (('apiVersion',), ('metadata',), ('metadata', 'name')) or self.chance(0.02))]
        if not all_paths:
            all_paths = [(('data', 'x'), 1)]
        for _ in range(self.rng.randint(1, 3)):
            path, there = self.rng.choice(all_paths)
            r, p = self.rng.random(), pointer(path)
            if r < 0.35:
                ops.append({'op': 'replace', 'path': p, 'value': self.json_value(there, path)})
            elif r < 0.5:
                ops.append({'op': 'remove', 'path': p})
            elif r < 0.8:
                value = self.json_value(there, path)
                if isinstance(there, list) and there:
                    value = self.json_value(there[0])
                    p += self.rng.choice(['/-', '/0'])
                elif isinstance(there, dict):
                    p += '/' + self.rng.choice(['new', 'a~1b', 'x.y'])
                    value = self.json_value(None)
                ops.append({'op': 'add', 'path': p, 'value': value})
            elif r < 0.86:
                ops.append({'op': 'test', 'path': p, 'value': there if self.chance(0.95) and not isinstance(there, Raw) else 'z'})
            elif r < 0.95:
                ops.append({'op': self.rng.choice(['move', 'copy']), 'from': p, 'path': pointer(path[:-1]) + '/moved' if not isinstance(path[-1], int) else p})
            else:
                if self.chance(0.5):
                    at = ('metadata', self.rng.choice(['labels', 'annotations']))
                    ops.append({'op': 'add', 'path': pointer(at), 'value': self.json_value({}, at)})
                    continue
                ops.append({'op': 'add', 'path': self.rng.choice(['/spec', '/data'] if self.chance(0.8) else ['/metadata/labels/extra', '/metadata/annotations/a~1b', '/spec/missing/x', '/data/k']), 'value': self.json_value(None)})
        return ops

    def operations_text(self, ops):
        if any(isinstance(x, Raw) for p, x in paths_of(ops)) or self.chance(0.7):
            return Writer(self.rng, self.chance(0.8)).document(ops)
        return json.dumps(ops, indent=self.rng.choice([None, 2]), ensure_ascii=False)

    def selector(self, o, exact=False):
        kind, meta, s = o.get('kind', 'X'), o['metadata'], {}
        group, _, version = o.get('apiVersion', 'v1').rpartition('/')
        if self.chance(0.85):
            s['kind'] = kind if exact or self.chance(0.85) else self.rng.choice([kind[:3] + '.*', '.*', kind + '|Other', '(' + kind + ')'])
        if self.chance(0.6) and isinstance(meta.get('name'), str):
            name = str(meta['name'])
            s['name'] = name if exact or self.chance(0.75) else self.rng.choice([name[:2] + '.*', '.*', '^' + name + '$', name + '|other', '[a-z]+', 'w.*b', name[:2]])
        if self.chance(0.15) and group:
            s['group'] = group if exact or self.chance(0.8) else '.*'
        if self.chance(0.15):
            s['version'] = version if self.chance(0.9) else 'v[0-9]'
        if self.chance(0.12):
            s['namespace'] = self.rng.choice([meta.get('namespace', 'default'), 'prod', 'p.*'] if not exact else [meta.get('namespace', 'default')])
        if not exact and self.chance(0.12) or not s:
            s['labelSelector'] = self.rng.choice(['app', 'app=web', 'app!=web', 'app in (web,api)', 'app notin (web)', '!app', 'app=web,tier', 'env,app.kubernetes.io/name=web', 'tier==x', 'version>1', ',', 'app in (', ''][:None if self.chance(0.2) else 9])
        if not exact and self.chance(0.06):
            s['annotationSelector'] = self.rng.choice(['note', 'note=x', '!note', 'note=true'])
        return s

    def patch(self, folder):
        rng = self.rng
        if self.chance(0.5):
            return self.patch_targetless(folder)
        o = self.pick()
        p = {}
        if self.chance(0.5):
            text = self.operations_text(self.operations(o))
        else:
            doc = self.merge_patch(o)
            if self.chance(0.4):
                doc['metadata'] = {**doc['metadata'], 'name': rng.choice(['not-important', 'renamed', doc['metadata']['name']])}
            if self.chance(0.1):
                doc.pop('apiVersion', None)
            if self.chance(0.05):
                doc['kind'] = 'Changed'
            docs = [doc] + ([self.merge_patch(o)] if self.chance(0.04) else [])
            text = documents(rng, docs)
        self.place(folder, p, text, 'patch', 'path')
        p['target'] = self.selector(o)
        if self.chance(0.12):
            p['options'] = {rng.choice(['allowNameChange', 'allowKindChange']): rng.choice([True, True, False]) for _ in range(rng.randint(1, 2))}
        return p

    def patch_targetless(self, folder):
        docs = [self.merge_patch(self.pick()) for _ in range(1 if self.chance(0.85) else 2)]
        p = {}
        self.place(folder, p, documents(self.rng, docs), 'patch', 'path')
        if self.chance(0.05):
            p['options'] = {self.rng.choice(['allowNameChange', 'allowKindChange']): True}
        return p

    def place(self, folder, p, text, inline, path):
        if self.chance(0.6):
            p[inline] = text.replace('\r\n', '\n').replace('\ufeff', '')
            return
        name = self.rng.choice(['patch%d.yaml', 'patches/p%d.yaml']) % len(self.t.files)
        self.put(folder, name, text)
        p[path] = name

    def patch_strategic(self, folder):
        text = documents(self.rng, [self.merge_patch(self.pick()) for _ in range(1 if self.chance(0.8) else 2)])
        holder = {}
        self.place(folder, holder, text, 'inline', 'path')
        return next(iter(holder.values()))

    def patch_json(self, folder):
        o = self.pick()
        p = {}
        self.place(folder, p, self.operations_text(self.operations(o)), 'patch', 'path')
        p['target'] = self.selector(o, True)
        if self.chance(0.96):
            p['target'].update(self.head(o)['metadata'], kind=o.get('kind', 'X'))
        return p

    # --- replacements

    def field_of(self, o, wild=True):
        paths = [p for p, v in paths_of(o) if p not in (('kind',), ('metadata',))]
        scalars = [p for p, v in paths_of(o) if p != ('kind',) and not isinstance(v, (dict, list))]
        path = self.rng.choice(scalars if scalars and self.chance(0.85) else paths)
        text = dotted(path, self.rng, o)
        return text if wild or '*' not in text else 'metadata.name'

    def replacement(self, folder):
        rng = self.rng
        r = {}
        if self.chance(0.12):
            r['sourceValue'] = rng.choice(['x', 'a b', '5', 'web', Raw('"5"')])
        if not r or self.chance(0.05):
            o = self.pick()
            s = {}
            if self.chance(0.985):
                s['kind'] = o.get('kind', 'X')
            if self.chance(0.985):
                s['name'] = o['metadata'].get('name', 'x')
            if 'namespace' in o['metadata'] and self.chance(0.8):
                s['namespace'] = o['metadata']['namespace']
            if self.chance(0.1):
                group, _, version = o.get('apiVersion', 'v1').rpartition('/')
                s.update({'version': version, **({'group': group} if group else {})})
            if self.chance(0.8):
                s['fieldPath'] = self.field_of(o, self.chance(0.02))
            if self.chance(0.25):
                s['options'] = self.field_options(False)
            r['source'] = s
        r['targets'] = [self.replacement_target() for _ in range(rng.choice([1, 1, 1, 2]))]
        if self.chance(0.15):
            name = 'replacement%d.yaml' % len(self.t.files)
            self.put(folder, name, documents(rng, [r if self.chance(0.6) else [r]], True))
            return {'path': name}
        return r

    def replacement_target(self):
        rng, o = self.rng, self.pick()
        t = {'select': self.selector(o)}
        if self.chance(0.01):
            t.pop('select')
        if self.chance(0.2):
            t['reject'] = [self.selector(self.pick()) for _ in range(rng.randint(1, 2))]
        if self.chance(0.5):
            t['options'] = self.field_options(True)
        if self.chance(0.95):
            fields = [self.field_of(o) for _ in range(rng.choice([1, 1, 2]))]
            if self.chance(0.25) and (self.chance(0.1) or t.get('options', {}).get('create')):
                fields.append(rng.choice(['metadata.annotations.new', 'metadata.labels.[a.b/c]', 'spec.template.spec.containers.[name=main].image', 'spec.template.spec.containers.*.image', 'spec.new.path.x',
                                          'spec.template.spec.containers.[name=new].env.[name=N].value', 'metadata.annotations.example\\.com/a', 'spec.rules.0.host', 'spec.list.[name=z].v', 'spec.list.-', 'data.new', 'metadata.name',
                                          'spec.ports.[name=n80].port', 'spec..x', '*', 'spec.list.5.v']))
            t['fieldPaths'] = fields
        return t

    def field_options(self, target):
        rng, o = self.rng, {}
        if self.chance(0.35):
            o['delimiter'] = rng.choice([':', '/', '.', '-', '', ' ', '@', '$(', 'e'])
        if self.chance(0.5):
            o['index'] = rng.choice([0, 0, 0, 1, 2, -1, 5])
        if target and self.chance(0.7):
            o['create'] = rng.choice([True, True, False])
        if self.chance(0.08):
            o['encoding'] = rng.choice(['base64', 'hex', '', ''])
        return o

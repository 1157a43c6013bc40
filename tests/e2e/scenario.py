# SPDX-License-Identifier: Apache-2.0
"""A scenario: what happens to a repository and to a cluster, step by step, and what a GitOps engine makes of it.

A folder of tests/scenarios holds scenario.yaml:
  title:  one sentence
  steps:  in order; a step is a map with any of these, done in this order:
    commit:    path to text; null removes. One commit.
    objects:   objects applied server-side by the manager "tester" (as: another one); GitRepository "fleet" is made by the runner.
    patch:     [{of: REF, merge: {...}, as: MANAGER, status: true}]
    delete:    [REF]
    reconcile: [NAME]  Kustomizations asked to reconcile
    pause:     seconds, for what the server takes in late (admission policies)
    until:     name of a Kustomization to "STATUS REASON" of its Ready condition, or "gone"
    see:       [REF]   more objects for the picture
A REF is apiVersion/Kind/NAMESPACE/NAME or apiVersion/Kind/NAME. "NS" in texts stands for the scenario's namespace, which is its folder's name.

After every step a picture is taken: Kustomizations, objects of the namespace, later events. Pictures hold no times, ids or versions.
"""
import json, os, re, subprocess, time

from harness import Failed, Repo, WEIR, check, until

GROUPS = {
    'v1': '/api/v1', **{g: '/apis/' + g for g in (
        'apps/v1', 'batch/v1', 'rbac.authorization.k8s.io/v1', 'apiextensions.k8s.io/v1', 'networking.k8s.io/v1', 'policy/v1',
        'autoscaling/v2', 'source.toolkit.fluxcd.io/v1', 'kustomize.toolkit.fluxcd.io/v1', 'admissionregistration.k8s.io/v1',
        'scheduling.k8s.io/v1', 'storage.k8s.io/v1')}}
PLURALS = {'Ingress': 'ingresses', 'NetworkPolicy': 'networkpolicies', 'GitRepository': 'gitrepositories', 'StorageClass': 'storageclasses',
           'PriorityClass': 'priorityclasses', 'ValidatingAdmissionPolicy': 'validatingadmissionpolicies'}
CLUSTER_WIDE = {'Namespace', 'ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition', 'PriorityClass', 'StorageClass',
                'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'}
SEEN = ['v1/ConfigMap', 'v1/Secret', 'v1/Service', 'v1/ServiceAccount', 'apps/v1/Deployment', 'batch/v1/Job',
        'rbac.authorization.k8s.io/v1/Role', 'rbac.authorization.k8s.io/v1/RoleBinding', 'networking.k8s.io/v1/NetworkPolicy']
KUSTOMIZATION = 'kustomize.toolkit.fluxcd.io/v1/Kustomization'
REPOSITORY = 'source.toolkit.fluxcd.io/v1/GitRepository'
DEFAULTS = {'interval': '1h', 'retryInterval': '1h', 'timeout': '20s', 'path': './', 'prune': True,
            'sourceRef': {'kind': 'GitRepository', 'name': 'fleet'}}


def collection(kind, namespace=None):
    """kind: apiVersion/Kind. The path of its collection."""
    version, name = kind.rsplit('/', 1)
    plural = PLURALS.get(name, name.lower() + 's')
    base = GROUPS.get(version, '/apis/' + version)
    return f'{base}/{plural}' if name in CLUSTER_WIDE or not namespace else f'{base}/namespaces/{namespace}/{plural}'


def path_of(ref):
    version = 1 if ref.startswith('v1/') else 2
    parts = ref.split('/')
    kind, rest = '/'.join(parts[:version + 1]), parts[version + 1:]
    return collection(kind, rest[0] if len(rest) == 2 else None) + '/' + rest[-1]


def read_yaml(text):
    """The document as Kubernetes would read it, by the program itself (its reader has its own tests)."""
    r = subprocess.run([WEIR, 'fmt', '-o', 'json'], input=text, capture_output=True, text=True, timeout=20)
    check(r.returncode == 0, f'the scenario is not YAML: {r.stderr[:300]}')
    return json.loads(r.stdout)


class Scenario:
    def __init__(self, folder, cluster, source, scratch):
        """source: what brings a commit to the engine: prepare(scenario), arrived(scenario, commit)."""
        self.name = os.path.basename(folder)
        self.namespace = self.name
        with open(os.path.join(folder, 'scenario.yaml')) as f:
            self.text = read_yaml(f.read())
        self.cluster, self.source = cluster, source
        self.repo = Repo(os.path.join(scratch, self.name))
        self.commits, self.asked = [], {}

    def call(self, method, path, body=None, kind='application/json'):
        return self.cluster.call(method, path, body, kind)

    def fill(self, value):
        """NS stands for the namespace, everywhere."""
        return json.loads(re.sub(r'\bNS\b', self.namespace, json.dumps(value)))

    def run(self):
        """The pictures by step, and the events."""
        self.call('POST', '/api/v1/namespaces', {'metadata': {'name': self.namespace}})
        self.source.prepare(self)
        pictures = []
        for number, step in enumerate(self.text['steps']):
            try:
                self.step(self.fill(step))
            except Failed as e:
                raise Failed(f'step {number + 1}: {e}') from e
            pictures.append(self.picture(self.fill(step.get('see', []))))
        return {'steps': pictures, 'events': self.events()}

    def step(self, step):
        fresh = None
        if 'commit' in step:
            fresh = self.repo.commit(step['commit'])
            self.commits.append(fresh)
            self.source.arrived(self, fresh)
        for obj in step.get('objects', []):
            self.apply(obj, step.get('as', 'tester'))
        for patch in step.get('patch', []):
            path = path_of(patch['of']) + ('/status' if patch.get('status') else '') + '?fieldManager=' + patch.get('as', 'tester')
            check(self.call('PATCH', path, patch['merge'], 'application/merge-patch+json') is not None, f'{patch["of"]} is not there')
        for ref in step.get('delete', []):
            self.call('DELETE', path_of(ref))
        for name in step.get('reconcile', []):
            self.asked[name] = str(time.time_ns())
            self.call('PATCH', collection(KUSTOMIZATION, self.namespace) + '/' + name, {'metadata': {'annotations': {
                'reconcile.fluxcd.io/requestedAt': self.asked[name]}}}, 'application/merge-patch+json')
        time.sleep(step.get('pause', 0))
        for name, want in step.get('until', {}).items():
            until(60, lambda: self.settled(name, want, fresh), f'Kustomization {name} is "{want}"')

    def apply(self, obj, manager):
        kind = obj['apiVersion'] + '/' + obj['kind']
        if kind == KUSTOMIZATION:
            obj['spec'] = {**DEFAULTS, **obj.get('spec', {})}
        namespace = obj['metadata'].get('namespace', self.namespace)
        path = f'{collection(kind, namespace)}/{obj["metadata"]["name"]}?fieldManager={manager}&force=true'
        check(self.call('PATCH', path, obj, 'application/apply-patch+yaml'), f'{kind} is not served')

    def kustomization(self, name):
        return self.call('GET', collection(KUSTOMIZATION, self.namespace) + '/' + name)

    def settled(self, name, want, fresh):
        k = self.kustomization(name)
        if want == 'gone' or k is None:
            return want == 'gone' and k is None
        status = k.get('status', {})
        ready = next((c for c in status.get('conditions', []) if c['type'] == 'Ready'), {})
        got = f'{ready.get("status")} {ready.get("reason")}'
        handled = status.get('lastHandledReconcileAt') == self.asked.get(name)
        newest = ready.get('status') != 'True' or not self.commits or status.get('lastAppliedRevision', '').endswith(self.commits[-1])
        tried = fresh is None or ready.get('reason') in UNTRIED or status.get('lastAttemptedRevision', '').endswith(fresh)
        if got == want and handled and newest and tried and ready.get('observedGeneration') == k['metadata']['generation']:
            return True
        raise Failed(f'{got}: {ready.get("message")} (attempted {status.get("lastAttemptedRevision")}, handled {handled})')

    def picture(self, more):
        """Taken when two in a row are alike."""
        last, seen = None, None
        for _ in range(40):
            seen = self.look(more)
            if seen == last:
                return seen
            last = seen
            time.sleep(0.4)
        raise Failed('the cluster does not come to rest')

    def look(self, more):
        objects = {}
        for kind in [KUSTOMIZATION] + SEEN:
            for item in (self.call('GET', collection(kind, self.namespace)) or {}).get('items', []):
                if not made_by_the_cluster(item):
                    objects[f'{kind.rsplit("/", 1)[1]}/{item["metadata"]["name"]}'] = self.plain({**item, 'kind': kind.rsplit('/', 1)[1]})
        for ref in more:
            item = self.call('GET', path_of(ref))
            objects[ref] = self.plain(item) if item else 'absent'
        return objects

    def plain(self, item):
        """The object without what differs from run to run."""
        meta = item['metadata']
        for key in ('uid', 'resourceVersion', 'creationTimestamp', 'selfLink', 'generation'):
            meta.pop(key, None)
        meta['managedFields'] = sorted(({k: v for k, v in m.items() if k not in ('time', 'fieldsType')} for m in meta.get('managedFields', [])),
                                       key=lambda m: json.dumps(m, sort_keys=True))
        item.pop('apiVersion', None)
        if item.get('kind') in ('Deployment', 'Job', 'Namespace', 'CustomResourceDefinition'):
            item.pop('status', None)
            without_controllers(meta)
        for entry in item.get('status', {}).get('history', []) if isinstance(item.get('status'), dict) else []:
            for key in ('firstReconciled', 'lastReconciled', 'lastReconciledDuration', 'totalReconciliations'):
                entry.pop(key, None)
        return self.words(item)

    def words(self, value):
        """Times, commits and lengths of time replaced by words."""
        text = json.dumps(value, sort_keys=True)
        for number, commit in enumerate(self.commits):
            text = text.replace(commit, f'commit-{number + 1}')
        text = re.sub(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"', '"TIME"', text)
        for token in self.asked.values():
            text = text.replace(token, 'ASKED')
        text = re.sub(r'\b\d{19}\b', 'ASKED', text)
        text = re.sub(r'finished in [\d.]+(ns|µs|\\u00b5s|ms|s)', 'finished in TIME', text)
        text = re.sub(r'(passed|timeout waiting for|completed|succeeded|failed) (in|after) [\d.]+(ns|\\u00b5s|ms|s|m[\d.]*s?)', r'\1 \2 TIME', text)
        text = re.sub(r'/tmp/kustomization-\d+', '/ARTIFACT', text)
        return json.loads(text)

    def events(self):
        """Each once, of Kustomizations: object, type, reason, message and annotations."""
        items = self.call('GET', f'/api/v1/namespaces/{self.namespace}/events').get('items', [])
        found = {}
        for i in items:
            if i['involvedObject']['kind'] != 'Kustomization':
                continue
            event = self.words([i['involvedObject']['name'], i['type'], i['reason'], i['message'], i['metadata'].get('annotations', {})])
            same = json.dumps(event[:4])
            found[same] = min(found.get(same, event), event, key=json.dumps)  # client-go's recorder counts equal events, with the first's annotations
        return sorted(json.dumps(e, sort_keys=True) for e in found.values())


UNTRIED = {'DependencyNotReady', 'ArtifactFailed', 'InvalidCELExpression', 'AccessDenied'}


def without_controllers(meta):
    """A real cluster runs workloads with controllers that these tests do not start, the embedded one simulates them."""
    meta['managedFields'] = [m for m in meta['managedFields'] if m['manager'] != 'kube-controller-manager']
    meta.get('annotations', {}).pop('deployment.kubernetes.io/revision', None)
    if not meta.get('annotations', True):
        del meta['annotations']


def made_by_the_cluster(item):
    kind, name = item.get('kind'), item['metadata']['name']
    return name in ('kube-root-ca.crt', 'default') or item.get('type') == 'kubernetes.io/service-account-token' or kind == 'Event'


def differences(got, want, at=''):
    """One line per place where the two pictures differ."""
    if isinstance(got, dict) and isinstance(want, dict):
        for key in sorted(got.keys() | want.keys()):
            if key not in got:
                yield f'{at}.{key}: missing, want {json.dumps(want[key])[:400]}'
            elif key not in want:
                yield f'{at}.{key}: unexpected {json.dumps(got[key])[:400]}'
            else:
                yield from differences(got[key], want[key], f'{at}.{key}')
    elif isinstance(got, list) and isinstance(want, list):
        texts = lambda items: [json.dumps(i, sort_keys=True) for i in items]
        if texts(got) != texts(want):
            left, right = set(texts(got)), set(texts(want))
            if left == right:
                yield f'{at}: another order: {json.dumps(got)[:300]}, want {json.dumps(want)[:300]}'
            only_got, only_want = [i for i in got if json.dumps(i, sort_keys=True) not in right], [i for i in want if json.dumps(i, sort_keys=True) not in left]
            if len(only_got) == len(only_want) == 1 and isinstance(only_got[0], dict):
                yield from differences(only_got[0], only_want[0], at + '[]')
                return
            for item in only_got:
                yield f'{at}: unexpected {json.dumps(item, sort_keys=True)[:500]}'
            for item in only_want:
                yield f'{at}: missing {json.dumps(item, sort_keys=True)[:500]}'
    elif got != want:
        yield f'{at}: {json.dumps(got)[:400]}, want {json.dumps(want)[:400]}'

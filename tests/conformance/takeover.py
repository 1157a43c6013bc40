#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A cluster that kustomize-controller looked after is handed to weir and back, and the other way round: nothing may be written.

Both on a real kube-apiserver ($WEIR_PEERS, built by peers.sh). After each change of hands every Kustomization is asked to reconcile,
and then no object may have another resourceVersion, a manager twice in managedFields, or be gone, and the inventory is the same.
"""
import contextlib, os, shutil, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'e2e'))
from harness import *
from kube_server import kube_server, missing
from scenario import KUSTOMIZATION, Scenario, collection
from scenarios import OwnSource, PEERS, PlayedSource, bare_kind, flux_daemon, repository, weir_daemon

FILES = {
    'workloads/all.yaml': '''
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: NS, labels: {app: web}}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example.com/web:1
        ports: [{containerPort: 80}, {containerPort: 81, name: admin}]
        resources: {requests: {cpu: 0.5, memory: 1024Mi}, limits: {cpu: 1000m}}
        env: [{name: A, value: "1"}, {name: B, valueFrom: {secretKeyRef: {name: plain, key: a}}}]
        readinessProbe: {httpGet: {path: /, port: 80}}
      volumes: [{name: c, configMap: {name: settings}}, {name: e, emptyDir: {}}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: NS}
spec: {selector: {app: web}, ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: NS}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 4
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: NS}
spec:
  serviceName: db
  replicas: 0
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: example.com/db}]}}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: tidy, namespace: NS}
spec:
  schedule: "0 0 * * *"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: t, image: example.com/t}]}}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: NS}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
''',
    'settings/all.yaml': '''
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: NS}
data: {a: "1"}
---
apiVersion: v1
kind: Secret
metadata: {name: plain, namespace: NS}
stringData: {a: b}
data: {c: ZA==}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: NS}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: NS}
spec:
  rules: [{host: example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: all, namespace: NS}
spec: {hard: {pods: "10", requests.cpu: "1000m"}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: all, namespace: NS}
spec: {limits: [{type: Container, default: {cpu: 500m}}]}
''',
    'rights/all.yaml': '''
apiVersion: v1
kind: Namespace
metadata: {name: NS-more}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: worker, namespace: NS-more}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "NS:reader"}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: worker, namespace: NS-more}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "NS:reader"}
subjects: [{kind: ServiceAccount, name: worker, namespace: NS-more}]
''',
    'kinds/crd.yaml': '''
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.NS.example.com}
spec:
  group: NS.example.com
  scope: Namespaced
  names: {kind: Thing, plural: things, singular: thing}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer, default: 3}}}}}}}]
---
apiVersion: NS.example.com/v1
kind: Thing
metadata: {name: one, namespace: NS}
spec: {}
''',
}
NAMES = ['workloads', 'settings', 'rights', 'kinds']


class World(Scenario):
    """One namespace with four Kustomizations, of one repository."""

    def __init__(self, name, cluster, folder):
        self.name = self.namespace = name
        self.cluster, self.repo = cluster, Repo(os.path.join(folder, name))
        self.commits, self.asked, self.made = [], {}, True
        self.call('POST', '/api/v1/namespaces', {'metadata': {'name': name}})
        self.commits.append(self.repo.commit({path: text.replace('NS', name) for path, text in FILES.items()}))
        self.call('POST', collection('source.toolkit.fluxcd.io/v1/GitRepository', name), repository(self))
        for each in NAMES:
            self.apply({'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': each},
                        'spec': {'path': './' + each}}, 'tester')

    def all_ready(self):
        return all(self.settled(name, 'True ReconciliationSucceeded', None) for name in NAMES)

    def objects(self):
        """Kind/ns/name: resourceVersion and managers, of everything in the inventories; and the inventories."""
        found, inventories = {}, {}
        for name in NAMES:
            entries = self.kustomization(name)['status']['inventory']['entries']
            inventories[name] = entries
            for entry in entries:
                ns, object_name, group, kind = entry['id'].split('_', 3) if '__' not in entry['id'].strip('_') else split_id(entry['id'])
                version = f'{group}/{entry["v"]}' if group else entry['v']
                item = self.call('GET', collection(f'{version}/{kind}', ns or None) + '/' + object_name)
                check(item, f'{entry["id"]} is gone')
                managers = [(m['manager'], m['operation'], m.get('subresource', '')) for m in item['metadata']['managedFields']]
                check(len(managers) == len(set(managers)), f'{entry["id"]} has a manager twice: {managers}')
                found[entry['id']] = (item['metadata']['resourceVersion'], sorted(managers))
        return found, inventories


def split_id(text):
    """NS_NAME_GROUP_KIND; a colon of a name is "__", and the core group is empty."""
    ns, rest = text.split('_', 1)
    rest, kind = rest.rsplit('_', 1)
    name, group = rest.rsplit('_', 1)
    return ns, name.replace('__', ':'), group, kind


@contextlib.contextmanager
def hands(engine, kube, folder, world, played):
    """The engine at work, after it was asked to reconcile everything and has done so."""
    start = flux_daemon if engine == 'flux' else weir_daemon
    if engine == 'flux':
        played.arrived(world, world.commits[-1])
    with start(kube, folder):
        for name in NAMES:
            world.step({'reconcile': [name]})
        until(60, world.all_ready, f'{engine} has reconciled everything')
        yield


def passes(order):
    with tempfile.TemporaryDirectory(prefix='weir-takeover-', ignore_cleanup_errors=True) as folder, \
            kube_server(os.path.join(PEERS, 'kube-apiserver')) as kube:
        with weir_daemon(kube, folder):
            until(30, lambda: kube.get('/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations') is not None, 'the kinds are served')
        for kind in ('OCIRepository', 'Bucket'):
            bare_kind(kube, kind)
        os.makedirs(os.path.join(folder, 'artifacts'))
        world, played = World('shop', kube, folder), PlayedSource(os.path.join(folder, 'artifacts'))
        before = None
        for engine in order:
            with hands(engine, kube, folder, world, played):
                after = world.objects()
            check(len(after[0]) == 18, f'18 objects are looked after, not {len(after[0])}')
            if before:
                changed = [f'{k}: {before[0].get(k)} became {v}' for k, v in after[0].items() if before[0].get(k) != v]
                check(not changed, f'{engine} wrote: ' + '; '.join(changed))
                equal(after[1], before[1])
            before = after
        return None


@test
def from_flux_to_weir_and_back():
    return missing(os.path.join(PEERS, 'kube-apiserver')) or passes(['flux', 'weir', 'flux'])


@test
def from_weir_to_flux_and_back():
    return missing(os.path.join(PEERS, 'kube-apiserver')) or passes(['weir', 'flux', 'weir'])


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

"""Random Kubernetes objects with the fields that kustomize looks at: names of others, selectors, images, lists with merge keys."""
from styled_yaml import Raw

NAMES = ['web', 'api', 'db', 'cache', 'app', 'app-config', 'my.app', 'worker', 'front-end', 'x', 'web-v2', 'system:node']
NAMESPACES = ['default', 'prod', 'team-a', 'kube-system', 'staging']
IMAGES = ['nginx', 'nginx:1.25', 'ghcr.io/org/app:v1.2.3', 'registry:5000/team/api', 'postgres@sha256:' + 'ab' * 32,
          'redis:7-alpine', 'localhost:5000/x:1@sha256:' + '01' * 32, 'docker.io/library/nginx:latest', 'app', 'a/b/nginx:2']
LABEL_KEYS = ['app', 'tier', 'app.kubernetes.io/name', 'env', 'version', 'team', 'example.com/x']
ODD = ['0777', '0o17', '08', '1_000', '1e3', '1.0', '.5', '+1', '~', 'null', 'yes', 'on', 'y', 'n', 'True', 'TRUE', 'No', '0x1F', '2001-01-01',
       '12:30', '1.10', '12345678901234567890', '-0', '-1', '0', '3', '42', '1e21', '1E-7', '0b11', '1.5', '100000000000000000000000',
       '!!str 5', "'5'", '"5"', "'true'", '"yes"', "''", '""', '"a\\tb"', "'it''s'", '"x: y"', "'# no'", '"\\u00e9"', 'é', '日本', '"😀"',
       '2024-01-02T03:04:05Z', '1.2.3', 'a b c', '-x', '"- x"', '"{a}"', "'*'", "'&a'", '"!x"', "'%'", "'@at'", '"`"', "' lead'", "'trail '",
       'x#y', '"x #y"', 'http://a.b/c?d=e&f=g', '"0.1.0"', '1.0.0-rc.1', "'08'", "'1e3'", "'0x10'", "'1_000'", "'.5'", "'null'", "'~'", '"="', "'<<'"]
LONG = ['The quick brown fox jumps over the lazy dog and then it runs away from the very angry bear that lives here',
        'a' * 130, 'key=value ' * 14, 'one  two   three    four     five      six       seven        eight         nine     ten',
        '{"a":"b","c":["d","e"],"f":{"g":1,"h":"this is a long json text that goes over the eighty columns"}}',
        '--flag=value --other-flag="quoted value" --third=$(VAR) --fourth=\'single\' --fifth --sixth --seventh=1']
MULTI = ['line one\nline two\n', 'a\nb', '#!/bin/sh\nset -e\necho "hi"\n', 'key: value\nother:\n  - 1\n  - two\n', 'x\n\n\ny\n', 'tab\there\nz\n',
         'trailing \nspace\n', 'end\n\n', '\nlead\n', '  indented\nless\n', '{"a": 1,\n "b": [true, null]}\n', 'server {\n\tlisten 80;\n}\n', 'é\n日本\n',
         'long ' * 30 + '\nshort\n', 'a=b\nc=d\n# e\n', 'crlf\r\nx\r\n', '\n', 'quote"s\nand\'s\n', '$(VAR) and $(WEB_NAME)\n']


class Objects:
    def __init__(self, rng):
        self.rng = rng

    def chance(self, p):
        return self.rng.random() < p

    def name(self):
        return self.rng.choice(NAMES[:-1] if self.chance(0.98) else NAMES)

    def value(self):
        """A scalar of an open-ended place, odd ones among them."""
        r = self.rng.random()
        if r < 0.55:
            return self.rng.choice(['a', 'b', 'value', 'info', 'x-y', 'true', '5', '1.5', 'some text', 'http://web:80', '$(WEB_NAME)', ''])
        if r < 0.75:
            return Raw(self.rng.choice(ODD))
        if r < 0.9:
            return self.rng.choice(MULTI)
        return self.rng.choice(LONG)

    def text(self):
        """A value that is text whatever happens."""
        v = self.value()
        return v if not isinstance(v, Raw) or self.chance(0.1) else str(v).strip('\'"')

    def labels(self):
        keys = self.rng.sample(LABEL_KEYS, self.rng.randint(1, 3))
        return {k: self.rng.choice(NAMES[:-1] + ['5', 'v1', '1.0', 'true']) if self.chance(0.97) else Raw(self.rng.choice(ODD)) for k in keys}

    def annotations(self):
        keys = ['note', 'example.com/a', 'prometheus.io/scrape', 'checksum/config', 'a/b.c', 'nginx.ingress.kubernetes.io/auth-secret',
                'config.kubernetes.io/origin', 'kubectl.kubernetes.io/last-applied-configuration', 'zeta']
        out = {k: self.text() for k in self.rng.sample(keys[:6] if self.chance(0.95) else keys, self.rng.randint(1, 2))}
        return out

    def metadata(self, name, namespaced=True):
        m = {'name': name}
        if namespaced and self.chance(0.25):
            m['namespace'] = self.rng.choice(NAMESPACES)
        if self.chance(0.5):
            m['labels'] = self.labels()
        if self.chance(0.25):
            m['annotations'] = self.annotations()
        if self.chance(0.03):
            m[self.rng.choice(['creationTimestamp', 'labels', 'annotations'])] = self.rng.choice([None, {}])
        if self.chance(0.02):
            m['annotations'] = {self.rng.choice(['config.kubernetes.io/local-config', 'config.kubernetes.io/index', 'config.kubernetes.io/path',
                                                 'internal.config.kubernetes.io/path', 'kustomize.config.k8s.io/needs-hash',
                                                 'kustomize.config.k8s.io/behavior']):
                                self.rng.choice(['true', 'false', 'a.yaml', 'enabled', 'merge', 'create'])}
        return m

    def env(self):
        r = self.rng.random()
        e = {'name': self.rng.choice(['A', 'B', 'LOG_LEVEL', 'DB_HOST', 'PATH_X'])}
        if r < 0.5:
            e['value'] = self.text()
        elif r < 0.7:
            e['valueFrom'] = {'configMapKeyRef': {'name': self.name(), 'key': 'k', **({'optional': True} if self.chance(0.2) else {})}}
        elif r < 0.9:
            e['valueFrom'] = {'secretKeyRef': {'name': self.name(), 'key': 'k'}}
        else:
            e['valueFrom'] = {'fieldRef': {'fieldPath': 'metadata.name'}}
        return e

    def container(self, name=None):
        c = {'name': name or self.rng.choice(['main', 'sidecar', 'init', 'web'])}
        if self.chance(0.95):
            c['image'] = self.rng.choice(IMAGES)
        if self.chance(0.5):
            c['env'] = unique([self.env() for _ in range(self.rng.randint(1, 3))], 'name')
        if self.chance(0.15):
            c['envFrom'] = [{self.rng.choice(['configMapRef', 'secretRef']): {'name': self.name()}} for _ in range(self.rng.randint(1, 2))]
        if self.chance(0.3):
            c['ports'] = [{'containerPort': p, **({'name': 'p%d' % p} if self.chance(0.5) else {}), **({'protocol': self.rng.choice(['TCP', 'UDP'])} if self.chance(0.4) else {})}
                          for p in self.rng.sample([80, 443, 8080, 53], self.rng.randint(1, 2))]
        if self.chance(0.2):
            c['args'] = self.rng.sample(['--a=$(WEB_NAME)', '--b', '-c=1', '$(A)', '--x=$$(WEB_NAME)', '--long=' + 'v' * 90, '5', 'true'], self.rng.randint(1, 3))
        if self.chance(0.15):
            c['command'] = self.rng.choice([['sh', '-c', 'echo $(WEB_NAME)'], ['run'], ['/bin/app', '--flag', 'a b']])
        if self.chance(0.2):
            c['volumeMounts'] = [{'name': self.rng.choice(['v', 'data', 'cfg']), 'mountPath': self.rng.choice(['/v', '/data', '/etc/$(WEB_NAME)'])}]
        if self.chance(0.2):
            c['resources'] = {'limits': {'cpu': self.rng.choice(['100m', 1, 0.5, '1']), 'memory': '64Mi'}, **({'requests': {'cpu': '10m'}} if self.chance(0.5) else {})}
        if self.chance(0.1):
            c['livenessProbe'] = {'httpGet': {'path': '/', 'port': self.rng.choice([80, 'p80'])}, 'periodSeconds': 5}
        if self.chance(0.05):
            c['securityContext'] = {'capabilities': {'add': ['NET_ADMIN'], 'drop': ['ALL']}, 'runAsUser': 1000}
        return c

    def volume(self):
        v = {'name': self.rng.choice(['v', 'data', 'cfg'])}
        kind = self.rng.choice(['configMap', 'secret', 'emptyDir', 'pvc', 'projected', 'hostPath', 'nfs'])
        if kind == 'configMap':
            v['configMap'] = {'name': self.name()}
        elif kind == 'secret':
            v['secret'] = {'secretName': self.name()}
        elif kind == 'pvc':
            v['persistentVolumeClaim'] = {'claimName': self.name()}
        elif kind == 'projected':
            v['projected'] = {'sources': [{'configMap': {'name': self.name()}}, {'secret': {'name': self.name()}}]}
        elif kind == 'nfs':
            v['nfs'] = {'server': '$(WEB_NAME)', 'path': '/'}
        else:
            v[kind] = {} if kind == 'emptyDir' else {'path': '/x'}
        return v

    def pod_spec(self):
        s = {'containers': unique([self.container() for _ in range(self.rng.randint(1, 2))], 'name')}
        if self.chance(0.15):
            s['initContainers'] = [self.container('setup')]
        if self.chance(0.3):
            s['volumes'] = unique([self.volume() for _ in range(self.rng.randint(1, 3))], 'name')
        if self.chance(0.2):
            s['serviceAccountName'] = self.name()
        if self.chance(0.1):
            s['imagePullSecrets'] = [{'name': self.name()}]
        if self.chance(0.1):
            s['priorityClassName'] = self.name()
        if self.chance(0.1):
            s['tolerations'] = [{'key': 'k', 'operator': 'Exists'}, {'effect': 'NoSchedule', 'key': 'j', 'value': 'v'}][:self.rng.randint(1, 2)]
        if self.chance(0.1):
            s['nodeSelector'] = {'kubernetes.io/os': 'linux'}
        if self.chance(0.08):
            s['hostAliases'] = [{'ip': '127.0.0.1', 'hostnames': ['a', 'b']}]
        if self.chance(0.1):
            term = {'labelSelector': {'matchLabels': self.labels()}, 'topologyKey': 'zone'}
            s['affinity'] = {self.rng.choice(['podAffinity', 'podAntiAffinity']): self.rng.choice([
                {'requiredDuringSchedulingIgnoredDuringExecution': [term]},
                {'preferredDuringSchedulingIgnoredDuringExecution': [{'weight': 1, 'podAffinityTerm': term}]}])}
        if self.chance(0.07):
            s['topologySpreadConstraints'] = [{'maxSkew': 1, 'topologyKey': self.rng.choice(['zone', 'host']), 'whenUnsatisfiable': 'DoNotSchedule', 'labelSelector': {'matchLabels': self.labels()}}]
        return s

    def template(self):
        t = {'spec': self.pod_spec()}
        if self.chance(0.85):
            t = {'metadata': {'labels': self.labels(), **({'annotations': self.annotations()} if self.chance(0.15) else {})}, **t}
        return t

    def workload(self, kind, name):
        spec = {}
        if self.chance(0.6):
            spec['replicas'] = self.rng.choice([0, 1, 3])
        if self.chance(0.85):
            spec['selector'] = {'matchLabels': self.labels(), **({'matchExpressions': [{'key': 'a', 'operator': 'Exists'}]} if self.chance(0.1) else {})}
        spec['template'] = self.template()
        if kind == 'StatefulSet':
            spec['serviceName'] = self.name()
            if self.chance(0.4):
                spec['volumeClaimTemplates'] = [{'metadata': {'name': 'data'}, 'spec': {'accessModes': ['ReadWriteOnce'], **({'storageClassName': self.name()} if self.chance(0.4) else {}), 'resources': {'requests': {'storage': '1Gi'}}}}]
        if kind == 'Deployment' and self.chance(0.2):
            spec['strategy'] = self.rng.choice([{'type': 'Recreate'}, {'type': 'RollingUpdate', 'rollingUpdate': {'maxSurge': 1, 'maxUnavailable': '25%'}}])
        if kind == 'ReplicationController' and 'selector' in spec:
            spec['selector'] = self.labels()
        if kind == 'DaemonSet':
            spec.pop('replicas', None)
        group = {'ReplicationController': 'v1'}.get(kind, 'apps/v1')
        if self.chance(0.03):
            group = self.rng.choice(['extensions/v1beta1', 'apps/v1beta2'])
        return {'apiVersion': group, 'kind': kind, 'metadata': self.metadata(name), 'spec': spec}

    def make(self, kind, name):
        return getattr(self, 'make_' + kind, lambda n: self.workload(kind, n))(name)

    def make_Pod(self, name):
        return {'apiVersion': 'v1', 'kind': 'Pod', 'metadata': self.metadata(name), 'spec': self.pod_spec()}

    def make_PodTemplate(self, name):
        return {'apiVersion': 'v1', 'kind': 'PodTemplate', 'metadata': self.metadata(name), 'template': self.template()}

    def job_spec(self):
        s = {'template': self.template()}
        if self.chance(0.3):
            s['backoffLimit'] = 3
        if self.chance(0.2):
            s['selector'] = {'matchLabels': self.labels()}
        return s

    def make_Job(self, name):
        return {'apiVersion': 'batch/v1', 'kind': 'Job', 'metadata': self.metadata(name), 'spec': self.job_spec()}

    def make_CronJob(self, name):
        spec = {'schedule': self.rng.choice(['* * * * *', '0 3 * * 1', '@daily']), 'jobTemplate': {'spec': self.job_spec()}}
        if self.chance(0.3):
            spec['jobTemplate'] = {'metadata': {'labels': self.labels()}, **spec['jobTemplate']}
        return {'apiVersion': self.rng.choice(['batch/v1', 'batch/v1beta1']), 'kind': 'CronJob', 'metadata': self.metadata(name), 'spec': spec}

    def make_Service(self, name):
        ports = [{'port': p, 'targetPort': self.rng.choice([p, 'http', '$(PORT)']), **({'name': 'n%d' % p} if self.chance(0.5) else {}), **({'protocol': 'TCP'} if self.chance(0.3) else {})}
                 for p in self.rng.sample([80, 443, 53], self.rng.randint(1, 2))]
        spec = {'ports': ports}
        if self.chance(0.8):
            spec['selector'] = self.labels()
        if self.chance(0.2):
            spec['type'] = self.rng.choice(['ClusterIP', 'LoadBalancer', 'ExternalName'])
        return {'apiVersion': 'v1' if self.chance(0.97) else 'serving.knative.dev/v1', 'kind': 'Service', 'metadata': self.metadata(name), 'spec': spec}

    def data(self):
        keys = self.rng.sample(['a', 'b', 'config.yaml', 'run.sh', 'KEY', 'x.json', 'level', 'z1', 'z10', 'z2'], self.rng.randint(1, 4))
        return {k: self.value() for k in keys}

    def make_ConfigMap(self, name):
        o = {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': self.metadata(name)}
        if self.chance(0.9):
            o['data'] = self.data()
        if self.chance(0.08):
            o['binaryData'] = {'bin': 'AAEC/w=='}
        if self.chance(0.05):
            o['immutable'] = True
        return o

    def make_Secret(self, name):
        o = {'apiVersion': 'v1', 'kind': 'Secret', 'metadata': self.metadata(name)}
        if self.chance(0.6):
            o['data'] = {'password': 'cGFzcw==', **({'ca': 'QUJD' * 30} if self.chance(0.3) else {})}
        if self.chance(0.5):
            o['stringData'] = self.data()
        if self.chance(0.6):
            o['type'] = self.rng.choice(['Opaque', 'kubernetes.io/tls'])
        return o

    def make_ServiceAccount(self, name):
        o = {'apiVersion': 'v1', 'kind': 'ServiceAccount', 'metadata': self.metadata(name if self.chance(0.9) else 'default')}
        if self.chance(0.3):
            o['imagePullSecrets'] = [{'name': self.name()}]
        if self.chance(0.2):
            o['secrets'] = [{'name': self.name()}]
        return o

    def make_Namespace(self, name):
        return {'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': self.metadata(self.rng.choice(NAMESPACES + [name]), False)}

    def rules(self):
        rule = {'apiGroups': [''], 'resources': ['configmaps', 'secrets'], 'verbs': ['get', 'list']}
        if self.chance(0.3):
            rule['resourceNames'] = [self.name(), self.name()]
        return [rule] if self.chance(0.7) else [rule, {'nonResourceURLs': ['/metrics'], 'verbs': ['get']}]

    def make_Role(self, name):
        return {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'Role', 'metadata': self.metadata(name), 'rules': self.rules()}

    def make_ClusterRole(self, name):
        o = {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'ClusterRole', 'metadata': self.metadata(name, False), 'rules': self.rules()}
        if self.chance(0.1):
            o['aggregationRule'] = {'clusterRoleSelectors': [{'matchLabels': self.labels()}]}
        return o

    def subjects(self):
        out = []
        for _ in range(self.rng.randint(1, 3)):
            s = {'kind': self.rng.choice(['ServiceAccount', 'ServiceAccount', 'User', 'Group']), 'name': self.rng.choice([self.name(), 'default'])}
            if s['kind'] != 'ServiceAccount':
                s['apiGroup'] = 'rbac.authorization.k8s.io'
            elif self.chance(0.7):
                s['namespace'] = self.rng.choice(NAMESPACES)
            out.append(s)
        return out

    def binding(self, kind, name):
        role = 'ClusterRole' if kind == 'ClusterRoleBinding' or self.chance(0.4) else 'Role'
        o = {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': kind, 'metadata': self.metadata(name, kind == 'RoleBinding'),
             'roleRef': {'apiGroup': 'rbac.authorization.k8s.io', 'kind': role, 'name': self.name()}}
        if self.chance(0.9):
            o['subjects'] = self.subjects()
        return o

    def make_RoleBinding(self, name):
        return self.binding('RoleBinding', name)

    def make_ClusterRoleBinding(self, name):
        return self.binding('ClusterRoleBinding', name)

    def make_Ingress(self, name):
        if self.chance(0.2):
            backend = {'serviceName': self.name(), 'servicePort': 80}
            version = self.rng.choice(['extensions/v1beta1', 'networking.k8s.io/v1beta1'])
        else:
            backend = {'service': {'name': self.name(), 'port': {'number': 80}}}
            version = 'networking.k8s.io/v1'
        spec = {'rules': [{'host': self.rng.choice(['a.example.com', '$(HOST)', '*.x.io']), 'http': {'paths': [{'path': '/', 'pathType': 'Prefix', 'backend': backend}]}}]}
        if self.chance(0.3):
            spec['tls'] = [{'hosts': ['a.example.com'], 'secretName': self.name()}]
        if self.chance(0.2):
            spec['defaultBackend' if 'v1beta1' not in version else 'backend'] = backend
        if self.chance(0.2):
            spec['ingressClassName'] = self.name()
        return {'apiVersion': version, 'kind': 'Ingress', 'metadata': self.metadata(name), 'spec': spec}

    def make_IngressClass(self, name):
        return {'apiVersion': 'networking.k8s.io/v1', 'kind': 'IngressClass', 'metadata': self.metadata(name, False), 'spec': {'controller': 'x/y'}}

    def make_HorizontalPodAutoscaler(self, name):
        kind = self.rng.choice(['Deployment', 'StatefulSet', 'ReplicaSet'])
        return {'apiVersion': 'autoscaling/v2', 'kind': 'HorizontalPodAutoscaler', 'metadata': self.metadata(name),
                'spec': {'scaleTargetRef': {'apiVersion': 'apps/v1', 'kind': kind, 'name': self.name()}, 'minReplicas': 1, 'maxReplicas': 3}}

    def make_PersistentVolume(self, name):
        return {'apiVersion': 'v1', 'kind': 'PersistentVolume', 'metadata': self.metadata(name, False),
                'spec': {'capacity': {'storage': '1Gi'}, 'storageClassName': self.name(), 'accessModes': ['ReadWriteOnce'], **({'azureFile': {'secretName': self.name()}} if self.chance(0.3) else {'nfs': {'server': '$(WEB_NAME)', 'path': '/'}})}}

    def make_PersistentVolumeClaim(self, name):
        return {'apiVersion': 'v1', 'kind': 'PersistentVolumeClaim', 'metadata': self.metadata(name),
                'spec': {'accessModes': ['ReadWriteOnce'], 'resources': {'requests': {'storage': '1Gi'}}, **({'volumeName': self.name()} if self.chance(0.5) else {}), **({'storageClassName': self.name()} if self.chance(0.5) else {})}}

    def make_StorageClass(self, name):
        return {'apiVersion': 'storage.k8s.io/v1', 'kind': 'StorageClass', 'metadata': self.metadata(name, False), 'provisioner': 'x', 'parameters': {'secretName': self.name()}}

    def make_PriorityClass(self, name):
        return {'apiVersion': 'scheduling.k8s.io/v1', 'kind': 'PriorityClass', 'metadata': self.metadata(name, False), 'value': 1000}

    def make_PodDisruptionBudget(self, name):
        return {'apiVersion': 'policy/v1', 'kind': 'PodDisruptionBudget', 'metadata': self.metadata(name), 'spec': {'minAvailable': 1, 'selector': {'matchLabels': self.labels()}}}

    def make_NetworkPolicy(self, name):
        spec = {'podSelector': {'matchLabels': self.labels()} if self.chance(0.7) else {}, 'policyTypes': ['Ingress']}
        if self.chance(0.5):
            spec['ingress'] = [{'from': [{'podSelector': {'matchLabels': self.labels()}}, {'namespaceSelector': {'matchLabels': {'a': 'b'}}}]}]
        if self.chance(0.3):
            spec['egress'] = [{'to': [{'podSelector': {'matchLabels': self.labels()}}]}]
        return {'apiVersion': 'networking.k8s.io/v1', 'kind': 'NetworkPolicy', 'metadata': self.metadata(name), 'spec': spec}

    def client_config(self):
        return {'service': {'name': self.name(), **({'namespace': self.rng.choice(NAMESPACES)} if self.chance(0.8) else {}), 'path': '/hook'}} if self.chance(0.9) else {'url': 'https://x'}

    def webhook(self, kind, name):
        hooks = [{'name': 'h%d.example.com' % i, 'clientConfig': self.client_config(), 'admissionReviewVersions': ['v1'], 'sideEffects': 'None'} for i in range(self.rng.randint(1, 2))]
        return {'apiVersion': 'admissionregistration.k8s.io/v1', 'kind': kind, 'metadata': self.metadata(name, False), 'webhooks': hooks}

    def make_MutatingWebhookConfiguration(self, name):
        return self.webhook('MutatingWebhookConfiguration', name)

    def make_ValidatingWebhookConfiguration(self, name):
        return self.webhook('ValidatingWebhookConfiguration', name)

    def make_ValidatingAdmissionPolicy(self, name):
        return {'apiVersion': 'admissionregistration.k8s.io/v1', 'kind': 'ValidatingAdmissionPolicy', 'metadata': self.metadata(name, False), 'spec': {'validations': [{'expression': 'true'}]}}

    def make_ValidatingAdmissionPolicyBinding(self, name):
        return {'apiVersion': 'admissionregistration.k8s.io/v1', 'kind': 'ValidatingAdmissionPolicyBinding', 'metadata': self.metadata(name, False), 'spec': {'policyName': self.name()}}

    def make_APIService(self, name):
        return {'apiVersion': 'apiregistration.k8s.io/v1', 'kind': 'APIService', 'metadata': self.metadata('v1.' + name, False),
                'spec': {'group': 'g', 'version': 'v1', 'service': {'name': self.name(), 'namespace': self.rng.choice(NAMESPACES)}}}

    def make_CustomResourceDefinition(self, name):
        spec = {'group': 'example.com', 'names': {'kind': 'Widget', 'plural': 'widgets'}, 'scope': 'Namespaced', 'versions': [{'name': 'v1', 'served': True, 'storage': True}]}
        if self.chance(0.3):
            spec['conversion'] = {'strategy': 'Webhook', 'webhook': {'clientConfig': self.client_config(), 'conversionReviewVersions': ['v1']}}
        return {'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition', 'metadata': self.metadata('widgets.example.com', False), 'spec': spec}

    def make_Widget(self, name):
        spec = {'size': self.value(), 'list': [{'name': 'a', 'v': 1}, {'name': 'b', 'v': 2}], 'ref': {'name': self.name()}, 'image': self.rng.choice(IMAGES)}
        if self.chance(0.3):
            spec['odd'] = [self.value() for _ in range(3)]
        if self.chance(0.3):
            spec['template'] = self.template()
        if self.chance(0.2):
            spec['deep'] = {'a': {'b': {'c': self.value()}}, 'k.x': {'y': 1}, 'l': [[1, 2], [3]], 'e': {}, 'f': [], 'n': None}
        return {'apiVersion': self.rng.choice(['example.com/v1', 'example.com/v1alpha1']), 'kind': 'Widget', 'metadata': self.metadata(name), 'spec': spec}

    def make_Kustomization(self, name):
        return {'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': self.metadata(name), 'spec': {'interval': '10m', 'path': './apps', 'prune': True,
                'sourceRef': {'kind': 'GitRepository', 'name': self.name()}, **({'postBuild': {'substitute': {'a': 'b', 'n': Raw('"5"')}}} if self.chance(0.3) else {})}}

    def make_HelmRelease(self, name):
        return {'apiVersion': 'helm.toolkit.fluxcd.io/v2', 'kind': 'HelmRelease', 'metadata': self.metadata(name), 'spec': {'interval': '5m', 'chart': {'spec': {'chart': 'x', 'version': Raw(self.rng.choice(['1.x', "'1.0'", '">=1.0.0"', '1.2']))}},
                'values': {'a': self.value(), 'image': {'tag': self.value()}, 'list': [self.value(), self.value()]}, **({'valuesFrom': [{'kind': 'ConfigMap', 'name': self.name()}]} if self.chance(0.4) else {})}}


KINDS = (['Deployment'] * 10 + ['Service'] * 6 + ['ConfigMap'] * 7 + ['Secret'] * 4 + ['StatefulSet'] * 4 + ['Ingress'] * 4 + ['ServiceAccount'] * 3 +
         ['Namespace'] * 2 + ['Widget'] * 4 + ['Role', 'ClusterRole', 'RoleBinding', 'RoleBinding', 'ClusterRoleBinding', 'ClusterRoleBinding', 'DaemonSet', 'ReplicaSet',
          'ReplicationController', 'Pod', 'PodTemplate', 'Job', 'CronJob', 'CronJob', 'IngressClass', 'HorizontalPodAutoscaler', 'HorizontalPodAutoscaler', 'PersistentVolume',
          'PersistentVolumeClaim', 'StorageClass', 'PriorityClass', 'PodDisruptionBudget', 'NetworkPolicy', 'MutatingWebhookConfiguration',
          'ValidatingWebhookConfiguration', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'APIService', 'CustomResourceDefinition',
          'Kustomization', 'HelmRelease'])


def unique(items, key):
    seen, out = set(), []
    for i in items:
        if i[key] not in seen:
            seen.add(i[key])
            out.append(i)
    return out

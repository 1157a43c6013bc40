#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kubectl, flux and helm as people use them, against `weir sandbox`. Every command's status and output are checked; the whole is written as a
transcript to docs/reference/clients.md with --transcript. A client that is not installed is named and skipped.
"""
import os, re, shutil, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'e2e'))
from harness import *

TRANSCRIPT = []
DEPLOYMENT = '''apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example.com/web:1"}]}
'''


class Client:
    def __init__(self, box, folder, name):
        self.env = {**os.environ, 'KUBECONFIG': box.kubeconfig, 'HOME': folder}
        self.folder, self.name = folder, name

    def __call__(self, line, *has, status=0, stdin=None, env=None, show=True):
        """Runs `name line` in a shell; every word of `has` must be in what it prints."""
        r = subprocess.run(f'{self.name} {line}', shell=True, capture_output=True, text=True, input=stdin, timeout=90, cwd=self.folder,
                           env={**self.env, **(env or {})})
        text = r.stdout + r.stderr
        if show:
            TRANSCRIPT.append(f'$ {self.name} {line}\n{text}')
        check(r.returncode == status, f'{self.name} {line}: status {r.returncode}, want {status}:\n{text[-800:]}')
        for word in has:
            check(re.search(word, text), f'{self.name} {line}: {word!r} is not in:\n{text[-1200:]}')
        return text


def section(title):
    TRANSCRIPT.append(f'## {title}')


def write(folder, name, text):
    with open(os.path.join(folder, name), 'w') as f:
        f.write(text)


@test
def kubectl_as_people_use_it():
    if not shutil.which('kubectl'):
        return 'kubectl is not installed'
    section('kubectl')
    with world() as (box, repo):
        folder = os.path.dirname(repo.bare)
        k = Client(box, folder, 'kubectl')
        k('version', 'Server Version: v1.35')
        k('api-resources --api-group=apps', r'deployments +deploy +apps/v1 +true +Deployment')
        k('create namespace shop', 'namespace/shop created')
        write(folder, 'web.yaml', DEPLOYMENT)
        k('-n shop apply -f web.yaml', 'deployment.apps/web created')
        k('-n shop rollout status deployment/web --timeout=30s', 'successfully rolled out')
        k('-n shop apply -f web.yaml', 'deployment.apps/web unchanged')
        k('-n shop get deployments', r'web +2/2 +2 +2')
        k('-n shop get deployments -o wide', r'CONTAINERS +IMAGES', 'example.com/web:1')
        k('-n shop get pods -l app=web', r'web-\w+-\w+ +1/1 +Running')
        k('-n shop get deployment web -o yaml', 'progressDeadlineSeconds: 600')
        k('-n shop describe deployment web', 'Replicas: +2 desired', 'NewReplicaSet')
        write(folder, 'web.yaml', DEPLOYMENT.replace('web:1', 'web:2'))
        k('-n shop diff -f web.yaml', r'\+ +- image: example.com/web:2|\+.*example.com/web:2', status=1)
        k('-n shop apply --server-side --field-manager=ops --force-conflicts -f web.yaml', 'serverside-applied')
        k('-n shop rollout status deployment/web --timeout=30s', 'successfully rolled out')
        k('-n shop scale deployment web --replicas=3', 'scaled')
        k('-n shop wait deployment/web --for=jsonpath="{.status.readyReplicas}"=3 --timeout=30s', 'condition met')
        k('-n shop label deployment web tier=front', 'labeled')
        k('-n shop annotate deployment web note=hello', 'annotated')
        k("""-n shop patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"A","value":"b"}]}]}}}}'""", 'patched')
        k("""-n shop patch deployment web --type=json -p '[{"op":"remove","path":"/metadata/annotations/note"}]'""", 'patched')
        write(folder, 'editor.sh', '#!/bin/sh\nsed -i "s/tier: front/tier: back/" "$1"\n')
        os.chmod(os.path.join(folder, 'editor.sh'), 0o755)
        k('-n shop edit deployment web', 'edited', env={'KUBE_EDITOR': os.path.join(folder, 'editor.sh')})
        k('-n shop get deployment web -L tier', 'back')
        watch = subprocess.Popen(['kubectl', '-n', 'shop', 'get', 'configmaps', '-w'], stdout=subprocess.PIPE, text=True, env=k.env)
        time.sleep(0.5)
        k('-n shop create configmap settings --from-literal=a=1', 'configmap/settings created')
        k('-n shop get configmap settings -o jsonpath={.data.a}', '^1$')
        time.sleep(0.5)
        watch.terminate()
        seen = watch.communicate()[0]
        TRANSCRIPT.append(f'$ kubectl -n shop get configmaps -w\n{seen}')
        check('settings' in seen, f'the watch saw: {seen}')
        k('-n shop create secret generic token --from-literal=x=y', 'created')
        k('-n shop expose deployment web --port=80', 'exposed')
        k('-n shop get service web -o wide', 'ClusterIP')
        k('-n shop create job once --image=example.com/job', 'created')
        k('-n shop run single --image=example.com/one', 'created')
        k('-n shop wait pod/single --for=condition=Ready --timeout=30s', 'condition met')
        k('auth can-i delete pods -n shop', 'yes')
        k('explain deployment.spec.replicas', 'FIELD: replicas')
        k('-n shop get all', 'deployment.apps/web', 'service/web')
        k('-n shop delete deployment web --wait', 'deleted')
        until(15, lambda: 'web-' not in k('-n shop get pods', show=False), 'the garbage collector took the pods')
        k('delete namespace shop --timeout=30s', 'deleted')
        k('get namespace shop', 'NotFound', status=1)


@test
def flux_as_people_use_it():
    if not shutil.which('flux'):
        return 'flux is not installed'
    section('flux')
    with world() as (box, repo):
        shutil.copytree(os.path.join(ROOT, 'examples', 'fleet'), repo.work, dirs_exist_ok=True)
        revision = repo.commit({})
        point(box, repo, './clusters/staging')
        until(20, lambda: box.applied('apps', revision), 'applied')
        f = Client(box, os.path.dirname(repo.bare), 'flux')
        mine = Client(box, os.path.dirname(repo.bare), WEIR)
        sources = '--local-sources GitRepository/flux-system/fleet=' + repo.work
        for line in ('get sources git', 'get kustomizations', 'get kustomizations -A', 'get all -A', 'tree kustomization fleet'):
            theirs = f(line)
            check(theirs == mine(line, show=False), f'weir {line} prints something else')
        for line in ('get sources all', 'get ks --show-source', 'get ks --status-selector ready=true', 'get all -A --no-header', 'tree ks fleet -o json', 'tree ks fleet -o yaml',
                     'tree ks fleet --compact', 'trace deployment web -n shop', 'trace -n shop pod/cache-0 ns/shop', 'stats -A', 'export ks --all', 'export source git fleet',
                     f'build ks apps --path {repo.work}/apps/staging', f'build ks fleet --path {repo.work}/clusters/staging -r {sources}',
                     f'diff ks apps --path {repo.work}/apps/staging --progress-bar=false', 'check --pre'):
            check(f(line, show=False) == mine(line, show=False), f'weir {line} prints something else')
        for line in ('get ks none', 'get sources oci', 'events --for Pod/x', 'events --types odd', 'trace deployment', 'trace castle x', 'export ks --all -n default'):
            check(f(line, status=1, show=False) == mine(line, status=1, show=False), f'weir {line} says something else')
        changed = f'diff ks apps --path {repo.work}/apps/production --progress-bar=false'
        check(f(changed, status=1, show=False) == mine(changed, status=1, show=False), f'weir {changed} prints something else')
        f('reconcile source git fleet', 'fetched revision main@sha1:' + revision)
        f('reconcile kustomization apps --with-source', 'applied revision main@sha1:' + revision)
        f('suspend kustomization apps', 'kustomization suspended')
        f('get kustomizations apps', r'apps\s+main@sha1:\w+\s+True')
        f('resume kustomization apps', 'applied revision')
        f('events --for Kustomization/apps', 'ReconciliationSucceeded')
        f('suspend source git fleet', 'suspended')
        f('resume source git fleet', 'resumed')
        f('export kustomization apps', 'kind: Kustomization', 'path: ./apps/staging')
        f('trace deployment web -n shop', 'Kustomization: +apps', 'GitRepository: +fleet')


@test
def helm_as_people_use_it():
    if not shutil.which('helm'):
        return 'helm is not installed'
    section('helm')
    with world() as (box, repo):
        folder = os.path.dirname(repo.bare)
        os.makedirs(folder + '/chart/templates')
        write(folder, 'chart/Chart.yaml', 'apiVersion: v2\nname: hello\nversion: 0.1.0\nappVersion: "1"\n')
        write(folder, 'chart/values.yaml', 'replicas: 1\n')
        write(folder, 'chart/templates/web.yaml', DEPLOYMENT.replace('replicas: 2', 'replicas: {{ .Values.replicas }}').replace('name: web,', 'name: {{ .Release.Name }},'))
        write(folder, 'chart/templates/config.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {greeting: hello}\n')
        h = Client(box, folder, 'helm')
        h('install one ./chart --wait --timeout 60s', 'STATUS: deployed')
        h('list', r'one\s+default\s+1')
        h('get manifest one', 'kind: Deployment')
        h('upgrade one ./chart --set replicas=2 --wait --timeout 60s', 'REVISION: 2')
        h('history one', 'superseded', 'deployed')
        check(box.get('/apis/apps/v1/namespaces/default/deployments/one')['spec']['replicas'] == 2, 'upgraded')
        h('rollback one 1 --wait --timeout 60s', 'Rollback was a success')
        h('uninstall one', 'uninstalled')
        check(box.get('/apis/apps/v1/namespaces/default/deployments/one') is None, 'the Deployment is gone')


def transcript():
    text = '\n'.join(t if t.startswith('## ') else '```console\n' + t.rstrip() + '\n```' for t in TRANSCRIPT)
    text = re.sub(r'/tmp/[\w./-]+|' + re.escape(ROOT) + r'[\w./-]*', 'FOLDER', text)
    text = '\n'.join(line.rstrip() for line in text.splitlines())
    with open(os.path.join(ROOT, 'docs', 'reference', 'clients.md'), 'w') as f:
        f.write('# Real clients against the embedded API server\n\nWritten by `make conformance ARGS=--transcript` (tests/conformance/clients.py), which checks each answer.\n\n' + text + '\n')


if __name__ == '__main__':
    words = [a for a in sys.argv[1:] if not a.startswith('--')]
    status = main(words)
    if '--transcript' in sys.argv:
        transcript()
    sys.exit(status)

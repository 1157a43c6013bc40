#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the folders of tests/scenarios and compares what each leaves in the cluster with want.json, which Flux' kustomize-controller left.

scenarios.py [--on sandbox|kube] [--engine weir|flux] [--record] [NAME...]
  --on sandbox   the embedded API server (the default); kube: a real kube-apiserver with etcd ($WEIR_PEERS)
  --engine flux  kustomize-controller instead of weir (only on kube); this program plays the source-controller for it
  --record       writes want.json anew; only with --engine flux
Differences that are meant are listed in tests/scenarios/differences.json: [pattern over the line, why ours is better].
"""
import argparse, concurrent.futures, contextlib, hashlib, http.server, json, os, re, shutil, subprocess, sys, tarfile, tempfile, threading, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *
from kube_server import kube_server, missing
from scenario import REPOSITORY, Scenario, collection, differences

FOLDER = os.path.join(ROOT, 'tests', 'scenarios')
PEERS = os.path.join(os.environ.get('WEIR_PEERS', os.path.expanduser('~/.cache/weir-peers')), 'bin')


class OwnSource:
    """weir fetches by itself: a commit is announced as a webhook would."""

    def prepare(self, scenario):
        scenario.made = False

    def arrived(self, scenario, commit):
        path = collection(REPOSITORY, scenario.namespace)
        if not scenario.made:
            scenario.made = True
            scenario.call('POST', path, repository(scenario))
        else:
            scenario.call('PATCH', path + '/fleet', {'metadata': {'annotations': {'reconcile.fluxcd.io/requestedAt': str(time.time_ns())}}},
                          'application/merge-patch+json')
        until(20, lambda: commit in json.dumps(scenario.call('GET', path + '/fleet').get('status', {}).get('artifact', {})), 'the commit is fetched')


class PlayedSource:
    """Flux' source-controller, played: a tarball on a local server, and the status that names it."""

    def __init__(self, folder):
        self.folder = folder
        handler = lambda *a, **k: http.server.SimpleHTTPRequestHandler(*a, directory=folder, **k)
        http.server.SimpleHTTPRequestHandler.log_message = lambda *a: None
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def prepare(self, scenario):
        scenario.made = False

    def arrived(self, scenario, commit):
        path = collection(REPOSITORY, scenario.namespace)
        if not scenario.made:
            scenario.made = True
            scenario.call('POST', path, repository(scenario))
        name = f'{scenario.name}-{commit}.tar.gz'
        with tarfile.open(os.path.join(self.folder, name), 'w:gz') as tar:
            tar.add(scenario.repo.work, '.', filter=lambda i: None if i.name.startswith('./.git/') or i.name == './.git' else i)
        with open(os.path.join(self.folder, name), 'rb') as f:
            content = f.read()
        now = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())
        scenario.call('PATCH', path + '/fleet/status', {'status': {'observedGeneration': 1, 'artifact': {
            'digest': 'sha256:' + hashlib.sha256(content).hexdigest(), 'lastUpdateTime': now, 'path': name, 'revision': f'main@sha1:{commit}',
            'size': len(content), 'url': f'http://127.0.0.1:{self.server.server_address[1]}/{name}'},
            'conditions': [{'type': 'Ready', 'status': 'True', 'reason': 'Succeeded', 'message': 'stored', 'lastTransitionTime': now}]}},
            'application/merge-patch+json')


def repository(scenario):
    return {'apiVersion': 'source.toolkit.fluxcd.io/v1', 'kind': 'GitRepository', 'metadata': {'name': 'fleet'},
            'spec': {'url': scenario.repo.url, 'ref': {'branch': 'main'}, 'interval': '1h'}}


def bare_kind(kube, kind):
    """kustomize-controller watches these sources and does not start without them; no scenario has one."""
    plural = {'OCIRepository': 'ocirepositories'}.get(kind, kind.lower() + 's')
    path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
    if not kube.get(f'{path}/{plural}.source.toolkit.fluxcd.io'):
        kube.call('POST', path, {'metadata': {'name': f'{plural}.source.toolkit.fluxcd.io'}, 'spec': {
            'group': 'source.toolkit.fluxcd.io', 'scope': 'Namespaced', 'names': {'kind': kind, 'plural': plural, 'singular': kind.lower()},
            'versions': [{'name': 'v1', 'served': True, 'storage': True, 'schema': {'openAPIV3Schema': {
                'type': 'object', 'x-kubernetes-preserve-unknown-fields': True}}}]}})
    until(20, lambda: kube.get(f'/apis/source.toolkit.fluxcd.io/v1/{plural}') is not None, f'{kind} is served')


FLAGS = ['--requeue-dependency=2s', '--override-manager=helm-legacy']


@contextlib.contextmanager
def daemon(log, *command, env=None):
    with open(log, 'ab') as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def weir_daemon(kube, folder):
    return daemon(os.path.join(folder, 'weir.log'), WEIR, 'run', '--kubeconfig', kube.kubeconfig, '--install-crds', '--storage-path',
                  os.path.join(folder, 'store'), '--allow-file-urls', *FLAGS)


def flux_daemon(kube, folder):
    return daemon(os.path.join(folder, 'flux.log'), os.path.join(PEERS, 'kustomize-controller'), '--metrics-addr=127.0.0.1:0',
                  '--health-addr=127.0.0.1:0', '--concurrent=20', '--watch-all-namespaces', *FLAGS,
                  env={'KUBECONFIG': kube.kubeconfig, 'RUNTIME_NAMESPACE': 'flux-system'})


@contextlib.contextmanager
def stage(on, engine, folder):
    """(cluster, source) with the engine at work."""
    if on == 'sandbox':
        box = Sandbox(os.path.join(folder, 'cluster'), '--allow-file-urls', *FLAGS)
        try:
            yield box.start(), OwnSource()
        finally:
            box.stop(signal.SIGKILL)
        return
    with kube_server(os.path.join(PEERS, 'kube-apiserver')) as kube:
        if engine == 'weir':
            with weir_daemon(kube, folder):
                until(30, lambda: kube.get('/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations') is not None, 'the kinds are served')
                yield kube, OwnSource()
            return
        with weir_daemon(kube, folder):
            until(30, lambda: kube.get('/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations') is not None
                  and kube.get('/apis/source.toolkit.fluxcd.io/v1/gitrepositories') is not None, 'the kinds are served')
        for kind in ('OCIRepository', 'Bucket'):
            bare_kind(kube, kind)
        os.makedirs(os.path.join(folder, 'artifacts'))
        source = PlayedSource(os.path.join(folder, 'artifacts'))
        with flux_daemon(kube, folder):
            yield kube, source


def needs_kube(name):
    """Scenarios that need what the embedded server does not have (admission policies) say "only: kube"."""
    with open(os.path.join(FOLDER, name, 'scenario.yaml')) as f:
        return 'only: kube' in f.read().split('steps:')[0]


def meant():
    with open(os.path.join(FOLDER, 'differences.json')) as f:
        return [(re.compile(pattern), why) for pattern, why in json.load(f)]


def judge(name, got, record):
    """The lines that differ from what Flux left, and how many differ as is meant."""
    path = os.path.join(FOLDER, name, 'want.json')
    if record:
        with open(path, 'w') as f:
            json.dump(got, f, indent=1, sort_keys=True)
            f.write('\n')
        return [], 0
    if not os.path.exists(path):
        return ['want.json is not recorded yet (--on kube --engine flux --record)'], 0
    with open(path) as f:
        want = json.load(f)
    lines = [f'step {i + 1} {line}' for i, (g, w) in enumerate(zip(got['steps'], want['steps'])) for line in differences(g, w)]
    check(len(got['steps']) == len(want['steps']), 'another number of steps than recorded')
    lines += ['event' + line for line in differences([json.loads(e) for e in got['events']], [json.loads(e) for e in want['events']])]
    known = meant()
    left = [line for line in lines if not any(p.search(f'{name} {line}') for p, _ in known)]
    return left, len(lines) - len(left)


def main_scenarios():
    parser = argparse.ArgumentParser()
    parser.add_argument('--on', choices=['sandbox', 'kube'], default='sandbox')
    parser.add_argument('--engine', choices=['weir', 'flux'], default='weir')
    parser.add_argument('--record', action='store_true')
    parser.add_argument('names', nargs='*')
    args = parser.parse_args()
    names = sorted(n for n in os.listdir(FOLDER) if os.path.isdir(os.path.join(FOLDER, n)) and (not args.names or any(w in n for w in args.names)))
    if args.on == 'kube' and (why := missing(os.path.join(PEERS, 'kube-apiserver'))):
        print(f'skip: {why}\n0 passed, 0 failed')
        return 0
    folder = tempfile.mkdtemp(prefix='weir-scenarios-')
    passed = failed = allowed = 0
    if args.on == 'sandbox':
        names = [n for n in names if not needs_kube(n)]
    with stage(args.on, args.engine, folder) as (cluster, source), concurrent.futures.ThreadPoolExecutor(40) as pool:
        work = {n: pool.submit(lambda n=n: Scenario(os.path.join(FOLDER, n), cluster, source, folder).run()) for n in names}
        for name in names:
            try:
                lines, known = judge(name, work[name].result(), args.record)
                allowed += known
            except (Failed, OSError, KeyError) as e:
                lines = [f'{type(e).__name__}: {e}']
            passed += not lines
            failed += bool(lines)
            print(f'{"FAIL" if lines else "ok  "} {name}' + ''.join(f'\n    {line}' for line in lines), flush=True)
    if os.environ.get('KEEP'):
        print('kept ' + folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    print(f'differences that are meant: {allowed}')
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main_scenarios())

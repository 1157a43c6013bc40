"""Measures weir and kustomize-controller as engines of a real cluster: `make bench-cluster` (run.sh's peers, and kube-apiserver).

cluster.py BUILD PEERS [--count N] [--wait] [--only weir|flux]
Both run on a fresh kube-apiserver with etcd and kube-controller-manager, on the same objects: N Kustomizations of 4 objects, one
repository, applied as a service account. Phases: install, upgrade (one commit changes every Deployment), one interval without any
change, one object changed by hand, a restart. Calls are counted by the server's audit log, by user agent. `ceiling` sends the same
server-side applies with curl, 50 at a time, and nothing else.
"""
import argparse, collections, contextlib, json, os, shutil, subprocess, sys, tempfile, threading, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'e2e'))
sys.path.insert(0, os.path.join(ROOT, 'bench'))
TICK = os.sysconf('SC_CLK_TCK')
KUSTOMIZATIONS = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/bench/kustomizations'
INTERVAL = 90


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument('build')
    p.add_argument('peers')
    p.add_argument('--count', type=int, default=200)
    p.add_argument('--wait', action='store_true')
    p.add_argument('--only', choices=['weir', 'flux', 'ceiling'])
    return p.parse_args()


ARGS = arguments()
os.environ['BUILD'] = os.path.relpath(os.path.abspath(ARGS.build), ROOT)
os.environ['WEIR_PEERS'] = os.path.dirname(os.path.abspath(ARGS.peers))
import fleet
from harness import Repo, WEIR, check, free_port, until
from kube_server import KubeServer, missing
from scenarios import PlayedSource, bare_kind, daemon

AUDIT = """apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata}]
"""


def processes(pid):
    """The process and all below it."""
    found, rest = [], [pid]
    while rest:
        p = rest.pop()
        found.append(p)
        with contextlib.suppress(OSError):
            for t in os.listdir(f'/proc/{p}/task'):
                with open(f'/proc/{p}/task/{t}/children') as f:
                    rest += [int(c) for c in f.read().split()]
    return found


def cpu_seconds(pid):
    total = 0
    for p in processes(pid):
        with contextlib.suppress(OSError):
            with open(f'/proc/{p}/stat') as f:
                fields = f.read().rsplit(')', 1)[1].split()
            total += sum(map(int, fields[11:15])) if p == pid else sum(map(int, fields[11:13]))
    return total / TICK


class Peak(threading.Thread):
    """The highest resident set of a process and those below it, sampled."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.highest, self.done = pid, 0, False
        self.start()

    def run(self):
        while not self.done:
            pages = 0
            for p in processes(self.pid):
                with contextlib.suppress(OSError):
                    with open(f'/proc/{p}/statm') as f:
                        resident, shared = map(int, f.read().split()[1:3])
                    pages += resident if p == self.pid else resident - shared
            self.highest = max(self.highest, pages * 4 / 1024)
            time.sleep(0.05)


class Bench:
    """A cluster, a repository with one folder a Kustomization, and what an engine costs on them."""

    def __init__(self, folder):
        self.folder = folder
        with open(f'{folder}/audit.yaml', 'w') as f:
            f.write(AUDIT)
        self.audit = f'{folder}/audit.log'
        self.kube = KubeServer(folder, f'{ARGS.peers}/kube-apiserver')
        self.kube.start('--audit-policy-file', f'{folder}/audit.yaml', '--audit-log-path', self.audit, '--audit-log-batch-buffer-size', '100000')
        self.server_pid = self.kube.processes[1].pid
        self.repo = Repo(f'{folder}/repo')
        self.source = None
        self.revision = None

    def start_controllers(self):
        self.kube._spawn(f'{ARGS.peers}/kube-controller-manager', '--kubeconfig', self.kube.kubeconfig, '--leader-elect=false',
                         '--controllers=deployment-controller,replicaset-controller', '--kube-api-qps=500', '--kube-api-burst=500',
                         '--secure-port', str(free_port()), '--cert-dir', f'{self.folder}/kcm')

    def prepare(self):
        with daemon(f'{self.folder}/install.log', WEIR, 'run', '--kubeconfig', self.kube.kubeconfig, '--install-crds',
                    '--storage-path', f'{self.folder}/store0', '--allow-file-urls'):
            until(30, lambda: self.kube.get('/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations') is not None
                  and self.kube.get('/apis/source.toolkit.fluxcd.io/v1/gitrepositories') is not None, 'the kinds are served')
        for kind in ('OCIRepository', 'Bucket'):
            bare_kind(self.kube, kind)
        self.kube.call('POST', '/api/v1/namespaces', {'metadata': {'name': 'bench'}})
        self.kube.call('POST', '/api/v1/namespaces/bench/serviceaccounts', {'metadata': {'name': 'applier'}})
        self.kube.call('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
            'metadata': {'name': 'applier'}, 'roleRef': {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'ClusterRole', 'name': 'cluster-admin'},
            'subjects': [{'kind': 'ServiceAccount', 'name': 'applier', 'namespace': 'bench'}]})

    def files(self, tag):
        text = lambda i: '---\n'.join(o.format(n=f'-{i}') for o in fleet.OBJECTS).replace('\nmetadata:\n', '\nmetadata:\n  namespace: bench\n', 99)
        return {f'apps/{i}/all.yaml': text(i).replace('web:1.0.0', f'web:{tag}') for i in range(ARGS.count)}

    def commit(self, tag):
        self.revision = self.repo.commit(self.files(tag))

    def announce(self, engine):
        """The commit reaches the engine: by its own fetch, or by a played source-controller."""
        path = '/apis/source.toolkit.fluxcd.io/v1/namespaces/bench/gitrepositories'
        if not self.kube.get(path + '/fleet'):
            self.kube.call('POST', path, {'apiVersion': 'source.toolkit.fluxcd.io/v1', 'kind': 'GitRepository', 'metadata': {'name': 'fleet'},
                                          'spec': {'url': self.repo.url, 'ref': {'branch': 'main'}, 'interval': '1h'}})
        elif engine == 'weir':
            self.kube.call('PATCH', path + '/fleet', {'metadata': {'annotations': {'reconcile.fluxcd.io/requestedAt': str(time.time_ns())}}},
                           'application/merge-patch+json')
        if engine == 'flux':
            self.made, self.name, self.namespace = True, 'bench', 'bench'
            self.source.arrived(self, self.revision)

    def call(self, *args):
        return self.kube.call(*args)

    def create_kustomizations(self):
        for i in range(ARGS.count):
            self.kube.call('POST', KUSTOMIZATIONS, {'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': f'app-{i}'},
                'spec': {'interval': f'{INTERVAL}s', 'prune': True, 'wait': ARGS.wait, 'path': f'./apps/{i}', 'serviceAccountName': 'applier',
                         'timeout': '5m', 'sourceRef': {'kind': 'GitRepository', 'name': 'fleet'}}})

    def settled(self):
        items = self.kube.get(KUSTOMIZATIONS)['items']
        good = lambda k: k.get('status', {}).get('lastAppliedRevision', '').endswith(self.revision) and \
            any(c['type'] == 'Ready' and c['status'] == 'True' for c in k['status']['conditions'])
        return len(items) == ARGS.count and all(map(good, items))

    def calls_since(self, offset, agent):
        counts = collections.Counter()
        time.sleep(0.5)
        with open(self.audit) as f:
            f.seek(offset)
            for line in f:
                with contextlib.suppress(ValueError):
                    e = json.loads(line)
                    if e.get('userAgent', '').startswith(agent):
                        counts[e['verb'] + (' dry-run' if 'dryRun' in e['requestURI'] else '')] += 1
        return counts


def phase(bench, process, agent, peak, what, work):
    """One line: wall, engine's and server's CPU, peak memory, calls."""
    offset, engine, server, begin = os.path.getsize(bench.audit), cpu_seconds(process.pid), cpu_seconds(bench.server_pid), time.monotonic()
    work()
    took = time.monotonic() - begin
    figures = {'wall': took, 'engine': cpu_seconds(process.pid) - engine, 'server': cpu_seconds(bench.server_pid) - server, 'peak': peak.highest,
               'calls': bench.calls_since(offset, agent)}
    calls = ', '.join(f'{v} {k}' for k, v in sorted(figures['calls'].items())) or 'none'
    print(f'    {what:<12} {took:7.2f} s wall  {figures["engine"]:7.2f} s engine  {figures["server"]:7.2f} s server  {peak.highest:6.1f} MiB  calls: {calls}', flush=True)
    return figures


def commands(engine, bench):
    if engine == 'weir':
        return [WEIR, 'run', '--kubeconfig', bench.kube.kubeconfig, '--storage-path', f'{bench.folder}/store', '--allow-file-urls'], 'weir', {}
    return [f'{ARGS.peers}/kustomize-controller', '--metrics-addr=127.0.0.1:0', '--health-addr=127.0.0.1:0', '--watch-all-namespaces',
            '--concurrent=20', '--requeue-dependency=5s', '--kube-api-qps=500', '--kube-api-burst=1000', '--log-level=error'], \
        'kustomize-controller/', {'KUBECONFIG': bench.kube.kubeconfig, 'RUNTIME_NAMESPACE': 'flux-system'}


def drift(bench):
    path = '/api/v1/namespaces/bench/services/web-0'
    bench.kube.call('PATCH', path + '?fieldManager=kubectl-edit', {'spec': {'selector': {'app': 'other'}}}, 'application/merge-patch+json')
    until(INTERVAL + 60, lambda: bench.kube.get(path)['spec']['selector']['app'] == 'web-0', 'the drift is corrected')


def run_engine(engine):
    print(f'  {engine}: {ARGS.count} Kustomizations, wait {str(ARGS.wait).lower()}, impersonation', flush=True)
    with tempfile.TemporaryDirectory(prefix='weir-bench-', ignore_cleanup_errors=True, dir='/dev/shm') as folder:
        bench, figures = Bench(folder), {}
        try:
            bench.prepare()
            bench.start_controllers()
            os.makedirs(f'{folder}/artifacts')
            bench.source = PlayedSource(f'{folder}/artifacts')
            bench.commit('1.0.0')
            command, agent, env = commands(engine, bench)
            with daemon(f'{folder}/engine.log', *command, env=env) as process:
                peak = Peak(process.pid)
                time.sleep(3)
                bench.announce(engine)
                if engine == 'weir':
                    until(30, lambda: bench.revision in json.dumps(bench.kube.get('/apis/source.toolkit.fluxcd.io/v1/namespaces/bench/gitrepositories/fleet')), 'fetched')
                step = lambda what, work: figures.update({what: phase(bench, process, agent, peak, what, work)})
                step('install', lambda: (bench.create_kustomizations(), until(900, bench.settled, 'all are applied')))
                bench.commit('1.1.0')
                step('upgrade', lambda: (bench.announce(engine), until(900, bench.settled, 'all are applied')))
                time.sleep(5)
                step('interval', lambda: time.sleep(INTERVAL))
                step('drift', lambda: drift(bench))
                peak.done = True
            with daemon(f'{folder}/engine.log', *command, env=env) as process:
                peak = Peak(process.pid)
                step('restart', lambda: time.sleep(30))
                peak.done = True
        finally:
            bench.kube.stop()
    return figures


def ceiling():
    """The PATCHes of an install, sent by curl over HTTP/2, 50 at a time."""
    with tempfile.TemporaryDirectory(prefix='weir-bench-', ignore_cleanup_errors=True, dir='/dev/shm') as folder:
        bench = Bench(folder)
        try:
            bench.prepare()
            lines = []
            for i in range(ARGS.count):
                for n, text in enumerate(bench.files('1.0.0')[f'apps/{i}/all.yaml'].split('---\n')):
                    group, plural = [('/api/v1', 'serviceaccounts'), ('/api/v1', 'services'), ('/apis/apps/v1', 'deployments'),
                                     ('/apis/networking.k8s.io/v1', 'ingresses')][n]
                    with open(f'{folder}/{i}-{n}', 'w') as f:
                        f.write(text)
                    lines.append(f'url = "{bench.kube.server}{group}/namespaces/bench/{plural}/web-{i}?fieldManager=ceiling&force=true"\n'
                                 f'request = PATCH\ndata-binary = "@{folder}/{i}-{n}"\nheader = "Content-Type: application/apply-patch+yaml"\n'
                                 f'header = "Authorization: Bearer {bench.kube.token}"\ninsecure\nsilent\nfail\noutput = /dev/null\n')
            with open(f'{folder}/curl', 'w') as f:
                f.write('next\n'.join(lines))
            server, begin = cpu_seconds(bench.server_pid), time.monotonic()
            subprocess.run(['curl', '--parallel', '--parallel-max', '50', '--http2', '--no-progress-meter', '-K', f'{folder}/curl'], check=True, stderr=subprocess.DEVNULL)
            took = time.monotonic() - begin
            print(f'  ceiling: {len(lines)} applies in {took:.2f} s: {len(lines) / took:.0f}/s; server {cpu_seconds(bench.server_pid) - server:.2f} s CPU', flush=True)
            return len(lines) / took
        finally:
            bench.kube.stop()


def ratios(weir, flux):
    print('  ratios, kustomize-controller to weir (targets: CPU 20, memory 8, wall 2 or 10 with wait)')
    for what in weir:
        w, f = weir[what], flux[what]
        parts = [f'wall {f["wall"] / w["wall"]:.1f}x', f'engine CPU {f["engine"] / max(w["engine"], 0.01):.1f}x', f'server CPU {f["server"] / max(w["server"], 0.01):.1f}x',
                 f'memory {f["peak"] / max(w["peak"], 0.1):.1f}x', f'calls {sum(f["calls"].values())} to {sum(w["calls"].values())}']
        print(f'    {what:<12} ' + '  '.join(parts), flush=True)


def main():
    why = missing(f'{ARGS.peers}/kube-apiserver')
    for name in ('kube-controller-manager', 'kustomize-controller'):
        why = why or (None if os.path.exists(f'{ARGS.peers}/{name}') else f'{name} is not there')
    if why:
        print(f'skip: {why}')
        return
    found = {}
    rate = ceiling() if ARGS.only in (None, 'ceiling') else 0
    for engine in ('weir', 'flux'):
        if ARGS.only in (None, engine):
            found[engine] = run_engine(engine)
    if rate and 'weir' in found:
        print(f'  weir applies {4 * ARGS.count / found["weir"]["install"]["wall"]:.0f} objects/s, {400 * ARGS.count / found["weir"]["install"]["wall"] / rate:.0f}% of the ceiling (target: 80%)')
    if len(found) == 2:
        ratios(found['weir'], found['flux'])


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""End to end: sets of requests share a connection to a real kube-apiserver ($WEIR_PEERS, built by tests/conformance/peers.sh).

500 objects are applied, and looked at ten times over: 10,000 requests as HTTP/2 streams. `multiplex.py [NAME...]`.
"""
import os, subprocess, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from api_proxy import Engine
from harness import *
from kube_server import kube_server, missing

BINARY = os.path.join(os.environ.get('WEIR_PEERS', '/tmp/peers'), 'bin', 'kube-apiserver')
OBJECTS, ROUNDS = 500, 10
FLEET = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/fleet'


def connections(engine, port):
    """Of the engine to that port."""
    lines = run('ss', '-tnpH', 'state', 'established', f'( dport = :{port} )').splitlines()
    return sum(f'pid={engine.process.pid},' in line for line in lines)


def memory_mb(engine):
    return int(re.search(r'VmRSS:\s+(\d+)', open(f'/proc/{engine.process.pid}/status').read())[1]) / 1024


def reconcile(kube):
    """Seconds of one run that changes nothing."""
    token = str(time.time_ns())
    begin = time.monotonic()
    kube.call('PATCH', FLEET, {'metadata': {'annotations': {'reconcile.fluxcd.io/requestedAt': token}}}, 'application/merge-patch+json')
    until(60, lambda: kube.get(FLEET)['status'].get('lastHandledReconcileAt') == token, 'reconciled')
    return time.monotonic() - begin


@test
def hundreds_of_requests_share_a_connection():
    why = missing(BINARY) or (None if shutil.which('ss') else 'ss (Debian: iproute2) is not installed')
    if why:
        return why
    folder = tempfile.mkdtemp(prefix='weir-multiplex-')
    with kube_server(BINARY) as kube:
        engine = Engine(kube, folder, kube.kubeconfig, '--install-crds')
        try:
            engine.start()
            until(30, lambda: kube.get('/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations'), 'the definitions are served')
            repo = Repo(folder)
            first = repo.commit({'all.yaml': '---\n'.join(config_map(f'm{i}') for i in range(OBJECTS))})
            point(kube, repo)
            begin = time.monotonic()
            until(120, lambda: (kube.get(FLEET) or {}).get('status', {}).get('lastAppliedRevision', '').endswith(first), 'applied')
            print(f'     {OBJECTS} objects applied in {time.monotonic() - begin:.1f} s', flush=True)
            times, held, before = [], 0, 0
            for n in range(ROUNDS):
                times.append(reconcile(kube))
                held = max(held, connections(engine, kube.port))
                before = before or (memory_mb(engine) if n == 1 else 0)
            check(len(kube.get(FLEET)['status']['inventory']['entries']) == OBJECTS, 'all are looked after')
            print(f'     {2 * OBJECTS} requests a run: {min(times):.2f} to {max(times):.2f} s, {held} connections, {before:.0f} then {memory_mb(engine):.0f} MiB', flush=True)
            check(held <= 24, f'{held} connections: a set shares one')
            check(memory_mb(engine) < before + 20, 'memory stays')
        except BaseException:
            sys.stderr.write(tail(engine.log_path) + '\n')
            raise
        finally:
            engine.stop()
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

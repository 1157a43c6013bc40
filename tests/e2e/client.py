#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""End to end: the engine's client on a server that is slow, busy or forgetful, and credentials that change. `client.py [NAME...]`."""
import glob, os, subprocess, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from api_proxy import *
from git_servers import Proxy

KUSTOMIZATIONS = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations'


def ready_engine(box):
    until(15, lambda: box.get('/apis/kustomize.toolkit.fluxcd.io/v1') and box.get('/apis/source.toolkit.fluxcd.io/v1'), 'the definitions are installed')


@test
def a_busy_server_is_asked_again_when_it_says():
    with behind_proxy() as (box, repo, proxy, engine):
        ready_engine(box)
        left = [2]

        def rule(request):
            if request.command == 'PATCH' and '/configmaps/a' in request.path and left[0]:
                left[0] -= 1
                return status(429 if left[0] else 503, 'TooManyRequests', headers={'Retry-After': '1'})

        proxy.rule = rule
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        until(15, lambda: box.applied('fleet', first), 'applied')
        times = [e[0] for e in proxy.seen('PATCH', '/configmaps/a')]
        check(len(times) == 4, f'two refusals, a dry run and a write: {len(times)}')
        for pause in (times[1] - times[0], times[2] - times[1]):
            check(1 <= pause <= 1.3, f'Retry-After: 1 was waited for {pause:.2f} s')
        events = box.get('/api/v1/namespaces/flux-system/events')['items']
        check(all(e['type'] == 'Normal' for e in events), f'nothing failed: {[e["message"] for e in events]}')


@test
def a_server_that_fails_half_of_all_calls_is_not_stormed():
    with behind_proxy() as (box, repo, proxy, engine):
        ready_engine(box)
        count = [0]

        def rule(request):
            count[0] += 1
            return status(500, 'InternalError') if count[0] % 2 else None

        proxy.rule = rule
        begin = time.monotonic()
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        time.sleep(8)
        proxy.rule = lambda request: None
        rate = count[0] / (time.monotonic() - begin)
        check(rate < 60, f'{rate:.0f} calls a second')
        until(40, lambda: box.applied('fleet', first), 'applied when the server is well')


@test
def a_call_that_is_never_answered_holds_nobody_else():
    with behind_proxy() as (box, repo, proxy, engine):
        ready_engine(box)
        proxy.rule = lambda request: 'hang' if '/configmaps/slow' in request.path and request.command == 'GET' else None
        revision = repo.commit({'slow/a.yaml': config_map('slow'), 'quick/a.yaml': config_map('quick')})
        point(box, repo, './slow')
        spec = dict(box.kustomization('fleet')['spec'], path='./quick')
        box.call('POST', KUSTOMIZATIONS, {'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': 'quick'}, 'spec': spec})
        until(15, lambda: box.applied('quick', revision), 'the other is applied')
        check(not box.applied('fleet', revision), 'this one waits')
        proxy.rule = lambda request: None
        until(20, lambda: box.applied('fleet', revision), 'and is applied when the server answers')
        begin = time.monotonic()
        proxy.rule = lambda request: 'hang' if '/configmaps/' in request.path else None
        box.call('DELETE', CONFIG_MAPS + '/quick')
        time.sleep(1)
        engine.stop(10)
        check(time.monotonic() - begin < 10, 'a hanging call does not hold the end up')


@test
def watches_that_are_cut_each_second_cost_little_and_miss_nothing():
    with behind_proxy() as (box, repo, proxy, engine):
        ready_engine(box)
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        until(15, lambda: box.applied('fleet', first), 'applied')
        proxy.watch_seconds = 1
        proxy.cut()
        until(15, lambda: len(proxy.seen('GET', 'watch=true')) >= 12, 'watches are cut')
        since, cpu = time.monotonic(), engine.cpu_seconds()
        time.sleep(8)
        lists = [e[2] for e in proxy.log if e[0] >= since and e[1] == 'GET' and 'limit=' in e[2]]
        opened = len(proxy.seen('GET', 'watch=true', since))
        used = engine.cpu_seconds() - cpu
        check(used < 0.8, f'{used:.2f} s of processor time in 8 s')
        check(opened < 60, f'{opened} watches were opened in 8 s')
        check(len(lists) <= 12, f'they go on where they ended: {len(lists)} lists for {opened} watches: {lists[:3]}')
        box.call('PATCH', CONFIG_MAPS + '/a', {'data': {'value': 'changed'}}, 'application/merge-patch+json')
        until(40, lambda: box.get(CONFIG_MAPS + '/a')['data']['value'] == '1', 'drift is seen')
        second = repo.commit({'b.yaml': config_map('b')})
        box.refresh()
        until(40, lambda: box.applied('fleet', second), 'a new revision is seen')


@test
def a_history_that_is_gone_is_listed_again_and_a_deletion_in_the_gap_is_seen():
    with behind_proxy() as (box, repo, proxy, engine):
        ready_engine(box)
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        until(15, lambda: box.applied('fleet', first), 'applied')
        until(10, lambda: proxy.seen('GET', '/api/v1/configmaps?watch=true'), 'it is watched')
        proxy.rule = lambda request: status(410, 'Expired') if 'watch=true' in request.path and '/configmaps' in request.path else None
        proxy.cut()
        box.call('DELETE', CONFIG_MAPS + '/a')
        since = time.monotonic()
        until(20, lambda: proxy.seen('GET', '/api/v1/configmaps?limit', since), 'listed again')
        until(20, lambda: box.get(CONFIG_MAPS + '/a'), 'what was deleted meanwhile is put back')


@test
def a_credential_plugin_of_ones_own_kubeconfig_is_run_when_it_is_due():
    def user(folder):
        script = folder + '/plugin'
        open(script, 'w').write(f'''#!/bin/sh
echo "$KUBERNETES_EXEC_INFO" >>{folder}/told
n=$(wc -l <{folder}/told)
printf '{{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{{"token":"%s-%s","expirationTimestamp":"%s"}}}}' \\
  "$1" "$n" "$(date -u -d '+5 seconds' +%Y-%m-%dT%H:%M:%SZ)"
''')
        os.chmod(script, 0o755)
        return {'exec': {'apiVersion': 'client.authentication.k8s.io/v1', 'command': './plugin', 'args': ['mine'], 'interactiveMode': 'Never', 'provideClusterInfo': True}}

    with behind_proxy(user=user) as (box, repo, proxy, engine):
        ready_engine(box)
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        until(15, lambda: box.applied('fleet', first), 'applied')
        told = open(os.path.dirname(box.data) + '/told').read().splitlines()
        check(json.loads(told[0])['spec']['cluster']['server'] == proxy.address, told[0])
        time.sleep(4)
        before = proxy.log[-1][3]
        box.call('DELETE', CONFIG_MAPS + '/a')
        until(10, lambda: box.get(CONFIG_MAPS + '/a'), 'drift is corrected')
        check(proxy.log[-1][3] != before and proxy.log[-1][3].startswith('Bearer mine-'), f'a token that ends is asked for anew: {before}, {proxy.log[-1][3]}')
        runs = len(open(os.path.dirname(box.data) + '/told').read().splitlines())
        check(2 <= runs <= 6, f'the program ran {runs} times for {len(proxy.log)} requests')
        check('mine-' not in engine.log(), 'a token is in the log')


@test
def a_token_file_is_read_again_when_it_changes():
    def user(folder):
        open(folder + '/token', 'w').write('one\n')
        return {'tokenFile': folder + '/token'}

    with behind_proxy(user=user) as (box, repo, proxy, engine):
        proxy.tokens = ['one']
        ready_engine(box)
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        until(15, lambda: box.applied('fleet', first), 'applied')
        open(os.path.dirname(box.data) + '/token', 'w').write('two\n')
        proxy.tokens = ['two']
        second = repo.commit({'b.yaml': config_map('b')})
        box.refresh()
        until(30, lambda: box.applied('fleet', second), 'with the new token')
        check(any(e[3] == 'Bearer two' for e in proxy.log), 'the new token was sent')


@test
def the_kubeconfigs_proxy_is_gone_through():
    way = Proxy()
    try:
        url = way.address.replace('http://', 'http://me:p%40ss%2Fword@')
        with behind_proxy(cluster={'proxy-url': url}) as (box, repo, proxy, engine):
            ready_engine(box)
            first = repo.commit({'a.yaml': config_map('a')})
            point(box, repo)
            until(15, lambda: box.applied('fleet', first), 'applied')
            check(way.asked and all(a == proxy.address.removeprefix('https://') for a in way.asked), f'the proxy was asked for {way.asked[:3]}')
            check('p@ss' not in engine.log() and 'p%40ss' not in engine.log(), 'its password is in the log')
    finally:
        way.stop()


@test
def requests_are_counted():
    port = free_port()
    with behind_proxy('--metrics-addr', f'127.0.0.1:{port}') as (box, repo, proxy, engine):
        ready_engine(box)
        proxy.rule = lambda request: status(503, 'ServiceUnavailable') if '/gitrepositories?limit' in request.path and len(proxy.log) < 30 else None
        text = until(15, lambda: 'code="200"' in (m := urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=5).read().decode()) and m, 'metrics')
        host = proxy.address.removeprefix('https://')
        check(f'rest_client_requests_total{{code="200",host="{host}",method="GET"}}' in text, text[:2000])
        check(f'rest_client_request_duration_seconds_count{{verb="GET",host="{host}"}}' in text, text[:2000])


@contextlib.contextmanager
def engines(box, *flag_lists):
    """Several `weir run` on one server, each with a storage of its own."""
    started = []
    try:
        for i, flags in enumerate(flag_lists):
            folder = os.path.join(os.path.dirname(box.data), str(i))
            os.makedirs(folder)
            started.append(Engine(box, folder, box.kubeconfig, *flags).start())
        yield started
    except BaseException:
        for e in started:
            sys.stderr.write(tail(e.log_path) + '\n')
        raise
    finally:
        for e in started:
            e.stop()


@test
def sources_and_kustomizations_may_be_two_processes():
    port = free_port()
    with world('--no-engine') as (box, repo):
        with engines(box, ['--controllers=source', '--storage-addr', f'127.0.0.1:{port}', '--install-crds'], ['--controllers=kustomize']) as (source, kustomize):
            ready_engine(box)
            first = repo.commit({'a.yaml': config_map('a')})
            point(box, repo, interval='10m')
            until(15, lambda: box.applied('fleet', first), 'applied from the artifact that the other serves')
            check(not glob.glob(os.path.dirname(kustomize.log_path) + '/storage/git/*/*'), 'the second clones nothing')
            check('"controllerKind":"GitRepository"' not in kustomize.log(), 'nor works on sources')
            check('Reconciliation finished' not in source.log(), 'the first applies nothing')
            source.stop()
            box.call('DELETE', CONFIG_MAPS + '/a')
            until(10, lambda: box.get(CONFIG_MAPS + '/a'), 'drift is corrected without the other')
            kustomize.stop()
            kustomize.start()
            until(20, lambda: 'failed to download artifact' in box.condition(box.kustomization('fleet'))['message'], 'what cannot be fetched is told')
            check(box.condition(box.kustomization('fleet'))['reason'] == 'ArtifactFailed', 'reason')
            source.start()
            until(20, lambda: box.applied('fleet', first), 'and fetched later')


@test
def a_shard_works_on_its_own_objects_only():
    with world('--no-engine') as (box, repo):
        with engines(box, ['--watch-label-selector', 'sharding.fluxcd.io/key in (a)', '--install-crds']) as (engine,):
            ready_engine(box)
            first = repo.commit({'a.yaml': config_map('a')})
            point(box, repo, interval='10m')
            time.sleep(2)
            check('status' not in box.repository() or 'artifact' not in box.repository()['status'], 'another shard is left alone')
            label = {'metadata': {'labels': {'sharding.fluxcd.io/key': 'a'}}}
            box.call('PATCH', '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/fleet', label, 'application/merge-patch+json')
            until(10, lambda: box.repository()['status'].get('artifact'), 'the source is ours now')
            time.sleep(1)
            check(box.get(CONFIG_MAPS + '/a') is None and 'finalizers' not in box.kustomization('fleet')['metadata'], 'its Kustomization is not')
            box.call('PATCH', KUSTOMIZATIONS + '/fleet', label, 'application/merge-patch+json')
            until(10, lambda: box.applied('fleet', first), 'and now it is')


@test
def a_controller_that_is_not_built_is_refused_by_name():
    with world('--no-engine') as (box, repo):
        for flags, word in ((['--controllers=source,helm'], '"helm" is not built'), (['--watch-label-selector=a in b'], '--watch-label-selector')):
            r = subprocess.run([WEIR, 'run', '--kubeconfig', box.kubeconfig, '--storage-path', os.path.dirname(box.data) + '/s', *flags], capture_output=True, text=True, timeout=20)
            check(r.returncode == 1 and word in r.stderr, r.stderr)


@test
def a_deletion_that_waits_does_not_take_what_it_cannot_read_for_gone():
    with behind_proxy() as (box, repo, proxy, engine):
        ready_engine(box)
        first = repo.commit({'a.yaml': config_map('a').replace('  namespace', '  finalizers: [example.com/held]\n  namespace')})
        point(box, repo, deletionPolicy='WaitForTermination', timeout='1m')
        until(15, lambda: box.applied('fleet', first), 'applied')
        box.call('DELETE', KUSTOMIZATIONS + '/fleet')
        until(10, lambda: 'deletionTimestamp' in box.get(CONFIG_MAPS + '/a')['metadata'], 'a is asked to go')
        for unread in (status(403, 'Forbidden'), status(500, 'InternalError')):
            proxy.rule = lambda request: unread if request.command == 'GET' and request.path.endswith('/configmaps/a') else None
            since = time.monotonic()
            until(15, lambda: proxy.seen('GET', '/configmaps/a', since), 'it looks')
            time.sleep(1.5)
            check(box.kustomization('fleet') is not None, 'the Kustomization stays')
        proxy.rule = lambda request: None
        time.sleep(2)
        check(box.kustomization('fleet') is not None, 'and waits on')
        box.call('PATCH', CONFIG_MAPS + '/a', {'metadata': {'finalizers': None}}, 'application/merge-patch+json')
        until(15, lambda: box.kustomization('fleet') is None, 'it goes with a')


@test
def a_deletion_that_is_refused_stays_in_the_inventory_and_is_counted():
    port = free_port()
    with behind_proxy('--metrics-addr', f'127.0.0.1:{port}') as (box, repo, proxy, engine):
        ready_engine(box)
        first = repo.commit({'a.yaml': config_map('a'), 'b.yaml': config_map('b'), 'c.yaml': config_map('c')})
        point(box, repo)
        until(15, lambda: box.applied('fleet', first), 'applied')
        proxy.rule = lambda request: status(403, 'Forbidden') if request.command == 'DELETE' and request.path.split('?')[0].endswith('/configmaps/b') else None
        second = repo.commit({'b.yaml': None, 'c.yaml': None})
        box.refresh()
        failed = until(15, lambda: (c := box.condition(box.kustomization('fleet'))).get('reason') == 'PruneFailed' and c, 'PruneFailed')
        check('ConfigMap/default/b' in failed['message'] and 'ConfigMap/default/c' not in failed['message'], failed['message'])
        ids = [e['id'] for e in box.kustomization('fleet')['status']['inventory']['entries']]
        check('default_b__ConfigMap' in ids and 'default_c__ConfigMap' not in ids and box.get(CONFIG_MAPS + '/c') is None, f'b survives, c is gone: {ids}')
        gauge = lambda: [line for line in urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=5).read().decode().splitlines() if line.startswith('weir_prune_pending')]
        until(5, lambda: gauge()[0].endswith(' 1'), 'the gauge')
        proxy.rule = lambda request: None
        until(15, lambda: box.applied('fleet', second) and box.get(CONFIG_MAPS + '/b') is None, 'it is tried again')
        until(5, lambda: gauge()[0].endswith(' 0'), 'and counted no more')


@test
def what_kills_the_engine_twice_is_left_alone_and_the_others_go_on():
    port = free_port()
    with behind_proxy('--metrics-addr', f'127.0.0.1:{port}') as (box, repo, proxy, engine):
        ready_engine(box)
        deaths = []

        def rule(request):
            if request.command == 'PATCH' and '/configmaps/bomb' in request.path:
                if request not in deaths:
                    deaths.append(request)
                    engine.process.kill()
                return 'hang'

        first = repo.commit({'good/a.yaml': config_map('a'), 'bad/bomb.yaml': config_map('bomb')})
        proxy.rule = rule
        point(box, repo, './bad', interval='1m')
        spec = dict(box.kustomization('fleet')['spec'], path='./good')
        good = {'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': 'good'}, 'spec': spec}
        for n in (1, 2):
            until(15, lambda: len(deaths) == n, f'death {n}')
            engine.process.wait(10)
            check(engine.process.returncode == -9, 'it was killed')
            if n == 1:
                box.call('POST', KUSTOMIZATIONS, good)
            engine.start()
        stalled = until(15, lambda: (c := box.condition(box.kustomization('fleet'), 'Stalled')).get('status') == 'True' and c, 'it is left alone')
        check(stalled['reason'] == 'Quarantined' and 'died 2 times' in stalled['message'] and first in stalled['message'], stalled)
        until(15, lambda: box.applied('good', first), 'the other is applied')
        time.sleep(2)
        check(len(deaths) == 2 and engine.process.poll() is None, f'{len(deaths)} deaths')
        events = [e for e in box.get('/api/v1/namespaces/flux-system/events')['items'] if e['reason'] == 'Quarantined']
        check(len(events) == 1 and events[0]['type'] == 'Warning', f'{len(events)} events')
        text = urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=5).read().decode()
        check('weir_quarantined{kind="Kustomization",name="fleet",namespace="flux-system"} 1' in text, 'the gauge')
        engine.stop()
        engine.start()
        time.sleep(2)
        check(len(deaths) == 2, 'also after another start')
        proxy.rule = lambda request: None
        box.call('PATCH', KUSTOMIZATIONS + '/fleet', {'metadata': {'annotations': {'reconcile.fluxcd.io/requestedAt': 'now'}}}, 'application/merge-patch+json')
        until(15, lambda: box.applied('fleet', first), 'a request gives it another try')
        check(not box.condition(box.kustomization('fleet'), 'Stalled'), 'no longer stalled')
        text = urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=5).read().decode()
        check('weir_quarantined' not in text, 'the gauge is gone')


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

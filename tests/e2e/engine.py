#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""End to end: Git repositories in, objects of the embedded API server out. `engine.py [NAME...]` runs those whose name holds a word."""
import base64, contextlib, glob, os, shutil, signal, subprocess, sys, tempfile, threading, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *




def names(box):
    """Of our ConfigMaps in the default namespace."""
    return sorted(i['metadata']['name'] for i in box.get(CONFIG_MAPS + '?labelSelector=kustomize.toolkit.fluxcd.io/name')['items'])


@test
def the_sample_fleet_is_applied_in_order_and_gets_healthy():
    with world() as (box, repo):
        shutil.copytree(os.path.join(ROOT, 'examples', 'fleet'), repo.work, dirs_exist_ok=True)
        revision = repo.commit({})
        point(box, repo, './clusters/staging')
        until(20, lambda: box.applied('apps', revision), 'apps are applied and healthy')
        web = box.get('/apis/apps/v1/namespaces/shop/deployments/web')
        check(web['status']['readyReplicas'] == 1, 'web is ready')
        check(web['metadata']['labels']['kustomize.toolkit.fluxcd.io/name'] == 'apps', 'owner label')
        manager = [m['manager'] for m in web['metadata']['managedFields'] if m['operation'] == 'Apply']
        check(manager == ['kustomize-controller'], f'field manager is {manager}')
        ids = {e['id'] for e in box.kustomization('infrastructure')['status']['inventory']['entries']}
        check('_shop__Namespace' in ids and 'shop_storefront-edit_rbac.authorization.k8s.io_RoleBinding' in ids, f'inventory {ids}')
        check(box.condition(box.kustomization('apps'), 'Healthy').get('status') == 'True', 'Healthy condition')
        reasons = {e['reason'] for e in box.get('/api/v1/namespaces/flux-system/events')['items']}
        check({'NewArtifact', 'Progressing', 'ReconciliationSucceeded'} <= reasons, f'events {reasons}')


@test
def an_unchanged_revision_costs_no_write():
    with world() as (box, repo):
        revision = repo.commit({'a.yaml': config_map('a')})
        point(box, repo, interval='1s')
        until(10, lambda: box.applied('fleet', revision), 'applied')
        box.call('PATCH', '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/fleet',
                 {'spec': {'interval': '1s'}}, 'application/merge-patch+json')
        until(10, lambda: box.kustomization('fleet')['status']['observedGeneration'] == 2, 'the new interval is handled')
        time.sleep(0.5)
        version = lambda: (box.kustomization('fleet')['metadata']['resourceVersion'], box.repository()['metadata']['resourceVersion'],
                           box.get(CONFIG_MAPS + '/a')['metadata']['resourceVersion'], len(box.get('/api/v1/namespaces/flux-system/events')['items']))
        before = version()
        time.sleep(3.5)
        check(version() == before, f'three intervals wrote something: {before} became {version()}')


@test
def a_broken_commit_loses_nothing_and_the_next_heals():
    with world() as (box, repo):
        first = repo.commit({'a.yaml': config_map('a'), 'b.yaml': config_map('b')})
        point(box, repo)
        until(10, lambda: box.applied('fleet', first), 'applied')
        repo.commit({'b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n  bad: [1,\n'})
        box.refresh()
        ready = until(10, lambda: (c := box.condition(box.kustomization('fleet')))['reason'] == 'BuildFailed' and c, 'BuildFailed')
        check(ready['status'] == 'False', 'Ready is False')
        check(re.search(r'b\.yaml:\d+:\d+', ready['message']), f'file, line and column in: {ready["message"]}')
        check(names(box) == ['a', 'b'], f'objects after the broken commit: {names(box)}')
        check(box.kustomization('fleet')['status']['lastAppliedRevision'].endswith(first), 'the last good revision is kept')
        good = repo.commit({'b.yaml': config_map('b', '2')})
        box.refresh()
        until(10, lambda: box.applied('fleet', good), 'healed')
        check(box.get(CONFIG_MAPS + '/b')['data']['value'] == '2', 'the new content')


@test
def what_leaves_git_is_pruned_and_nothing_else():
    with world() as (box, repo):
        first = repo.commit({'a.yaml': config_map('a'), 'b.yaml': config_map('b'),
                             'c.yaml': config_map('c').replace('  namespace', '  annotations:\n    kustomize.toolkit.fluxcd.io/prune: disabled\n  namespace')})
        point(box, repo)
        until(10, lambda: box.applied('fleet', first), 'applied')
        box.call('POST', CONFIG_MAPS, {'metadata': {'name': 'by-hand'}})
        second = repo.commit({'b.yaml': None, 'c.yaml': None})
        box.refresh()
        until(10, lambda: box.applied('fleet', second), 'applied')
        check(box.get(CONFIG_MAPS + '/b') is None, 'b is pruned')
        check(box.get(CONFIG_MAPS + '/c') and box.get(CONFIG_MAPS + '/by-hand') and box.get(CONFIG_MAPS + '/a'), 'the others stay')
        ids = [e['id'] for e in box.kustomization('fleet')['status']['inventory']['entries']]
        check(ids == ['default_a__ConfigMap'], f'inventory {ids}')


@test
def an_object_with_another_owner_is_not_pruned():
    with world() as (box, repo):
        first = repo.commit({'a.yaml': config_map('a'), 'b.yaml': config_map('b')})
        point(box, repo)
        until(10, lambda: box.applied('fleet', first), 'applied')
        box.call('PATCH', '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/fleet', {'spec': {'suspend': True}}, 'application/merge-patch+json')
        box.call('PATCH', CONFIG_MAPS + '/b', {'metadata': {'labels': {'kustomize.toolkit.fluxcd.io/name': 'someone-else'}}}, 'application/merge-patch+json')
        second = repo.commit({'b.yaml': None})
        box.refresh()
        until(10, lambda: box.repository()['status']['artifact']['revision'].endswith(second), 'the source has the commit')
        box.call('PATCH', '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/fleet', {'spec': {'suspend': False}}, 'application/merge-patch+json')
        until(10, lambda: box.applied('fleet', second), 'applied')
        check(box.get(CONFIG_MAPS + '/b'), 'b belongs to somebody else and stays')


@test
def a_name_that_is_twice_in_git_is_refused():
    with world() as (box, repo):
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        until(10, lambda: box.applied('fleet', first), 'applied')
        repo.commit({'again.yaml': config_map('a', '2')})
        box.refresh()
        ready = until(10, lambda: (c := box.condition(box.kustomization('fleet')))['reason'] == 'BuildFailed' and c, 'BuildFailed')
        check('ConfigMap' in ready['message'] and 'a' in ready['message'], ready['message'])
        check(box.get(CONFIG_MAPS + '/a')['data']['value'] == '1', 'the object is as it was')


@test
def drift_is_corrected_because_its_watch_said_so():
    with world() as (box, repo):
        revision = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        until(10, lambda: box.applied('fleet', revision), 'applied')
        box.call('PATCH', CONFIG_MAPS + '/a', {'data': {'value': 'changed'}}, 'application/merge-patch+json')
        until(5, lambda: box.get(CONFIG_MAPS + '/a')['data']['value'] == '1', 'a changed field is put back')
        box.call('DELETE', CONFIG_MAPS + '/a')
        until(10, lambda: box.get(CONFIG_MAPS + '/a'), 'a deleted object is put back')
        box.call('PATCH', CONFIG_MAPS + '/a', {'data': {'mine': 'x'}}, 'application/merge-patch+json')
        time.sleep(1)
        check(box.get(CONFIG_MAPS + '/a')['data'].get('mine') == 'x', 'a field that Git does not name is left alone')
        box.call('PATCH', CONFIG_MAPS + '/a?fieldManager=kubectl-edit', {'data': {'by': 'hand'}}, 'application/merge-patch+json')
        until(10, lambda: 'by' not in box.get(CONFIG_MAPS + '/a')['data'], 'but what kubectl adds is taken back')


def hand(box, name, data, manager, kind='application/merge-patch+json', force=''):
    body = {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': name}, 'data': data}
    box.call('PATCH', f'{CONFIG_MAPS}/{name}?fieldManager={manager}{force}', body, kind)


@test
def ignored_fields_are_left_to_others():
    with world() as (box, repo):
        text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: default}\ndata: {mine: "%s", theirs: "1", owned: "1"}\n'
        first = repo.commit({'a.yaml': text % ('a', 1), 'b.yaml': text % ('b', 1)})
        point(box, repo, ignore=[{'paths': ['/data/theirs', '/data/owned'], 'target': {'kind': 'ConfigMap', 'name': 'a'}}])
        until(10, lambda: box.applied('fleet', first), 'applied')
        hand(box, 'a', {'theirs': '5'}, 'scaler')
        hand(box, 'a', {'owned': '7'}, 'sizer', 'application/apply-patch+yaml', '&force=true')
        hand(box, 'b', {'theirs': '5'}, 'scaler')
        until(10, lambda: box.get(CONFIG_MAPS + '/b')['data']['theirs'] == '1', 'what no rule is for is put back')
        time.sleep(1)
        check(box.get(CONFIG_MAPS + '/a')['data'] == {'mine': '1', 'theirs': '5', 'owned': '7'}, 'ignored fields stay')
        hand(box, 'a', {'mine': 'changed'}, 'scaler')
        until(10, lambda: box.get(CONFIG_MAPS + '/a')['data']['mine'] == '1', 'drift beside them is corrected')
        check(box.get(CONFIG_MAPS + '/a')['data'] == {'mine': '1', 'theirs': '5', 'owned': '7'}, 'which puts nothing ignored back')
        second = repo.commit({'a.yaml': text % ('a', 2)})
        box.refresh()
        until(10, lambda: box.applied('fleet', second), 'applied')
        live = box.get(CONFIG_MAPS + '/a')
        check(live['data'] == {'mine': '2', 'theirs': '5', 'owned': '7'}, f'nor does a new revision: {live["data"]}')
        sets = {m['manager']: m['fieldsV1'].get('f:data', {}) for m in live['metadata']['managedFields'] if m['operation'] == 'Apply'}
        check('f:owned' not in sets['kustomize-controller'] and 'f:owned' in sets['sizer'], f'a field that another applies is given up: {sets}')
        box.call('PATCH', '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/fleet',
                 {'spec': {'ignore': [{'paths': ['/data'], 'target': {'kind': '('}}]}}, 'application/merge-patch+json')
        until(10, lambda: 'invalid kind regex' in box.condition(box.kustomization('fleet'))['message'], 'a pattern that is none')


@test
def a_refused_object_fails_its_stage_by_name():
    with world() as (box, repo):
        repo.commit({'a.yaml': config_map('a'), 'b.yaml': config_map('UPPER')})
        point(box, repo)
        ready = until(10, lambda: (c := box.condition(box.kustomization('fleet')))['reason'] == 'ReconciliationFailed' and c, 'ReconciliationFailed')
        check(ready['message'].startswith('ConfigMap/default/UPPER dry-run failed (Invalid)'), ready['message'])
        check(names(box) == [], 'nothing of the stage was written')


@test
def a_definition_and_its_objects_come_in_one_commit():
    crd = '''apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
'''
    with world() as (box, repo):
        revision = repo.commit({'crd.yaml': crd, 'w.yaml': 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w, namespace: fresh}\nspec: {size: 3}\n',
                                'ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: fresh}\n'})
        point(box, repo)
        until(15, lambda: box.applied('fleet', revision), 'applied')
        check(box.get('/apis/example.com/v1/namespaces/fresh/widgets/w')['spec']['size'] == 3, 'the widget')


@test
def fields_that_are_not_built_are_refused_by_name():
    with world() as (box, repo):
        repo.commit({'a.yaml': config_map('a')})
        point(box, repo, healthCheckExprs=[{'apiVersion': 'example.com/v1', 'kind': 'A', 'current': 'true'}])
        ready = until(10, lambda: (c := box.condition(box.kustomization('fleet')))['reason'] == 'BuildFailed' and c, 'BuildFailed')
        check('spec.healthCheckExprs is not built yet' in ready['message'], ready['message'])
        check(names(box) == [], 'nothing was applied with more rights than asked for')


@test
def variables_come_from_secrets_and_inline_and_stay_secret():
    with world() as (box, repo):
        box.call('POST', '/api/v1/namespaces', {'metadata': {'name': 'flux-system'}})
        encode = lambda s: base64.b64encode(s.encode()).decode()
        box.call('POST', '/api/v1/namespaces/flux-system/secrets', {'metadata': {'name': 'vars'}, 'data': {'TOKEN': encode('canary-7261'), 'COLOR': encode('red')}})
        first = repo.commit({'a.yaml': config_map('a', '${COLOR} ${SIZE:=small} $${KEPT} ${TOKEN}')})
        point(box, repo, postBuild={'substitute': {'COLOR': 'blue'}, 'substituteFrom': [{'kind': 'Secret', 'name': 'vars'}, {'kind': 'ConfigMap', 'name': 'none', 'optional': True}]})
        until(10, lambda: box.applied('fleet', first), 'applied')
        check(box.get(CONFIG_MAPS + '/a')['data']['value'] == 'blue small ${KEPT} canary-7261', 'the value')
        repo.commit({'a.yaml': config_map('a', '${MISSING}')})
        box.refresh()
        ready = until(10, lambda: (c := box.condition(box.kustomization('fleet')))['reason'] == 'BuildFailed' and c, 'BuildFailed')
        check('variable not set (strict mode): "MISSING"' in ready['message'], ready['message'])
        repo.commit({'a.yaml': config_map('Bad_${TOKEN}')})
        box.refresh()
        ready = until(10, lambda: (c := box.condition(box.kustomization('fleet')))['reason'] == 'ReconciliationFailed' and c, 'ReconciliationFailed')
        check('canary' not in ready['message'] and '***' in ready['message'], ready['message'])
        check('canary' not in open(box.data + '.log').read(), 'a secret is in the log')


@test
def deleting_the_kustomization_prunes_and_suspending_stops():
    with world() as (box, repo):
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        until(10, lambda: box.applied('fleet', first), 'applied')
        box.weir('suspend', 'kustomization', 'fleet')
        repo.commit({'b.yaml': config_map('b')})
        box.refresh()
        time.sleep(1)
        check(names(box) == ['a'], 'a suspended Kustomization applies nothing')
        box.weir('resume', 'kustomization', 'fleet')
        until(10, lambda: names(box) == ['a', 'b'], 'resumed')
        box.call('DELETE', '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/fleet')
        until(10, lambda: box.kustomization('fleet') is None and names(box) == [], 'everything is gone')


@test
def the_command_line_shows_and_steers():
    with world() as (box, repo):
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        until(10, lambda: box.applied('fleet', first), 'applied')
        rows = box.weir('get', 'all').stdout.splitlines()
        check([r.split()[0] for r in rows if r.strip()] == ['NAME', 'gitrepository/fleet', 'NAME', 'kustomization/fleet'], rows)
        for kind in (['sources', 'git'], ['kustomizations'], ['ks']):
            table = box.weir('get', *kind).stdout.splitlines()
            check(table[0].split() == ['NAME', 'REVISION', 'SUSPENDED', 'READY', 'MESSAGE'], table[0])
            check(table[1].split()[:4] == ['fleet', 'main@sha1:' + first[:8], 'False', 'True'], table[1])
            check('AGE' in box.weir('get', *kind, '-o', 'wide').stdout.splitlines()[0], 'wide has the age')
            items = json.loads(box.weir('get', *kind, '-o', 'json').stdout)['items']
            check([i['metadata']['name'] for i in items] == ['fleet'], items)
            check('name: fleet\n' in box.weir('get', *kind, '-o', 'yaml').stdout, 'yaml')
        check(box.weir('get', 'ks', '-o', 'name').stdout.strip() == 'kustomization.kustomize.toolkit.fluxcd.io/fleet', 'name')
        check("'nope' not found" in box.weir('get', 'ks', 'nope', status=1).stderr, 'a missing object is named')
        check('└── ConfigMap/default/a' in box.weir('tree', 'kustomization', 'fleet').stdout, 'tree')
        check('ReconciliationSucceeded' in box.weir('events', '--for', 'Kustomization/fleet').stdout, 'events')
        second = repo.commit({'b.yaml': config_map('b')})
        told = box.weir('reconcile', 'kustomization', 'fleet', '--with-source').stderr
        check('fetched revision main@sha1:' + second in told and 'applied revision main@sha1:' + second in told, told)
        check(names(box) == ['a', 'b'], 'applied when the command returns')
        box.weir('suspend', 'ks', '--all')
        check('True' == box.weir('get', 'ks', '--no-header').stdout.split()[2], 'suspended')
        check('suspended' in box.weir('reconcile', 'ks', 'fleet', status=1).stderr, 'a suspended object is not reconciled')
        box.weir('resume', 'ks', '--all')
        check('False' == box.weir('get', 'ks', '--no-header').stdout.split()[2], 'resumed')


@test
def a_base_of_another_repository_is_fetched_or_refused():
    for flags, wanted in (((), True), (('--no-remote-bases',), False)):
        with world(*flags) as (box, repo):
            library = Repo(os.path.join(os.path.dirname(box.data), 'library'))
            library.commit({'base/a.yaml': config_map('a', 'far'), 'base/kustomization.yaml': 'resources: [a.yaml]\n'})
            revision = repo.commit({'kustomization.yaml': f'resources: ["{library.url}//base?ref=main"]\n'})
            point(box, repo)
            if wanted:
                until(10, lambda: box.applied('fleet', revision), 'applied')
                check(box.get(CONFIG_MAPS + '/a')['data'] == {'value': 'far'}, 'from the other repository')
            else:
                until(10, lambda: 'is not allowed' in (box.condition(box.kustomization('fleet')) or {}).get('message', ''), 'refused by name')
                check(box.condition(box.kustomization('fleet'))['reason'] == 'BuildFailed' and names(box) == [], 'nothing is applied')


@test
def a_build_from_files_prints_what_the_engine_applies():
    with world() as (box, repo):
        revision = repo.commit({'a.yaml': config_map('a') + '  own: ${who:=nobody}\n'})
        spec = {'postBuild': {'substitute': {'who': 'me'}}, 'commonMetadata': {'labels': {'team': 'one'}}}
        point(box, repo, **spec)
        until(10, lambda: box.applied('fleet', revision), 'applied')
        file = os.path.join(os.path.dirname(box.data), 'ks.json')
        json.dump({k: v for k, v in box.kustomization('fleet').items() if k != 'status'}, open(file, 'w'))
        command = ['build', 'kustomization', 'fleet', '--path', repo.work, '--kustomization-file', file]
        out = run(WEIR, *command, '--dry-run')
        check(out.endswith('\n---\n'), 'every object ends in ---')
        built = json.loads(run(WEIR, 'fmt', '-o', 'json', input=out.removesuffix('---\n')))
        live = box.get(CONFIG_MAPS + '/a')
        check(built['data'] == live['data'] and built['data']['own'] == 'me', built)
        check(built['metadata']['labels'] == live['metadata']['labels'], built)
        check(not os.path.exists(repo.work + '/kustomization.yaml'), 'the folder is as it was')
        check(box.weir(*command).stdout == out, 'with the cluster it is the same')


def crash_run(kill_at):
    """First commit, second commit (one object more, one less), with SIGKILL at write `kill_at`; then a restart. True: it was killed."""
    folder = tempfile.mkdtemp(prefix='weir-crash-')
    box = Sandbox(os.path.join(folder, 'cluster'), '--allow-file-urls')
    try:
        repo = Repo(folder)
        repo.commit({'a.yaml': config_map('a'), 'b.yaml': config_map('b')})
        box.start('--kill-after-writes', str(kill_at))
        killed = False
        try:
            point(box, repo)
            until(5, lambda: box.process.poll() is not None or box.applied('fleet', ''), 'first')
            second = repo.commit({'b.yaml': None, 'c.yaml': config_map('c')})
            box.refresh()
            until(5, lambda: box.process.poll() is not None or box.applied('fleet', second), 'second')
        except (Failed, OSError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                box.process.wait(2)  # it may be dying
        killed = box.process.poll() is not None
        if killed:
            check(box.process.returncode == -signal.SIGKILL, f'ended with {box.process.returncode}')
            box.wait_death()
            box.start()
            if not box.repository():
                return True  # killed before anything was pointed at
            if not box.kustomization('fleet'):
                return True
            second = repo.commit({'d.yaml': config_map('d')}) if os.path.exists(repo.work + '/c.yaml') else repo.commit({'b.yaml': None, 'c.yaml': config_map('c'), 'd.yaml': config_map('d')})
            box.refresh()
            until(10, lambda: box.applied('fleet', second), f'write {kill_at}: converges after a restart')
            want = ['a', 'c', 'd']
        else:
            want = ['a', 'c']
        check(names(box) == want, f'write {kill_at}: {names(box)}, want {want}: orphaned or lost')
        ids = sorted(e['id'].split('_')[1] for e in box.kustomization('fleet')['status']['inventory']['entries'])
        check(ids == want, f'write {kill_at}: inventory {ids}')
        return killed
    finally:
        box.stop(signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


@test
def sigkill_between_any_two_writes_orphans_and_loses_nothing():
    kill_at = 3  # the first two writes install the definitions
    while crash_run(kill_at):
        kill_at += 1
        check(kill_at < 80, 'the sequence of writes ends')
    check(kill_at > 10, f'only {kill_at} writes were seen')
    print(f'     killed at each of {kill_at - 3} writes')


def refuses_to_start(data, *must_say):
    r = subprocess.run([WEIR, 'sandbox', '--data', data, '--listen', '127.0.0.1:0', '--no-engine'], capture_output=True, text=True, timeout=30)
    check(r.returncode == 1, f'status {r.returncode}')
    for word in must_say:
        check(word in r.stderr, f'{word!r} is not in: {r.stderr}')


@test
def a_damaged_or_newer_database_is_an_error_and_stays_as_it_is():
    import sqlite3
    folder = tempfile.mkdtemp(prefix='weir-store-')
    box = Sandbox(os.path.join(folder, 'cluster'), '--no-engine')
    try:
        box.start()
        box.call('POST', CONFIG_MAPS, {'metadata': {'name': 'kept'}})
        box.stop()
        path = os.path.join(box.data, 'weir.db')
        good = open(path, 'rb').read()
        check(len(good) > 4096, 'the data is in the file after a stop')
        for damage in (b'\0' * len(good), b'not a database at all, but some text' * 200, b''):
            open(path, 'wb').write(damage)
            refuses_to_start(box.data, 'weir.db')
            check(open(path, 'rb').read() == damage, 'the damaged file was touched')
        open(path, 'wb').write(good)
        with contextlib.closing(sqlite3.connect(path)) as db:
            version = db.execute('pragma user_version').fetchone()[0]
            db.execute(f'pragma user_version = {version + 1000}')
        refuses_to_start(box.data, 'weir.db', 'newer')
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute(f'pragma user_version = {version}')
        box.start()
        check(box.get(CONFIG_MAPS + '/kept'), 'the object is still there')
    finally:
        box.stop(signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


@test
def the_engine_runs_over_a_kubeconfig_as_well():
    with world('--no-engine') as (box, repo):
        storage = os.path.join(os.path.dirname(repo.bare), 'storage')
        log = open(box.data + '.engine.log', 'ab')
        engine = subprocess.Popen([WEIR, 'run', '--kubeconfig', box.kubeconfig, '--storage-path', storage, '--install-crds', '--allow-file-urls'],
                                  stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            until(10, lambda: box.get('/apis/kustomize.toolkit.fluxcd.io/v1'), 'the definitions are installed')
            first = repo.commit({'a.yaml': config_map('a'), 'ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: fresh}\n', 'b.yaml': config_map('b', namespace='fresh')})
            point(box, repo)
            until(15, lambda: box.applied('fleet', first), 'applied')
            box.call('DELETE', CONFIG_MAPS + '/a')
            until(10, lambda: box.get(CONFIG_MAPS + '/a'), 'drift is corrected')
            second = repo.commit({'a.yaml': None})
            box.refresh()
            until(10, lambda: box.applied('fleet', second), 'applied')
            check(box.get(CONFIG_MAPS + '/a') is None and box.get('/api/v1/namespaces/fresh/configmaps/b'), 'pruned and kept')
            engine.terminate()
            check(engine.wait(15) == 0, f'ends with {engine.returncode}')
        except BaseException:
            sys.stderr.write(tail(box.data + '.engine.log') + '\n')
            raise
        finally:
            engine.kill()
            log.close()


def tenant(box, repo, ns, path):
    """A GitRepository and a Kustomization named fleet in a namespace of their own."""
    box.call('POST', '/api/v1/namespaces', {'metadata': {'name': ns}})
    box.call('POST', f'/apis/source.toolkit.fluxcd.io/v1/namespaces/{ns}/gitrepositories', {
        'apiVersion': 'source.toolkit.fluxcd.io/v1', 'kind': 'GitRepository', 'metadata': {'name': 'fleet'},
        'spec': {'url': repo.url, 'ref': {'branch': 'main'}, 'interval': '1s'}})
    box.call('POST', f'/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/{ns}/kustomizations', {
        'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': 'fleet'},
        'spec': {'sourceRef': {'kind': 'GitRepository', 'name': 'fleet'}, 'path': path, 'interval': '10m', 'retryInterval': '1s', 'prune': True}})


def render_workers(box):
    """Process id to what `ps` shows, of the sandbox's children that are weir."""
    found = {}
    for pid in subprocess.run(['pgrep', '-P', str(box.process.pid)], capture_output=True, text=True).stdout.split():
        with contextlib.suppress(OSError):
            found[int(pid)] = open(f'/proc/{pid}/cmdline').read().replace('\0', ' ').strip()
    return {pid: shown for pid, shown in found.items() if shown.startswith('weir ')}


@test
def a_render_worker_that_is_killed_costs_one_tenant_its_build():
    many = '---\n'.join(config_map(f'many-{i}') for i in range(2500))
    with world() as (box, repo):
        repo.commit({'victim/all.yaml': many, 'neighbour/a.yaml': config_map('a', '0')})
        stop = threading.Event()
        kills = []

        def kill():
            while not stop.wait(0.002):
                for pid, shown in render_workers(box).items():
                    if shown == 'weir render victim':
                        with contextlib.suppress(OSError):
                            os.kill(pid, signal.SIGKILL)
                            kills.append(pid)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            fleet = lambda ns: box.get(f'/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/{ns}/kustomizations/fleet')
            tenant(box, repo, 'victim', './victim')
            tenant(box, repo, 'neighbour', './neighbour')
            failed = until(10, lambda: (c := box.condition(fleet('victim')))['reason'] == 'BuildFailed' and c, 'the victim fails')
            check('killed by signal 9' in failed['message'] and 'only this build is lost' in failed['message'], failed['message'])
            for n in '123':
                repo.commit({'neighbour/a.yaml': config_map('a', n)})
                until(10, lambda: box.get(CONFIG_MAPS + '/a')['data']['value'] == n, f'the neighbour applies change {n}')
            check(box.condition(fleet('neighbour'))['status'] == 'True', 'the neighbour is ready')
            until(10, lambda: len(set(kills)) >= 3, 'the victim tries again and again')
            check(box.get(CONFIG_MAPS + '/many-0') is None, 'nothing of the victim is applied')
        finally:
            stop.set()
            killer.join()
        until(40, lambda: box.condition(fleet('victim'))['status'] == 'True', 'the victim heals')
        shown = sorted(render_workers(box).values())
        check(shown == ['weir render neighbour', 'weir render victim'], f'a worker for each tenant: {shown}')


@test
def builds_run_in_our_process_where_that_is_asked_for():
    with world('--render-in-process') as (box, repo):
        revision = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        until(10, lambda: box.applied('fleet', revision), 'applied')
        check(render_workers(box) == {}, f'no worker: {render_workers(box)}')


@test
def metrics_and_health_are_served():
    port = free_port()
    with world('--metrics-addr', f'127.0.0.1:{port}') as (box, repo):
        fetch = lambda path: urllib.request.urlopen(f'http://127.0.0.1:{port}{path}', timeout=5).read().decode()
        until(5, lambda: fetch('/readyz') == 'ok', 'ready')
        revision = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        until(10, lambda: box.applied('fleet', revision), 'applied')
        text = until(5, lambda: 'ready="True",revision="main@sha1:' + revision in (m := fetch('/metrics')) and m, 'the gauge of a ready object')
        for part in ('controller_runtime_reconcile_total{controller="kustomization",result="success"}',
                     'gotk_reconcile_duration_seconds_count{kind="Kustomization",name="fleet",namespace="flux-system"}',
                     'controller_runtime_reconcile_time_seconds_count{controller="gitrepository"}', 'controller_runtime_active_workers{controller="kustomization"}',
                     'workqueue_depth{name="kustomization",controller="kustomization"} 0', 'workqueue_adds_total{name="gitrepository",controller="gitrepository"}',
                     'gotk_resource_info{customresource_group="kustomize.toolkit.fluxcd.io",customresource_kind="Kustomization",customresource_version="v1",name="fleet"'):
            check(part in text, f'{part} is not in: {text[:1500]}')
        check(text.count('customresource_kind="Kustomization"') == 1, 'one series for each object')
        box.call('DELETE', '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/fleet')
        until(10, lambda: 'customresource_kind="Kustomization"' not in (m := fetch('/metrics')) and 'kind="Kustomization",name="fleet"' not in m, 'series of a deleted object go')


@test
def metrics_follow_prometheus_own_rules():
    if not shutil.which('promtool'):
        return 'promtool (Debian package prometheus) is not installed'
    port = free_port()
    with world('--metrics-addr', f'127.0.0.1:{port}') as (box, repo):
        revision = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        until(10, lambda: box.applied('fleet', revision), 'applied')
        text = urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=5).read().decode()
        r = subprocess.run(['promtool', 'check', 'metrics'], input=text, capture_output=True, text=True)
        check(r.returncode == 0 and r.stderr == '', r.stderr)


@test
def drift_deployments_and_successes_are_counted():
    port = free_port()
    with world('--metrics-addr', f'127.0.0.1:{port}') as (box, repo):
        series = lambda name: {line.rsplit(' ', 1)[0]: float(line.rsplit(' ', 1)[1]) for line in
                               urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=5).read().decode().splitlines() if line.startswith(name)}
        me = '{kind="Kustomization",name="fleet",namespace="flux-system"}'
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo, interval='10m')
        until(10, lambda: box.applied('fleet', first), 'applied')
        begin = time.time()
        until(5, lambda: abs(series('weir_last_success')['weir_last_success_timestamp_seconds' + me] - begin) < 10, 'when it last ended well')
        check(series('weir_commit_to_deploy_seconds_count') == {'weir_commit_to_deploy_seconds_count{}': 1}, 'one deployment')
        check(0 <= series('weir_commit_to_deploy_seconds_sum')['weir_commit_to_deploy_seconds_sum{}'] < 30, 'seconds from the commit')
        check(series('weir_drift') == {}, 'no drift')
        check(series('weir_prune_pending') == {'weir_prune_pending' + me: 0}, 'nothing waits to be pruned')
        box.call('PATCH', '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/fleet', {'metadata': {'labels': {'environment': 'staging'}}}, 'application/merge-patch+json')
        box.call('DELETE', CONFIG_MAPS + '/a')
        until(10, lambda: series('weir_drift_corrected')['weir_drift_corrected_total' + me] == 1, 'drift was corrected')
        check(series('weir_drift_detected') == {'weir_drift_detected_total' + me: 1}, 'and found')
        second = repo.commit({'b.yaml': config_map('b')})
        box.refresh()
        until(10, lambda: box.applied('fleet', second), 'applied')
        until(5, lambda: series('weir_commit_to_deploy_seconds_count').get('weir_commit_to_deploy_seconds_count{environment="staging"}') == 1, 'by environment')
        if shutil.which('promtool'):
            run('promtool', 'check', 'rules', os.path.join(ROOT, 'deploy', 'monitoring', 'rules.yaml'))


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

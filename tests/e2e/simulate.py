#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`weir simulate`: a fleet in a throw-away cluster, its failures, deletions and what is assumed. `simulate.py [NAME...]`."""
import contextlib, glob, json, os, shutil, sys, tempfile, xml.etree.ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *

FLEETS = os.path.join(os.environ.get('WEIR_CORPORA', os.path.join(ROOT, '..', 'shared', 'corpora')), 'kustomize', 'fleets')


def kustomization(name, path, **spec):
    return json.dumps({'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': name, 'namespace': 'flux-system'},
                       'spec': {'interval': '1h', 'prune': True, 'path': path, 'sourceRef': {'kind': 'GitRepository', 'name': 'flux-system'}, **spec}})


@contextlib.contextmanager
def fleet(files):
    folder = tempfile.mkdtemp(prefix='weir-fleet-')
    try:
        write(folder, files)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(folder, files):
    for path, text in files.items():
        full = os.path.join(folder, path)
        if text is None:
            os.remove(full)
            continue
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'w') as f:
            f.write(text)


def simulate(folder, *flags, status=0):
    with tempfile.TemporaryDirectory(prefix='weir-tmp-') as scratch:
        r = subprocess.run([WEIR, 'simulate', folder, *flags], capture_output=True, text=True, timeout=120, env={**os.environ, 'TMPDIR': scratch})
        check(not os.listdir(scratch), f'the temporary folder is left: {os.listdir(scratch)}')
    check(r.returncode == status, f'status {r.returncode}, want {status}: {r.stdout[-600:]} {r.stderr[-300:]}')
    return r.stdout


def subjects(text):
    return {s['name']: s for s in json.loads(text)['clusters'][0]['subjects'] if s['kind'] == 'Kustomization'}


@test
def the_sample_fleet_is_healthy_on_both_clusters():
    text = simulate(os.path.join(ROOT, 'examples', 'fleet'), '--all-clusters')
    check(text.count('0 not ready') == 2 and 'Deployment/shop/web' in text, text)
    check('GitRepository/flux-system/fleet is not in the fleet: taken for this repository' in text, text)


@test
def failures_name_file_and_object_and_stop_nothing_else():
    with fleet({'clusters/c/k.yaml': '---\n'.join([kustomization('bad', './bad') + '\n', kustomization('refused', './refused') + '\n', kustomization('good', './good') + '\n',
                                                 kustomization('after', './good', dependsOn=[{'name': 'nobody'}]) + '\n']),
                'bad/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  bad: [1,\n', 'good/a.yaml': config_map('a'),
                'refused/a.yaml': config_map('One') + '---\n' + config_map('Two')}) as folder:
        found = subjects(simulate(folder, '-o', 'json', status=1))
        check(re.search(r'a\.yaml:\d+:\d+', found['bad']['message']) and found['bad']['state'] == 'failed', str(found['bad']))
        check('ConfigMap/default/One' in found['refused']['message'] and 'ConfigMap/default/Two' in found['refused']['message'], 'both are told at once')
        check(found['good']['state'] == 'ready' and found['good']['objects'][0]['name'] == 'a', str(found['good']))
        check(found['after']['state'] == 'unresolved' and 'nobody' in found['after']['message'], str(found['after']))
        cases = xml.etree.ElementTree.fromstring(simulate(folder, '-o', 'junit', status=1)).find('testsuite')
        check(cases.get('failures') == '3' and len(cases) == 6, str(cases.attrib))
        results = json.loads(simulate(folder, '-o', 'sarif', status=1))['runs'][0]['results']
        check(len(results) == 3 and all(r['locations'][0]['physicalLocation']['artifactLocation']['uri'] for r in results), str(results))


@test
def what_a_change_deletes_is_told_before_it_is_merged():
    with fleet({'clusters/c/k.yaml': kustomization('app', './app'), 'app/a.yaml': config_map('a'), 'app/b.yaml': config_map('b')}) as folder:
        git = lambda *args: run('git', '-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', *args)
        git('init', '-q', '-b', 'main')
        git('add', '-A')
        git('commit', '-qm', 'one')
        head = git('rev-parse', 'HEAD')
        write(folder, {'app/b.yaml': None, 'app/c.yaml': config_map('c')})
        app = subjects(simulate(folder, '--base', 'main', '-o', 'json'))['app']
        equal([o['name'] for o in app['deleted']], ['b'])
        equal([o['name'] for o in app['objects']], ['a', 'c'])
        equal([o['name'] for o in subjects(simulate(folder, '--revision', 'main', '-o', 'json'))['app']['objects']], ['a', 'b'])
        equal(git('rev-parse', 'HEAD'), head)
        check('?? app/c.yaml' in git('status', '--short'), 'the repository is as it was')
        simulate(folder, '--revision', 'nowhere', status=1)


@test
def unknown_kinds_encrypted_secrets_and_other_kinds_of_flux():
    with fleet({'clusters/c/k.yaml': kustomization('app', './app', decryption={'provider': 'sops'}),
                'app/w.yaml': 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w, namespace: default}\nspec: {size: 1}\n',
                'app/h.yaml': 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: h, namespace: default}\nspec: {interval: 1h}\n',
                'app/s.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default}\nstringData: {a: "ENC[AES256_GCM,data:x,type:str]"}\nsops: {mac: x}\n'}) as folder:
        result = json.loads(simulate(folder, '-o', 'json'))['clusters'][0]
        equal([(r['kind'], r['name']) for r in result['notSimulated']], [('HelmRelease', 'h')])
        equal(sorted(r['kind'] for r in result['assumed']), ['HelmRelease', 'Widget'])
        check(result['complete'], 'it came to rest')


@test
def public_fleets_come_to_rest():
    if not os.path.isdir(FLEETS):
        return f'{FLEETS} is not there'
    tree = os.path.join(FLEETS, 'fluxcd__flux2-multi-tenancy', 'tree')
    for path in sorted(glob.glob(tree + '/clusters/*')):
        result = json.loads(simulate(tree, '--path', os.path.relpath(path, tree), '-o', 'json', status=1))['clusters'][0]
        check(result['complete'] and len(result['subjects']) >= 5, str(result)[:400])


sys.exit(main(sys.argv[1:]))

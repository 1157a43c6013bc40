#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""End to end: the install manifests build and apply, and their rights are enough, and no more. `deploy.py [NAME...]`."""
import os, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from api_proxy import *

INSTALL = os.path.join(ROOT, 'deploy', 'install')
RBAC = '/apis/rbac.authorization.k8s.io/v1'
TENANT = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/tenant/kustomizations'
PLURALS = {'Namespace': 'namespaces', 'ServiceAccount': 'serviceaccounts', 'ClusterRole': 'clusterroles', 'ClusterRoleBinding': 'clusterrolebindings',
           'Deployment': 'deployments', 'NetworkPolicy': 'networkpolicies'}


def manifests():
    built = run(WEIR, 'kustomize', 'build', INSTALL)
    return [json.loads(run(WEIR, 'fmt', '-o', 'json', input=text)) for text in built.split('---\n')]


def install(box):
    for m in manifests():
        root = '/api/v1' if m['apiVersion'] == 'v1' else '/apis/' + m['apiVersion']
        ns = f"/namespaces/{m['metadata']['namespace']}" if 'namespace' in m['metadata'] else ''
        box.call('PATCH', f"{root}{ns}/{PLURALS[m['kind']]}/{m['metadata']['name']}?fieldManager=test", m, 'application/apply-patch+yaml')


def token_kubeconfig(box, ns, account):
    """A kubeconfig of the sandbox with a token of that service account."""
    token = box.call('POST', f'/api/v1/namespaces/{ns}/serviceaccounts/{account}/token', {'apiVersion': 'authentication.k8s.io/v1', 'kind': 'TokenRequest', 'spec': {}})
    text = re.sub(r'client-(certificate|key)-data: .*', '', open(box.kubeconfig).read())
    path = box.data + '.' + account
    open(path, 'w').write(re.sub(r'token: *"?[^"\s]+"?', 'token: ' + token['status']['token'], text))
    return path


def tenant(box, repo, **spec):
    """A namespace whose default account may do all to ConfigMaps there, and a fleet that it asks for."""
    box.call('POST', '/api/v1/namespaces', {'metadata': {'name': 'tenant'}})
    until(5, lambda: box.get('/api/v1/namespaces/tenant/serviceaccounts/default') or box.call('POST', '/api/v1/namespaces/tenant/serviceaccounts', {'metadata': {'name': 'default'}}), 'an account')
    box.call('POST', RBAC + '/namespaces/tenant/roles', {'metadata': {'name': 'maps'}, 'rules': [{'apiGroups': ['', 'apps'], 'resources': ['configmaps', 'deployments'], 'verbs': ['*']}]})
    box.call('POST', RBAC + '/namespaces/tenant/rolebindings', {'metadata': {'name': 'maps'}, 'roleRef': {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'Role', 'name': 'maps'},
             'subjects': [{'kind': 'ServiceAccount', 'name': 'default', 'namespace': 'tenant'}]})
    box.call('POST', '/apis/source.toolkit.fluxcd.io/v1/namespaces/tenant/gitrepositories', {
        'apiVersion': 'source.toolkit.fluxcd.io/v1', 'kind': 'GitRepository', 'metadata': {'name': 'fleet'}, 'spec': {'url': repo.url, 'ref': {'branch': 'main'}, 'interval': '1s'}})
    box.call('POST', TENANT, {'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': 'fleet'},
             'spec': {'sourceRef': {'kind': 'GitRepository', 'name': 'fleet'}, 'path': './', 'interval': '10m', 'retryInterval': '1s', 'prune': True, **spec}})


def fleet(box):
    return box.get(TENANT + '/fleet')


def applied(box, revision):
    k = fleet(box)
    return box.condition(k).get('status') == 'True' and k['status']['lastAppliedRevision'].endswith(revision)


@contextlib.contextmanager
def installed(rules=None):
    """The manifests in a sandbox, and `weir run` with the arguments and the account of its Deployment. `rules` edits the ClusterRole."""
    with world('--no-engine') as (box, repo):
        install(box)
        if rules:
            role = box.get(RBAC + '/clusterroles/weir')
            box.call('PUT', RBAC + '/clusterroles/weir', dict(role, rules=rules(role['rules'])))
        folder = os.path.dirname(box.data)
        args = next(m for m in manifests() if m['kind'] == 'Deployment')['spec']['template']['spec']['containers'][0]['args']
        flags = [a for a in args[1:] if not a.startswith(('--storage', '--metrics-addr'))]
        engine = Engine(box, folder, token_kubeconfig(box, 'flux-system', 'weir'), *flags).start()
        try:
            until(15, lambda: box.get('/apis/kustomize.toolkit.fluxcd.io/v1') and box.get('/apis/source.toolkit.fluxcd.io/v1'), 'the definitions are installed')
            yield box, repo, engine
        except BaseException:
            sys.stderr.write(tail(engine.log_path) + '\n')
            raise
        finally:
            engine.stop()


@test
def the_manifests_build_and_say_what_lockdown_is():
    found = {(m['kind'], m['metadata']['name']): m for m in manifests()}
    check(len(found) == 8, sorted(found))
    pod = found['Deployment', 'weir']['spec']['template']['spec']
    container = pod['containers'][0]
    for flag in ('--no-cross-namespace-refs', '--no-remote-bases', '--default-service-account=default'):
        check(flag in container['args'], flag)
    check(pod['securityContext']['runAsNonRoot'] and pod['securityContext']['seccompProfile'] == {'type': 'RuntimeDefault'}, 'the Pod is restricted')
    check(container['securityContext'] == {'allowPrivilegeEscalation': False, 'capabilities': {'drop': ['ALL']}, 'readOnlyRootFilesystem': True}, 'the container is restricted')
    writes = [r for r in found['ClusterRole', 'weir']['rules'] if '*' in r.get('apiGroups', []) and set(r['verbs']) - {'get', 'list', 'watch'}]
    check(not writes and all('*' not in r['verbs'] for r in found['ClusterRole', 'weir']['rules']), f'weir itself writes little: {writes}')
    file = tempfile.mkdtemp(prefix='weir-e2e-') + '/ks.json'
    try:
        json.dump({'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': 'weir', 'namespace': 'flux-system'},
                   'spec': {'interval': '1m', 'path': './', 'prune': True, 'sourceRef': {'kind': 'GitRepository', 'name': 'weir'}}}, open(file, 'w'))
        built = run(WEIR, 'build', 'kustomization', 'weir', '--path', INSTALL, '--kustomization-file', file, '--dry-run')
        check(built.count('\nkind: ') == 8, 'a Kustomization builds them, too')
    finally:
        shutil.rmtree(os.path.dirname(file))


@test
def the_rights_are_enough_and_tenants_keep_to_their_own():
    with installed() as (box, repo, engine):
        first = repo.commit({'a.yaml': config_map('a', namespace='tenant')})
        tenant(box, repo)
        until(15, lambda: applied(box, first), 'applied as the tenant\'s account')
        maps = '/api/v1/namespaces/tenant/configmaps'
        box.call('DELETE', maps + '/a')
        until(10, lambda: box.get(maps + '/a'), 'drift is corrected because it is watched')
        repo.commit({'b.yaml': config_map('b')})
        until(15, lambda: 'forbidden' in box.condition(fleet(box))['message'], 'another namespace is not the tenant\'s')
        check(box.get(CONFIG_MAPS + '/b') is None, 'nothing is written there')
        box.call('PATCH', TENANT + '/fleet', {'spec': {'sourceRef': {'namespace': 'flux-system'}}}, 'application/merge-patch+json')
        until(15, lambda: box.condition(fleet(box))['reason'] == 'AccessDenied', 'nor is another\'s source')
        box.call('PATCH', TENANT + '/fleet', {'spec': {'sourceRef': {'namespace': None}}}, 'application/merge-patch+json')
        repo.commit({'b.yaml': None, 'kustomization.yaml': f'resources: [a.yaml, "{repo.url}//?ref=main"]\n'})
        until(15, lambda: 'is not allowed' in box.condition(fleet(box))['message'], 'nor are remote bases')
        box.call('DELETE', TENANT + '/fleet')
        until(15, lambda: fleet(box) is None and box.get(maps + '/a') is None, 'cleaned up')
        check('forbidden' not in '\n'.join(line for line in engine.log().splitlines() if '"level":"error"' in line and 'watch ended' in line), 'every watch is allowed')


@test
def where_watching_is_forbidden_it_falls_back_to_asking():
    flux_only = lambda rules: [
        {'apiGroups': ['source.toolkit.fluxcd.io', 'kustomize.toolkit.fluxcd.io'], 'resources': ['*'], 'verbs': ['get', 'list', 'watch']},
        {'apiGroups': [''], 'resources': ['serviceaccounts'], 'verbs': ['get']}] + [r for r in rules if '*' not in r.get('apiGroups', ['x'])]
    with installed(flux_only) as (box, repo, engine):
        deployment = ('apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: tenant\nspec:\n  selector:\n    matchLabels: {app: web}\n'
                      '  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n      - name: c\n        image: nginx\n')
        first = repo.commit({'a.yaml': config_map('a', namespace='tenant'), 'd.yaml': deployment})
        tenant(box, repo, interval='3s', wait=True, timeout='1m')
        web = '/apis/apps/v1/namespaces/tenant/deployments/web'
        until(15, lambda: box.get(web), 'applied')
        time.sleep(1.5)
        check(not applied(box, first), 'nothing runs it here, so it is not healthy')
        box.call('PATCH', web + '/status', {'status': {'observedGeneration': 1, 'replicas': 1, 'updatedReplicas': 1, 'readyReplicas': 1, 'availableReplicas': 1,
                 'conditions': [{'type': 'Available', 'status': 'True'}, {'type': 'Progressing', 'status': 'True', 'reason': 'NewReplicaSetAvailable'}]}}, 'application/merge-patch+json')
        until(15, lambda: applied(box, first), 'its health is asked for')
        box.call('DELETE', '/api/v1/namespaces/tenant/configmaps/a')
        until(15, lambda: box.get('/api/v1/namespaces/tenant/configmaps/a'), 'drift is found by the dry runs at the interval')


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""End to end: what is applied as a service account, or to another cluster, and what is waited for. `targets.py [NAME...]`."""
import base64, contextlib, os, shutil, signal, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *

RBAC = '/apis/rbac.authorization.k8s.io/v1'
FLUX = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations'


def account(box, name, *resources):
    """A service account of flux-system that may do all to these core resources of the default namespace."""
    if not box.get('/api/v1/namespaces/flux-system'):
        box.call('POST', '/api/v1/namespaces', {'metadata': {'name': 'flux-system'}})
    box.call('POST', '/api/v1/namespaces/flux-system/serviceaccounts', {'metadata': {'name': name}})
    box.call('POST', RBAC + '/namespaces/default/roles', {'metadata': {'name': name}, 'rules': [
        {'apiGroups': [''], 'resources': list(resources), 'verbs': ['*']}]})
    box.call('POST', RBAC + '/namespaces/default/rolebindings', {'metadata': {'name': name},
        'roleRef': {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'Role', 'name': name},
        'subjects': [{'kind': 'ServiceAccount', 'name': name, 'namespace': 'flux-system'}]})


def message(box, name='fleet'):
    return box.condition(box.kustomization(name)).get('message', '')


def secret(name):
    return f'apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\n  namespace: default\nstringData:\n  a: b\n'


def deployment(name, namespace='default'):
    return (f'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  namespace: {namespace}\nspec:\n  selector:\n    matchLabels: {{app: {name}}}\n'
            f'  template:\n    metadata:\n      labels: {{app: {name}}}\n    spec:\n      containers:\n      - name: c\n        image: nginx\n')


@test
def a_service_account_applies_what_it_may_and_no_more():
    with world() as (box, repo):
        account(box, 'tenant', 'configmaps')
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo, serviceAccountName='tenant')
        until(10, lambda: box.applied('fleet', first), 'what it may is applied')
        repo.commit({'s.yaml': secret('s')})
        box.refresh()
        said = until(10, lambda: 'forbidden' in message(box) and message(box), 'what it may not is refused')
        check('system:serviceaccount:flux-system:tenant' in said, f'the account is named: {said}')
        check(box.get('/api/v1/namespaces/default/secrets/s') is None, 'nothing was written')
        check(box.condition(box.kustomization('fleet'))['reason'] == 'ReconciliationFailed', 'reason')


@test
def a_default_service_account_stands_in():
    with world('--default-service-account', 'nobody') as (box, repo):
        account(box, 'tenant', 'configmaps')
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo)
        said = until(10, lambda: 'forbidden' in message(box) and message(box), 'the default account may nothing')
        check('system:serviceaccount:flux-system:nobody' in said, said)
        box.call('PATCH', FLUX + '/fleet', {'spec': {'serviceAccountName': 'tenant'}}, 'application/merge-patch+json')
        until(10, lambda: box.applied('fleet', first), 'its own account may')


@test
def an_account_that_is_gone_does_not_hold_the_deletion_up():
    with world() as (box, repo):
        account(box, 'tenant', 'configmaps')
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo, serviceAccountName='tenant')
        until(10, lambda: box.applied('fleet', first), 'applied')
        box.call('DELETE', '/api/v1/namespaces/flux-system/serviceaccounts/tenant')
        box.call('DELETE', FLUX + '/fleet')
        until(10, lambda: box.kustomization('fleet') is None, 'the Kustomization goes')
        check(box.get(CONFIG_MAPS + '/a'), 'what the account held stays')
        events = box.get('/api/v1/namespaces/flux-system/events')['items']
        check(any('unable to prune objects' in e['message'] and 'ConfigMap/default/a' in e['message'] for e in events), 'an event says so')


@contextlib.contextmanager
def second_cluster():
    folder = tempfile.mkdtemp(prefix='weir-e2e-')
    other = Sandbox(os.path.join(folder, 'other'))
    try:
        yield other.start('--no-engine')
    finally:
        other.stop(signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def give_kubeconfig(box, text, key='value'):
    if not box.get('/api/v1/namespaces/flux-system'):
        box.call('POST', '/api/v1/namespaces', {'metadata': {'name': 'flux-system'}})
    box.call('POST', '/api/v1/namespaces/flux-system/secrets', {'metadata': {'name': 'other'}, 'data': {key: base64.b64encode(text.encode()).decode()}})


@test
def another_cluster_is_applied_to_pruned_and_cleaned_up():
    with world() as (box, repo), second_cluster() as other:
        give_kubeconfig(box, open(other.kubeconfig).read())
        first = repo.commit({'a.yaml': config_map('a'), 'b.yaml': config_map('b')})
        point(box, repo, kubeConfig={'secretRef': {'name': 'other'}})
        until(15, lambda: box.applied('fleet', first), 'applied')
        check(other.get(CONFIG_MAPS + '/a') and other.get(CONFIG_MAPS + '/b'), 'in the other cluster')
        check(box.get(CONFIG_MAPS + '/a') is None, 'and not in ours')
        second = repo.commit({'b.yaml': None})
        box.refresh()
        until(10, lambda: box.applied('fleet', second), 'applied')
        check(other.get(CONFIG_MAPS + '/b') is None, 'pruned there')
        box.call('DELETE', FLUX + '/fleet')
        until(10, lambda: box.kustomization('fleet') is None, 'deleted')
        check(other.get(CONFIG_MAPS + '/a') is None, 'cleaned up there')


@test
def an_outage_of_another_cluster_stops_nothing_else():
    with world() as (box, repo), second_cluster() as other:
        give_kubeconfig(box, open(other.kubeconfig).read())
        other.stop(signal.SIGKILL)
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo, kubeConfig={'secretRef': {'name': 'other'}})
        mine = dict(box.kustomization('fleet')['spec'])
        del mine['kubeConfig']
        box.call('POST', FLUX, {'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': 'mine'}, 'spec': mine})
        until(10, lambda: box.applied('mine', first), 'the one of our cluster is applied')
        until(10, lambda: box.condition(box.kustomization('fleet')).get('status') == 'False' and 'could not reach' in message(box), 'the other says why not')
        other.start('--no-engine')
        until(20, lambda: box.applied('fleet', first), 'and is applied when it is back')


@test
def a_kubeconfig_that_cannot_be_used_is_told():
    with world() as (box, repo):
        repo.commit({'a.yaml': config_map('a')})
        point(box, repo, kubeConfig={'secretRef': {'name': 'other'}})
        until(10, lambda: message(box) == 'unable to read KubeConfig secret \'flux-system/other\' error: secrets "other" not found', 'no Secret')
        give_kubeconfig(box, 'token: [hunter2', key='config')
        until(10, lambda: message(box) == "KubeConfig secret 'flux-system/other' does not contain a 'value' key with a kubeconfig", 'no key')
        box.call('PATCH', FLUX + '/fleet', {'spec': {'kubeConfig': {'secretRef': {'key': 'config'}}}}, 'application/merge-patch+json')
        until(10, lambda: 'is not valid YAML' in message(box), 'no YAML')
        check('hunter2' not in str(box.kustomization('fleet')), 'nothing secret is told')
        text = ('apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\n'
                'clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]\nusers: [{name: u, user: {%s}}]\n')
        for user, word in (('exec: {command: sh}', 'would run a program'), ('tokenFile: /etc/passwd', 'is a file')):
            box.call('PATCH', '/api/v1/namespaces/flux-system/secrets/other', {'data': {'config': base64.b64encode((text % user).encode()).decode()}},
                     'application/merge-patch+json')
            until(10, lambda: word in message(box), word)


def give_map(box, **data):
    if not box.get('/api/v1/namespaces/flux-system'):
        box.call('POST', '/api/v1/namespaces', {'metadata': {'name': 'flux-system'}})
    box.call('POST' if not box.get('/api/v1/namespaces/flux-system/configmaps/there') else 'PUT',
             '/api/v1/namespaces/flux-system/configmaps' + ('/there' if box.get('/api/v1/namespaces/flux-system/configmaps/there') else ''),
             {'metadata': {'name': 'there'}, 'data': {k.replace('_', '.'): v for k, v in data.items()}})


def authority(box):
    return base64.b64decode(re.search(r'certificate-authority-data:\s*"?([^"\s]+)', open(box.kubeconfig).read())[1]).decode()


@test
def a_clusters_address_in_a_config_map_is_reached_with_a_token_of_the_account():
    with world() as (box, repo):
        account(box, 'tenant', 'configmaps')
        give_map(box, provider='generic', address=box.server.upper().replace('HTTPS', 'https'), ca_crt=authority(box), serviceAccountName='tenant', audiences=' one \n\ntwo\n')
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo, kubeConfig={'configMapRef': {'name': 'there'}})
        until(10, lambda: box.applied('fleet', first), 'what its account may is applied')
        manager = box.get(CONFIG_MAPS + '/a')['metadata']['managedFields'][0]['manager']
        check(manager == 'kustomize-controller', manager)
        repo.commit({'s.yaml': secret('s')})
        box.refresh()
        said = until(10, lambda: 'forbidden' in message(box) and message(box), 'what it may not is refused')
        check('system:serviceaccount:flux-system:tenant' in said, f'it is the account: {said}')
        box.call('DELETE', '/api/v1/namespaces/flux-system/serviceaccounts/tenant')
        until(10, lambda: "failed to get service account 'flux-system/tenant': serviceaccounts \"tenant\" not found" in message(box), 'an account that is gone')


@test
def a_config_map_that_cannot_be_used_is_told():
    with world('--default-kubeconfig-service-account', 'stand-in') as (box, repo):
        repo.commit({'a.yaml': config_map('a')})
        point(box, repo, kubeConfig={'configMapRef': {'name': 'there'}})
        until(10, lambda: message(box) == 'failed to get configmap flux-system/there: configmaps "there" not found', 'no ConfigMap')
        for data, word in (({'provider': 'aws', 'cluster': 'arn:aws:eks:x'}, "provider 'aws' of spec.kubeConfig.configMapRef is not built yet"),
                           ({'provider': 'other'}, "provider 'other' not implemented"),
                           ({'provider': 'generic'}, 'cluster address is required to create a REST config'),
                           ({'provider': 'generic', 'address': 'http://a'}, 'must use https scheme'),
                           ({'provider': 'generic', 'address': box.server}, "failed to get service account 'flux-system/stand-in': serviceaccounts \"stand-in\" not found")):
            give_map(box, **data)
            until(10, lambda: word in message(box), word)


@test
def our_own_identity_is_no_account_to_make_a_token_of():
    with world() as (box, repo):
        repo.commit({'a.yaml': config_map('a')})
        give_map(box, provider='generic', address=box.server)
        point(box, repo, kubeConfig={'configMapRef': {'name': 'there'}})
        said = until(10, lambda: 'failed to get access token for cluster' in message(box) and message(box), 'refused')
        check('is no service account' in said, said)


@test
def a_program_in_a_secrets_kubeconfig_runs_only_where_the_operator_lets_it():
    for flags, runs in ((('--insecure-kubeconfig-exec',), True), ((), False)):
        with world(*flags) as (box, repo):
            text = open(box.kubeconfig).read()
            script = ('printf \'{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}\' ' + box.token)
            plugin = json.dumps({'apiVersion': 'client.authentication.k8s.io/v1', 'command': 'sh', 'args': ['-c', script], 'interactiveMode': 'Never'})
            text = re.sub(r'token: *"?[^"\s]+"?', 'exec: ' + plugin.replace('\\', '\\\\'), text)
            text = re.sub(r'client-(certificate|key)-data: .*', '', text)
            give_kubeconfig(box, text)
            first = repo.commit({'a.yaml': config_map('a')})
            point(box, repo, kubeConfig={'secretRef': {'name': 'other'}})
            if runs:
                until(10, lambda: box.applied('fleet', first), 'applied')
            else:
                until(10, lambda: 'would run a program' in message(box), 'refused')
                check(box.get(CONFIG_MAPS + '/a') is None, 'nothing is applied')


@test
def a_secrets_kubeconfig_skips_no_check_of_certificates_unless_the_operator_lets_it():
    for flags, applies in ((('--insecure-kubeconfig-tls',), True), ((), False)):
        with world(*flags) as (box, repo):
            text = re.sub(r'certificate-authority-data: .*', 'insecure-skip-tls-verify: true', open(box.kubeconfig).read())
            give_kubeconfig(box, text)
            first = repo.commit({'a.yaml': config_map('a')})
            point(box, repo, kubeConfig={'secretRef': {'name': 'other'}})
            until(10, lambda: box.applied('fleet', first) if applies else 'insecure-skip-tls-verify is refused' in message(box), 'applied or refused')


@test
def health_checks_wait_for_what_they_name():
    with world() as (box, repo):
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo, timeout='30s', healthChecks=[
            {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'name': 'web', 'namespace': 'default'},
            {'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'name': 'fleet', 'namespace': 'flux-system'}])
        until(10, lambda: box.condition(box.kustomization('fleet'), 'Healthy').get('reason') == 'Progressing', 'it waits')
        time.sleep(1)
        check(not box.applied('fleet', first), 'not ready before the Deployment is there')
        box.call('POST', '/apis/apps/v1/namespaces/default/deployments', deployment('web').encode(), 'application/yaml')
        until(10, lambda: box.applied('fleet', first), 'ready with it')
        check(box.condition(box.kustomization('fleet'), 'Healthy')['status'] == 'True', 'Healthy')
        check([e['id'] for e in box.kustomization('fleet')['status']['inventory']['entries']] == ['default_a__ConfigMap'], 'what is checked is not ours')


@test
def another_clusters_health_is_waited_for():
    with world() as (box, repo), second_cluster() as other:
        give_kubeconfig(box, open(other.kubeconfig).read())
        first = repo.commit({'d.yaml': deployment('web')})
        point(box, repo, wait=True, timeout='30s', kubeConfig={'secretRef': {'name': 'other'}})
        until(10, lambda: other.get('/apis/apps/v1/namespaces/default/deployments/web'), 'applied there')
        time.sleep(1)
        check(not box.applied('fleet', first), 'nothing runs it there, so it is not healthy')
        other.call('PATCH', '/apis/apps/v1/namespaces/default/deployments/web/status', {'status': {
            'observedGeneration': 1, 'replicas': 1, 'updatedReplicas': 1, 'readyReplicas': 1, 'availableReplicas': 1,
            'conditions': [{'type': 'Available', 'status': 'True'}, {'type': 'Progressing', 'status': 'True', 'reason': 'NewReplicaSetAvailable'}]}},
            'application/merge-patch+json')
        until(10, lambda: box.applied('fleet', first), 'healthy')


def held(name):
    return config_map(name).replace('  namespace', '  finalizers: [example.com/held]\n  namespace')


@test
def a_deletion_may_wait_for_what_it_deletes():
    with world() as (box, repo):
        first = repo.commit({'a.yaml': held('a'), 'b.yaml': config_map('b')})
        point(box, repo, deletionPolicy='WaitForTermination', timeout='30s')
        until(10, lambda: box.applied('fleet', first), 'applied')
        box.call('DELETE', FLUX + '/fleet')
        until(10, lambda: box.get(CONFIG_MAPS + '/b') is None, 'b goes')
        time.sleep(2.5)
        check(box.kustomization('fleet') and box.get(CONFIG_MAPS + '/a'), 'it waits for a')
        told = [e for e in box.get('/api/v1/namespaces/flux-system/events')['items'] if 'deleted' in e['message']]
        check(len(told) == 1, f'what is deleted is told once, not {len(told)} times')
        box.call('PATCH', CONFIG_MAPS + '/a', {'metadata': {'finalizers': None}}, 'application/merge-patch+json')
        until(10, lambda: box.kustomization('fleet') is None, 'it goes with a')


sys.exit(main(sys.argv[1:]))

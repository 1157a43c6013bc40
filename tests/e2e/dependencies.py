#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""End to end: what a Kustomization waits for: other objects, variables, health and Jobs. `dependencies.py [NAME...]`."""
import os, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *

KUSTOMIZATIONS = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations'
DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'


def message(box, name='fleet'):
    return box.condition(box.kustomization(name)).get('message', '')


def events(box):
    return box.get('/api/v1/namespaces/flux-system/events')['items']


def deployment(name, image='nginx'):
    return (f'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  namespace: default\nspec:\n  selector:\n    matchLabels: {{app: {name}}}\n'
            f'  template:\n    metadata:\n      labels: {{app: {name}}}\n    spec:\n      containers:\n      - name: c\n        image: {image}\n')


@test
def any_object_can_be_waited_for_and_its_event_ends_the_wait():
    with world('--requeue-dependency', '10m') as (box, repo):
        first = repo.commit({'a.yaml': config_map('a')})
        web = {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'name': 'web', 'namespace': 'default'}
        point(box, repo, dependsOn=[web])
        until(10, lambda: message(box) == "dependency 'Deployment/default/web' not found", 'it is not there')
        check(box.condition(box.kustomization('fleet'))['reason'] == 'DependencyNotReady', 'reason')
        box.call('POST', DEPLOYMENTS, deployment('web').encode(), 'application/yaml')
        until(5, lambda: box.applied('fleet', first), 'applied when it is healthy')
        ready = [c['lastTransitionTime'] for c in box.get(DEPLOYMENTS + '/web')['status']['conditions'] if c['type'] == 'Available']
        check(ready, 'and not before')
        check(box.get(CONFIG_MAPS + '/a'), 'applied')


@test
def an_object_may_only_have_to_be_there():
    with world('--requeue-dependency', '10m') as (box, repo):
        first = repo.commit({'a.yaml': config_map('a')})
        box.call('POST', DEPLOYMENTS, deployment('broken', 'example.com/fail').replace('template:', 'paused: true\n  template:').encode(), 'application/yaml')
        box.call('POST', CONFIG_MAPS, {'metadata': {'name': 'there'}})
        box.call('POST', '/api/v1/namespaces', {'metadata': {'name': 'flux-system'}})
        point(box, repo, dependsOn=[
            {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'name': 'broken', 'namespace': 'default', 'ready': False},
            {'apiVersion': 'v1', 'kind': 'ConfigMap', 'name': 'there', 'namespace': 'default'},
            {'apiVersion': 'v1', 'kind': 'Namespace', 'name': 'flux-system'}, {'apiVersion': 'source.toolkit.fluxcd.io/v1', 'kind': 'GitRepository', 'name': 'fleet'}])
        until(10, lambda: box.applied('fleet', first), 'applied')


@test
def a_kind_that_comes_later_is_found():
    crd = {'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition', 'metadata': {'name': 'widgets.example.com'}, 'spec': {
        'group': 'example.com', 'names': {'kind': 'Widget', 'plural': 'widgets'}, 'scope': 'Namespaced',
        'versions': [{'name': 'v1', 'served': True, 'storage': True, 'schema': {'openAPIV3Schema': {'type': 'object', 'x-kubernetes-preserve-unknown-fields': True}}}]}}
    with world('--requeue-dependency', '10m') as (box, repo):
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo, dependsOn=[{'apiVersion': 'example.com/v1', 'kind': 'Widget', 'name': 'w'}])
        until(10, lambda: 'no matches for kind "Widget" in version "example.com/v1"' in message(box), 'the kind is not served')
        box.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd)
        until(10, lambda: box.get('/apis/example.com/v1'), 'the kind')
        widget = {'apiVersion': 'example.com/v1', 'kind': 'Widget', 'metadata': {'name': 'w'}, 'status': {'conditions': [{'type': 'Ready', 'status': 'False', 'message': 'warming up'}]}}
        until(5, lambda: box.call('POST', '/apis/example.com/v1/namespaces/flux-system/widgets', widget), 'the object')
        until(30, lambda: 'warming up' in message(box) and 'is not ready' in message(box), 'it is there, and not ready')
        box.call('PATCH', '/apis/example.com/v1/namespaces/flux-system/widgets/w', {'status': {'conditions': [{'type': 'Ready', 'status': 'True'}]}}, 'application/merge-patch+json')
        until(5, lambda: box.applied('fleet', first), 'applied')


@test
def a_circle_of_dependencies_is_named():
    with world('--requeue-dependency', '1s') as (box, repo):
        first = repo.commit({'a.yaml': config_map('a')})
        point(box, repo, dependsOn=[{'name': 'second'}])
        spec = dict(box.kustomization('fleet')['spec'], dependsOn=[{'name': 'fleet'}])
        box.call('POST', KUSTOMIZATIONS, {'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': 'second'}, 'spec': spec})
        until(10, lambda: "'flux-system/fleet' -> 'flux-system/second' -> 'flux-system/fleet'" in message(box), 'the circle as the first sees it')
        until(10, lambda: "'flux-system/second' -> 'flux-system/fleet' -> 'flux-system/second'" in message(box, 'second'), 'as the second sees it')
        box.call('PATCH', KUSTOMIZATIONS + '/second', {'spec': {'dependsOn': None, 'path': './none'}}, 'application/merge-patch+json')
        until(10, lambda: "dependency 'flux-system/second' is not ready" in message(box), 'the circle is open')
        box.call('PATCH', KUSTOMIZATIONS + '/second', {'spec': {'path': './'}}, 'application/merge-patch+json')
        until(10, lambda: box.applied('second', first) and box.applied('fleet', first), 'both are applied')


@test
def lockdown_looks_at_no_objects_of_other_namespaces():
    with world('--no-cross-namespace-refs') as (box, repo):
        repo.commit({'a.yaml': config_map('a')})
        point(box, repo, dependsOn=[{'apiVersion': 'v1', 'kind': 'Secret', 'name': 's', 'namespace': 'default'}])
        until(10, lambda: "can't access 'Secret/default/s', cross-namespace references have been blocked" in message(box), 'refused')
        check(box.condition(box.kustomization('fleet'), 'Stalled').get('status') == 'True', 'only a change can help')


@test
def a_kind_without_a_version_is_refused():
    with world() as (box, repo):
        repo.commit({'a.yaml': config_map('a')})
        point(box, repo, dependsOn=[{'kind': 'GitRepository', 'name': 'fleet'}])
        until(10, lambda: 'apiVersion and kind go together' in message(box), f'refused by name')


@test
def variables_that_say_so_wake_who_reads_them():
    with world() as (box, repo):
        box.call('POST', '/api/v1/namespaces', {'metadata': {'name': 'flux-system'}})
        watched = {'labels': {'reconcile.fluxcd.io/watch': 'Enabled'}}
        maps = '/api/v1/namespaces/flux-system/configmaps'
        box.call('POST', maps, {'metadata': {'name': 'vars', **watched}, 'data': {'COLOR': 'red'}})
        box.call('POST', maps, {'metadata': {'name': 'quiet'}, 'data': {'SIZE': 'small'}})
        box.call('POST', '/api/v1/namespaces/flux-system/secrets', {'metadata': {'name': 'vars', **watched}, 'stringData': {'TOKEN': 'one'}})
        first = repo.commit({'a.yaml': config_map('a', '${COLOR} ${SIZE} ${TOKEN:=none}')})
        point(box, repo, interval='10m', postBuild={'substituteFrom': [{'kind': 'ConfigMap', 'name': 'vars'}, {'kind': 'ConfigMap', 'name': 'quiet'}, {'kind': 'Secret', 'name': 'vars', 'optional': True}]})
        value = lambda: box.get(CONFIG_MAPS + '/a')['data']['value']
        until(10, lambda: box.applied('fleet', first) and value() == 'red small one', 'applied')
        time.sleep(0.5)
        box.call('PATCH', maps + '/quiet', {'data': {'SIZE': 'big'}}, 'application/merge-patch+json')
        time.sleep(1)
        check(value() == 'red small one', 'without the label it is read at the interval')
        box.call('PATCH', maps + '/vars', {'data': {'COLOR': 'blue'}}, 'application/merge-patch+json')
        until(5, lambda: value() == 'blue big one', 'a ConfigMap')
        box.call('PATCH', '/api/v1/namespaces/flux-system/secrets/vars', {'stringData': {'TOKEN': 'two'}}, 'application/merge-patch+json')
        until(5, lambda: value() == 'blue big two', 'a Secret')
        box.call('DELETE', '/api/v1/namespaces/flux-system/secrets/vars')
        until(5, lambda: value() == 'blue big none', 'one that is deleted')


@test
def a_new_revision_ends_the_wait_for_health():
    with world() as (box, repo):
        repo.commit({'d.yaml': deployment('web').replace('template:', 'progressDeadlineSeconds: 600\n  replicas: 1\n  template:').replace('    spec:\n', '    spec:\n      nodeSelector: {no: where}\n'), 'a.yaml': config_map('a')})
        point(box, repo, timeout='10m', healthChecks=[{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'name': 'absent', 'namespace': 'default'}])
        until(10, lambda: box.condition(box.kustomization('fleet'), 'Healthy').get('status') == 'Unknown', 'it waits')
        box.call('POST', DEPLOYMENTS, deployment('absent').encode(), 'application/yaml')
        second = repo.commit({'d.yaml': None, 'a.yaml': config_map('a', '2')})
        box.refresh()
        until(10, lambda: box.applied('fleet', second), 'the fix is not held up')


ABSENT = [{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'name': 'absent', 'namespace': 'default'}]


@test
def a_wait_that_is_ended_is_told():
    with world() as (box, repo):
        repo.commit({'a.yaml': config_map('a')})
        point(box, repo, timeout='10m', healthChecks=ABSENT)
        until(10, lambda: box.condition(box.kustomization('fleet'), 'Healthy').get('status') == 'Unknown', 'it waits')
        box.call('DELETE', CONFIG_MAPS + '/a')
        until(10, lambda: box.get(CONFIG_MAPS + '/a'), 'drift is corrected while it waits')
        check(not any(e['reason'] == 'HealthCheckCanceled' for e in events(box)), 'which ends no wait')
        repo.commit({'a.yaml': config_map('a', '2')})
        box.refresh()
        told = until(10, lambda: [e['message'] for e in events(box) if e['reason'] == 'HealthCheckCanceled'], 'a new revision does, and that is told')
        check(told == ['Health checks canceled due to new reconciliation triggered by GitRepository/flux-system/fleet'], told)


@test
def drift_does_not_begin_a_wait_anew():
    with world() as (box, repo):
        repo.commit({'a.yaml': config_map('a')})
        point(box, repo, timeout='30s', retryInterval='10m', healthChecks=ABSENT)
        until(10, lambda: box.condition(box.kustomization('fleet'), 'Healthy').get('status') == 'Unknown', 'it waits')
        begin = time.monotonic()
        for _ in range(2):
            time.sleep(10)
            box.call('DELETE', CONFIG_MAPS + '/a')
            until(10, lambda: box.get(CONFIG_MAPS + '/a'), 'drift is corrected while it waits')
        until(18, lambda: any(e['reason'] == 'HealthCheckFailed' for e in events(box)), 'its time is over all the same')
        check(28 < time.monotonic() - begin < 36, f'after {time.monotonic() - begin:.0f} s')


@test
def a_job_is_waited_for_and_may_vanish_by_its_own_time_to_live():
    job = 'apiVersion: batch/v1\nkind: Job\nmetadata: {name: j, namespace: default}\nspec:\n  ttlSecondsAfterFinished: 1\n  template:\n    spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}\n'
    jobs = '/apis/batch/v1/namespaces/default/jobs'
    with world() as (box, repo):
        first = repo.commit({'j.yaml': job, 'a.yaml': config_map('a')})
        point(box, repo, wait=True, timeout='30s', interval='10m')
        until(10, lambda: box.get(jobs + '/j'), 'the Job')
        if not box.applied('fleet', first):
            uid = box.get(jobs + '/j')['metadata']['uid']
            box.call('DELETE', jobs + '/j?propagationPolicy=Background')
        until(10, lambda: box.applied('fleet', first), 'ready without it')
        with contextlib.suppress(Failed):
            box.call('DELETE', jobs + '/j?propagationPolicy=Background')
        time.sleep(1.5)
        check(box.get(jobs + '/j') is None, 'it does not come back at once')
        box.call('DELETE', CONFIG_MAPS + '/a')
        until(10, lambda: box.get(CONFIG_MAPS + '/a'), 'other drift is corrected')


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

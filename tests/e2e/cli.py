#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands that work on a cluster, against `weir sandbox` with a fleet in it. What they print follows the flux CLI 2.9."""
import contextlib, os, re, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *

SOURCES = '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories'
KUSTOMIZATIONS = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations'


@contextlib.contextmanager
def fleet(*flags):
    """A sandbox that has applied examples/fleet; gives it, the repository and the revision."""
    with world(*flags) as (box, repo):
        shutil.copytree(os.path.join(ROOT, 'examples', 'fleet'), repo.work, dirs_exist_ok=True)
        revision = repo.commit({})
        point(box, repo, './clusters/staging')
        until(20, lambda: box.applied('apps', revision), 'the fleet is applied')
        yield box, repo, revision


def cells(text):
    return [[c.strip() for c in line.split('\t')] for line in text.splitlines()]


def refused(box, what, *args, status=1):
    r = box.weir(*args, status=status)
    check(what in r.stderr, f'weir {" ".join(args)}: {what!r} is not in {r.stderr!r}')
    check(not r.stdout, f'weir {" ".join(args)}: prints {r.stdout!r}')


class Streaming:
    """A command that goes on, and what it has printed so far."""

    def __init__(self, box, *args):
        self.out = tempfile.TemporaryFile('w+')
        self.process = subprocess.Popen([WEIR, *args, '--kubeconfig', box.kubeconfig], stdout=self.out, stderr=subprocess.STDOUT)

    def text(self):
        self.out.seek(0)
        return self.out.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.out.close()


@test
def get_lists_every_kind_with_its_state():
    with fleet() as (box, repo, revision):
        short = 'main@sha1:' + revision[:8]
        rows = cells(box.weir('get', 'kustomizations', '--show-source').stdout)
        equal(rows[0], ['NAME', 'SOURCE', 'REVISION', 'SUSPENDED', 'READY', 'MESSAGE'])
        equal(rows[1], ['apps', 'GitRepository/flux-system/fleet', short, 'False', 'True', 'Applied revision: ' + short, ''])
        equal([r[0] for r in rows[1:]], ['apps', 'fleet', 'infrastructure'])
        rows = cells(box.weir('get', 'sources', 'git', '-A', '--no-header').stdout)
        equal(rows, [['flux-system', 'fleet', short, 'False', 'True', f"stored artifact for revision '{short}'", '']])
        equal(box.weir('get', 'all', '-o', 'name').stdout.split(), [
            'gitrepository.source.toolkit.fluxcd.io/fleet', 'kustomization.kustomize.toolkit.fluxcd.io/apps',
            'kustomization.kustomize.toolkit.fluxcd.io/fleet', 'kustomization.kustomize.toolkit.fluxcd.io/infrastructure'])
        listed = json.loads(box.weir('get', 'ks', 'apps', '-o', 'json').stdout)
        equal((listed['kind'], [i['metadata']['name'] for i in listed['items']]), ('List', ['apps']))
        check('kustomization/apps' in box.weir('get', 'all', '-A').stdout, 'names have their kind in get all')
        check('gitrepository/fleet' in box.weir('get', 'sources', 'all').stdout, 'sources all')


@test
def get_selects_by_name_label_and_status():
    with fleet() as (box, repo, revision):
        box.call('PATCH', KUSTOMIZATIONS + '/apps', {'metadata': {'labels': {'team': 'web'}}}, 'application/merge-patch+json')
        names = lambda *args: [r[0] for r in cells(box.weir('get', 'ks', *args, '--no-header').stdout)]
        equal(names('-l', 'team=web'), ['apps'])
        equal(names('-l', 'team notin (web)'), ['fleet', 'infrastructure'])
        equal(names('--status-selector', 'ready=true'), ['apps', 'fleet', 'infrastructure'])
        equal(names('--status-selector', 'ready!=true'), [])
        equal(names('infrastructure'), ['infrastructure'])
        refused(box, "Kustomization object 'none' not found in \"flux-system\" namespace", 'get', 'ks', 'none')
        refused(box, 'no GitRepository objects found in "default" namespace', 'get', 'sources', 'git', '-n', 'default')
        refused(box, "Kustomization object 'none' not found in any namespace", 'get', 'ks', 'none', '-A')
        refused(box, 'type=status or type!=status', 'get', 'ks', '--status-selector', 'ready')
        refused(box, 'no matches for kind "HelmRelease"', 'get', 'hr')


@test
def get_and_events_go_on_with_what_changes():
    with fleet() as (box, repo, revision), Streaming(box, 'get', 'ks', '-w') as seen, \
            Streaming(box, 'get', 'ks', 'apps', '-w', '-o', 'name') as names, Streaming(box, 'events', '-w', '--for', 'Kustomization/apps') as events:
        until(10, lambda: 'infrastructure' in seen.text() and 'apps' in names.text() and 'apps' in events.text(), 'the first lists')
        before = len(seen.text().splitlines())
        box.weir('suspend', 'kustomization', 'apps')
        until(10, lambda: cells(seen.text())[-1][2:4] == ['True', 'True'], 'the suspension is seen')
        check(len(seen.text().splitlines()) > before, 'a row for the change')
        box.weir('resume', 'kustomization', 'apps')
        box.weir('reconcile', 'source', 'git', 'fleet')
        box.weir('reconcile', 'kustomization', 'apps')
        until(10, lambda: events.text().count('ReconciliationSucceeded') > 1, 'the new event is seen')
        box.call('DELETE', KUSTOMIZATIONS + '/apps')
        until(10, lambda: [r for r in cells(seen.text()) if r[0] == 'apps' and r[4] == 'deleted'], 'the deletion is seen')
        equal(set(names.text().split()), {'kustomization.kustomize.toolkit.fluxcd.io/apps'})


@test
def events_tell_of_an_object_and_its_source():
    with fleet() as (box, repo, revision):
        rows = cells(box.weir('events', '--for', 'kustomization/apps').stdout)
        equal(rows[0], ['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'])
        equal({r[3] for r in rows[1:] if r[3]}, {'Kustomization/apps', 'GitRepository/fleet'})  # a message may have lines of its own
        equal({r[3] for r in cells(box.weir('events', '--for', 'GitRepository', '--no-header').stdout)}, {'GitRepository/fleet'})
        equal(cells(box.weir('events', '-A').stdout)[0][0], 'NAMESPACE')
        check('No events found' in box.weir('events', '-n', 'default').stderr, 'none in default')
        refused(box, "'Pod' is not a recognized Flux kind", 'events', '--for', 'Pod/x')
        refused(box, "type 'Odd' not supported", 'events', '--types', 'Odd')


@test
def suspend_and_resume_take_all_of_a_namespace():
    with fleet() as (box, repo, revision):
        box.weir('suspend', 'kustomization', '--all')
        equal({r[2] for r in cells(box.weir('get', 'ks', '--no-header').stdout)}, {'True'})
        refused(box, 'resource is suspended', 'reconcile', 'kustomization', 'apps')
        told = box.weir('resume', 'kustomization', '--all', '--wait').stderr
        equal(told.count('reconciliation completed'), 3)
        equal({r[2] for r in cells(box.weir('get', 'ks', '--no-header').stdout)}, {'False'})
        refused(box, 'name is required', 'suspend', 'kustomization')
        refused(box, 'no GitRepository objects found in default namespace', 'suspend', 'source', 'git', '--all', '-n', 'default')
        told = box.weir('reconcile', 'kustomization', 'apps', '--with-source').stderr
        check(f'fetched revision main@sha1:{revision}' in told and f'applied revision main@sha1:{revision}' in told, told)


@test
def a_tree_shows_the_inventory():
    with fleet() as (box, repo, revision):
        text = box.weir('tree', 'kustomization', 'fleet').stdout
        check(text.startswith('Kustomization/flux-system/fleet\n├── Kustomization/flux-system/apps\n'), text)
        check('Deployment/shop/web' in text, text)
        compact = box.weir('tree', 'ks', 'fleet', '--compact').stdout
        check('Deployment' not in compact and 'Kustomization/flux-system/apps' in compact, compact)
        tree = json.loads(box.weir('tree', 'ks', 'fleet', '-o', 'json').stdout)
        equal(tree['resource'], {'Namespace': 'flux-system', 'Name': 'fleet', 'GroupKind': {'Group': 'kustomize.toolkit.fluxcd.io', 'Kind': 'Kustomization'}})


@test
def trace_leads_from_an_object_to_its_source():
    with fleet() as (box, repo, revision):
        def fields(text):
            return [dict(re.findall(r'^(\w+):\s+(.*)$', part, re.M)) for part in text.split('---')]

        object_, kustomization, source = fields(box.weir('trace', 'deployment', 'web', '-n', 'shop').stdout)
        equal(object_, {'Object': 'Deployment/web', 'Namespace': 'shop', 'Status': 'Managed by Flux'})
        equal((kustomization['Kustomization'], kustomization['Path']), ('apps', './apps/staging'))
        equal(kustomization['Revision'], 'main@sha1:' + revision)
        check(re.fullmatch(r'Last reconciled at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC', kustomization['Status']), kustomization['Status'])
        equal((source['GitRepository'], source['URL'], source['Branch']), ('fleet', repo.url, 'main'))
        several = box.weir('trace', '-n', 'shop', 'pod/cache-0', 'ns/shop').stdout  # by what owns a Pod, and of no namespace
        check('Pod/cache-0' in several and 'Namespace/shop\nStatus:' in several and 'infrastructure' in several, several)
        check('fleet' in box.weir('trace', 'ks', 'apps').stdout, 'a custom resource by its short name')
        check('Deployment/web' in box.weir('trace', 'web', '--kind', 'Deployment', '--api-version', 'apps/v1', '-n', 'shop').stdout, 'typed')
        refused(box, 'object not managed by Flux', 'trace', 'namespace', 'default')
        refused(box, 'Deployment/shop/none not found', 'trace', 'deploy', 'none', '-n', 'shop')
        refused(box, 'the server doesn\'t have a resource type "castle"', 'trace', 'castle', 'x')
        refused(box, 'no name was specified', 'trace', 'deployment')
        refused(box, '`<resource>/<name>` or `<resource> <name>`', 'trace')
        refused(box, '(--api-version)', 'trace', 'web', '--kind', 'Deployment')


@test
def stats_and_check_look_at_the_whole():
    with fleet() as (box, repo, revision):
        box.weir('suspend', 'kustomization', 'apps')
        rows = {r[0]: r[1:] for r in cells(box.weir('stats').stdout)}
        equal(rows['RECONCILERS'][:4], ['RUNNING', 'FAILING', 'SUSPENDED', 'STORAGE'])
        equal(rows['Kustomization'][:4], ['2', '0', '1', '-'])
        check(re.fullmatch(r'\d+\.\d KiB', rows['GitRepository'][3]), str(rows['GitRepository']))
        equal({r['kind']: r['running'] for r in json.loads(box.weir('stats', '-n', 'default', '-o', 'json').stdout)}['Kustomization'], 0)
        told = box.weir('check').stderr
        check('✔ Kubernetes 1.' in told and 'kustomizations.kustomize.toolkit.fluxcd.io/v1' in told and 'all checks passed' in told, told)
        check('prerequisites checks passed' in box.weir('check', '--pre').stderr, 'check --pre')
        box.call('POST', '/apis/apps/v1/namespaces/flux-system/deployments', {
            'metadata': {'name': 'weir', 'labels': {'app.kubernetes.io/part-of': 'flux'}}, 'spec': {
                'selector': {'matchLabels': {'a': 'b'}}, 'template': {'metadata': {'labels': {'a': 'b'}}, 'spec': {'containers': [
                    {'name': 'weir', 'image': 'example.com/weir:1', 'args': ['run', '--no-remote-bases', '--default-service-account=tenant']}]}}}})
        until(10, lambda: 'weir: deployment ready' in box.weir('check').stderr, 'the controller is ready')
        told = box.weir('check').stderr
        check('example.com/weir:1' in told and '--no-cross-namespace-refs is not set' in told and '--no-remote-bases is' not in told, told)
        box.call('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gitrepositories.source.toolkit.fluxcd.io')
        until(10, lambda: not box.get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gitrepositories.source.toolkit.fluxcd.io'), 'the CRD is gone')
        told = box.weir('check', status=1).stderr
        check('gitrepositories.source.toolkit.fluxcd.io is not there' in told and 'check failed' in told, told)


def folder_of(repo, path):
    return os.path.join(repo.work, path)


@test
def build_takes_the_clusters_kustomization_and_its_variables():
    with fleet() as (box, repo, revision):
        build = lambda *args, status=0: box.weir('build', 'kustomization', *args, status=status)
        text = build('apps', '--path', folder_of(repo, 'apps/staging')).stdout
        check('kustomize.toolkit.fluxcd.io/name: apps' in text and 'kind: StatefulSet' in text and text.endswith('---\n'), text)
        secret = {'metadata': {'name': 'vars'}, 'stringData': {'REGION': 'eu'}}
        box.call('POST', '/api/v1/namespaces/flux-system/secrets', secret)
        box.call('PATCH', KUSTOMIZATIONS + '/apps', {'spec': {'postBuild': {'substitute': {'ZONE': 'a'}, 'substituteFrom': [{'kind': 'Secret', 'name': 'vars'}]}}},
                 'application/merge-patch+json')
        repo.commit({'vars/config.yaml': config_map('place', '${REGION}-${ZONE}-${MORE:=x}'), 'open/config.yaml': config_map('place', '${NOWHERE}')})
        check('value: eu-a-x' in build('apps', '--path', folder_of(repo, 'vars')).stdout, 'variables of the Secret and in line')
        check('NOWHERE' in build('apps', '--path', folder_of(repo, 'open'), '--strict-substitute', status=1).stderr, 'strict')
        box.call('DELETE', '/api/v1/namespaces/flux-system/secrets/vars')
        check('"vars" not found' in build('apps', '--path', folder_of(repo, 'vars'), status=1).stderr, 'a Secret that is missing')
        whole = build('fleet', '--path', folder_of(repo, 'clusters/staging'), '--recursive', '--local-sources', 'GitRepository/flux-system/fleet=' + repo.work,
                      status=1).stderr
        check('"vars" not found' in whole, whole)
        box.call('PATCH', KUSTOMIZATIONS + '/apps', {'spec': {'postBuild': None}}, 'application/merge-patch+json')
        whole = build('fleet', '--path', folder_of(repo, 'clusters/staging'), '-r', '--local-sources', 'GitRepository/flux-system/fleet=' + repo.work).stdout
        check('name: infrastructure' in whole and 'kind: StatefulSet' in whole and 'kind: ResourceQuota' in whole, whole)
        check('GitRepository/flux-system/fleet' in build('fleet', '--path', folder_of(repo, 'clusters/staging'), '-r', status=1).stderr, 'a source without a folder')
        check('"none" not found' in build('none', '--path', repo.work, status=1).stderr, 'no such Kustomization')
        check('cannot find' in build('apps', '--path', '/none', status=1).stderr, 'no such folder')
        file = folder_of(repo, 'clusters/staging/apps.yaml')
        check('dry-run mode requires' in build('apps', '--path', repo.work, '--dry-run', status=1).stderr, 'dry run without a file')
        new = build('apps', '--path', folder_of(repo, 'apps/staging'), '--kustomization-file', file, '--dry-run', '-n', 'flux-system').stdout
        equal(new, text)


@test
def diff_tells_what_applying_would_change():
    with fleet() as (box, repo, revision):
        diff = lambda *args, status: box.weir('diff', 'kustomization', *args, '--progress-bar=false', status=status)
        staging = folder_of(repo, 'apps/staging')
        equal(diff('apps', '--path', staging, status=0).stdout, '')
        box.weir('suspend', 'kustomization', 'apps')  # else the engine puts the drift right
        box.call('POST', '/api/v1/namespaces/shop/secrets', {'metadata': {'name': 'key'}, 'stringData': {'same': 's', 'other': 'o'}})
        box.call('PATCH', '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=kubectl-scale', {'spec': {'replicas': 5}}, 'application/merge-patch+json')
        base = open(folder_of(repo, 'apps/base/shop/kustomization.yaml')).read()
        repo.commit({'apps/base/shop/kustomization.yaml': base.replace('  - cache.yaml', '  - key.yaml'),
                     'apps/base/shop/key.yaml': 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: key\ndata:\n  same: cw==\n  other: bmV3\n---\n' + config_map('fresh', namespace='shop')})
        text = diff('apps', '--path', staging, status=1).stdout
        for want in ('► ConfigMap/shop/fresh created\n', '► Deployment/shop/web drifted\n\n', '\nspec.replicas\n± value change\n- 5\n+ 1\n', '► StatefulSet/shop/cache deleted\n',
                     '► Secret/shop/key drifted\n', '\ndata.other\n± value change\n- *** (before)\n+ *** (after)\n'):
            check(want in text, f'{want!r} is not in:\n{text}')
        check('bmV3' not in text and 'data.same' not in text, 'values of a Secret are masked: ' + text)
        check(box.get('/apis/apps/v1/namespaces/shop/statefulsets/cache') and not box.get('/api/v1/namespaces/shop/configmaps/fresh'), 'nothing was written')
        text = diff('fleet', '--path', folder_of(repo, 'clusters/staging'), '-r', '--local-sources', 'GitRepository/flux-system/fleet=' + repo.work, status=1).stdout
        check('📁 Kustomization/flux-system/apps changed\n' in text and 'infrastructure' not in text, text)
        box.call('PATCH', KUSTOMIZATIONS + '/apps', {'spec': {'ignore': [{'paths': ['/spec/replicas'], 'target': {'kind': 'Deployment'}}]}}, 'application/merge-patch+json')
        text = diff('apps', '--path', staging, status=1).stdout
        check('spec.replicas' not in text and '► ConfigMap/shop/fresh created' in text, 'what spec.ignore leaves to others: ' + text)
        box.call('PATCH', '/apis/apps/v1/namespaces/shop/deployments/web', {'metadata': {'annotations': {'kustomize.toolkit.fluxcd.io/reconcile': 'disabled'}}},
                 'application/merge-patch+json')
        check('► Deployment/shop/web skipped\n' in diff('apps', '--path', staging, status=1).stdout, 'what must be left alone')
        check('"none" not found' in diff('none', '--path', staging, status=2).stderr, 'no such Kustomization is status 2')
        check('cannot find' in diff('apps', '--path', '/none', status=2).stderr, 'no such folder is status 2')
        file = os.path.join(repo.work, 'new.yaml')
        with open(file, 'w') as f:
            f.write('apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: new\n  namespace: flux-system\n'
                    'spec:\n  interval: 1m\n  prune: true\n  sourceRef:\n    kind: GitRepository\n    name: fleet\n')
        repo.commit({'other/map.yaml': config_map('other')})
        equal(diff('new', '--path', folder_of(repo, 'other'), '--kustomization-file', file, '--ignore-not-found', status=1).stdout, '► ConfigMap/default/other created\n')
        repo.commit({'other/map.yaml': config_map('other', namespace='nowhere')})
        check('namespaces "nowhere" not found' in diff('new', '--path', folder_of(repo, 'other'), '--kustomization-file', file, '--ignore-not-found', status=2).stderr, 'dry run fails')


def create(*args, status=0):
    r = subprocess.run([WEIR, 'create', *args], capture_output=True, text=True, timeout=60)
    check(r.returncode == status, f'weir create {" ".join(args)}: status {r.returncode}: {r.stderr}')
    return r.stderr if status else r.stdout


@test
def create_prints_what_it_would_apply():
    # Origin: flux 2.9.5; tests/conformance/create_export.py compares many more.
    equal(create('source', 'git', 'web', '--url=https://git.example.com/web', '--branch=main', '--interval=90s', '--ignore-paths=a,b', '--label=team=web', '--export'),
          '---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  labels:\n    team: web\n  name: web\n  namespace: flux-system\n'
          'spec:\n  ignore: |-\n    a\n    b\n  interval: 1m30s\n  ref:\n    branch: main\n  url: https://git.example.com/web\n')
    equal(create('kustomization', 'apps', '--source=web.shop', '--path=/a/../b/', '--depends-on=x,y/z', '--health-check=Deployment/web.shop', '--export'),
          '---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\n  namespace: flux-system\nspec:\n  dependsOn:\n  - name: x\n'
          '  - name: z\n    namespace: "y"\n  healthChecks:\n  - kind: Deployment\n    name: web\n    namespace: shop\n  interval: 1m0s\n  path: ./b\n  prune: false\n'
          '  sourceRef:\n    kind: GitRepository\n    name: web\n    namespace: shop\n  timeout: 2m0s\n')
    check('"auth": "dTpw"' in create('secret', 'oci', 'reg', '--url=registry.example.com', '-u', 'u', '-p', 'p', '--export'), 'docker config')
    tenant = create('tenant', 'web', '--with-namespace=shop,lab', '--cluster-role=edit', '--export')
    equal((tenant.count('kind: Namespace'), tenant.count('gotk:lab:reconciler'), tenant.count('toolkit.fluxcd.io/tenant: web')), (2, 1, 6))
    for line, what in (('source git web --url=https://x', 'a Git ref is required'), ('source git Web --url=https://x --branch=b', "name 'Web' is invalid"),
                       ('source git web --url=ftp://x --branch=b', "git URL scheme 'ftp' not supported"), ('kustomization apps', 'source is required'),
                       ('kustomization apps --source=HelmRepository/x', 'must be one of: OCIRepository, GitRepository, Bucket'),
                       ('kustomization apps --source=x --health-check=Pod/x.y', 'invalid health check kind'), ('secret tls tls', 'no CA certificate'),
                       ('secret git git --url=ssh://x', 'not built yet in weir'), ('tenant web', 'with-namespace is required'), ('secret proxy proxy', 'address is required'),
                       ('source git web --url=https://x --branch=b --label=a', "invalid label format 'a'"), ('secret git git --url=https://x', 'a bearer token is required')):
        check(what in create(*line.split(), '--export', status=1), line)


@test
def create_export_and_delete_work_on_a_cluster():
    with world() as (box, repo):
        revision = repo.commit({'apps/a.yaml': config_map('a')})
        box.call('POST', '/api/v1/namespaces', {'metadata': {'name': 'flux-system'}})
        point(box, repo)  # a file:// URL is no flag's, so the source is made otherwise
        until(10, lambda: box.applied('fleet', revision), 'the source is there')
        told = box.weir('create', 'kustomization', 'apps', '--source=fleet', '--path=./apps', '--prune', '--wait', '--label=team=web').stderr
        equal([line[0] for line in told.splitlines()], list('✚►✔◎✔✔'))
        check('Kustomization created' in told and f'applied revision main@sha1:{revision}' in told, told)
        check(box.get(CONFIG_MAPS + '/a'), 'it was applied')
        told = box.weir('create', 'ks', 'apps', '--source=fleet', '--path=./apps', '--interval=5m').stderr
        check('Kustomization updated' in told, told)
        spec = box.kustomization('apps')
        equal((spec['spec']['interval'], spec['spec']['prune'], spec['spec'].get('wait'), spec['metadata'].get('labels')), ('5m0s', False, None, None))
        told = box.weir('create', 'ks', 'broken', '--source=fleet', '--path=./nowhere', status=1).stderr
        check('reconciliation failed' in told or 'timed out' in told, told)
        text = box.weir('export', 'kustomization', 'apps').stdout
        equal(text, create('kustomization', 'apps', '--source=fleet', '--path=./apps', '--interval=5m', '--export'))
        equal(box.weir('export', 'ks', '--all').stdout.count('---\n'), 3)
        box.call('POST', '/api/v1/namespaces/flux-system/secrets', {'metadata': {'name': 'key'}, 'stringData': {'username': 'u'}})
        box.call('PATCH', SOURCES + '/fleet', {'spec': {'secretRef': {'name': 'key'}, 'suspend': True}}, 'application/merge-patch+json')
        text = box.weir('export', 'source', 'git', 'fleet', '--with-credentials').stdout
        check('suspend: true' in text and 'username: dQ==' in text and 'status:' not in text, text)
        refused(box, "Kustomization object 'none' not found", 'export', 'ks', 'none')
        refused(box, 'no objects found in default namespace', 'export', 'ks', '--all', '-n', 'default')
        refused(box, 'name is required', 'export', 'ks')
        box.weir('create', 'secret', 'proxy', 'key', '--address=http://proxy:1', '--label=a=b')
        secret = box.get('/api/v1/namespaces/flux-system/secrets/key')
        equal((sorted(secret['data']), secret['metadata']['labels']), (['address', 'username'], {'a': 'b'}))
        for role in ('view', 'edit', 'edit'):
            check('tenant setup completed' in box.weir('create', 'tenant', 'web', '--with-namespace=shop', f'--cluster-role={role}').stderr, role)
        equal(box.get('/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/web-reconciler')['roleRef']['name'], 'edit')
        ask = lambda answer: subprocess.run([WEIR, 'delete', 'ks', 'apps', '--kubeconfig', box.kubeconfig], input=answer, capture_output=True, text=True, timeout=20)
        r = ask('n\n')
        check(r.returncode == 1 and 'aborting' in r.stderr and box.kustomization('apps'), r.stderr)
        check(ask('').returncode == 1 and box.kustomization('apps'), 'no answer is no')
        check(ask('y\n').returncode == 0, 'yes')
        until(10, lambda: not box.kustomization('apps'), 'it is gone')
        check('kustomization deleted' in box.weir('delete', 'kustomization', 'broken', '-s').stderr, 'silent')
        refused(box, "Kustomization object 'apps' not found", 'delete', 'ks', 'apps', '-s')


@test
def a_new_fleet_builds_and_reconciles():
    with world() as (box, repo):
        args = ('fleet', repo.work, '--clusters', 'lab,production', '--apps', 'web,api', '--infrastructure', 'access,quotas,network-policies,monitoring')
        check('is not empty' in create(*args, status=1), 'a folder with something in it (the .git of the clone)')
        check('files in' in subprocess.run([WEIR, 'create', *args, '--force'], capture_output=True, text=True).stderr, 'with --force')
        for cluster in ('lab', 'production'):
            for layer in ('apps', 'infrastructure', 'clusters'):
                path = os.path.join(repo.work, layer, cluster)
                text = run(WEIR, 'kustomize', 'build', path) if layer != 'clusters' else run('cat', *(os.path.join(path, f) for f in os.listdir(path)))
                check('kind: ' in text, path)
        revision = repo.commit({})
        point(box, repo, './clusters/lab', wait=True)
        until(20, lambda: box.applied('fleet', revision) and box.applied('apps', revision), 'the new fleet is applied')
        equal(box.get('/apis/apps/v1/namespaces/web/deployments/web')['spec']['replicas'], 1)
        check(box.get('/apis/networking.k8s.io/v1/namespaces/api/networkpolicies/from-own-namespace') and box.get('/api/v1/namespaces/monitoring'), 'infrastructure')
        new = os.path.join(os.path.dirname(repo.bare), 'new')
        create('fleet', new)
        check('is not empty' in create('fleet', new, status=1), 'the second time')
        equal(sorted(os.listdir(new)), ['README.md', 'apps', 'clusters', 'infrastructure'])
        check('cluster "Prod"' in create('fleet', new, '--clusters', 'Prod', status=1), 'a name that cannot be')


@test
def diff_compares_two_revisions_without_a_cluster():
    folder = tempfile.mkdtemp(prefix='weir-revisions-')
    try:
        repo = Repo(folder)
        kustomization = ('apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\n'
                         'spec: {interval: 1m, prune: true, path: ./apps, sourceRef: {kind: GitRepository, name: fleet}}\n')
        secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default}\nstringData: {token: %s}\n'
        first = repo.commit({'ks.yaml': kustomization, 'apps/a.yaml': config_map('a', '1'), 'apps/b.yaml': config_map('b'), 'apps/s.yaml': secret % 'old'})
        run('git', '-C', repo.work, 'tag', 'v1')
        second = repo.commit({'apps/a.yaml': config_map('a', '2'), 'apps/b.yaml': None, 'apps/c.yaml': config_map('c'), 'apps/s.yaml': secret % 'new'})
        repo.commit({'apps/a.yaml': config_map('a', '3')})  # what is checked out is neither
        def diff(range_, *more, status=1):
            r = subprocess.run([WEIR, 'diff', 'kustomization', 'apps', '--path', folder_of(repo, 'apps'), '--kustomization-file', folder_of(repo, 'ks.yaml'),
                                '--revision', range_, '--dry-run', *more], capture_output=True, text=True, timeout=60)
            check(r.returncode == status, f'{range_}: status {r.returncode}: {r.stderr}')
            return r.stderr if status == 2 else r.stdout
        want = ('► ConfigMap/default/a drifted\n\ndata.value\n± value change\n- 1\n+ 2\n\n► ConfigMap/default/c created\n'
                '► Secret/default/s drifted\n\nstringData.token\n± value change\n- *** (before)\n+ *** (after)\n\n► ConfigMap/default/b deleted\n')
        equal(diff(f'{first}..{second}'), want)
        equal(diff(f'v1..{second}'), want)
        check('- 1\n+ 3\n' in diff('v1..main') and '- 1\n+ 3\n' in diff('v1..'), 'a branch, and HEAD')
        equal(diff(f'{first}..v1', status=0), '')
        check('nothing' in diff('nothing..main', status=2), 'no such revision')
        check('--revision takes two revisions' in diff('main', status=2) and '--revision takes two' in diff('..', status=2), 'no range')
        check('not built yet in weir' in diff('v1..main', '-r', status=2), 'recursive')
    finally:
        shutil.rmtree(folder, ignore_errors=True)


LOG = '''not json
{"level":"info","ts":"2026-01-01T10:00:00.000000Z","msg":"one","controllerKind":"GitRepository","namespace":"flux-system","name":"fleet"}
{"level":"error","ts":"2026-01-01T11:00:00.000000Z","msg":"two","controllerKind":"Kustomization","namespace":"flux-system","name":"apps","error":"bad"}
{"level":"info","ts":"2026-01-01T12:00:00.000000Z","msg":"three","controllerKind":"Kustomization","namespace":"shop","name":"apps"}
'''


@test
def logs_are_chosen_and_laid_out_as_flux_does():
    def logs(*args, status=0, text=LOG):
        r = subprocess.run([WEIR, 'logs', *args], capture_output=True, text=True, input=text, timeout=20)
        check(r.returncode == status, f'weir logs {args}: status {r.returncode}: {r.stderr}')
        return r.stderr if status else r.stdout

    one = '2026-01-01T10:00:00.000000Z info GitRepository/fleet.flux-system - one \n'
    two = '2026-01-01T11:00:00.000000Z error Kustomization/apps.flux-system - two bad\n'
    three = '2026-01-01T12:00:00.000000Z info Kustomization/apps.shop - three \n'
    equal(logs(), one + two)
    equal(logs('-A'), one + two + three)
    equal(logs('-n', 'shop'), three)
    equal(logs('-A', '--kind', 'kustomization', '--name', 'apps'), two + three)
    equal(logs('--level', 'error'), two)
    equal(logs('-A', '--tail', '1'), three)
    equal(logs('-A', '--tail', '0'), '')
    equal(logs('-A', '--since-time', '2026-01-01T11:30:00Z'), three)
    equal(logs('-A', '--since', '1s'), '')
    equal(logs('-A', '-o', 'json'), LOG.split('\n', 1)[1])
    check('at most one of' in logs('--since', '1s', '--since-time', '2026-01-01T11:30:00Z', status=1), 'two of since')
    check('not a valid (RFC3339) time' in logs('--since-time', 'noon', status=1), 'a wrong time')
    check('could not open "/none"' in logs('--file', '/none', status=1), 'no file')
    with tempfile.NamedTemporaryFile('w') as f:
        f.write(LOG), f.flush()
        out = tempfile.TemporaryFile('w+')
        process = subprocess.Popen([WEIR, 'logs', '-A', '-f', '--tail', '1', '--file', f.name], stdout=out)
        seen = lambda: (out.seek(0), out.read())[1]
        until(10, lambda: seen() == three, 'the tail')
        f.write(LOG.splitlines()[1]), f.flush()  # no line yet
        f.write('\n'), f.flush()
        until(10, lambda: seen() == three + one, 'the new line')
        process.kill(), process.wait(), out.close()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

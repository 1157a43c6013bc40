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


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

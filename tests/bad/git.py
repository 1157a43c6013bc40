#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Git repositories, URLs and references that must be refused, by row of the table of bad input; a good repository goes on beside them.

Origin of all expectations: ours. Host keys (B17), redirects (B6), foreign submodules (B9), broken packs (B13) and broken protocol (B18, B19) are in
e2e/git.py, where their servers are.
"""
import os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), 'e2e')]
from git_world import WORLD, API, git, push
from harness import *


@test
def urls_that_are_no_urls():
    """B1 to B4"""
    w, box = WORLD.start(), WORLD.box
    cases = [('http://-oProxyCommand=x/y', 'InvalidURL: host or user begins with "-"'), ('ssh://-oProxyCommand=x@h/', 'InvalidURL: host or user'),
             ('https://user:secret-canary@example.com/r', 'InvalidURL: credentials belong in secretRef'), ('https://example.com/a b', 'at byte 21'),
             ("https://example.com/'a", 'at byte 20'), ('https://example.com:x/a', 'InvalidURL: "x" is no port'),
             ('https:///a', 'has no host')]
    for i, (url, says) in enumerate(cases):
        w.git(f'url-{i}', url)
    for i, (url, says) in enumerate(cases):
        o = w.failed(f'url-{i}', says, 'URLInvalid')
        check(box.condition(o, 'Stalled')['status'] == 'True' and 'secret-canary' not in box.condition(o)['message'], box.condition(o))
    for url in ('--upload-pack=touch /tmp/x', 'ext::sh -c id', 'fd::17/foo', 'git://example.com/x', '/etc', 'https://example.com/a\nb'):
        try:
            w.git('url-refused', url)
        except Failed as e:
            check('422' in str(e) and 'spec.url' in str(e), str(e))
        else:
            raise Failed(f'{url} was stored')


@test
def references_that_could_be_something_else():
    """B5"""
    w = WORLD.start()
    repo = w.repo()
    cases = [{'branch': '../../x'}, {'branch': '-x'}, {'branch': 'a..b'}, {'branch': 'a@{b'}, {'branch': 'a b'}, {'tag': '--x'}, {'tag': 'a\\b'},
             {'name': '--upload-pack=touch'}, {'name': 'refs/heads/.x'}, {'name': 'refs/heads/x.lock'}, {'commit': 'HEAD'}, {'commit': '-' * 40}]
    for i, ref in enumerate(cases):
        w.git(f'ref-bad-{i}', repo.url, ref=ref)
    for i, ref in enumerate(cases):
        o = w.failed(f'ref-bad-{i}', f'InvalidRef: spec.ref.{next(iter(ref))} ')
        check(w.box.condition(o, 'Stalled')['status'] == 'True', ref)


def hash_object(repo, kind, content):
    r = subprocess.run(['git', '-C', repo.bare, 'hash-object', '-t', kind, '-w', '--literally', '--stdin'], input=content, capture_output=True)
    check(r.returncode == 0, r.stderr)
    return r.stdout.decode().strip()


def commit_of(repo, tree, more=b''):
    who = b't <t@example.com> 1700000000 +0000\n'
    return hash_object(repo, 'commit', b'tree ' + tree.encode() + b'\n' + more + b'author ' + who + b'committer ' + who + b'\nbad\n')


def tree_of(repo, *entries):
    blob = bytes.fromhex(hash_object(repo, 'blob', b'apiVersion: v1\n'))
    return hash_object(repo, 'tree', b''.join(b'100644 ' + name + b'\0' + blob for name in entries))


def point_main_at(repo, commit):
    open(repo.bare + '/refs/heads/main', 'w').write(commit + '\n')


@test
def trees_that_would_leave_their_folder():
    """B7"""
    w = WORLD.start()
    cases = {'git': [b'.git'], 'upper': [b'.GIT'], 'short': [b'git~1'], 'invisible': ['.g\u200cit'.encode()], 'dots': [b'..'], 'dot': [b'.'],
             'slash': [b'a/b'], 'twice': [b'a', b'a'], 'unsorted': [b'b', b'a'], 'backslash': [b'a\\..\\b']}
    for name, entries in cases.items():
        repo = w.repo()
        point_main_at(repo, commit_of(repo, tree_of(repo, *entries)))
        w.git('tree-' + name, repo.url)
    for name in cases:
        o = w.failed('tree-' + name, 'GitObjectInvalid|GitTreeInvalid')
        check('artifact' not in o['status'], name)


@test
def submodules_that_are_options():
    """B8"""
    w = WORLD.start()
    repo = w.repo()
    for name, config in {'url': '[submodule "m"]\n\tpath = m\n\turl = -oProxyCommand=x\n', 'path': '[submodule "m"]\n\tpath = -m\n\turl = https://h/x\n',
                         'name': '[submodule "../../x"]\n\tpath = m\n\turl = https://h/x\n', 'scheme': '[submodule "m"]\n\tpath = m\n\turl = ext::sh -c id\n'}.items():
        repo = w.repo({'.gitmodules': config})
        git(repo, 'update-index', '--add', '--cacheinfo', f'160000,{repo.first},m')
        git(repo, 'commit', '-qm', 'module')
        push(repo, 'HEAD:main')
        w.git('module-' + name, repo.url, recurseSubmodules=True)
    for name in ('url', 'path', 'name', 'scheme'):
        w.failed('module-' + name, 'SubmoduleInvalid|GitObjectInvalid')


@test
def what_a_repository_would_run_is_not_run():
    """B10"""
    w = WORLD.start()
    canary = w.path('canary')
    repo = w.repo({'.gitattributes': '* filter=evil\n', 'a.yaml': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n', 'hooks/post-checkout': 'x'})
    for hook in ('post-checkout', 'post-merge', 'reference-transaction'):
        path = f'{repo.bare}/hooks/{hook}'
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, 'w').write(f'#!/bin/sh\ntouch {canary}\n')
        os.chmod(path, 0o755)
    run('git', '-C', repo.bare, 'config', 'core.fsmonitor', f'touch {canary}')
    run('git', '-C', repo.bare, 'config', 'filter.evil.smudge', f'touch {canary}')
    w.git('filters', repo.url)
    w.ready('filters')
    check(w.read('filters', 'a.yaml').startswith('version https://git-lfs'), 'a pointer stays a pointer')
    check(not os.path.exists(canary), 'something was run')


@test
def commits_that_say_two_things():
    """B14, B16"""
    w = WORLD.start()
    cases = {}
    for name in ('two-trees', 'no-author', 'two-authors', 'no-tree'):
        repo = cases[name] = w.repo()
        tree = tree_of(repo, b'a.yaml')
        who = b't <t@example.com> 1700000000 +0000\n'
        point_main_at(repo, {
            'two-trees': lambda: commit_of(repo, tree, b'tree ' + tree.encode() + b'\n'),
            'no-author': lambda: hash_object(repo, 'commit', b'tree ' + tree.encode() + b'\ncommitter ' + who + b'\nx\n'),
            'two-authors': lambda: commit_of(repo, tree, b'author ' + who),
            'no-tree': lambda: hash_object(repo, 'commit', b'author ' + who + b'committer ' + who + b'\nx\n')}[name]())
        w.git('commit-' + name, repo.url)
    for name in cases:
        w.failed('commit-' + name, 'GitObjectInvalid|PackInvalid|failed to checkout')
        check('artifact' not in w.get('commit-' + name)['status'], name)
    folder = w.path('sha256')
    run('git', 'init', '-q', '--object-format=sha256', '-b', 'main', folder)
    open(folder + '/a.yaml', 'w').write('x')
    run('git', '-C', folder, 'add', '-A')
    run('git', '-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x')
    w.git('sha256', 'file://' + folder)
    w.failed('sha256', 'GitHashUnsupported: the repository names its objects by SHA-256')


@test
def and_a_good_one_goes_on():
    w = WORLD.start()
    repo = w.repo()
    w.git('good', repo.url)
    w.ready('good', repo.first)
    check(w.box.process.poll() is None, 'the engine lives')


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

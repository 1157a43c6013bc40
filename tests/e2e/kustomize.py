#!/usr/bin/env python3
"""`weir kustomize build` as a user runs it: remote resources from real repositories and servers, -o, --watch, --explain."""
import http.server
import os
import subprocess
import sys
import tempfile
import threading
import time

from harness import TESTS, check, test

WEIR = os.path.join(os.environ.get('BUILD', 'build'), 'weir')


def weir(*args, status=0):
    done = subprocess.run([WEIR, *args], capture_output=True, text=True, timeout=60)
    check(done.returncode == status, f'weir {" ".join(args)}: status {done.returncode}: {done.stderr}')
    return done.stdout if status == 0 else done.stderr


def git(folder, *args):
    env = dict(os.environ, GIT_CONFIG_GLOBAL='/dev/null', GIT_ALLOW_PROTOCOL='file',
               **{f'GIT_{who}_{what}': value for who in ('AUTHOR', 'COMMITTER')
                  for what, value in (('NAME', 'n'), ('EMAIL', 'n@example.com'))})
    return subprocess.run(['git', '-C', folder, *args], env=env, check=True, capture_output=True, text=True).stdout.strip()


def write(folder, files):
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as out:
            out.write(text)


def config_map(name, value):
    return f'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  key: {value}\n'


def repository(folder, files):
    os.makedirs(folder)
    git(folder, 'init', '-q', '-b', 'main')
    write(folder, files)
    git(folder, 'add', '.')
    git(folder, 'commit', '-q', '-m', 'first')
    return 'file://' + folder


@test
def a_base_comes_from_a_branch_a_tag_or_a_commit(top):
    url = repository(f'{top}/repo', {'base/kustomization.yaml': 'resources: [cm.yaml]\n', 'base/cm.yaml': config_map('a', 'one')})
    git(f'{top}/repo', 'tag', '-a', 'v1', '-m', 'v1')
    first = git(f'{top}/repo', 'rev-parse', 'HEAD')
    write(f'{top}/repo', {'base/cm.yaml': config_map('a', 'two')})
    git(f'{top}/repo', 'commit', '-qam', 'second')
    for query, value in (('', 'two'), ('?ref=main', 'two'), ('?ref=v1', 'one'), ('?ref=' + first, 'one'), ('?ref=refs/tags/v1', 'one')):
        write(top, {'k/kustomization.yaml': f'namePrefix: p-\nresources: ["{url}//base{query}"]\n'})
        check(f'key: {value}\n' in weir('kustomize', 'build', f'{top}/k'), f'{query}: not "{value}"')
        check(f'key: {value}\n' in weir('kustomize', 'build', f'{url}//base{query}'), f'{query}: as the argument')
    write(top, {'k/kustomization.yaml': f'resources: ["{url}//base?ref=none"]\n'})
    check('no branch or tag "none"' in weir('kustomize', 'build', f'{top}/k', status=1), 'a missing ref is named')
    check('is not allowed' in weir('kustomize', 'build', '--no-remote-bases', f'{top}/k', status=1), 'refused')


@test
def submodules_come_along_unless_the_url_says_no(top):
    repository(f'{top}/lib', {'kustomization.yaml': 'resources: [cm.yaml]\n', 'cm.yaml': config_map('lib', 'sub')})
    url = repository(f'{top}/main', {'kustomization.yaml': 'resources: [vendor/lib]\n'})
    git(f'{top}/main', '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', '../lib', 'vendor/lib')
    git(f'{top}/main', 'commit', '-qam', 'submodule')
    check('name: lib' in weir('kustomize', 'build', url), 'the submodule is there')
    check('vendor/lib' in weir('kustomize', 'build', url + '?submodules=false', status=1), 'and is not')


@test
def a_remote_base_cannot_leave_its_repository_or_come_back(top):
    url = repository(f'{top}/repo', {'a/kustomization.yaml': 'resources: [../../../etc]\n', 'b/kustomization.yaml': f'resources: ["file://{top}/repo//b"]\n'})
    check('escapes the root' in weir('kustomize', 'build', url + '//a', status=1), 'escape')
    write(top, {'k/kustomization.yaml': f'resources: ["{url}//b"]\n'})
    check('cycle' in weir('kustomize', 'build', f'{top}/k', status=1), 'cycle')


@test
def a_file_comes_over_http(top):
    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=f'{top}/www')

        def log_message(self, *_):
            pass
    write(top, {'www/cm.yaml': config_map('web', 'served')})
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f'http://127.0.0.1:{server.server_port}'
    write(top, {'k/kustomization.yaml': f'resources: ["{url}/cm.yaml"]\n'})
    check('key: served' in weir('kustomize', 'build', f'{top}/k'), 'the file is there')
    write(top, {'k/kustomization.yaml': f'resources: ["{url}/none.yaml"]\n'})
    check('HTTP status 404' in weir('kustomize', 'build', f'{top}/k', status=1), 'its absence is named')
    server.shutdown()


@test
def a_folder_gets_a_file_an_object(top):
    write(top, {'k/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n', 'k/a.yaml': config_map('a', '1'), 'k/b.yaml': config_map('b', '2'), 'out/.keep': ''})
    check(weir('kustomize', 'build', '-o', f'{top}/out', f'{top}/k') == '', 'nothing on standard output')
    check(sorted(os.listdir(f'{top}/out')) == ['.keep', 'v1_configmap_a.yaml', 'v1_configmap_b.yaml'], os.listdir(f'{top}/out'))
    weir('kustomize', 'build', '-o', f'{top}/all.yaml', f'{top}/k')
    with open(f'{top}/all.yaml') as f:
        check(f.read() == weir('kustomize', 'build', f'{top}/k'), 'one file holds all')


@test
def watch_builds_again_when_a_file_changes(top):
    write(top, {'base/kustomization.yaml': 'resources: [a.yaml]\n', 'base/a.yaml': config_map('a', 'one'), 'k/kustomization.yaml': 'resources: [../base]\n'})
    with open(f'{top}/log', 'w') as log:
        child = subprocess.Popen([WEIR, 'kustomize', 'build', '--watch', f'{top}/k'], stdout=log, stderr=log)
    try:
        wait_for(f'{top}/log', 'key: one')
        time.sleep(0.1)  # the watch begins behind the output
        for text, words in ((config_map('a', 'two'), 'key: two'), ('a: [', 'base/a.yaml:'), (config_map('a', 'three'), 'key: three')):
            write(top, {'base/a.yaml': text})
            wait_for(f'{top}/log', words)
            time.sleep(0.1)
        check(child.poll() is None, 'an error does not end it')
    finally:
        child.kill()
        child.wait()


def wait_for(path, words, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with open(path) as f:
            if words in f.read():
                return
        time.sleep(0.02)
    raise AssertionError(f'"{words}" did not come')


@test
def explain_names_the_file_and_the_patch(top):
    write(top, {'k/kustomization.yaml': 'resources: [a.yaml]\npatches: [{path: p.yaml}]\n', 'k/a.yaml': config_map('a', 'one'), 'k/p.yaml': config_map('a', 'two')})
    text = weir('kustomize', 'build', '--explain', 'ConfigMap/a:data.key', f'{top}/k')
    check('k/a.yaml:6:8' in text and 'k/p.yaml:6:8 (PatchTransformer' in text, text)
    check('k/p.yaml' in weir('kustomize', 'graph', f'{top}/k'), 'graph')


def main():
    failed = 0
    for fn in TESTS:
        with tempfile.TemporaryDirectory() as top:
            try:
                fn(top)
                print(f'ok: {fn.__name__}')
            except Exception as problem:  # every test is tried
                failed += 1
                print(f'FAIL: {fn.__name__}: {problem}')
    print(f'{len(TESTS) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())

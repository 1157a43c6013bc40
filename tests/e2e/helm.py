#!/usr/bin/env python3
"""The commands of `weir helm` that look at charts: values, dependency list."""
import os
import subprocess
import sys
import tempfile

WEIR = os.path.join(os.environ.get('BUILD', 'build'), 'weir')
TESTS = []


def test(fn):
    TESTS.append(fn)
    return fn


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def equal(got, want):
    check(got == want, f'got\n{got}\nwant\n{want}')


def weir(*args, status=0):
    done = subprocess.run([WEIR, *args], capture_output=True, text=True, timeout=60)
    check(done.returncode == status, f'weir {" ".join(args)}: status {done.returncode}: {done.stdout}{done.stderr}')
    return done.stdout if status == 0 else done.stdout + done.stderr


def write(folder, files):
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as out:
            out.write(text)


def chart(name, version, more=''):
    return f'apiVersion: v2\nname: {name}\nversion: {version}\n{more}'


@test
def values_are_those_that_templates_would_see(top):
    write(top, {'shop/Chart.yaml': chart('shop', '1.0.0', 'dependencies:\n- {name: db, version: ^2, alias: store}\n'
                                         '- {name: cache, version: ^2, condition: cache.enabled}\n'),
                'shop/values.yaml': 'replicas: 1\nlabels: {team: a, tier: web}\nglobal: {zone: east}\n',
                'shop/charts/db/Chart.yaml': chart('db', '2.1.0'), 'shop/charts/db/values.yaml': 'size: 5Gi\n',
                'shop/charts/cache/Chart.yaml': chart('cache', '2.0.0'), 'shop/charts/cache/values.yaml': 'size: 1Gi\n',
                'more.yaml': 'labels: {team: b, tier: null}\nstore: {size: 9Gi}\ncache: {enabled: false}\n'})
    equal(weir('helm', 'values', f'{top}/shop', '-f', f'{top}/more.yaml', '--set', 'replicas=3'),
          'cache:\n  enabled: false\nglobal:\n  zone: east\nlabels:\n  team: b\nreplicas: 3\n'
          'store:\n  global:\n    zone: east\n  size: 9Gi\n')


@test
def dependency_list_says_what_charts_has(top):
    write(top, {'shop/Chart.yaml': chart('shop', '1.0.0', 'dependencies:\n- {name: db, version: ^2, repository: "https://charts.example.com"}\n'
                                         '- {name: cache, version: ^3}\n- {name: queue, version: 1.x}\n- {name: log, version: no version}\n'),
                **{f'shop/charts/{name}/Chart.yaml': chart(name, '2.1.0') for name in ('db', 'cache', 'log', 'extra')}})
    # As helm 4.3.1 prints it for this chart.
    equal(weir('helm', 'dep', 'ls', f'{top}/shop/'),
          'NAME \tVERSION   \tREPOSITORY                \tSTATUS         \n'
          'db   \t^2        \thttps://charts.example.com\tunpacked       \n'
          'cache\t^3        \t                          \twrong version  \n'
          'queue\t1.x       \t                          \tmissing        \n'
          'log  \tno version\t                          \tinvalid version\n'
          '\n'
          f'WARNING: "{top}/shop/charts/extra" is not in Chart.yaml.\n')
    equal(weir('helm', 'dependency', 'list', f'{top}/shop/charts/db'), f'WARNING: no dependencies at {top}/shop/charts/db/charts\n')


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

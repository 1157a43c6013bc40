#!/usr/bin/env python3
"""The commands of `weir helm` that look at charts: values, dependency list, lint, package."""
import os
import subprocess
import sys
import tarfile
import tempfile

from harness import TESTS, check, equal, test

WEIR = os.path.join(os.environ.get('BUILD', 'build'), 'weir')


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


@test
def lint_is_silent_about_a_good_chart(top):
    write(top, {'good/Chart.yaml': chart('good', '1.0.0', 'icon: https://example.com/icon.png\n'), 'good/values.yaml': 'name: web\n',
                'good/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ required "a name" .Values.name }}\n'})
    equal(weir('helm', 'lint', f'{top}/good'), f'==> Linting {top}/good\n\n1 chart(s) linted, 0 chart(s) failed\n')
    equal(weir('helm', 'lint', '--quiet', '--strict', f'{top}/good'), '')


@test
def lint_goes_into_charts(top):
    for path in ('app', 'app/charts/db', 'app/charts/db/charts/deep'):
        write(f'{top}/{path}', {'Chart.yaml': f'apiVersion: v2\nname: {path.split("/")[-1]}\nversion: 1.0.0\nicon: http://a/b.png\n', 'values.yaml': '', 'templates/a.yaml': ''})
    text = weir('helm', 'lint', '--with-subcharts', f'{top}/app/', status=1)
    lines = [l for l in text.splitlines() if l.startswith('==>')]
    equal('\n'.join(lines), f'==> Linting {top}/app/\n==> Linting {top}/app/charts/db\n==> Linting {top}/app/charts/db/charts/deep')


@test
def lint_finds_what_helm_finds(top):
    """Expectations as helm 4.3.1 prints them for these charts."""
    write(top, {'bad/Chart.yaml': 'apiVersion: v2\nname: bad\nversion: v1\nappVersion: 1.2\nmaintainers: [{name: ann, email: nobody}]\n'
                                  'sources: [nowhere]\ncolour: red\ndependencies: [{name: db, version: ^1}]\n',
                'bad/values.yaml': 'size: big\n', 'bad/crds/a.yaml': 'apiVersion: v1\nkind: ConfigMap\n',
                'bad/templates/README.md': '', 'bad/templates/b.yaml': '\n  apiVersion: policy/v1beta1\n  kind: PodDisruptionBudget\n  metadata: {name: Web}\n',
                'bad/templates/c.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ fail "never" }}web}\n'})
    dns = ("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
           "alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")
    found = [
        '[WARNING] Chart.yaml: failed to strictly parse chart metadata file',
        '\terror unmarshaling JSON: while decoding JSON: json: unknown field "colour"',
        '[ERROR] Chart.yaml: appVersion should be of type string but it\'s of type float64',
        "[ERROR] Chart.yaml: invalid email 'nobody' for maintainer 'ann'",
        "[ERROR] Chart.yaml: invalid source URL 'nowhere'",
        '[INFO] Chart.yaml: icon is recommended',
        "[WARNING] Chart.yaml: version 'v1' is not a valid SemVerV2",
        "[ERROR] templates/README.md: file extension '.md' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt",
        '[WARNING] templates/b.yaml: document starts with an illegal indent: "  apiVersion: policy/v1beta1", which may cause parsing problems',
        f'[WARNING] templates/b.yaml: object name does not conform to Kubernetes naming requirements: "Web": metadata.name: Invalid value: "Web": {dns}',
        '[WARNING] templates/b.yaml: policy/v1beta1 PodDisruptionBudget is deprecated in v1.21+, unavailable in v1.25+; use policy/v1 PodDisruptionBudget',
        '[ERROR] templates/c.yaml: a Deployment must contain matchLabels or matchExpressions, and "web" does not',
        f'[WARNING] {top}/bad: chart directory is missing these dependencies: db',
        "[ERROR] crds/a.yaml: apiVersion is not in 'apiextensions.k8s.io'",
        "[ERROR] crds/a.yaml: object kind is not 'CustomResourceDefinition'",
    ]
    done = subprocess.run([WEIR, 'helm', 'lint', f'{top}/bad'], capture_output=True, text=True, timeout=60)
    equal(done.stdout, f'==> Linting {top}/bad\n' + '\n'.join(found) + '\n\n')
    check(done.returncode == 1 and '1 chart(s) linted, 1 chart(s) failed' in done.stderr, done.stderr)


@test
def lint_checks_values_against_the_schema(top):
    write(top, {'web/Chart.yaml': chart('web', '1.0.0'), 'web/values.yaml': 'port: 80\n', 'web/templates/a.yaml': '',
                'web/values.schema.json': '{"properties": {"port": {"type": "integer"}}}'})
    text = weir('helm', 'lint', f'{top}/web', '--set-string', 'port=http', status=1)
    check("[ERROR] values.yaml: - at '/port': got string, want integer\n" in text, text)
    check('[ERROR] templates/: values don\'t meet the specifications of the schema(s) in the following chart(s):\nweb:\n' in text, text)
    weir('helm', 'lint', f'{top}/web', '--set-string', 'port=http', '--skip-schema-validation')
    check('no such file or directory' in weir('helm', 'lint', top, status=1), 'no chart')


@test
def package_makes_an_archive_that_renders_the_same(top):
    write(top, {'web/Chart.yaml': chart('web', '1.0.0', 'dependencies: [{name: db, version: ^2}]\n'), 'web/values.yaml': 'x: 1\n',
                'web/templates/a.yaml': 'a: {{ .Values.x }}-{{ .Chart.Version }}-{{ .Chart.AppVersion }}\n', 'web/.helmignore': 'secret*\n', 'web/secret.txt': 's',
                'web/charts/db/Chart.yaml': chart('db', '2.0.0'), 'web/charts/db/templates/b.yaml': 'b: {{ .Chart.Name }}\n'})
    archive = f'{top}/out/web-1.1.0.tgz'
    equal(weir('helm', 'package', f'{top}/web', '-d', f'{top}/out', '--version', '1.1.0', '--app-version', '7'),
          f'Successfully packaged chart and saved it to: {archive}\n')
    with tarfile.open(archive) as packed:
        equal(sorted(m.name for m in packed if m.isfile()), [
            'web/.helmignore', 'web/Chart.yaml', 'web/charts/db/Chart.yaml', 'web/charts/db/templates/b.yaml', 'web/templates/a.yaml', 'web/values.yaml'])
        equal(packed.extractfile('web/Chart.yaml').read().decode(),
              'apiVersion: v2\nappVersion: "7"\ndependencies:\n- name: db\n  repository: ""\n  version: ^2\nname: web\nversion: 1.1.0\n')
    equal(weir('helm', 'template', archive), '---\n# Source: web/charts/db/templates/b.yaml\nb: db\n\n---\n# Source: web/templates/a.yaml\na: 1-1.1.0-7\n')
    first = open(archive, 'rb').read()
    weir('helm', 'package', f'{top}/web', '-d', f'{top}/out', '--version', '1.1.0', '--app-version', '7')
    check(open(archive, 'rb').read() == first, 'the bytes differ')
    check('invalid semantic version' in weir('helm', 'package', f'{top}/web', '-d', f'{top}/out', '--version', 'x.y', status=1).lower(), 'version')


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

#!/usr/bin/env python3
"""`helm pull`, `dependency` and what goes with them, through helm and weir side by side: output, exit status, files.

chart_repositories.py --helm H --weir W [NAME...]

Both work on the same servers (an HTTP repository, docker-registry), each in a home and folder of its own. A case is a chart, other
files, repositories.yaml and commands. Contents of archives are compared, not their bytes; times in locks are left out. What the
network or the file system said is worded by Go in one and by C in the other: only that it was said is compared.
"""
import argparse
import io
import os
import re
import shlex
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'e2e'))
import chart_servers as servers  # noqa: E402

VERSIONS = ('1.0.0', '1.10.0', '1.2.0', '2.0.0-rc.1', '2.0.0+build.5')
WORDS = (
    (r'could not open "(.*?)": No such file or directory', r'open \1: no such file or directory'),
    (r'open [^ ]*\.tgz\d*: no such file', r'open ARCHIVE: no such file'), (r'open [^ ]*\.tgz: no such', 'open ARCHIVE: no such'),
    (r'((Get|get) "[^"]*"): .*', r'\1: NETWORK'), (r'link error: .*|could not write "[^"]*": .*', 'NOT WRITTEN'),
    (r'(invalid digest "[^"]*"): .*', r'\1'), (r'(Could not verify [^ ]* for deletion): .*', r'\1'), (r'^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ', ''),
    (r'"[^"]* (pull|template)" requires.*|✗ name the charts?.*', 'ARGUMENTS'),
)


def chart(name, version, dependencies=(), more='', api='v2'):
    text = f'apiVersion: {api}\nname: {name}\nversion: {version}\n{more}'
    return text + ('dependencies:\n' + ''.join(f'- {d}\n' for d in dependencies) if dependencies else '')


RICH = chart('rich', '0.1.0', ['{name: d, version: 1, condition: a.b, tags: [x, n], import-values: [q, {child: a, parent: b}]}'],
             'appVersion: "1"\ndescription: a < b & c\nkeywords: [b, a]\nhome: https://h\nsources: [https://s]\nicon: https://i\ndeprecated: true\ntype: application\n'
             'kubeVersion: ">=1.0"\nannotations: {z: "1", a: "2"}\nmaintainers: [{name: n, email: e@x.org, url: https://u}]\n')


class Side:
    """One of the two programs, in its folder."""

    def __init__(self, command, top):
        self.command, self.top = command, top
        self.env = {'PATH': os.environ['PATH'], 'HOME': os.path.join(top, 'home')}

    def write(self, files):
        for path, text in files.items():
            path = os.path.join(self.top, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'wb') as out:
                out.write(text if isinstance(text, bytes) else text.encode())
            os.chmod(path, 0o600 if '.config' in path else 0o644)  # helm leaves a mode as it is; files with passwords get 0600 from us

    def run(self, line):
        done = subprocess.run([*self.command, *shlex.split(line)], capture_output=True, text=True, env=self.env, cwd=os.path.join(self.top, 'work'), timeout=120)
        return done.returncode, self.plain(done.stdout), self.plain(re.sub('^(Error: |✗ )', '', done.stderr, flags=re.M))

    def plain(self, text):
        text = text.replace(self.top, 'TOP')
        for pattern, words in WORDS:
            text = re.sub(pattern, words, text, flags=re.M)
        return re.sub(r'\n\nUsage:.*', '\n', text, flags=re.S)

    def files(self):
        out = {}
        for folder, names, files in os.walk(self.top):
            for name in files + names:
                path = os.path.join(folder, name)
                at = os.path.relpath(path, self.top)
                if os.path.isdir(path):
                    out[at] = b'(folder)'
                    continue
                with open(path, 'rb') as file:
                    data = file.read()
                try:
                    with tarfile.open(fileobj=io.BytesIO(data)) as packed:
                        out.update({f'{at}!{m.name}': self.timeless(packed.extractfile(m).read()) for m in packed if m.isfile()})
                except tarfile.TarError:
                    out[at] = self.timeless(data) + f' {os.stat(path).st_mode & 0o777:o}'.encode()
        # helm keeps names of charts in the order of a Go map, and makes folders for caches it does not use.
        return {k: b''.join(sorted(v.splitlines(True))) if k.endswith('charts.txt') else v
                for k, v in out.items() if (v != b'(folder)' or k.startswith('work/')) and not k.endswith('repositories.lock')}

    @staticmethod
    def timeless(data):
        return re.sub(rb'(generated|created)("?): .*', rb'\1: TIME', data)


def cases(url, registry):
    """(name, files, commands); files begin with work/ or home/."""
    oci = f'oci://{registry.host}/charts'
    known = {'home/.config/helm/repositories.yaml': f'repositories:\n- {{name: a, url: {url}}}\n'}
    digest = registry.digests['1.0.0']

    def shop(*dependencies, api='v2'):
        return {'work/shop/Chart.yaml': chart('shop', '1.0.0', dependencies, api=api)}

    def web(version, repository=None, more=''):
        return f'{{name: web, version: "{version}", repository: "{url if repository is None else repository}"{more}}}'

    update, build = 'dependency update shop', 'dependency build shop'
    local = '{name: local, version: "*", repository: "file://../local"}'
    pulls = (
        f'web --repo {url}', f'web --repo {url} --devel', f'web --repo {url} --version ^3', f'nope --repo {url}', 'web --repo http://127.0.0.1:1',
        f'web --repo {url}/nothere', f'{url}/web-9.tgz', f'{url}/web-1.0.0.tgz --untar', f'web --repo {url} --version 1.0 -d out', 'web --repo ftp://x', 'web', 'a/web',
        f'web --repo {url} --untar --untardir un', f'web --repo {url} -d nodir', f'web --repo {url} --version x.y.z.w', f'web --repo {url} --prov', f'{oci}/web --plain-http',
        f'{oci}/web --plain-http --version ^1', f'{oci}/web:1.0.0 --plain-http', f'{oci}/web:1.0.0 --version 1.1.0 --plain-http', f'{oci}/web --version 2.0.0+build.5 --plain-http',
        f'{oci}/web --version 3.0.0 --plain-http', f'{oci}/web --version ^5 --plain-http', f'{oci}/nope --plain-http', f'{oci}/nope --version 1.0.0 --plain-http',
        f'{oci}/web --version 1.0.0', 'oci://127.0.0.1:1/charts/web --version 1.0.0', f'oci://{registry.host}/Charts/web --version 1.0.0 --plain-http', f'oci://{registry.host} --plain-http',
        f'{oci}/web --version 1.2.0 --plain-http --untar', f'{oci}/web --devel --plain-http --untar --untardir u2', f'{oci}/web:latest --plain-http', f'web --repo {oci} --plain-http',
        f'{oci}/web@{digest} --plain-http', f'{oci}/web@{digest} --plain-http --version 1.0.0', f'{oci}/web@{digest} --plain-http --version 1.2.0', f'{oci}/web:1.0.0@{digest} --plain-http',
        f'{oci}/web@sha256:d1 --plain-http', f'{oci}/web --plain-http --version 1.0.0 --prov')
    for line in pulls:
        yield f'pull {line}'.replace(url, 'URL').replace(registry.host, 'HOST'), {'work/out/.keep': ''}, [f'pull {line}']
    yield 'untar twice', {}, [f'pull web --repo {url} --untar'] * 2
    yield 'a known repository without an index', known, ['pull a/web', f'pull {url}/web-1.0.0.tgz']
    yield 'unmanaged', shop(web('^1')), [update, build]
    yield 'known', {**shop(web('^1')), **known}, [update, build, f'{build} --skip-refresh', 'dependency list shop', 'pull a/web --version ~1.2', f'{update} --skip-refresh']
    yield 'aliases', {**shop(web('^1', '@a', ', alias: front, condition: front.on, tags: [x, y], import-values: [data, {child: c, parent: p}]'),
                             web('>=1.0 <1.1', 'alias:a')), **known}, [update, build]
    yield 'registry', shop(web('^1', oci), web('1.0.0', oci, ', alias: w2')), [f'{update} --plain-http', f'{build} --plain-http']
    yield 'registry and a plus', shop(web('>1.10.0', oci)), [f'{update} --plain-http', f'{build} --plain-http']
    yield 'registry without that version', shop(web('^7', oci)), [f'{update} --plain-http']
    yield 'local', {**shop(local), 'work/local/Chart.yaml': chart('local', '0.3.0', more='description: x\nkeywords: [b, a]\n'), 'work/local/values.yaml': '# c\na: 1\n',
                    'work/local/templates/x.yaml': 'x: 1\n', 'work/local/README.md': 'r', 'work/local/.helmignore': '*.txt\n', 'work/local/a.txt': 'no'}, [update, build, 'template shop']
    yield 'local in local', {**shop(local), 'work/local/Chart.yaml': chart('local', '0.3.0', ['{name: inner, version: "*", repository: "file://../inner"}']),
                             'work/inner/Chart.yaml': chart('inner', '1.0.0'), 'work/inner/values.yaml': 'b: 2\n', 'work/inner/templates/y.yaml': 'y: 1\n'}, ['dependency update local', update, 'template shop']
    yield 'local that is absent', shop(local), [update]
    yield 'local in another version', {**shop('{name: local, version: ^2, repository: "file://../local"}'), 'work/local/Chart.yaml': chart('local', '0.3.0')}, [update]
    sub = {'work/shop/charts/sub/Chart.yaml': chart('sub', '1.2.0')}
    yield 'kept', {**shop('{name: sub, version: 1.x}'), **sub}, [update, build]
    yield 'kept in another version', {**shop('{name: sub, version: 2.x}'), **sub}, [update]
    yield 'kept that is absent', shop('{name: sub, version: 2.x}'), [update]
    yield 'no dependencies', shop(), [update, build]
    yield 'no dependencies, but a lock', {**shop(), 'work/shop/Chart.lock': 'dependencies: []\ndigest: sha256:x\n'}, [build]
    yield 'an empty list', {'work/shop/Chart.yaml': chart('shop', '1.0.0', more='dependencies: []\n')}, [update, build]
    yield 'no chart', shop(), ['dependency update nope', 'dependency build nope', 'dependency update shop/Chart.yaml']
    yield 'plain names', shop(web('^1', 'stable'), '{name: db, version: ^1, repository: "@x"}'), [update, build]
    yield 'no such versions', shop(web('^9'), web('^8', more=', alias: b')), [update]
    yield 'no such chart', shop('{name: db, version: ^1, repository: "%s"}' % url), [update]
    yield 'no server', shop(web('^1', 'http://127.0.0.1:1')), [update]
    yield 'no protocol', shop(web('^1', 'ftp://127.0.0.1')), [update]
    yield 'a bad constraint', shop(web('foo')), [update]
    lock = f'dependencies:\n- name: web\n  repository: {url}\n  version: 1.0.0\ndigest: sha256:x\ngenerated: "2026-01-01T00:00:00Z"\n'
    yield 'out of sync', {**shop(web('^1')), **known, 'work/shop/Chart.lock': lock}, [build, update, build]
    old = {'work/shop/Chart.yaml': chart('shop', '1.0.0', api='v1'), 'work/shop/requirements.yaml': f'dependencies:\n- {web("^1")}\n', **known}
    yield 'v1', old, [update, build]
    yield 'v1 out of sync', {**old, 'work/shop/requirements.lock': lock}, [build]
    yield 'what was there before', {**shop(web('^1')), **known, 'work/shop/charts/_README': 'x', 'work/shop/charts/dir/Chart.yaml': chart('dir', '1.0.0'),
                                    'work/shop/charts/web-1.0.0.tgz': registry.archives['1.0.0']}, [update]
    yield 'charts is a file', {**shop(web('^1')), **known, 'work/shop/charts': 'x'}, [update]
    yield 'no refresh', {**shop(web('^1')), **known}, [f'{update} --skip-refresh']
    yield 'no refresh, unmanaged', shop(web('^1')), [f'{update} --skip-refresh']
    yield 'twice the same', {**shop(web('^1'), web('^1', more=', alias: b')), **known}, [update]
    for line in (f'template web --repo {url}', f'template rel web --repo {url} --version ^1 --devel', f'template rel {oci}/web --plain-http --version 1.0.0', f'template {oci}/web --plain-http',
                 f'template {oci}/web --plain-http --version ^7', f'template {url}/web-1.0.0.tgz', 'template ./nope', 'template nope', 'template a/nope', 'template /nope',
                 f'show chart web --repo {url} --version 1.2.0', f'show values {oci}/web --plain-http --version 1.2.0', 'show all nope', f'show chart web --repo {url} --version 1.0'):
        yield line.replace(url, 'URL').replace(registry.host, 'HOST'), {}, [line, line]
    yield 'names of repositories', {}, [
        'repo list', 'repo list -o json', 'repo remove a', 'repo update', f'repo add a {url}', f'repo add a {url}', f'repo add a {url}/', f'repo add a {url}/ --force-update', f'repo add b/c {url}',
        'repo add bb http://127.0.0.1:1', 'repo add ff ftp://127.0.0.1', f'repo add long-name {url} --username me --password pw --pass-credentials', 'repo list', 'repo ls -o json', 'repo list -o yaml',
        'repo list --no-headers', 'repo update long-name', 'repo update zz', 'repo update a zz', 'pull long-name/web --version ~1.2', 'repo remove zz', 'repo rm a', 'repo list',
        'repo add st https://kubernetes-charts.storage.googleapis.com', 'repo remove long-name', 'repo update']
    yield 'a file of repositories that is kept', {'home/.config/helm/repositories.yaml': 'apiVersion: v1\ngenerated: "2026-01-02T03:04:05.6Z"\nrepositories:\n- {name: x, url: "http://127.0.0.1:1"}\n'}, [
        f'repo add a {url}', 'repo update', 'repo update a', 'repo list']
    host = registry.host
    yield 'credentials of registries', {}, [
        f'registry login {host} --plain-http -u me -p pw', f'registry login {host}/x --plain-http -u me -p pw', 'registry login 127.0.0.1:1 --plain-http -u me -p pw', f'registry logout {host}', f'registry logout {host}',
        'registry logout other', f'registry login {host} --plain-http -u me:you -p pw', f'registry login {host} --plain-http -u me -p pw']
    yield 'a file of credentials that is kept', {'home/.config/helm/registry/config.json': '{"z": [1, {"a": "<&>"}], "auths": {"other": {"auth": "bWU6cHc="}}}'}, [
        f'registry login {host} --plain-http -u me -p pw', 'registry logout other']
    folder = {'work/dist/sub/web-2.0.0+build.5.tgz': registry.archives['2.0.0+build.5'], 'work/dist/bad.tgz': 'junk', 'work/dist/web-1.0.0.tgz': registry.archives['1.0.0'],
              'work/dist/web-1.10.0.tgz': registry.archives['1.10.0'], 'work/dist/sub/sub/web-1.2.0.tgz': registry.archives['1.2.0']}
    yield 'an index', folder, ['repo index dist', 'repo index dist --url https://x.org/c/ --json', 'repo index dist --url https://x.org']
    more = ('apiVersion: v1\ngenerated: "2026-01-01T00:00:00Z"\nentries:\n  web:\n  - {name: web, version: 1.0.0, urls: [old.tgz], created: "2026-01-01T00:00:00Z", digest: x}\n'
            '  - {name: web, version: 0.9.0, urls: [old.tgz], created: "2026-01-01T00:00:00Z", digest: x}\n  db:\n  - {name: db, version: 3.0.0, urls: [db.tgz], created: "2026-01-01T00:00:00Z", digest: x}\n')
    yield 'an index that is merged', {**folder, 'work/more.yaml': more}, ['repo index dist --merge more.yaml', 'repo index dist --merge none.yaml']
    yield 'a rich chart', {'work/rich/Chart.yaml': RICH, 'work/rich/charts/d/Chart.yaml': chart('d', '1.0.0')}, ['package rich -d dist', 'show chart rich']
    yield 'an index of a rich chart', {'work/dist/rich.tgz': registry.archives['rich']}, ['repo index dist']
    yield 'an index of a rich chart in JSON', {'work/dist/rich.tgz': registry.archives['rich']}, ['repo index dist --json']
    yield 'an index of nothing', {}, ['repo index .', 'repo index . --json']
    yield 'dependencies while rendering', {**shop(web('^1')), 'work/shop/templates/a.yaml': 'b: 1\n'}, ['template shop --dependency-update', 'template shop --dependency-update']
    yield 'a slash at the end', {**shop(web('^1', url + '/')), **known}, [update, build]


def pack(helm, top):
    """The archives, as helm packs them."""
    out = {}
    for version in VERSIONS:
        side = Side([helm], top)
        side.write({f'work/{version}/web/Chart.yaml': chart('web', version), f'work/{version}/web/values.yaml': 'x: 1\n', f'work/{version}/web/templates/a.yaml': 'a: {{ .Values.x }}\n'})
        side.run(f'package {version}/web')
        with open(os.path.join(top, 'work', f'web-{version}.tgz'), 'rb') as file:
            out[version] = file.read()
    side.write({'work/rich/Chart.yaml': RICH, 'work/rich/charts/d/Chart.yaml': chart('d', '1.0.0')})
    side.run('package rich')
    with open(os.path.join(top, 'work', 'rich-0.1.0.tgz'), 'rb') as file:
        out['rich'] = file.read()
    return out


def compare(name, files, lines, options):
    with tempfile.TemporaryDirectory() as top:
        sides = []
        for kind, command in (('helm', [options.helm]), ('weir', [options.weir, 'helm'])):
            side = Side(command, os.path.join(top, kind))
            side.write({'work/.keep': '', **files})
            sides.append(([side.run(line) for line in lines], side.files()))
    (theirs, their_files), (ours, our_files) = sides
    problems = [f'  {line}\n    helm: {t}\n    weir: {o}' for line, t, o in zip(lines, theirs, ours) if t != o]
    for path in sorted(set(their_files) | set(our_files)):
        if their_files.get(path) != our_files.get(path):
            problems.append(f'  file {path}\n    helm: {their_files.get(path, b"(none)")[:300]}\n    weir: {our_files.get(path, b"(none)")[:300]}')
    if problems:
        print(f'DIFFERS {name}\n' + '\n'.join(problems))
    return not problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--helm', required=True)
    parser.add_argument('--weir', required=True)
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    options.helm, options.weir = os.path.abspath(options.helm), os.path.abspath(options.weir)
    passed = failed = 0
    with tempfile.TemporaryDirectory() as top, servers.Registry(top) as registry, servers.Server() as server:
        registry.archives = pack(options.helm, os.path.join(top, 'pack'))
        registry.digests = {v: registry.push('charts/web', v.replace('+', '_'), data) for v, data in registry.archives.items() if v != 'rich'}
        server.files['/index.yaml'] = servers.index_yaml([('web', v, registry.archives[v]) for v in VERSIONS])
        server.files.update({f'/web-{v}.tgz': data for v, data in registry.archives.items()})
        for name, files, lines in cases(server.url, registry):
            if options.names and not any(word in name for word in options.names):
                continue
            good = compare(name, files, lines, options)
            passed, failed = passed + good, failed + (not good)
    print(f'{passed} passed, {failed} failed')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()

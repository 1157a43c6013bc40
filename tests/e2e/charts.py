#!/usr/bin/env python3
"""Charts of repositories and registries: `weir helm pull` against real servers, with credentials, redirects and TLS."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chart_servers as servers  # noqa: E402
from harness import TESTS, check, equal, test  # noqa: E402

WEIR = os.path.abspath(os.path.join(os.environ.get('BUILD', 'build'), 'weir'))
VERSIONS = ('1.0.0', '1.10.0', '1.2.0', '2.0.0-rc.1', '2.0.0+build.5')
# bcrypt of "secret"
HTPASSWD = 'me:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n'


class Place:
    """A folder with a home of its own, and archives of one chart in some versions."""

    def __init__(self, top):
        self.top = top
        self.env = {'PATH': os.environ['PATH'], 'HOME': os.path.join(top, 'home')}
        os.makedirs(self.env['HOME'])
        os.makedirs(os.path.join(top, 'work'))
        self.archives = {}
        for version in VERSIONS:
            self.pack('web', version)

    def pack(self, name, version, more=''):
        chart = os.path.join(self.top, 'charts', f'{name}-{version}', name)
        os.makedirs(os.path.join(chart, 'templates'), exist_ok=True)
        for file, text in (('Chart.yaml', f'apiVersion: v2\nname: {name}\nversion: {version}\n{more}'), ('values.yaml', f'version: "{version}"\n'),
                           ('templates/a.yaml', 'a: {{ .Values.version }}\n')):
            with open(os.path.join(chart, file), 'w') as out:
                out.write(text)
        self.weir('package', chart, '-d', os.path.join(self.top, 'packed'))
        with open(os.path.join(self.top, 'packed', f'{name}-{version}.tgz'), 'rb') as file:
            self.archives[name, version] = file.read()

    def all(self):
        return [(*key, data) for key, data in self.archives.items()]

    def fill(self, server, url=''):
        server.files['/index.yaml'] = servers.index_yaml(self.all(), url)
        for (name, version), data in self.archives.items():
            server.files[f'/{name}-{version}.tgz'] = data

    def run(self, *args, stdin=None):
        return subprocess.run([WEIR, 'helm', *args], input=stdin, capture_output=True, text=True, timeout=60, env=self.env, cwd=os.path.join(self.top, 'work'))

    def weir(self, *args, status=0):
        done = self.run(*args)
        check(done.returncode == status, f'weir helm {" ".join(args)}: status {done.returncode}: {done.stdout}{done.stderr}')
        return done.stdout + done.stderr

    def files(self):
        work = os.path.join(self.top, 'work')
        return sorted(os.path.relpath(os.path.join(folder, name), work) for folder, _, names in os.walk(work) for name in names)

    def read(self, path):
        with open(os.path.join(self.top, 'work', path), 'rb') as file:
            return file.read()

    def write(self, path, text):
        path = os.path.join(self.top, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as out:
            out.write(text)


def credential_helper(p):
    """docker-credential-test in PATH: one entry in the file `kept`, for the server it was stored for."""
    p.write('bin/docker-credential-test', f"""#!/bin/sh
kept={p.top}/kept
case $1 in
get) read -r server || :
    [ -f "$kept" ] || {{ echo "credentials not found in native keychain"; exit 1; }}
    cat "$kept" ;;
store) cat >"$kept" ;;
erase) rm -f "$kept" ;;
esac
""")
    os.chmod(os.path.join(p.top, 'bin/docker-credential-test'), 0o755)
    p.env['PATH'] = os.path.join(p.top, 'bin') + ':' + os.environ['PATH']


@test
def a_repository_gives_the_version_that_fits(p):
    with servers.Server() as s:
        p.fill(s)
        for args, version in (((), '2.0.0+build.5'), (('--version', '^1'), '1.10.0'), (('--version', '1.2.0'), '1.2.0'), (('--version', '~1.2'), '1.2.0')):
            equal(p.weir('pull', 'web', '--repo', s.url, *args), '')
            equal(p.read(f'web-{version}.tgz'), p.archives['web', version])
        text = p.weir('pull', 'web', '--repo', s.url, '--version', '1.2')
        check('falling back to closest available version" chart=web requested=1.2 selected=1.2.0' in text, text)
        equal(p.weir('pull', 'web', '--repo', s.url, '--version', '^3', status=1), f'✗ chart "web" version "^3" not found in {s.url} repository\n')
        text = p.weir('pull', 'web', '--repo', f'{s.url}/nothing', status=1)
        check(f'is not a valid chart repository or cannot be reached: failed to fetch {s.url}/nothing/index.yaml : 404 Not Found' in text, text)


@test
def a_chart_is_unpacked(p):
    with servers.Server() as s:
        p.fill(s)
        p.weir('pull', 'web', '--repo', s.url, '--version', '1.0.0', '--untar', '--untardir', 'deep')
        equal(p.files(), ['deep/web/Chart.yaml', 'deep/web/templates/a.yaml', 'deep/web/values.yaml'])
        equal(p.read('deep/web/values.yaml'), b'version: "1.0.0"\n')
        check('a file or directory with the name deep/web already exists' in p.weir('pull', 'web', '--repo', s.url, '--untar', '--untardir', 'deep', status=1), 'twice')


@test
def credentials_stay_with_the_repository(p):
    with servers.Server(credentials=('me', 'secret')) as s, servers.Server() as other:
        p.fill(s)
        user = ('--username', 'me', '--password', 'secret')
        p.weir('pull', 'web', '--repo', s.url, *user, '--version', '1.0.0')
        text = p.weir('pull', 'web', '--repo', s.url, '--username', 'me', '--password', 'wrong', status=1)
        check('401 Unauthorized' in text and 'wrong' not in text, text)
        # Another host has the archives: it gets credentials only where that is asked for.
        p.fill(other)
        s.files['/index.yaml'] = servers.index_yaml(p.all(), f'{other.url}/')
        p.weir('pull', 'web', '--repo', s.url, *user, '--version', '1.2.0')
        equal([a for *_, a in other.seen], [None])
        p.weir('pull', 'web', '--repo', s.url, *user, '--version', '1.2.0', '--pass-credentials')
        equal(other.seen[-1][2], servers.basic('me', 'secret'))
        # A redirect to another host goes without.
        s.files['/index.yaml'] = servers.index_yaml(p.all())
        s.routes['/web-1.10.0.tgz'] = lambda h: h.answer(302, b'', [('Location', f'{other.url}/web-1.10.0.tgz')])
        p.weir('pull', 'web', '--repo', s.url, *user, '--version', '1.10.0')
        equal(other.seen[-1], ('GET', '/web-1.10.0.tgz', None))
        equal(p.read('web-1.10.0.tgz'), p.archives['web', '1.10.0'])


@test
def certificates_are_checked(p):
    files = servers.certificates(p.top)
    with servers.Server(tls={**files, 'client_ca': files['ca']}) as s:
        p.fill(s)
        own = ('--cert-file', files['cert'], '--key-file', files['key'])
        check('certificate' in p.weir('pull', 'web', '--repo', s.url, *own, status=1), 'an unknown authority')
        p.weir('pull', 'web', '--repo', s.url, '--ca-file', files['ca'], status=1)
        p.weir('pull', 'web', '--repo', s.url, '--ca-file', files['ca'], *own, '--version', '1.0.0')
        p.weir('pull', 'web', '--repo', s.url, '--insecure-skip-tls-verify', *own, '--version', '1.2.0')
        text = p.weir('pull', 'web', '--repo', s.url, '--ca-file', 'nowhere.pem', status=1)
        check("can't create TLS config for client" in text, text)


@test
def repositories_of_helms_file_are_known_by_name(p):
    with servers.Server(credentials=('me', 'secret')) as s:
        p.fill(s)
        p.write('home/.config/helm/repositories.yaml', f'repositories:\n- {{name: shop, url: "{s.url}", username: me, password: secret}}\n')
        text = p.weir('pull', 'shop/web', status=1)
        check("no cached repo found. (try 'helm repo update')" in text, text)
        p.write('home/.cache/helm/repository/shop-index.yaml', s.files['/index.yaml'].decode())
        p.weir('pull', 'shop/web', '--version', '^1')
        equal(p.read('web-1.10.0.tgz'), p.archives['web', '1.10.0'])
        equal(s.seen, [('GET', '/web-1.10.0.tgz', servers.basic('me', 'secret'))])
        check('repo other not found' in p.weir('pull', 'other/web', status=1), 'other')


@test
def a_bad_index_is_refused_and_a_bad_entry_left_out(p):
    with servers.Server() as s:
        p.fill(s)
        s.files['/index.yaml'] = s.files['/index.yaml'] + b'  bad:\n  - {name: bad}\n'
        text = p.weir('pull', 'web', '--repo', s.url, '--version', '1.0.0')
        check('msg="skipping loading invalid entry for chart" name=bad' in text, text)
        for index in (b'', b'[]', b'apiVersion: v1\nnews: 1\n', b'entries: {}\n', b'<html>', b'\xff\xfe', b'a: &a [*a]'):
            s.files['/index.yaml'] = index
            check('is not a valid chart repository' in p.weir('pull', 'web', '--repo', s.url, status=1), index)
        s.files['/index.yaml'] = servers.index_yaml([('web', '1.0.0', b'not an archive')])
        s.files['/web-1.0.0.tgz'] = b'not an archive'
        p.weir('pull', 'web', '--repo', s.url, '--untar', status=1)


@test
def a_registry_gives_tags_and_digests(p):
    with servers.Registry(p.top) as r:
        digests = {v: r.push('charts/web', v.replace('+', '_'), p.archives['web', v]) for v in VERSIONS}
        r.push('charts/web', 'latest', b'something else')
        chart = f'oci://{r.host}/charts/web'
        equal(p.weir('pull', chart, '--plain-http', '--version', '^1'), f'Pulled: {r.host}/charts/web:1.10.0\nDigest: {digests["1.10.0"]}\n')
        equal(p.read('web-1.10.0.tgz'), p.archives['web', '1.10.0'])
        text = p.weir('pull', chart, '--plain-http')
        check(f'Pulled: {r.host}/charts/web:2.0.0_build.5\n' in text and 'contains an underscore' in text, text)
        equal(p.read('web-2.0.0+build.5.tgz'), p.archives['web', '2.0.0+build.5'])
        p.weir('pull', f'{chart}:1.2.0', '--plain-http')
        p.weir('pull', f'{chart}@{digests["1.0.0"]}', '--plain-http')
        equal(p.read(f'web@sha256-{digests["1.0.0"][7:]}.tgz'), p.archives['web', '1.0.0'])
        check('chart reference digest mismatch' in p.weir('pull', f'{chart}@{digests["1.0.0"]}', '--version', '1.2.0', '--plain-http', status=1), 'mismatch')
        equal(p.weir('pull', chart, '--version', '9.0.0', '--plain-http', status=1),
              f'✗ failed to perform "FetchReference" on source: {r.host}/charts/web:9.0.0: not found\n')
        text = p.weir('pull', f'oci://{r.host}/charts/none', '--plain-http', status=1)
        check('response status code 404: name unknown' in text, text)


@test
def a_registry_asks_for_credentials(p):
    with servers.Registry(p.top, HTPASSWD) as r:
        r.push('charts/web', '1.0.0', p.archives['web', '1.0.0'], credentials=('me', 'secret'))
        chart = (f'oci://{r.host}/charts/web', '--version', '1.0.0', '--plain-http')
        check('basic credential not found' in p.weir('pull', *chart, status=1), 'none')
        text = p.weir('pull', *chart, '--username', 'me', '--password', 'hidden', status=1)
        check('401' in text and 'hidden' not in text, text)
        p.weir('pull', *chart, '--username', 'me', '--password', 'secret')
        auth = json.dumps({'auths': {r.host: {'auth': servers.basic('me', 'secret')[6:]}}})
        p.write('home/.docker/config.json', auth)
        p.weir('pull', *chart)
        p.write('home/.config/helm/registry/config.json', json.dumps({'auths': {r.host: {'auth': servers.basic('me', 'hidden')[6:]}}}))
        p.weir('pull', *chart, status=1)  # helm's own file comes first
        # Programs that keep credentials: one that is not there, one that is no name, one that answers.
        config = 'home/.config/helm/registry/config.json'
        p.write(config, json.dumps({'credHelpers': {r.host: 'nonesuch'}}))
        check('docker-credential-nonesuch keeps the credentials of' in p.weir('pull', *chart, status=1), 'a helper that is not there')
        p.write(config, json.dumps({'credsStore': '../evil'}))
        check('is no name of a credential helper' in p.weir('pull', *chart, status=1), 'a path')
        os.remove(os.path.join(p.top, 'home/.docker/config.json'))
        credential_helper(p)
        p.write(config, json.dumps({'credHelpers': {r.host: 'test'}}))
        check('basic credential not found' in p.weir('pull', *chart, status=1), 'a helper that has none')
        p.write('kept', json.dumps({'ServerURL': r.host, 'Username': 'me', 'Secret': 'secret'}))
        p.weir('pull', *chart)
        p.write('kept', json.dumps({'ServerURL': r.host, 'Username': 'me', 'Secret': 'hidden'}))
        check('hidden' not in p.weir('pull', *chart, status=1), 'a secret is shown')
        p.write('kept', 'no JSON')
        check('did not answer with JSON' in p.weir('pull', *chart, status=1), 'an answer that is none')


@test
def tokens_are_bought_and_stay_with_their_registry(p):
    archive = p.archives['web', '1.0.0']
    with servers.Server() as s, servers.Server() as other:
        paths, manifest = servers.serve_image(s, 'charts/web', '1.0.0', archive)
        blob = f'/v2/charts/web/blobs/{servers.digest(archive)}'

        def guarded(body):
            def answer(h):
                if h.headers.get('Authorization') != 'Bearer t1':
                    challenge = f'Bearer realm="{s.url}/token",service="charts",scope="repository:charts/web:pull"'
                    return h.answer(401, b'', [('WWW-Authenticate', challenge)])
                return h.answer(200, body, [('Content-Type', servers.MANIFEST), ('Docker-Content-Digest', servers.digest(body))])
            return answer

        for path, body in paths.items():
            s.routes[path] = guarded(body)
        s.routes['/token'] = lambda h: h.answer(200, b'{"token": "t1"}')
        chart = (f'oci://{s.host}/charts/web', '--version', '1.0.0', '--plain-http')
        p.weir('pull', *chart)
        token = [seen for seen in s.seen if seen[1].startswith('/token')]
        equal(token, [('GET', '/token?scope=repository%3Acharts%2Fweb%3Apull&service=charts', None)])
        p.weir('pull', *chart, '--username', 'me', '--password', 'secret')
        equal([seen[2] for seen in s.seen if seen[1].startswith('/token')][-1], servers.basic('me', 'secret'))
        p.write('home/.docker/config.json', json.dumps({'auths': {s.host: {'identitytoken': 'r1'}}}))
        forms = []
        s.routes['/token'] = lambda h: (forms.append(h.form), h.answer(200, b'{"access_token": "t1"}'))
        p.weir('pull', *chart)
        equal(forms, ['client_id=oras-go&grant_type=refresh_token&refresh_token=r1&scope=repository%3Acharts%2Fweb%3Apull&service=charts'])
        # The blob is at another host: the token does not go there, nor is that host's challenge answered.
        moved = s.routes[blob]
        s.routes[blob] = lambda h: moved(h) if h.headers.get('Authorization') is None else h.answer(307, b'', [('Location', f'{other.url}/blob')])
        other.files['/blob'] = archive
        p.weir('pull', *chart)
        equal(other.seen, [('GET', '/blob', None)])
        other.routes['/blob'] = lambda h: h.answer(401, b'', [('WWW-Authenticate', f'Bearer realm="{other.url}/token"')])
        p.weir('pull', *chart, status=1)
        equal([seen[1] for seen in other.seen], ['/blob', '/blob'])
        # Other bytes than the digest says.
        s.routes[blob] = moved
        for path in paths:
            if path != blob:
                s.routes[path] = guarded(paths[path])
        s.routes[blob] = guarded(archive[:-1] + b'x')
        check('do not have that digest' in p.weir('pull', *chart, status=1), 'digest')
        # A token server that credentials must not go to.
        s.routes[f'/v2/charts/web/manifests/1.0.0'] = lambda h: h.answer(401, b'', [('WWW-Authenticate', 'Bearer realm="http://169.254.169.254/token"')])
        check('loopback, link-local, private' in p.weir('pull', *chart, status=1), 'realm')


@test
def what_a_registry_says_wrongly_is_refused(p):
    with servers.Server() as s:
        chart = (f'oci://{s.host}/charts/web', '--version', '1.0.0', '--plain-http')
        path = '/v2/charts/web/manifests/1.0.0'
        good, blobs = servers.manifest_of(p.archives['web', '1.0.0'])
        for body, kind, words in ((b'{', servers.MANIFEST, 'manifest'), (b'[]', servers.MANIFEST, 'is no object'),
                                  (b'{"config": {"digest": "sha256:../..", "size": 1}}', servers.MANIFEST, 'no valid digest'),
                                  (good, 'text/plain', 'minimum number of descriptors'), (b'{"layers": []}', servers.MANIFEST, 'minimum number of descriptors'),
                                  (json.dumps({'manifests': [{'mediaType': servers.MANIFEST, 'digest': 'sha256:' + '0' * 64, 'size': 1}] * 50}).encode(), servers.INDEX, 'not found')):
            s.routes[path] = lambda h: h.answer(200, body, [('Content-Type', kind)])
            check(words in p.weir('pull', *chart, status=1), f'{body}: {words}')
        # An index leads to the manifest.
        s.routes[path] = lambda h: h.answer(200, json.dumps({'manifests': [{'mediaType': servers.MANIFEST, 'digest': servers.digest(good), 'size': len(good)}]}).encode(),
                                            [('Content-Type', servers.INDEX)])
        s.routes[f'/v2/charts/web/manifests/{servers.digest(good)}'] = lambda h: h.answer(200, good, [('Content-Type', servers.MANIFEST)])
        for blob in blobs:
            s.files[f'/v2/charts/web/blobs/{servers.digest(blob)}'] = blob
        p.weir('pull', *chart)
        equal(p.read('web-1.0.0.tgz'), p.archives['web', '1.0.0'])
        # Pages of tags; a next page elsewhere is not asked for.
        s.routes['/v2/charts/web/tags/list'] = lambda h: h.answer(200, b'{"tags": ["0.1.0"]}', [('Link', '</v2/charts/web/tags/more>; rel="next"')])
        s.routes['/v2/charts/web/tags/more'] = lambda h: h.answer(200, b'{"tags": ["1.0.0", 7, null]}', [('Link', '<http://127.0.0.1:1/x>; rel="next"')])
        p.weir('pull', f'oci://{s.host}/charts/web', '--plain-http')


@test
def a_repository_gets_a_name_and_a_registry_credentials(p):
    config, login = 'home/.config/helm/repositories.yaml', 'home/.config/helm/registry/config.json'
    with servers.Server(credentials=('me', 'secret')) as s, servers.Registry(p.top, HTPASSWD) as r:
        p.fill(s)
        check('401 Unauthorized' in p.weir('repo', 'add', 'shop', s.url, status=1), 'no password')
        check('--password-stdin' in p.weir('repo', 'add', 'shop', s.url, '--username', 'me', status=1), 'no prompt')
        done = p.run('repo', 'add', 'shop', s.url, '--username', 'me', '--password-stdin', stdin='secret\n')
        equal((done.returncode, done.stdout + done.stderr), (0, '"shop" has been added to your repositories\n'))
        equal(os.stat(os.path.join(p.top, config)).st_mode & 0o777, 0o600)
        p.weir('pull', 'shop/web', '--version', '1.0.0')
        equal(p.weir('repo', 'list', '--no-headers'), f'shop\t{s.url}\n')
        p.weir('repo', 'remove', 'shop')
        check('repo shop not found' in p.weir('pull', 'shop/web', status=1), 'removed')
        r.push('charts/web', '1.0.0', p.archives['web', '1.0.0'], credentials=('me', 'secret'))
        chart = (f'oci://{r.host}/charts/web', '--version', '1.0.0', '--plain-http')
        text = p.weir('registry', 'login', r.host, '--plain-http', '-u', 'me', '-p', 'hidden', status=1)
        check(f'authenticating to "{r.host}"' in text and '401' in text and 'hidden' not in text, text)
        check(not os.path.exists(os.path.join(p.top, login)), 'kept what was refused')
        done = p.run('registry', 'login', r.host, '--plain-http', '-u', 'me', '--password-stdin', stdin='secret\n')
        equal((done.returncode, done.stdout), (0, 'Login Succeeded\n'))
        equal(os.stat(os.path.join(p.top, login)).st_mode & 0o777, 0o600)
        p.weir('pull', *chart)
        p.weir('registry', 'logout', r.host)
        p.weir('pull', *chart, status=1)
        # With a helper the file holds nothing.
        credential_helper(p)
        p.write(login, json.dumps({'credsStore': 'test'}))
        p.weir('registry', 'login', r.host, '--plain-http', '-u', 'me', '-p', 'secret')
        equal(json.load(open(os.path.join(p.top, 'kept'))), {'ServerURL': r.host, 'Username': 'me', 'Secret': 'secret'})
        equal(json.load(open(os.path.join(p.top, login))), {'credsStore': 'test'})
        p.weir('pull', *chart)
        p.weir('registry', 'logout', r.host)
        check(not os.path.exists(os.path.join(p.top, 'kept')), 'it was not erased')
        p.weir('pull', *chart, status=1)


@test
def a_signature_is_checked(p):
    def gpg(*args, **more):
        return subprocess.run(['gpg', '--homedir', os.path.join(p.top, 'gnupg'), '--batch', '--pinentry-mode', 'loopback', '--passphrase', '', *args], check=True, capture_output=True, **more).stdout

    os.makedirs(os.path.join(p.top, 'gnupg'), 0o700)
    keys = {}
    for name in ('Ann', 'Eve'):
        gpg('--quick-gen-key', f'{name} <{name}@example.com>', 'ed25519')
        keys[name] = os.path.join(p.top, name + '.gpg')
        with open(keys[name], 'wb') as out:
            out.write(gpg('--export', name))
    fingerprint = [l.split(':')[9] for l in gpg('--with-colons', '--list-keys', 'Ann').decode().splitlines() if l.startswith('fpr')][0]
    archive = p.archives['web', '1.0.0']

    def sign(name, data=archive, file='web-1.0.0.tgz'):
        text = f'name: web\nversion: 1.0.0\n\n...\nfiles:\n  {file}: {servers.digest(data)}\n'
        return gpg('--local-user', name, '--clearsign', input=text.encode())

    with servers.Server() as s:
        p.fill(s)
        pull = ('pull', 'web', '--repo', s.url, '--version', '1.0.0', '--verify', '--keyring')
        check('failed to fetch provenance' in p.weir(*pull, keys['Ann'], status=1), 'without a .prov file')
        good = sign('Ann')
        told = f'Signed by: Ann <Ann@example.com>\nUsing Key With Fingerprint: {fingerprint}\nChart Hash Verified: {servers.digest(archive)}\n'
        for prov, words in ((sign('Eve'), 'not one of a key in'), (sign('Ann', b'other'), 'sha256 sum does not match'), (sign('Ann', file='x.tgz'), 'does not contain a SHA'),
                            (good.replace(b'version: 1.0.0', b'version: 6.6.6'), 'not one of a key in'), (b'name: web\n...\nfiles: {}\n', 'not one of a key in')):
            s.files['/web-1.0.0.tgz.prov'] = prov
            check(words in p.weir(*pull, keys['Ann'], status=1), words)
            equal(p.files(), [])  # nothing is written that nobody vouches for
        s.files['/web-1.0.0.tgz.prov'] = good
        check('failed to load keyring' in p.weir(*pull, 'none.gpg', status=1), 'no keyring')
        equal(p.weir(*pull, keys['Ann']), told)
        equal(p.files(), ['web-1.0.0.tgz', 'web-1.0.0.tgz.prov'])
        equal(p.weir('verify', 'web-1.0.0.tgz', '--keyring', keys['Ann']), told)
        os.makedirs(os.path.join(p.env['HOME'], '.gnupg'))
        with open(os.path.join(p.env['HOME'], '.gnupg/pubring.gpg'), 'wb') as out:
            out.write(gpg('--export', 'Ann'))
        equal(p.weir('verify', 'web-1.0.0.tgz'), told)
        # A second, unsigned text in front of the signed one is not what counts.
        p.write('work/web-1.0.0.tgz.prov', f'files:\n  web-1.0.0.tgz: {servers.digest(archive)}\n' + sign('Ann', b'other').decode())
        check('sha256 sum does not match' in p.weir('verify', 'web-1.0.0.tgz', status=1), 'a text in front')


@test
def a_chart_is_pushed(p):
    os.makedirs(os.path.join(p.top, 'registry'))
    with servers.Registry(os.path.join(p.top, 'registry'), HTPASSWD) as r:
        archive = os.path.join(p.top, 'packed/web-2.0.0+build.5.tgz')
        push = ('push', archive, f'oci://{r.host}/charts/', '--plain-http')
        check('basic credential not found' in p.weir(*push, status=1), 'without credentials')
        first = p.weir(*push, '--username', 'me', '--password', 'secret')
        check(first.startswith(f'Pushed: {r.host}/charts/web:2.0.0_build.5\nDigest: sha256:') and 'contains an underscore' in first, first)
        equal(p.weir(*push, '--username', 'me', '--password', 'secret'), first)  # what is there is not sent again
        p.write('home/.config/helm/registry/config.json', json.dumps({'auths': {r.host: {'auth': servers.basic('me', 'secret')[6:]}}}))
        p.weir('pull', f'oci://{r.host}/charts/web', '--version', '2.0.0+build.5', '--plain-http')
        equal(p.read('web-2.0.0+build.5.tgz'), p.archives['web', '2.0.0+build.5'])
        # A signature beside the archive goes with it.
        p.write('packed/web-1.0.0.tgz.prov', 'signed\n')
        p.weir('push', os.path.join(p.top, 'packed/web-1.0.0.tgz'), f'oci://{r.host}/charts', '--plain-http')
        p.weir('pull', f'oci://{r.host}/charts/web', '--version', '1.0.0', '--plain-http', '--prov')
        equal(p.read('web-1.0.0.tgz.prov'), b'signed\n')
        check('cannot push directory' in p.weir('push', os.path.join(p.top, 'packed'), f'oci://{r.host}/charts', status=1), 'a folder')
        check('no such file' in p.weir('push', 'none.tgz', f'oci://{r.host}/charts', status=1), 'no file')
        check('registries alone' in p.weir('push', archive, f'https://{r.host}/charts', status=1), 'no registry')


@test
def an_upload_elsewhere_gets_no_credentials(p):
    with servers.Server(('me', 'secret')) as s, servers.Server() as other:
        def begin(handler):
            if handler.headers.get('Authorization') != servers.basic('me', 'secret'):
                return handler.answer(401, b'', [('WWW-Authenticate', 'Basic realm="charts"')])
            return handler.answer(202, b'', [('Location', f'{other.url}/upload?state=1')])
        s.routes['/v2/charts/web/blobs/uploads/'] = begin
        s.routes['/v2/charts/web/manifests/1.0.0'] = lambda handler: handler.answer(201)
        other.routes['/upload'] = lambda handler: handler.answer(201)
        p.weir('push', os.path.join(p.top, 'packed/web-1.0.0.tgz'), f'oci://{s.host}/charts', '--plain-http', '--username', 'me', '--password', 'secret')
        puts = [seen for seen in other.seen if seen[0] == 'PUT']
        equal(len(puts), 2)
        check(all(authorization is None for _, _, authorization in puts), puts)
        check(all('state=1&digest=sha256:' in path for _, path, _ in puts), puts)


@test
def a_folder_of_archives_becomes_a_repository(p):
    with servers.Server() as s:
        for (name, version), data in p.archives.items():
            with open(os.path.join(p.top, 'work', f'{name}-{version}.tgz'), 'wb') as out:
                out.write(data)
        p.write('work/bad.tgz', 'no archive')
        p.weir('repo', 'index', '.', '--url', s.url)
        p.fill(s)
        s.files['/index.yaml'] = p.read('index.yaml')
        p.weir('pull', 'web', '--repo', s.url, '--version', '^1', '-d', '..')
        with open(os.path.join(p.top, 'web-1.10.0.tgz'), 'rb') as file:
            equal(file.read(), p.archives['web', '1.10.0'])
        p.weir('repo', 'index', '.', '--json')
        equal([e['version'] for e in json.loads(p.read('index.yaml'))['entries']['web']], ['2.0.0+build.5', '2.0.0-rc.1', '1.10.0', '1.2.0', '1.0.0'])


def archives(p, folder='shop/charts'):
    return [f for f in p.files() if f.startswith(folder + '/')]


@test
def dependencies_are_chosen_locked_and_built_again(p):
    with servers.Server(credentials=('me', 'secret')) as s, servers.Registry(p.top) as r:
        p.fill(s)
        r.push('charts/web', '1.2.0', p.archives['web', '1.2.0'])
        p.write('home/.config/helm/repositories.yaml', f'repositories:\n- {{name: main, url: "{s.url}", username: me, password: secret}}\n')
        p.write('work/local/Chart.yaml', 'apiVersion: v2\nname: local\nversion: 0.3.0\n')
        p.write('work/shop/Chart.yaml', 'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n- {name: web, version: ^1, repository: "@main"}\n'
                f'- {{name: web, version: ~1.2, repository: "oci://{r.host}/charts", alias: other}}\n- {{name: local, version: ">0.1", repository: "file://../local"}}\n')
        text = p.weir('dependency', 'update', 'shop', '--plain-http')
        check('Saving 3 charts\n' in text and text.endswith('Deleting outdated charts\n'), text)
        want = ['shop/charts/local-0.3.0.tgz', 'shop/charts/web-1.10.0.tgz', 'shop/charts/web-1.2.0.tgz']
        equal(archives(p), want)
        equal(p.read('shop/charts/web-1.10.0.tgz'), p.archives['web', '1.10.0'])
        lock = p.read('shop/Chart.lock')
        check(b'version: 1.10.0' in lock and b'version: 1.2.0' in lock and b'version: 0.3.0' in lock, lock)
        p.weir('dependency', 'update', 'shop', '--plain-http')
        equal(p.read('shop/Chart.lock'), lock)  # nothing changed, so it is not written again
        # A newer version appears: build keeps to the lock, update does not, and removes the old archive.
        p.pack('web', '1.11.0')
        p.fill(s)
        os.remove(os.path.join(p.top, 'work', want[1]))
        p.weir('dependency', 'build', 'shop', '--plain-http')
        equal(archives(p), want)
        p.weir('dependency', 'update', 'shop', '--plain-http')
        equal(archives(p), [want[0], 'shop/charts/web-1.11.0.tgz', want[2]])
        p.write('work/shop/Chart.yaml', p.read('shop/Chart.yaml').decode().replace('~1.2', '~1'))
        check('out of sync' in p.weir('dependency', 'build', 'shop', '--plain-http', status=1), 'the lock')
        check('--verify is not built yet' in p.weir('dependency', 'update', 'shop', '--verify', status=1), 'verify')


@test
def charts_are_rendered_from_where_they_are(p):
    with servers.Server() as s, servers.Registry(p.top) as r:
        p.fill(s)
        r.push('charts/web', '1.0.0', p.archives['web', '1.0.0'])
        want = '---\n# Source: web/templates/a.yaml\na: %s\n'
        equal(p.weir('template', 'web', '--repo', s.url, '--version', '^1'), want % '1.10.0')
        seen = len(s.seen)
        equal(p.weir('template', 'web', '--repo', s.url, '--version', '^1'), want % '1.10.0')
        equal([path for _, path, _ in s.seen[seen:]], ['/index.yaml', '/web-1.10.0.tgz'])  # an index of --repo says no digest to its archive's name
        equal(p.run('template', f'oci://{r.host}/charts/web', '--version', '1.0.0', '--plain-http').stdout, want % '1.0.0')
        equal(p.weir('show', 'values', f'{s.url}/web-1.2.0.tgz'), 'version: "1.2.0"\n\n')
        equal(p.weir('values', 'web', '--repo', s.url, '--version', '1.2.0'), 'version: 1.2.0\n')
        p.write('work/shop/Chart.yaml', f'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n- {{name: web, version: ~1.2, repository: "{s.url}"}}\n')
        check('missing in charts/' in p.weir('template', 'shop', status=1), 'missing')
        text = p.weir('template', 'shop', '--dependency-update')
        check(text.endswith('# Source: shop/charts/web/templates/a.yaml\na: 1.2.0\n'), text)
        check("this command takes charts of this machine alone" in p.weir('lint', f'{s.url}/web-1.2.0.tgz', status=1), 'lint')


@test
def nothing_is_written_when_one_dependency_fails(p):
    with servers.Server() as s:
        p.fill(s)
        p.write('work/shop/Chart.yaml', f'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n- {{name: web, version: ^1, repository: "{s.url}"}}\n'
                f'- {{name: web, version: 1.2.0, repository: "{s.url}", alias: b}}\n')
        del s.files['/web-1.2.0.tgz']
        text = p.weir('dependency', 'update', 'shop', status=1)
        check('could not download' in text and '404 Not Found' in text, text)
        equal(p.files(), ['shop/Chart.yaml'])
        p.fill(s)
        p.write('elsewhere', 'kept')
        os.symlink(os.path.join(p.top, 'elsewhere'), os.path.join(p.top, 'work', 'shop', 'Chart.lock'))
        p.weir('dependency', 'update', 'shop', status=1)
        with open(os.path.join(p.top, 'elsewhere')) as file:
            equal(file.read(), 'kept')


@test
def a_chart_with_requirements_gets_their_lock(p):
    with servers.Server() as s:
        p.fill(s)
        p.write('work/shop/Chart.yaml', 'apiVersion: v1\nname: shop\nversion: 1.0.0\n')
        p.write('work/shop/requirements.yaml', f'dependencies:\n- {{name: web, version: ^1, repository: "{s.url}"}}\n')
        p.weir('dependency', 'update', 'shop')
        equal(p.files(), ['shop/Chart.yaml', 'shop/charts/web-1.10.0.tgz', 'shop/requirements.lock', 'shop/requirements.yaml'])


def main():
    failed = 0
    wanted = sys.argv[1:]
    for fn in TESTS:
        if wanted and not any(word in fn.__name__ for word in wanted):
            continue
        with tempfile.TemporaryDirectory() as top:
            try:
                fn(Place(top))
            except Exception as e:  # noqa: BLE001
                failed += 1
                print(f'FAIL {fn.__name__}: {type(e).__name__}: {e}')
    count = len([fn for fn in TESTS if not wanted or any(word in fn.__name__ for word in wanted)])
    print(f'{count - failed} passed, {failed} failed')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()

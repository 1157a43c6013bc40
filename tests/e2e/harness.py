# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: a sandbox as a process, a Git repository, an API client, and a runner that counts.

Only Python's standard library and Debian packages. Every server listens on loopback, on a free port, below a temporary folder.
"""
import base64, contextlib, json, os, re, shutil, signal, socket, ssl, subprocess, sys, tempfile, time, urllib.error, urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEIR = os.path.abspath(os.path.join(ROOT, os.environ.get('BUILD', 'build'), 'weir'))


CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'


class Failed(AssertionError):
    pass


def check(condition, what):
    if not condition:
        raise Failed(what)


def equal(got, want):
    check(got == want, f'got\n{got}\nwant\n{want}')


def until(seconds, probe, what):
    """Calls probe until it returns something true; the last exception or value tells why it never did."""
    end, last = time.monotonic() + seconds, None
    while time.monotonic() < end:
        try:
            last = probe()
            if last:
                return last
        except (urllib.error.URLError, OSError, KeyError, IndexError, TypeError, Failed) as e:
            last = e
        time.sleep(0.03)
    raise Failed(f'{what}: not within {seconds} s; last: {str(last)[:400]}')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Cluster:
    """An API server: who knows server, token and tls can call it."""

    def call(self, method, path, body=None, kind='application/json', raw=False):
        request = urllib.request.Request(self.server + path, method=method, headers={
            'Authorization': 'Bearer ' + self.token, 'Content-Type': kind, 'Accept': 'application/json'})
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, timeout=20, context=self.tls) as answer:
                text = answer.read().decode()
        except urllib.error.HTTPError as e:
            if e.code == 404:
                return None
            raise Failed(f'{method} {path}: {e.code} {e.read().decode()[:300]}') from e
        return text if raw else json.loads(text)

    def get(self, path):
        return self.call('GET', path)


class Sandbox(Cluster):
    """`weir sandbox` on a data folder that outlives it."""

    def __init__(self, data, *flags):
        self.data, self.flags, self.process = data, flags, None
        self.kubeconfig = os.path.join(data, 'kubeconfig')

    def start(self, *more):
        self.port = getattr(self, 'port', None) or free_port()
        self.log = open(self.data + '.log', 'ab')
        self.process = subprocess.Popen(
            [WEIR, 'sandbox', '--data', self.data, '--listen', f'127.0.0.1:{self.port}', '--simulator-delay', '50ms',
             *self.flags, *more], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        until(20, self._is_ready, 'the sandbox is ready')
        return self

    def _is_ready(self):
        if self.process.poll() is not None:
            raise SystemExit(f'the sandbox ended with status {self.process.returncode}: {tail(self.data + ".log")}')
        if not os.path.exists(self.kubeconfig):
            return False
        text = open(self.kubeconfig).read()
        field = lambda key: re.search(key + r':\s*"?([^"\s]+)', text)[1]
        self.server, self.token = field('server'), field('token')
        self.tls = ssl.create_default_context(cadata=base64.b64decode(field('certificate-authority-data')).decode())
        return self.call('GET', '/readyz', raw=True) == 'ok'

    def kustomization(self, name):
        return self.get(f'/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/{name}')

    def repository(self, name='fleet'):
        return self.get(f'/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/{name}')

    def condition(self, obj, kind='Ready'):
        return next((c for c in (obj or {}).get('status', {}).get('conditions', []) if c['type'] == kind), {})

    def applied(self, name, revision):
        k = self.kustomization(name)
        return self.condition(k).get('status') == 'True' and k['status'].get('lastAppliedRevision', '').endswith(revision)

    def weir(self, *args, status=0):
        r = subprocess.run([WEIR, *args, '--kubeconfig', self.kubeconfig], capture_output=True, text=True, timeout=60)
        check(r.returncode == status, f'weir {" ".join(args)}: status {r.returncode}, want {status}: {r.stderr[:300]}')
        return r

    def refresh(self, name='fleet'):
        """Asks the engine to look at the source now, as a webhook would."""
        self.call('PATCH', f'/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/{name}',
                  {'metadata': {'annotations': {'reconcile.fluxcd.io/requestedAt': str(time.time_ns())}}},
                  'application/merge-patch+json')

    def wait_death(self, seconds=20):
        self.process.wait(seconds)
        self.log.close()

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.wait_death()


class Repo:
    """A bare repository and a clone of it."""

    def __init__(self, folder):
        self.bare, self.work = os.path.join(folder, 'fleet.git'), os.path.join(folder, 'fleet')
        self.url = 'file://' + self.bare
        os.makedirs(folder, exist_ok=True)
        run('git', 'init', '-q', '--bare', '-b', 'main', self.bare)
        run('git', 'init', '-q', '-b', 'main', self.work)

    def commit(self, files, message='change'):
        """files: path to content; None removes. Returns the commit's id."""
        for path, content in files.items():
            full = os.path.join(self.work, path)
            if content is None:
                os.remove(full)
                continue
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, 'w') as f:
                f.write(content)
        run('git', '-C', self.work, 'add', '-A')
        run('git', '-C', self.work, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', message)
        run('git', '-C', self.work, 'push', '-q', '--force', self.bare, 'HEAD:main')
        return run('git', '-C', self.work, 'rev-parse', 'HEAD').strip()


def run(*args, **more):
    r = subprocess.run(args, capture_output=True, text=True, **more)
    check(r.returncode == 0, f'{" ".join(args)}: {r.stderr[:300]}')
    return r.stdout


def tail(path, lines=8):
    try:
        return '\n'.join(open(path, errors='replace').read().splitlines()[-lines:])
    except OSError:
        return ''


def point(box, repo, path='./', interval='1m', prune=True, wait=False, secret=None, **spec):
    """Applies the namespace, a GitRepository and a Kustomization, all named fleet."""
    if not box.get('/api/v1/namespaces/flux-system'):
        box.call('POST', '/api/v1/namespaces', {'metadata': {'name': 'flux-system'}})
    source = {'url': repo.url, 'ref': {'branch': 'main'}, 'interval': interval}
    if secret:
        source['secretRef'] = {'name': secret}
    box.call('POST', '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories', {
        'apiVersion': 'source.toolkit.fluxcd.io/v1', 'kind': 'GitRepository', 'metadata': {'name': 'fleet'}, 'spec': source})
    box.call('POST', '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations', {
        'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': 'fleet'},
        'spec': {'sourceRef': {'kind': 'GitRepository', 'name': 'fleet'}, 'path': path, 'interval': '10m', 'retryInterval': '1s',
                 'prune': prune, 'wait': wait, **spec}})


def config_map(name, value='1', namespace='default'):
    return f'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: {namespace}\ndata:\n  value: "{value}"\n'


@contextlib.contextmanager
def world(*flags):
    """A temporary folder with a running sandbox and a repository."""
    folder = tempfile.mkdtemp(prefix='weir-e2e-')
    box = Sandbox(os.path.join(folder, 'cluster'), '--allow-file-urls', *flags)
    try:
        box.start()
        yield box, Repo(folder)
    except BaseException:
        sys.stderr.write(tail(box.data + '.log') + '\n')
        raise
    finally:
        box.stop(signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


TESTS = []


def test(fn):
    TESTS.append(fn)
    return fn


def main(wanted):
    passed = failed = 0
    for fn in TESTS:
        if wanted and not any(w in fn.__name__ for w in wanted):
            continue
        begin = time.monotonic()
        try:
            skipped = fn()
            passed += not skipped
            print(f'{"skip" if skipped else "ok  "} {fn.__name__} {time.monotonic() - begin:.1f} s{": " + skipped if skipped else ""}', flush=True)
        except Exception as e:
            failed += 1
            print(f'FAIL {fn.__name__}: {type(e).__name__}: {e}', flush=True)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0

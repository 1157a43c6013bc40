# SPDX-License-Identifier: Apache-2.0
"""One sandbox in which many GitRepositories live, with the repositories and servers they point at; for e2e/git.py and bad/git.py."""
import atexit, base64, glob, os, re, shutil, signal, tarfile, tempfile

from harness import Failed, Repo, Sandbox, check, config_map, run, until

API = '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories'


class World:
    """The sandbox and a folder of repositories, made at the first use."""

    def __init__(self):
        self.box, self.count, self.open = None, 0, []

    def start(self):
        if self.box:
            return self
        self.folder = tempfile.mkdtemp(prefix='weir-git-')
        os.chmod(self.folder, 0o755)
        self.root = os.path.join(self.folder, 'repositories')
        self.box = Sandbox(os.path.join(self.folder, 'cluster'), '--allow-file-urls').start()
        self.box.call('POST', '/api/v1/namespaces', {'metadata': {'name': 'flux-system'}})
        atexit.register(self.stop)
        return self

    def stop(self):
        for server in reversed(self.open):
            server.stop()
        self.box.stop(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def serve(self, kind, *args, **more):
        """A server that ends with the world."""
        server = kind(*args, **more)
        self.open.append(server)
        return server

    def path(self, name):
        self.count += 1
        return os.path.join(self.folder, f'{name}-{self.count}')

    def repo(self, files=None):
        self.count += 1
        repo = Repo(os.path.join(self.root, f'r{self.count}'))
        repo.first = repo.commit(files or {'a.yaml': config_map('a')})
        return repo

    def secret(self, name, **data):
        encode = lambda s: base64.b64encode(s.encode()).decode()
        path = '/api/v1/namespaces/flux-system/secrets'
        self.box.call('DELETE', f'{path}/{name}')
        self.box.call('POST', path, {'metadata': {'name': name}, 'data': {k.replace('__', '.'): encode(v) for k, v in data.items()}})
        return {'name': name}

    def git(self, name, url, branch='main', **spec):
        if branch:
            spec.setdefault('ref', {'branch': branch})
        self.box.call('DELETE', f'{API}/{name}')
        until(10, lambda: self.get(name) is None, f'{name} is gone')
        self.box.call('POST', API, {'apiVersion': 'source.toolkit.fluxcd.io/v1', 'kind': 'GitRepository', 'metadata': {'name': name},
                                    'spec': {'url': url, 'interval': '1h', **spec}})
        return name

    def get(self, name):
        return self.box.get(f'{API}/{name}')

    def change(self, name, **spec):
        self.box.call('PATCH', f'{API}/{name}', {'spec': spec}, 'application/merge-patch+json')

    def handled(self, name):
        """The object, once the controller has said what it thinks of its present generation and request; None before."""
        o = self.get(name)
        asked = o['metadata'].get('annotations', {}).get('reconcile.fluxcd.io/requestedAt')
        ready = self.box.condition(o)
        seen = ready.get('observedGeneration') == o['metadata']['generation'] and ready.get('status') in ('True', 'False')
        return o if seen and asked == o['status'].get('lastHandledReconcileAt') else None

    def ready(self, name, revision=None, seconds=15):
        """The object with Ready=True; revision: its end."""
        def probe():
            o = self.handled(name)
            if not o or self.box.condition(o)['status'] != 'True':
                raise Failed(str(self.box.condition(self.get(name))))
            check(revision is None or o['status']['artifact']['revision'].endswith(revision), o['status']['artifact']['revision'])
            return o
        return until(seconds, probe, f'{name} is ready')

    def failed(self, name, says, reason='GitOperationFailed', kind='FetchFailed', seconds=15):
        """Waits for Ready=False with these words; the object."""
        def probe():
            o = self.get(name)
            ready = self.box.condition(o)
            check(ready.get('status') == 'False' and re.search(says, ready['message']), f'want {says!r} in {ready}')
            return o
        o = until(seconds, probe, f'{name} fails')
        ready, condition = self.box.condition(o), self.box.condition(o, kind)
        check(ready['reason'] == reason, f'reason {ready["reason"]}: {ready["message"]}')
        check(condition.get('reason') == reason and condition['message'] == ready['message'], f'{kind}: {condition}')
        return o

    def files(self, name):
        """Names in the artifact, folders left out."""
        path = glob.glob(self.folder + '/cluster/**/' + self.get(name)['status']['artifact']['path'], recursive=True)[0]
        with tarfile.open(path) as t:
            return sorted(m.name.removeprefix('./') for m in t if m.isfile())

    def read(self, name, file):
        path = glob.glob(self.folder + '/cluster/**/' + self.get(name)['status']['artifact']['path'], recursive=True)[0]
        with tarfile.open(path) as t:
            return t.extractfile(next(m for m in t if m.name.removeprefix('./') == file)).read().decode()

    def events(self, name):
        return [e for e in self.box.get('/api/v1/namespaces/flux-system/events')['items'] if e['involvedObject']['name'] == name]

    def mirrors(self):
        return glob.glob(self.folder + '/cluster/**/git/*.git', recursive=True)

    def log(self):
        return open(self.box.data + '.log').read()


WORLD = World()


def git(repo, *args):
    return run('git', '-C', repo.work, '-c', 'user.name=t', '-c', 'user.email=t@example.com', *args).strip()


def push(repo, *refspecs):
    git(repo, 'push', '-q', '--force', repo.bare, *refspecs)

# SPDX-License-Identifier: Apache-2.0
"""A real kube-apiserver with etcd, on loopback, with keys made for the run; `start` says why where one of the two is missing."""
import contextlib, json, os, shutil, ssl, subprocess, tempfile

from harness import Cluster, check, free_port, run, until

TOKEN = 'scenarios'


def missing(binary):
    """Why no server can be started, or None."""
    if not binary or not os.path.exists(binary):
        return 'kube-apiserver is not there (tests/conformance/peers.sh apiserver builds it)'
    if not shutil.which('etcd'):
        return 'etcd is not installed (Debian: etcd-server)'
    return None


class KubeServer(Cluster):
    """What `call` needs, a kubeconfig, and the two processes."""

    def __init__(self, folder, binary):
        self.folder, self.binary, self.processes = folder, binary, []
        self.kubeconfig = os.path.join(folder, 'kubeconfig')
        self.port = free_port()
        self.server, self.token = f'https://127.0.0.1:{self.port}', TOKEN
        self.tls = ssl.create_default_context()
        self.tls.check_hostname, self.tls.verify_mode = False, ssl.CERT_NONE

    def start(self, *flags):
        """flags: more of kube-apiserver's."""
        client, peer = free_port(), free_port()
        path = lambda name: os.path.join(self.folder, name)
        run('openssl', 'genrsa', '-out', path('key'), '2048')
        with open(path('tokens'), 'w') as f:
            f.write(f'{TOKEN},admin,1,"system:masters"\n')
        self._spawn('etcd', '--data-dir', path('etcd'), '--unsafe-no-fsync', '--listen-client-urls', f'http://127.0.0.1:{client}',
                    '--advertise-client-urls', f'http://127.0.0.1:{client}', '--listen-peer-urls', f'http://127.0.0.1:{peer}',
                    '--initial-advertise-peer-urls', f'http://127.0.0.1:{peer}', '--initial-cluster', f'default=http://127.0.0.1:{peer}')
        self._spawn(self.binary, '--etcd-servers', f'http://127.0.0.1:{client}', '--cert-dir', path('certs'),
                    '--service-account-issuer', 'https://scenarios.example.com', '--service-account-key-file', path('key'),
                    '--service-account-signing-key-file', path('key'), '--service-cluster-ip-range', '10.0.0.0/24',
                    '--secure-port', str(self.port), '--bind-address', '127.0.0.1', '--token-auth-file', path('tokens'),
                    '--authorization-mode', 'RBAC', '--enable-priority-and-fairness=false', *flags)
        until(120, lambda: self.call('GET', '/readyz', raw=True) == 'ok', 'kube-apiserver is ready')
        with open(self.kubeconfig, 'w') as f:
            json.dump({'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'c',
                       'contexts': [{'name': 'c', 'context': {'cluster': 'c', 'user': 'u'}}],
                       'clusters': [{'name': 'c', 'cluster': {'server': self.server, 'insecure-skip-tls-verify': True}}],
                       'users': [{'name': 'u', 'user': {'token': TOKEN}}]}, f)
        return self

    def _spawn(self, *command):
        log = open(os.path.join(self.folder, os.path.basename(command[0]) + '.log'), 'ab')
        self.processes.append(subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL))

    def stop(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@contextlib.contextmanager
def kube_server(binary):
    folder = tempfile.mkdtemp(prefix='weir-kube-')
    server = KubeServer(folder, binary)
    try:
        yield server.start()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)

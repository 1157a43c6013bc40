# SPDX-License-Identifier: Apache-2.0
"""A server in front of the sandbox's that a test can make slow, busy, forgetful or picky about tokens; and the engine on it."""
import contextlib, http.client, http.server, os, socket, ssl, subprocess, sys, threading, time

from git_servers import Authority
from harness import *


class ApiProxy:
    """`rule(request)` says what becomes of a request: None passes it on; (status, headers, body) answers it; 'hang' never does."""

    def __init__(self, folder, box):
        self.box, self.authority = box, Authority(folder)
        self.rule = lambda request: None
        self.watch_seconds = None  # then a watch is cut
        self.tokens = None         # those taken for the sandbox's; None: any
        self.log = []              # (time, method, path, Authorization)
        self.open, self.streams = True, []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            log_message = lambda *_: None

            def do_GET(self):
                self.body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
                proxy.log.append((time.monotonic(), self.command, self.path, self.headers.get('Authorization', '')))
                with contextlib.suppress(OSError, http.client.HTTPException):
                    proxy.serve(self)

            do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f'{folder}/server.pem', f'{folder}/server.key')
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.address = f'https://127.0.0.1:{self.server.server_address[1]}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request, status, headers, body):
        request.send_response(status)
        for k, v in headers.items():
            request.send_header(k, v)
        request.send_header('Content-Type', 'application/json')
        request.send_header('Content-Length', str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def serve(self, request):
        token = request.headers.get('Authorization', '').removeprefix('Bearer ')
        verdict = self.rule(request)
        if verdict is None and self.tokens is not None and token not in self.tokens:
            verdict = status(401, 'Unauthorized')
        if verdict == 'hang':
            while self.open and self.rule(request) == 'hang':
                time.sleep(0.1)
            request.close_connection = True
            return
        if verdict:
            self.answer(request, *verdict)
            return
        self.forward(request)

    def forward(self, request):
        there = http.client.HTTPSConnection('127.0.0.1', self.box.port, context=self.box.tls, timeout=60)
        headers = {k: v for k, v in request.headers.items() if k.lower() not in ('host', 'authorization', 'content-length')}
        headers['Authorization'] = 'Bearer ' + self.box.token
        there.request(request.command, request.path, request.body, headers)
        answer = there.getresponse()
        if 'watch=true' in request.path:
            self.stream(request, there, answer)
            return
        body = answer.read()
        there.close()
        self.answer(request, answer.status, {}, body)

    def stream(self, request, there, answer):
        request.close_connection = True
        request.send_response(answer.status)
        request.send_header('Content-Type', 'application/json')
        request.end_headers()
        self.streams.append(there.sock)
        timer = threading.Timer(self.watch_seconds or 3600, self.end, [there.sock])
        timer.daemon = True
        timer.start()
        try:
            while data := answer.read1(65536):
                request.wfile.write(data)
                request.wfile.flush()
        finally:
            timer.cancel()
            self.streams.remove(there.sock)

    @staticmethod
    def end(sock):
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    def cut(self):
        """Ends all watches."""
        for sock in list(self.streams):
            self.end(sock)

    def kubeconfig(self, path, user, cluster=None):
        """Writes a kubeconfig whose user is that map."""
        ca = base64.b64encode(self.authority.read('ca.crt').encode()).decode()
        json.dump({'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'c', 'contexts': [{'name': 'c', 'context': {'cluster': 'c', 'user': 'u'}}],
                   'clusters': [{'name': 'c', 'cluster': {'server': self.address, 'certificate-authority-data': ca, **(cluster or {})}}],
                   'users': [{'name': 'u', 'user': user}]}, open(path, 'w'))
        return path

    def seen(self, method, word, since=0):
        return [e for e in self.log if e[1] == method and word in e[2] and e[0] >= since]

    def stop(self):
        self.open = False
        self.cut()
        self.server.shutdown()
        self.server.server_close()


def status(code, reason, **more):
    body = {'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Failure', 'reason': reason, 'message': f'the test says {reason}', 'code': code}
    return code, more.get('headers', {}), json.dumps(body).encode()


@contextlib.contextmanager
def behind_proxy(*flags, user=None, cluster=None, definitions=True):
    """A sandbox without an engine, a repository, the proxy, and `weir run` on it: (box, repo, proxy, engine)."""
    with world('--no-engine') as (box, repo):
        folder = os.path.dirname(box.data)
        proxy = ApiProxy(folder + '/proxy', box)
        made = user(folder) if callable(user) else user
        config = proxy.kubeconfig(folder + '/config', made or {'token': 'x'}, cluster)
        engine = Engine(box, folder, config, *flags, *(['--install-crds'] if definitions else []))
        try:
            engine.start()
            yield box, repo, proxy, engine
        except BaseException:
            sys.stderr.write(tail(engine.log_path) + '\n')
            raise
        finally:
            engine.stop()
            proxy.stop()


class Engine:
    """`weir run` as a process."""

    def __init__(self, box, folder, kubeconfig, *flags):
        self.box, self.log_path, self.process = box, folder + '/engine.log', None
        self.arguments = [WEIR, 'run', '--kubeconfig', kubeconfig, '--storage-path', folder + '/storage', '--allow-file-urls', *flags]

    def start(self):
        with open(self.log_path, 'ab') as log:
            self.process = subprocess.Popen(self.arguments, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        return self

    def cpu_seconds(self):
        fields = open(f'/proc/{self.process.pid}/stat').read().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def log(self):
        return open(self.log_path, errors='replace').read()

    def stop(self, seconds=20):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise

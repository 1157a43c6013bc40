# SPDX-License-Identifier: Apache-2.0
"""Git servers and what stands in front of them, for the tests: nginx with git-http-backend (Debian's), sshd, proxies, and one that fails on purpose.

All listen on loopback, on free ports, below the folder they are given.
"""
import base64, http.client, http.server, os, pwd, select, shutil, signal, socket, subprocess, threading

from harness import free_port, run, until

BACKEND = '/usr/lib/git-core/git-http-backend'


def missing_packages(*programs):
    """Words for a skip, or None when all programs are there."""
    found = [shutil.which(p, path=os.environ['PATH'] + ':/usr/sbin:/sbin') for p in programs]
    names = [p for p, f in zip(programs, found) if not f]
    return f'{" and ".join(names)} not installed' if names else None


def listens(port):
    return lambda: not socket.create_connection(('127.0.0.1', port), 1).close()


class Authority:
    """A certificate authority with a server's certificate for 127.0.0.1 and a client's."""

    def __init__(self, folder):
        os.makedirs(folder)
        self.folder = folder
        self._make('ca', '-x509', '-days', '2', '-subj', '/CN=test authority')
        for name, extra in (('server', 'subjectAltName=IP:127.0.0.1'), ('client', 'extendedKeyUsage=clientAuth')):
            self._make(name, '-subj', f'/CN={name}')
            open(f'{folder}/{name}.ext', 'w').write(extra + '\n')
            run('openssl', 'x509', '-req', '-in', f'{folder}/{name}.crt', '-CA', f'{folder}/ca.crt', '-CAkey', f'{folder}/ca.key', '-CAcreateserial',
                '-days', '2', '-extfile', f'{folder}/{name}.ext', '-out', f'{folder}/{name}.pem')

    def _make(self, name, *more):
        run('openssl', 'req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', f'{self.folder}/{name}.key',
            '-out', f'{self.folder}/{name}.crt', *more)

    def read(self, name):
        return open(f'{self.folder}/{name}').read()


class HttpServer:
    """git's smart protocol for all repositories below `root`. With `authority` over TLS; `client` asks for its certificates."""

    def __init__(self, folder, root, password=None, authority=None, client=False):
        self.folder, self.root, self.port = folder, root, free_port()
        os.makedirs(folder)
        tls = f'ssl_certificate {authority.folder}/server.pem; ssl_certificate_key {authority.folder}/server.key;' if authority else ''
        tls += f'ssl_client_certificate {authority.folder}/ca.crt; ssl_verify_client on;' if client else ''
        auth = f'auth_basic git; auth_basic_user_file {folder}/passwords;' if password else ''
        if password:
            self.set_password(password)
        open(folder + '/nginx.conf', 'w').write(f'''
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}
http {{ access_log {folder}/access.log; client_body_temp_path {folder}/body; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{self.port} {'ssl' if authority else ''}; {tls} location / {{ {auth}
    fastcgi_pass unix:{folder}/cgi.sock; include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME {BACKEND};
    fastcgi_param GIT_PROJECT_ROOT {root}; fastcgi_param GIT_HTTP_EXPORT_ALL ""; fastcgi_param PATH_INFO $uri;
    fastcgi_param REMOTE_USER $remote_user; fastcgi_param HTTP_GIT_PROTOCOL $http_git_protocol; }} }} }}''')
        config = {'GIT_CONFIG_COUNT': '1', 'GIT_CONFIG_KEY_0': 'safe.directory', 'GIT_CONFIG_VALUE_0': '*'}
        self.cgi = subprocess.Popen(['fcgiwrap', '-c', '4', '-s', f'unix:{folder}/cgi.sock'], env={**os.environ, **config},
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        until(5, lambda: os.path.exists(folder + '/cgi.sock'), 'fcgiwrap')
        os.chmod(folder + '/cgi.sock', 0o777)
        for path in (os.path.dirname(folder), folder):
            os.chmod(path, 0o755)
        self.nginx = subprocess.Popen(['/usr/sbin/nginx', '-c', folder + '/nginx.conf', '-g', 'user root;' if os.getuid() == 0 else ''])
        until(5, listens(self.port), 'nginx')
        self.base = f'{"https" if authority else "http"}://127.0.0.1:{self.port}'

    def set_password(self, password):
        open(self.folder + '/passwords', 'w').write('bot:' + run('openssl', 'passwd', '-apr1', password).strip() + '\n')

    def url(self, repo):
        return f'{self.base}/{os.path.relpath(repo.bare, self.root)}'

    def log(self):
        return open(self.folder + '/access.log').read()

    def stop(self):
        self.nginx.terminate()
        os.killpg(self.cgi.pid, signal.SIGTERM)  # its children stay when it ends alone
        for p in (self.nginx, self.cgi):
            p.wait(10)


class SshServer:
    """sshd for the present user, who logs in with any of `keys` (files of private keys)."""

    def __init__(self, folder, keys):
        os.makedirs(folder)
        self.folder, self.port = folder, free_port()
        if os.getuid() == 0:
            os.makedirs('/run/sshd', exist_ok=True)  # it wants this one, empty
        run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', folder + '/host')
        open(folder + '/authorized', 'w').write(''.join(open(k + '.pub').read() for k in keys))
        open(folder + '/config', 'w').write(f'''
Port {self.port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile {folder}/pid
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
AcceptEnv GIT_PROTOCOL
''')
        self.process = subprocess.Popen(['/usr/sbin/sshd', '-D', '-e', '-f', folder + '/config'], stderr=open(folder + '/log', 'w'))
        until(5, listens(self.port), 'sshd')
        self.known_hosts = f'[127.0.0.1]:{self.port} {open(folder + "/host.pub").read()}'

    def url(self, repo, user=None):
        return f'ssh://{user or pwd.getpwuid(os.getuid()).pw_name}@127.0.0.1:{self.port}{repo.bare}'

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def pump(a, b):
    """Bytes both ways until one side ends."""
    while True:
        for s in select.select([a, b], [], [], 20)[0]:
            data = s.recv(65536)
            if not data:
                return
            (b if s is a else a).sendall(data)


class Proxy:
    """An HTTP proxy (CONNECT and plain requests) that asks for user and password, and remembers whom it was asked for."""

    def __init__(self, user='me', password='p@ss/word'):
        proxy, wanted = self, 'Basic ' + base64.b64encode(f'{user}:{password}'.encode()).decode()
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            log_message = lambda *_: None

            def allowed(self):
                if self.headers.get('Proxy-Authorization') == wanted:
                    proxy.asked.append(self.path)
                    return True
                self.send_response(407)
                self.send_header('Proxy-Authenticate', 'Basic realm="proxy"')
                self.send_header('Content-Length', '0')
                self.end_headers()
                return False

            def do_CONNECT(self):
                if not self.allowed():
                    return
                host, port = self.path.rsplit(':', 1)
                with socket.create_connection((host, int(port)), 5) as there:
                    self.send_response(200)
                    self.end_headers()
                    pump(self.connection, there)
                self.close_connection = True

            def do_GET(self):
                if not self.allowed():
                    return
                host, path = self.path.removeprefix('http://').split('/', 1)
                body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
                there = http.client.HTTPConnection(host, timeout=10)
                there.request(self.command, '/' + path, body, {k: v for k, v in self.headers.items() if not k.lower().startswith('proxy-')})
                answer = there.getresponse()
                data = answer.read()
                self.send_response(answer.status)
                for k, v in answer.getheaders():
                    if k.lower() not in ('transfer-encoding', 'content-length', 'connection'):
                        self.send_header(k, v)
                self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.address = f'http://127.0.0.1:{self.server.server_address[1]}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Socks:
    """A SOCKS5 proxy with user and password (RFC 1928, 1929)."""

    def __init__(self, user=b'me', password=b'p@ss/word'):
        self.wanted, self.asked = (user, password), []
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.address = f'socks5://127.0.0.1:{self.listener.getsockname()[1]}'
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client):
        with client, client.makefile('rb') as f:
            f.read(f.read(2)[1])
            client.sendall(b'\x05\x02')
            user = f.read(f.read(2)[1])
            password = f.read(f.read(1)[0])
            client.sendall(b'\x01' + (b'\x00' if (user, password) == self.wanted else b'\x01'))
            if (user, password) != self.wanted:
                return
            kind = f.read(4)[3]
            host = socket.inet_ntoa(f.read(4)) if kind == 1 else f.read(f.read(1)[0]).decode()
            port = int.from_bytes(f.read(2), 'big')
            self.asked.append(f'{host}:{port}')
            with socket.create_connection((host, port), 5) as there:
                client.sendall(b'\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00')
                pump(client, there)

    def stop(self):
        self.listener.close()


class Faulty:
    """Stands in front of a server over HTTP and does what `fault` says to each answer, until that is None.

    fault(handler, path, status, headers, body): sends something by itself, or returns what to send instead of the body.
    """

    def __init__(self, upstream):
        faulty = self
        self.fault, self.seen = None, []
        target = upstream.removeprefix('http://')

        class Handler(http.server.BaseHTTPRequestHandler):
            log_message = lambda *_: None

            def do_GET(self):
                faulty.seen.append((self.path, self.headers.get('Authorization')))
                body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
                there = http.client.HTTPConnection(target, timeout=10)
                there.request(self.command, self.path, body, {k: v for k, v in self.headers.items() if k.lower() != 'host'})
                answer = there.getresponse()
                headers = [(k, v) for k, v in answer.getheaders() if k.lower() not in ('transfer-encoding', 'content-length', 'connection')]
                data = answer.read()
                if faulty.fault:
                    data = faulty.fault(self, self.path, answer.status, headers, data)
                if data is None:
                    return
                self.send_response(answer.status)
                for k, v in headers:
                    self.send_header(k, v)
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.base = f'http://127.0.0.1:{self.server.server_address[1]}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

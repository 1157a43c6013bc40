"""Servers that charts are fetched from: an HTTP repository that can ask for credentials, redirect and speak TLS, a registry
that sells tokens, and a real registry (Debian's docker-registry)."""
import base64
import hashlib
import http.server
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.request

CONFIG = 'application/vnd.cncf.helm.config.v1+json'
CHART = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
PROVENANCE = 'application/vnd.cncf.helm.chart.provenance.v1.prov'
MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
INDEX = 'application/vnd.oci.image.index.v1+json'


def digest(data):
    return 'sha256:' + hashlib.sha256(data).hexdigest()


def basic(name, password):
    return 'Basic ' + base64.b64encode(f'{name}:{password}'.encode()).decode()


class Server:
    """Answers from `files` (path -> bytes) and `routes` (path -> function of the handler); remembers what was asked."""

    def __init__(self, credentials=None, tls=None):
        self.files, self.routes, self.seen = {}, {}, []
        self.credentials = credentials
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def log_message(self, *_):
                pass

            def answer(self, status, body=b'', headers=()):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                if self.command != 'HEAD':
                    self.wfile.write(body)

            def do_GET(self):
                path = self.path.split('?')[0]
                length = int(self.headers.get('Content-Length') or 0)
                self.form = self.rfile.read(length).decode(errors='replace') if length else ''
                outer.seen.append((self.command, self.path, self.headers.get('Authorization')))
                if path in outer.routes:
                    return outer.routes[path](self)
                if outer.credentials and self.headers.get('Authorization') != basic(*outer.credentials):
                    return self.answer(401, b'', [('WWW-Authenticate', 'Basic realm="charts"')])
                if path not in outer.files:
                    return self.answer(404, b'nothing here')
                return self.answer(200, outer.files[path])

            do_HEAD = do_POST = do_PUT = do_GET

        self.http = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.http.handle_error = lambda *_: None  # a client that goes away is no news
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls['cert'], tls['key'])
            if tls.get('client_ca'):
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(tls['client_ca'])
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.host = f'127.0.0.1:{self.http.server_address[1]}'
        self.url = f'{"https" if tls else "http"}://{self.host}'
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def certificates(folder):
    """A CA and a certificate for 127.0.0.1, which also serves as a client's."""
    def run(*args):
        subprocess.run(['openssl', *args], check=True, capture_output=True, cwd=folder)

    with open(os.path.join(folder, 'extensions'), 'w') as out:
        out.write('subjectAltName=IP:127.0.0.1\n')
    run('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca', '-days', '2')
    run('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'own.key', '-out', 'own.csr', '-subj', '/CN=own')
    run('x509', '-req', '-in', 'own.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'own.pem', '-days', '2', '-extfile', 'extensions')
    return {name: os.path.join(folder, file) for name, file in (('ca', 'ca.pem'), ('cert', 'own.pem'), ('key', 'own.key'))}


def index_yaml(archives, url=''):
    """index.yaml for archives: (name, version, bytes)."""
    entries = {}
    for name, version, data in archives:
        entries.setdefault(name, []).append({'apiVersion': 'v2', 'name': name, 'version': version, 'digest': hashlib.sha256(data).hexdigest(),
                                             'created': '2026-01-01T00:00:00Z', 'urls': [f'{url}{name}-{version}.tgz']})
    text = 'apiVersion: v1\ngenerated: "2026-01-01T00:00:00Z"\nentries:\n'
    for name, versions in entries.items():
        text += f'  {name}:\n' + ''.join('  - ' + json.dumps(v) + '\n' for v in versions)
    return text.encode()


def manifest_of(chart, config=b'{"name": "web"}', provenance=None):
    """(manifest, blobs) of a chart as Helm pushes it."""
    blobs = [config, chart] + ([provenance] if provenance else [])
    types = [CONFIG, CHART, PROVENANCE]
    parts = [{'mediaType': t, 'digest': digest(b), 'size': len(b)} for t, b in zip(types, blobs)]
    return json.dumps({'schemaVersion': 2, 'config': parts[0], 'layers': parts[1:]}).encode(), blobs


def serve_image(server, repository, tag, chart, **more):
    """Routes of a small registry for one chart."""
    manifest, blobs = manifest_of(chart, **more)
    paths = {f'/v2/{repository}/manifests/{name}': manifest for name in (tag, digest(manifest))}
    paths.update({f'/v2/{repository}/blobs/{digest(b)}': b for b in blobs})
    return paths, manifest


class Registry:
    """docker-registry in a process of its own; `htpasswd`: the file's text, to ask for credentials."""

    def __init__(self, folder, htpasswd=None):
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            port = s.getsockname()[1]
        self.host = f'127.0.0.1:{port}'
        os.makedirs(os.path.join(folder, 'data'), exist_ok=True)
        config = f'version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {folder}/data}}}}\nhttp: {{addr: "{self.host}"}}\n'
        if htpasswd:
            with open(os.path.join(folder, 'htpasswd'), 'w') as out:
                out.write(htpasswd)
            config += f'auth: {{htpasswd: {{realm: charts, path: {folder}/htpasswd}}}}\n'
        with open(os.path.join(folder, 'config.yml'), 'w') as out:
            out.write(config)
        self.process = subprocess.Popen([shutil.which('docker-registry'), 'serve', os.path.join(folder, 'config.yml')],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(('127.0.0.1', port), 1).close()
                return
            except OSError:
                time.sleep(.05)
        raise RuntimeError('docker-registry does not answer')

    def push(self, repository, tag, chart, credentials=None, **more):
        manifest, blobs = manifest_of(chart, **more)
        headers = {'Authorization': basic(*credentials)} if credentials else {}

        def send(method, url, data=None, kind='application/octet-stream'):
            request = urllib.request.Request(url, data, {**headers, 'Content-Type': kind}, method=method)
            return urllib.request.urlopen(request, timeout=20)

        for blob in blobs:
            place = send('POST', f'http://{self.host}/v2/{repository}/blobs/uploads/', b'').headers['Location']
            send('PUT', f'{place}{"&" if "?" in place else "?"}digest={digest(blob)}', blob)
        send('PUT', f'http://{self.host}/v2/{repository}/manifests/{tag}', manifest, MANIFEST)
        return digest(manifest)

    def close(self):
        self.process.terminate()
        self.process.wait(20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

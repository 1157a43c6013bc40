#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""End to end: the embedded API server alone, over TLS, killed, filled and abused. `api_server.py [NAME...]` runs those whose name holds a word."""
import contextlib, http.client, json, os, random, resource, shutil, signal, socket, ssl, sys, tempfile, threading, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *

MAPS = '/api/v1/namespaces/default/configmaps'


@contextlib.contextmanager
def server():
    folder = tempfile.mkdtemp(prefix='weir-api-')
    box = Sandbox(os.path.join(folder, 'cluster'), '--no-engine')
    try:
        box.start()
        yield box
    except BaseException:
        sys.stderr.write(tail(box.data + '.log') + '\n')
        raise
    finally:
        box.stop(signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


class Client:
    """One kept connection; bodies as bytes, answers as (status, headers, text)."""

    def __init__(self, box, token=True):
        self.http = http.client.HTTPSConnection('127.0.0.1', box.port, context=box.tls, timeout=30)
        self.headers = {'Authorization': 'Bearer ' + box.token} if token else {}

    def ask(self, method, path, body=None, **headers):
        self.http.request(method, path, body, {**self.headers, 'Content-Type': 'application/json', **headers})
        r = self.http.getresponse()
        return r.status, r.headers, r.read().decode()


def config_map_body(name, value='1'):
    return json.dumps({'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': name}, 'data': {'v': value}})


class Writer(threading.Thread):
    """Creates and deletes until the server dies; remembers only what was acknowledged."""

    def __init__(self, box, stem):
        super().__init__()
        self.client, self.stem, self.alive, self.dead, self.revisions = Client(box), stem, {}, set(), []

    def run(self):
        n = 0
        try:
            while True:
                name, n = f'{self.stem}-{n}', n + 1
                status, _, text = self.client.ask('POST', MAPS, config_map_body(name))
                if status != 201:
                    continue
                revision = int(json.loads(text)['metadata']['resourceVersion'])
                self.revisions.append(revision)
                if n % 3:
                    self.alive[name] = revision
                elif self.client.ask('DELETE', f'{MAPS}/{name}')[0] == 200:
                    self.dead.add(name)
        except (OSError, http.client.HTTPException):
            pass


@test
def acknowledged_writes_survive_sigkill_and_revisions_are_never_reused():
    with server() as box:
        alive, dead, seen = {}, set(), set()
        for round in range(5):
            writers = [Writer(box, f'r{round}-{k}') for k in range(4)]
            for w in writers:
                w.start()
            time.sleep(random.uniform(0.1, 0.5))
            box.stop(signal.SIGKILL)
            for w in writers:
                w.join()
                for revision in w.revisions:
                    check(revision not in seen, f'revision {revision} was given twice')
                    seen.add(revision)
                alive.update(w.alive)
                dead |= w.dead
            box.start()
            items = {i['metadata']['name']: int(i['metadata']['resourceVersion']) for i in box.get(MAPS)['items']}
            lost = [n for n, r in alive.items() if items.get(n) != r]
            check(not lost, f'{len(lost)} acknowledged writes are lost or changed: {lost[:3]}')
            back = dead & items.keys()
            check(not back, f'deleted objects are back: {list(back)[:3]}')
            check(int(box.get(MAPS)['metadata']['resourceVersion']) >= max(seen), 'the version went back')
        check(len(alive) > 20, f'only {len(alive)} writes were tried')


def events(box, version, seconds):
    """Of the ConfigMaps since a version, until the watch ends by itself."""
    status, _, text = Client(box).ask('GET', f'{MAPS}?watch=1&resourceVersion={version}&timeoutSeconds={seconds}')
    check(status == 200, f'watch: {status}')
    return [json.loads(line) for line in text.splitlines()]


@test
def a_watch_goes_on_after_sigkill_or_is_told_to_list_again():
    with server() as box:
        c = Client(box)
        version = json.loads(c.ask('GET', MAPS)[2])['metadata']['resourceVersion']
        c.ask('POST', MAPS, config_map_body('before'))
        box.stop(signal.SIGKILL)
        box.start()
        c = Client(box)
        c.ask('POST', MAPS, config_map_body('after'))
        c.ask('DELETE', MAPS + '/before')
        got = [(e['type'], e['object']['metadata'].get('name')) for e in events(box, version, 1)]
        check(got == [('ADDED', 'before'), ('ADDED', 'after'), ('DELETED', 'before')], f'events {got}')
        gone = events(box, 1, 1)
        check(gone[0]['type'] == 'ERROR' and gone[0]['object']['code'] == 410, f'version 1: {gone[:1]}')


@test
def nobody_gets_in_without_credentials():
    with server() as box:
        c = Client(box, token=False)
        for path in ('/healthz', '/livez', '/readyz', '/version'):
            check(c.ask('GET', path)[0] == 200, path)
        for method, path, headers in (('GET', '/api', {}), ('GET', MAPS, {}), ('GET', '/readyzz', {}), ('POST', MAPS, {}),
                                      ('GET', MAPS, {'Authorization': 'Bearer ' + 'x' * 64}),
                                      ('GET', MAPS, {'Authorization': 'Basic ' + 'x' * 64}),
                                      ('GET', MAPS, {'Impersonate-User': 'system:admin', 'Impersonate-Group': 'system:masters'})):
            c = Client(box, token=False)
            status, _, text = c.ask(method, path, config_map_body('x') if method == 'POST' else None, **headers)
            check(status == 401 and json.loads(text)['reason'] == 'Unauthorized', f'{method} {path} {headers}: {status}')
        for name in os.listdir(os.path.join(box.data, 'pki')):
            mode = os.stat(os.path.join(box.data, 'pki', name)).st_mode & 0o777
            check(mode == 0o600, f'{name} has mode {mode:o}')
        check(os.stat(box.kubeconfig).st_mode & 0o777 == 0o600, 'the kubeconfig is for its owner')


def raw(box, data, wait=5):
    """What the server sends back for these bytes, until it closes or falls silent."""
    with socket.create_connection(('127.0.0.1', box.port), timeout=wait) as plain, box.tls.wrap_socket(plain, server_hostname='127.0.0.1') as s:
        out = b''
        try:
            s.sendall(data.replace(b'$TOKEN', box.token.encode()))
            while len(out) < 1 << 20:
                part = s.recv(65536)
                if not part:
                    break
                out += part
        except (TimeoutError, OSError):
            pass
        return out


@test
def hostile_requests_are_answered_and_the_server_stays():
    big = 3 * 1024 * 1024 + 1
    head = 'POST ' + MAPS + ' HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer $TOKEN\r\nContent-Type: application/json\r\n'
    cases = (
        ('a body over the limit', f'{head}Content-Length: {big}\r\n\r\n'.encode(), b' 413 '),
        ('chunks over the limit', head.encode() + b'Transfer-Encoding: chunked\r\n\r\n' + (b'100000\r\n' + b' ' * 0x100000 + b'\r\n') * 4, b' 413 '),
        ('a huge header', f'GET / HTTP/1.1\r\nX: {"y" * (1 << 20)}\r\n\r\n'.encode(), b' 431 '),
        ('no HTTP', b'hello\r\n\r\n', b' 400 '),
        ('HTTP/2 without ALPN', b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', b' 400 '),
        ('smuggled length', f'{head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'.encode(), b' 400 '),
        ('deep JSON', (lambda b: f'{head}Content-Length: {len(b)}\r\nConnection: close\r\n\r\n{b}'.encode())('[' * 100000), b' 400 '),
        ('a bad escape in the path', b'GET /api/%zz HTTP/1.1\r\n\r\n', b' 400 '),
        ('two requests at once', b'GET /readyz HTTP/1.1\r\n\r\nGET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', b'ok'),
    )
    with server() as box:
        for name, data, want in cases:
            got = raw(box, data)
            check(want in got, f'{name}: {got[:200]}')
        check(raw(box, cases[-1][1]).count(b'200 OK') == 2, 'both pipelined requests are answered, in order')
        for path, status in ((MAPS + '?resourceVersion=-1', 400), (MAPS + '?continue=bm9uc2Vuc2U', 400), (MAPS + '?limit=x', 400),
                             (MAPS + '?labelSelector=' + 'a' * 500000, 400), (MAPS + '?resourceVersion=99999999999999', 504)):
            got = Client(box).ask('GET', path)[0]
            check(got == status, f'{path[:80]}: {got}, want {status}')
        check(box.call('GET', '/readyz', raw=True) == 'ok', 'it is still there')


@test
def a_thousand_watches_see_an_event_and_cost_little():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if 0 <= hard < 4096:
        return f'the system allows {hard} open files'
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384) if hard > 0 else 16384, hard))
    with server() as box:
        resident = lambda: int(next(l for l in open(f'/proc/{box.process.pid}/status') if 'VmRSS' in l).split()[1])
        version, before, sockets = box.get(MAPS)['metadata']['resourceVersion'], resident(), []
        request = f'GET {MAPS}?watch=1&resourceVersion={version} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {box.token}\r\n\r\n'.encode()
        try:
            for _ in range(1000):
                s = box.tls.wrap_socket(socket.create_connection(('127.0.0.1', box.port), timeout=10), server_hostname='127.0.0.1')
                s.sendall(request)
                check(b'200 OK' in s.recv(65536), 'the watch is open')
                sockets.append(s)
            each = (resident() - before) / len(sockets)
            check(each < 40 or 'san' in WEIR, f'{each:.0f} kB a watch')
            box.call('POST', MAPS, json.loads(config_map_body('seen')))
            for s in sockets:
                check(b'"seen"' in s.recv(65536), 'the event came')
        finally:
            for s in sockets:
                s.close()
        until(5, lambda: box.call('GET', '/readyz', raw=True) == 'ok', 'it goes on')


sys.exit(main(sys.argv[1:]))

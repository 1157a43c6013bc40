#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Charts, indexes and flags that must be refused (rows B59 to B63, B67 and B70 of the reliability rules), through `weir helm` with a limit on
time and memory. `charts.py [NAME...]` runs the cases whose name holds a word. B64 to B66 are in templates.py; B68, B69 and B71 are of HelmReleases."""
import http.server, io, os, re, resource, subprocess, sys, tarfile, tempfile, threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'e2e'))
from harness import WEIR

CPU_SECONDS = 2.0 * float(os.environ.get('WEIR_SLOWNESS', '1'))
MEMORY_MIB = 1400
CHART = 'apiVersion: v2\nname: a\nversion: 1.0.0\n'
CASES = []


def bad(row, says, seconds=CPU_SECONDS, status=1):
    def take(fn):
        CASES.append((row, fn, says, seconds, status))
        return fn
    return take


def chart(top, **files):
    """A folder a/ with these files; a pair is a symbolic link."""
    for path, text in {'Chart.yaml': CHART, 'templates/t.yaml': 'v: {{ toJson .Values }}\n', **{k.replace('__', '/'): v for k, v in files.items()}}.items():
        full = os.path.join(top, 'a', re.sub(r'_(yaml|json|lock)$', r'.\1', path))
        os.makedirs(os.path.dirname(full), exist_ok=True)
        if isinstance(text, tuple):
            os.symlink(text[1], full)
        else:
            with open(full, 'wb') as f:
                f.write(text if isinstance(text, bytes) else text.encode())
    return ['template', 'r', os.path.join(top, 'a')]


def packed(top, *members):
    """a.tgz of (name, size of zeros or text) and (name, 'link', target)."""
    path = os.path.join(top, 'a.tgz')
    with tarfile.open(path, 'w:gz', compresslevel=1) as t:
        for name, content, *target in [('a/Chart.yaml', CHART), *members]:
            info = tarfile.TarInfo(name)
            if target:
                info.type, info.linkname = tarfile.SYMTYPE, target[0]
                t.addfile(info)
                continue
            data = content.encode() if isinstance(content, str) else bytes(content)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return ['template', 'r', path]


class Index:
    """Serves one index.yaml."""

    def __init__(self, text):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header('Content-Length', str(len(text)))
                self.end_headers()
                try:
                    self.wfile.write(text)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # the client has seen enough

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.pull = ['pull', 'a', '--repo', f'http://127.0.0.1:{self.server.server_port}']


@bad('B59', r'name "\.\." is not allowed')
def a_name_that_leaves(top):
    return chart(top, Chart_yaml=CHART.replace('name: a', 'name: ..'))


@bad('B59', r'name "a/b" is invalid')
def a_name_with_a_slash(top):
    return chart(top, Chart_yaml=CHART.replace('name: a', 'name: a/b'))


@bad('B59', r'version "one" is invalid')
def a_version_that_is_none(top):
    return chart(top, Chart_yaml=CHART.replace('1.0.0', 'one'))


@bad('B59', r'maintainers must not contain empty or null nodes')
def a_null_maintainer(top):
    return chart(top, Chart_yaml=CHART + 'maintainers: [null]\n')


@bad('B59', r'dependencies must not contain empty or null nodes')
def a_null_dependency(top):
    return chart(top, Chart_yaml=CHART + 'dependencies:\n- null\n')


@bad('B60', r'larger than 52428800 bytes')
def an_index_of_50_mib_and_a_byte(top):
    return Index(b'entries: {}\n#' + b'x' * (50 * 1024 * 1024 - 12)).pull


@bad('B60', r'chart "a" not found')
def an_index_with_a_null_entry(top):
    return Index(b'apiVersion: v1\nentries:\n  a:\n  - null\n  b: null\n').pull


@bad('B60', r'more than 4000000 values', seconds=10 * CPU_SECONDS)
def an_index_of_a_million_versions(top):
    return Index(b'apiVersion: v1\nentries:\n  a:\n' + b''.join(b'  - {name: a, version: 1.0.%d}\n' % i for i in range(1000000))).pull


@bad('B61', r'big: 5242881 bytes, at most 5242880')
def a_file_of_5_mib_and_a_byte(top):
    return chart(top, big=b'x' * (5 * 1024 * 1024 + 1))


@bad('B61', r'at most 5242880')
def a_packed_file_of_5_mib_and_a_byte(top):
    return packed(top, ('a/big', 5 * 1024 * 1024 + 1))


@bad('B61', r'ArchiveTooLarge: "a/f\d+" takes the archive beyond')
def files_of_more_than_100_mib(top):
    return packed(top, *[(f'a/f{i}', 5 * 1024 * 1024) for i in range(21)])


@bad('B61', r'20000')
def files_by_the_ten_thousands(top):
    return packed(top, *[(f'a/files/f{i}', 'x') for i in range(20001)])


@bad('B61', r'error unpacking subchart c1 in c0.*16')
def charts_in_charts(top):
    path, files = '', {}
    for i in range(20):
        files[path + 'Chart.yaml'] = CHART.replace('name: a', f'name: c{i}')
        path += f'charts/c{i + 1}/'
    return chart(top, **files)


@bad('B62', r'v:\s*$', status=0)  # the link is no file: nothing is read through it
def an_archive_with_a_link_for_values(top):
    return packed(top, ('a/values.yaml', '', '/etc/passwd'), ('a/templates/t.yaml', 'v: {{ .Values.root }}\n'))


@bad('B62', r'link|outside|leaves|\.\.')
def an_archive_with_a_path_that_leaves(top):
    return packed(top, ('a/../../x', 'x'))


@bad('B62', r'symlink|symbolic link')
def a_lock_that_is_a_link(top):
    chart(top, Chart_yaml=CHART + 'dependencies:\n- {name: b, version: "1", repository: "file://../b"}\n', Chart_lock=('link', os.path.join(top, 'victim')))
    os.makedirs(os.path.join(top, 'b'))
    with open(os.path.join(top, 'b', 'Chart.yaml'), 'w') as f:
        f.write(CHART.replace('name: a', 'name: b'))
    return ['dependency', 'update', os.path.join(top, 'a')]


@bad('B63', r'leads to itself')
def a_schema_that_leads_to_itself(top):
    return chart(top, **{'values.schema.json': '{"$ref": "#"}'})


@bad('B63', r'remote reference')
def a_schema_of_another_host(top):
    return chart(top, **{'values.schema.json': '{"$ref": "http://127.0.0.1:1/x.json"}'})


@bad('B63', r'remote reference|leads nowhere')
def a_schema_of_a_file(top):
    return chart(top, **{'values.schema.json': '{"$ref": "file:///etc/passwd"}'})


@bad('B63', r'minItems: got 0, want 1,000,000,000')
def a_schema_with_a_huge_bound(top):
    return chart(top, **{'values.yaml': 'l: []\n', 'values.schema.json': '{"properties": {"l": {"maxItems": 1e9, "minItems": 1000000000}}}'})


@bad('B63', r'takes more than|steps|deep')
def a_schema_that_doubles(top):
    defs = ', '.join('"d%d": {"allOf": [{"$ref": "#/$defs/d%d"}, {"$ref": "#/$defs/d%d"}]}' % (i, i + 1, i + 1) for i in range(40))
    return chart(top, **{'values.schema.json': '{"$ref": "#/$defs/d0", "$defs": {%s, "d40": true}}' % defs})


@bad('B67', r'index of 999999999 is greater than maximum supported index of 65536')
def an_index_beyond(top):
    return chart(top) + ['--set', 'a[999999999]=1']


@bad('B67', r'list must terminate')
def braces_that_do_not_close(top):
    return chart(top) + ['--set', 'a={{{']


@bad('B67', r'maximum supported nested level of 30')
def keys_nested_by_the_hundreds(top):
    return chart(top) + ['--set', 'a.' * 1000 + 'b=1']


@bad('B67', r'.', status=0)
def a_list_grown_again_and_again(top):
    return chart(top) + ['--set', ','.join('a[65536]=1' for _ in range(1000)) + ',b=1']


@bad('B70', r'name: not-a-definition', status=0)
def what_is_no_definition_in_crds(top):
    return chart(top, crds__x_yaml='apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: not-a-definition\n') + ['--include-crds']


def run(case, top):
    row, make, says, seconds, want = case
    args = make(top)
    with open(os.path.join(top, "out"), 'wb') as out, open(os.path.join(top, "err"), 'wb') as err:
        process = subprocess.Popen([WEIR, 'helm', *args], stdout=out, stderr=err, cwd=top, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (120, 120)))
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    printed, error = (open(os.path.join(top, end), errors="replace").read() for end in ("out", "err"))
    cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    if process.returncode != want:
        return f'status {process.returncode}, want {want}: {error[:300]}'
    if not re.search(says, printed if want == 0 else error, re.S):
        return f'want {says!r} in: {(printed if want == 0 else error)[:400]}'
    if cpu > seconds or memory > MEMORY_MIB:
        return f'{cpu:.2f} s of CPU and {memory:.0f} MiB, at most {seconds} s and {MEMORY_MIB} MiB'
    if os.path.exists(os.path.join(top, 'victim')):
        return 'a link was written through'
    print(f'ok   {row} {make.__name__} {cpu:.2f} s, {memory:.0f} MiB', flush=True)
    return None


def main(wanted):
    passed = failed = 0
    for case in CASES:
        if wanted and not any(w in case[1].__name__ for w in wanted):
            continue
        with tempfile.TemporaryDirectory(prefix='weir-bad-') as scratch:
            wrong = run(case, os.path.realpath(os.path.join(scratch, '')).rstrip('/'))
        passed += wrong is None
        failed += wrong is not None
        if wrong:
            print(f'FAIL {case[0]} {case[1].__name__}: {wrong}', flush=True)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1:]))

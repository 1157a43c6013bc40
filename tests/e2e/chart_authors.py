#!/usr/bin/env python3
"""What `weir helm` tells who writes charts, beyond what helm says: advice on errors, all failures at once, explain, lint's extra findings."""
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time

from harness import Sandbox, TESTS, check, equal, test
from helm import chart, write

WEIR = os.path.join(os.environ.get('BUILD', 'build'), 'weir')


def helm(*args, status=0, stdin=''):
    """Standard output; of what fails, standard error."""
    done = subprocess.run([WEIR, 'helm', *args], capture_output=True, text=True, timeout=60, input=stdin)
    check(done.returncode == status, f'weir helm {" ".join(args)}: status {done.returncode}: {done.stdout}{done.stderr}')
    return done.stdout if status == 0 else done.stderr


CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: '


@test
def nil_names_its_path_and_what_was_meant(top):
    write(top, {'web/Chart.yaml': chart('web', '1.0.0'), 'web/values.yaml': 'image: {tag: "1", pullPolicy: Always}\nnested: {replicas: 2}\n'})

    def fails(template, *lines):
        write(top, {'web/templates/a.yaml': template})
        text = helm('template', 'rel', f'{top}/web', status=1)
        equal('\n'.join(text.splitlines()[-len(lines):]), '\n'.join(lines))

    fails('{{ .Values.image.tagg.x }}', '✗ web/templates/a.yaml:1:10', '  executing "web/templates/a.yaml" at <.Values.image.tagg.x>:',
          '    nil pointer evaluating interface {}.x', '  nil at .Values.image.tagg: did you mean .Values.image.tag?')
    # Through a scope and through a variable it is still the path in the values.
    fails('{{ with .Values.image }}{{ .pullpolicy.x }}{{ end }}', '  nil at .Values.image.pullpolicy: did you mean .Values.image.pullPolicy?')
    fails('{{ $i := .Values.image }}{{ b64enc $i.tga }}', '  nil at .Values.image.tga: did you mean .Values.image.tag?')
    fails('{{ .Values.image.tga | b64enc }}', '  nil at .Values.image.tga: did you mean .Values.image.tag?')
    # A name that stands elsewhere, and one that stands nowhere.
    fails('{{ .Values.replicas.x }}', '  nil at .Values.replicas: did you mean .Values.nested.replicas?')
    fails('{{ .Values.quux.x }}', '  nil at .Values.quux: .Values has image, nested')
    fails('{{ required "a name" .Values.nam }}', '✗ execution error at (web/templates/a.yaml:1:3): a name', '  nil at .Values.nam: .Values has image, nested')
    # What is not nil gets no advice.
    fails('{{ fail "no" }}', '✗ execution error at (web/templates/a.yaml:1:3): no')
    check('nil at' not in helm('template', 'rel', f'{top}/web', status=1), 'advice about nothing')


@test
def the_chain_of_calls_is_complete(top):
    write(top, {'web/Chart.yaml': chart('web', '1.0.0'),
                'web/templates/_h.tpl': '{{ define "inner" }}\n{{ fail "broken" }}{{ end }}\n{{ define "outer" }}{{ template "inner" . }}{{ end }}\n',
                'web/templates/a.yaml': 'a:\n  {{ tpl "{{ include \\"outer\\" . }}" . }}\n'})
    equal(helm('template', 'rel', f'{top}/web', status=1),
          '✗ execution error at (web/templates/a.yaml:2:5): broken\n'
          '  in "inner", called with template at web/templates/_h.tpl:3:32\n'
          '  in "outer", called with include at gotpl:1:3\n'
          '  in "gotpl", called with tpl at web/templates/a.yaml:2:5\n')


@test
def every_failure_of_a_chart_is_told(top):
    write(top, {'web/Chart.yaml': chart('web', '1.0.0'), 'web/values.yaml': 'name: x\n',
                'web/templates/_h.tpl': '{{ define "labels" }}a: 1\n b: 2\n{{ end }}',
                'web/templates/a.yaml': '{{ .Values.a.b }}', 'web/templates/b.yaml': '{{ fail "two" }}',
                'web/templates/c.yaml': CONFIG_MAP + '{{ .Values.name }}\n  labels:\n    {{- include "labels" . | nindent 4 }}\n',
                'web/templates/d.yaml': CONFIG_MAP + 'fine\n'})
    lines = helm('template', 'rel', f'{top}/web', status=1).splitlines()
    # Helm's own first failure is first, for it renders in that order.
    equal(lines[0], '✗ execution error at (web/templates/b.yaml:1:3): two')
    check('web/templates/a.yaml:1:10' in lines, 'the second template')
    check(any(l.startswith('YAML parse error on web/templates/c.yaml: web/templates/c.yaml:7:') for l in lines), lines)
    # The lines around the fault as rendered, each from where it came: through include and nindent.
    equal('\n'.join(lines[-3:]), '       5 |   labels:    <- web/templates/c.yaml:5\n'
          '       6 |     a: 1    <- web/templates/_h.tpl:1\n'
          '  >    7 |      b: 2    <- web/templates/_h.tpl:2')
    write(top, {'web/templates/a.yaml': '{{ if }}', 'web/templates/b.yaml': '{{ nosuch }}'})
    text = helm('template', 'rel', f'{top}/web', status=1)
    check('parse error at (web/templates/b.yaml:1)' in text and 'parse error at (web/templates/a.yaml:1)' in text, text)


EXPLAINED = {
    'web/Chart.yaml': chart('web', '1.0.0', 'dependencies:\n- {name: db, version: 1.x}\n'),
    'web/values.yaml': 'image:\n  name: nginx\n  tag: "1.2"\nenabled: true\nreplicas: 2\nports:\n- {name: http, port: 80}\nresources:\n  limits: {cpu: 100m}\n',
    'web/charts/db/Chart.yaml': chart('db', '1.0.0'), 'web/charts/db/values.yaml': 'size: 5\n',
    'web/charts/db/templates/d.yaml': CONFIG_MAP + 'db\ndata:\n  size: "{{ .Values.size }}"\n',
    'web/templates/_h.tpl': '{{ define "labels" -}}\napp: x\nrelease: {{ .Release.Name | quote }}\n{{- end }}\n',
    'web/templates/a.yaml': '{{- $r := .Values.replicas -}}\n{{- if .Values.enabled }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels:\n'
                            '    {{- include "labels" . | nindent 4 }}\nspec:\n  replicas: {{ $r }}\n  image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"\n'
                            '  ports:\n  {{- range .Values.ports }}\n  - port: {{ .port }}\n  {{- end }}\n'
                            '  resources:\n    {{- toYaml .Values.resources | nindent 4 }}\n{{- end }}\n',
    'more.yaml': 'db: {size: 7}\n',
}
INSIDE = '  inside web/templates/a.yaml:2  {{- if .Values.enabled }}\n    .Values.enabled: true  <- values.yaml:4:10\n'


@test
def explain_names_lines_and_values(top):
    write(top, EXPLAINED)

    def explain(field, want, *flags):
        equal(helm('template', 'rel', f'{top}/web', '--explain', field, *flags), want)

    explain('Deployment/web:spec.image', 'spec.image: "nginx:3"\n'
            '  web/templates/a.yaml:11  {{ .Values.image.name }}\n    .Values.image.name: "nginx"  <- values.yaml:2:9\n'
            '  web/templates/a.yaml:11  {{ .Values.image.tag }}\n    .Values.image.tag: 3  <- --set image.tag=3\n' + INSIDE, '--set', 'image.tag=3')
    explain('deployment/default/web:spec.replicas', 'spec.replicas: 2\n'
            '  web/templates/a.yaml:10  {{ $r }}\n    .Values.replicas: 2  <- values.yaml:5:11\n' + INSIDE)
    # Through include and nindent, a range, and a part of what toYaml wrote.
    explain('Deployment/web:metadata.labels.release', 'metadata.labels.release: "rel"\n'
            '  web/templates/_h.tpl:3  {{ .Release.Name | quote }}\n    .Release.Name: "rel"\n'
            '  called by web/templates/a.yaml:8  {{- include "labels" . | nindent 4 }}\n' + INSIDE)
    explain('Deployment/web:spec.ports', 'spec.ports[0].port: 80\n'
            '  web/templates/a.yaml:14  {{ .port }}\n    .Values.ports[0].port: 80  <- values.yaml:7:1\n'
            '  inside web/templates/a.yaml:13  {{- range .Values.ports }}\n    .Values.ports: [{"name":"http","port":80}]  <- values.yaml:7:1\n' + INSIDE)
    explain('Deployment/web:spec.resources.limits.cpu', 'spec.resources.limits.cpu: "100m"\n'
            '  web/templates/a.yaml:17  {{- toYaml .Values.resources | nindent 4 }}\n    .Values.resources.limits.cpu: "100m"  <- values.yaml:9:17\n' + INSIDE)
    explain('ConfigMap/db:data.size', f'data.size: "7"\n  web/charts/db/templates/d.yaml:6  {{{{ .Values.size }}}}\n'
            f'    .Values.db.size: 7  <- {top}/more.yaml:1:12\n', '-f', f'{top}/more.yaml')
    explain('ConfigMap/db:kind', 'kind: "ConfigMap"\n  web/charts/db/templates/d.yaml:2  as it is written there\n')
    everything = helm('template', 'rel', f'{top}/web', '--explain', 'Deployment/web')
    equal([l for l in everything.splitlines() if not l.startswith(' ')],
          ['apiVersion: "apps/v1"', 'kind: "Deployment"', 'metadata.name: "web"', 'metadata.labels.app: "x"', 'metadata.labels.release: "rel"',
           'spec.replicas: 2', 'spec.image: "nginx:1.2"', 'spec.ports[0].port: 80', 'spec.resources.limits.cpu: "100m"'])


@test
def explain_says_what_is_not_there(top):
    write(top, EXPLAINED)
    for field, words in (('ConfigMap/db:data.none', 'ConfigMap/db:data.none: the object has no data.none'),
                         ('Pod/web', 'Pod/web: the release has no such object'), ('web', '"web" names no object'),
                         ('Deployment/other/web:spec[x]', 'is no field')):
        text = helm('template', 'rel', f'{top}/web', '--explain', field, status=1)
        check(words in text, text)


@test
def lint_finds_values_without_a_use_or_a_definition(top):
    write(top, {'web/Chart.yaml': chart('web', '1.0.0', 'icon: http://a/b.png\ndependencies:\n- {name: db, version: 1.x, condition: useDb}\n'),
                'web/charts/db/Chart.yaml': chart('db', '1.0.0'), 'web/charts/db/templates/d.yaml': CONFIG_MAP + 'x\n',
                'web/values.yaml': 'image: {tag: "1", pullPolicy: Always}\nused: {a: 1}\nlater: "{{ .Values.viaTpl }}"\nviaTpl: 1\nuseDb: true\ndb: {size: 1}\nglobal: {z: 1}\n'
                                   'viaIndex: {a-b: 1}\nviaDict: {port: 1, host: x}\nviaScope: {one: 1, two: 2}\nempty: {}\ngone: null\n# optional: 3\nbig: {deep: {er: 1}, zett: 2}\n',
                'web/templates/_h.tpl': '{{ define "d" }}{{ .v.port }}{{ .v.hots }}{{ .root.Values.used | toYaml }}{{ end }}',
                'web/templates/a.yaml': CONFIG_MAP + '{{ .Values.image.tagg }}{{ .Values.imaeg }}{{ index .Values "viaIndex" "a-b" }}{{ tpl .Values.later . }}\n'
                                        '{{ include "d" (dict "v" .Values.viaDict "root" $) }}{{ with .Values.viaScope }}{{ .one }}{{ end }}\n'
                                        '{{ .Values.empty.x }}{{ .Values.gone }}{{ .Values.optional }}{{ .Values.db.other }}{{ .Values.global.q }}{{ hasKey .Values "asked" }}\n'})
    done = subprocess.run([WEIR, 'helm', 'lint', f'{top}/web'], capture_output=True, text=True, timeout=60)
    # Standard output is helm's, without any of it.
    check('no values file' not in done.stdout and 'no template' not in done.stdout, done.stdout)
    equal(''.join(sorted(l + '\n' for l in done.stderr.splitlines() if l.startswith('['))),
          '[INFO] templates/_h.tpl:1: .Values.viaDict.hots is in no values file: did you mean .Values.viaDict.host?\n'
          '[INFO] templates/a.yaml:4: .Values.imaeg is in no values file: did you mean .Values.image?\n'
          '[INFO] templates/a.yaml:4: .Values.image.tagg is in no values file: did you mean .Values.image.tag?\n'
          '[INFO] values.yaml:10: viaScope.two is used by no template\n'
          '[INFO] values.yaml:14: big is used by no template\n'
          '[INFO] values.yaml:1: image.pullPolicy is used by no template\n'
          '[INFO] values.yaml:1: image.tag is used by no template\n'
          '[INFO] values.yaml:9: viaDict.host is used by no template\n')
    equal(subprocess.run([WEIR, 'helm', 'lint', '--quiet', f'{top}/web'], capture_output=True, text=True, timeout=60).stderr.count('[INFO]'), 0)
    # Where a template goes through all values, nothing is known to be unused.
    write(top, {'web/templates/b.yaml': CONFIG_MAP + 'b\n{{ range $k, $v := .Values }}# {{ $k }}\n{{ end }}'})
    check('used by no' not in subprocess.run([WEIR, 'helm', 'lint', f'{top}/web'], capture_output=True, text=True, timeout=60).stderr, 'all are used')


@test
def lint_tells_the_failures_behind_the_first(top):
    write(top, {'web/Chart.yaml': chart('web', '1.0.0'), 'web/values.yaml': 'a: 1\n', 'web/templates/a.yaml': '{{ .Values.a.b.c }}', 'web/templates/b.yaml': '{{ .Values.a.q }}'})
    done = subprocess.run([WEIR, 'helm', 'lint', f'{top}/web'], capture_output=True, text=True, timeout=60)
    equal(done.returncode, 1)
    check('a.yaml:1:10' in done.stderr and 'a.yaml' not in done.stdout and 'templates/b.yaml:1:10' in done.stdout, done.stdout + done.stderr)


CONFIG_MAP_PATH = '/api/v1/namespaces/default/configmaps'


@test
def template_against_a_cluster(top):
    write(top, {'web/Chart.yaml': chart('web', '1.0.0'), 'web/values.yaml': 'field: data\nkind: ConfigMap\n',
                'web/templates/a.yaml': CONFIG_MAP + 'web\n{{ .Values.field }}:\n  seen: {{ dig "data" "key" "nothing" (lookup "v1" "ConfigMap" "default" "there") | quote }}\n'
                                        '  none: {{ lookup "v1" "ConfigMap" "default" "none" | toJson | quote }}\n'
                                        '  count: {{ (lookup "v1" "ConfigMap" "default" "").items | default list | len }}-{{ (lookup "v1" "ConfigMap" "default" "").kind }}\n'
                                        '  number: {{ dig "spec" "replicas" 0 (lookup "apps/v1" "Deployment" "default" "big") | quote }}\n'
                                        '  has: {{ .Capabilities.APIVersions.Has "apps/v1/Deployment" }}-{{ .Capabilities.APIVersions.Has "none/v1" }}-{{ .Capabilities.KubeVersion.Major }}\n',
                'web/templates/b.yaml': 'apiVersion: v1\nkind: {{ .Values.kind }}\nmetadata:\n  name: second\n'})
    sandbox = Sandbox(f'{top}/data', '--no-engine').start()
    try:
        there = {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'there'}, 'data': {'key': 'value'}}
        sandbox.call('POST', CONFIG_MAP_PATH, there)
        labels = {'app': 'big'}
        sandbox.call('POST', '/apis/apps/v1/namespaces/default/deployments', {
            'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': 'big'},
            'spec': {'replicas': 3000000, 'selector': {'matchLabels': labels}, 'template': {'metadata': {'labels': labels}, 'spec': {'containers': [{'name': 'c', 'image': 'i'}]}}}})
        flags = ['template', 'rel', f'{top}/web', '--dry-run=server', '--kubeconfig', sandbox.kubeconfig]
        text = helm(*flags)
        for line in ('  seen: "value"', '  none: "{}"', '  number: "3000000"', '  has: true-false-1'):
            check(line in text.splitlines(), f'{line} in {text}')
        check('-ConfigMapList' in text and '  count: 0-' not in text, text)
        # Nothing was stored.
        check('web' not in [o['metadata']['name'] for o in sandbox.get(CONFIG_MAP_PATH)['items']], 'the dry run stored an object')
        # All that the server refuses, at once.
        said = helm(*flags, '--set', 'field=dada,kind=Nonesuch', status=1)
        check('ConfigMap/default/web: ' in said and '.dada' in said and 'no matches for kind "Nonesuch"' in said, said)
        # What another one made is not taken; an upgrade takes it.
        sandbox.call('POST', CONFIG_MAP_PATH, {**there, 'metadata': {'name': 'second'}})
        said = helm(*flags, status=1)
        check('ConfigMap/default/second exists and cannot be imported' in said, said)
        check('name: second' in helm(*flags, '--is-upgrade'), 'the upgrade')
        equal(helm(*flags[:3], '--validate', '--is-upgrade', *flags[4:]).count('# Source'), 2)
        # Without a cluster lookup finds nothing.
        check('  seen: "nothing"' in helm(*flags[:3], '--set', 'kind=Secret'), 'no cluster')
    finally:
        sandbox.stop()
    said = helm(*flags, status=1)
    check('Kubernetes cluster unreachable' in said, said)
    check('plugins' in helm('template', 'rel', f'{top}/web', '--post-renderer', 'cat', status=1), 'post-renderers')
    helm('template', 'rel', f'{top}/web', '--dry-run=server', '--validate', status=1)


@test
def eval_reads_line_by_line(top):
    write(top, {'v.yaml': 'a: {b: 1}\n'})
    lines = '.Values.a.b | quote\n.Values.a.c.d\n{{ define "x" }}[{{ . }}]{{ end }}\ninclude "x" 3\n{{ if true }}\nyes {{ .Release.Name }}\n{{ end }}\nnosuch 1\nset .Values "new" 5 | len\n.Values.new\n'
    done = subprocess.run([WEIR, 'helm', 'eval', '--values', f'{top}/v.yaml'], input=lines, capture_output=True, text=True, timeout=60)
    equal((done.returncode, done.stdout), (0, '"1"\n[3]\n\nyes rel\n2\n5\n'))
    check('nil at .Values.a.c: did you mean .Values.a.b?' in done.stderr and 'function "nosuch" not defined' in done.stderr, done.stderr)
    # A line that takes all steps leaves the next ones theirs; an open template at the end is an error.
    done = subprocess.run([WEIR, 'helm', 'eval'], input='{{ range until 1000000 }}{{ range until 1000 }}{{ end }}{{ end }}\nadd 1 2\n', capture_output=True, text=True, timeout=60)
    equal((done.returncode, done.stdout), (0, '3\n'))
    check('LIMIT_TEMPLATE_' in done.stderr, done.stderr)
    check('the input ends within a template' in helm('eval', stdin='{{ if true }}\n', status=1), 'an open template')


class Typing:
    """A terminal with the program at the other end."""

    def __init__(self, *args):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ['TERM'] = 'xterm'
            os.execv(WEIR, [WEIR, *args])
        self.seen = b''

    def see(self, text):
        end = time.monotonic() + 20
        while text.encode() not in self.seen:
            ready, _, _ = select.select([self.fd], [], [], max(0, end - time.monotonic()))
            check(ready, f'{text!r} does not come: {self.seen!r}')
            self.seen += os.read(self.fd, 4096)
        self.seen = self.seen.split(text.encode(), 1)[1]

    def prompt(self):
        """The prompt is there, and keys come one by one: libedit shows it a little before that."""
        self.see('> ')
        end = time.monotonic() + 20
        while termios.tcgetattr(self.fd)[3] & termios.ICANON:
            check(time.monotonic() < end, 'the terminal is still read by lines')
            time.sleep(.005)

    def leave(self):
        self.type('\x04')
        end = time.monotonic() + 20
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                return 'it did not end'
            time.sleep(.01)

    def type(self, text):
        os.write(self.fd, text.encode())


@test
def eval_has_a_prompt_with_line_editing(top):
    t = Typing('helm', 'eval')
    t.prompt()
    t.type('add 40 22\x7f\n')  # the last digit is taken back
    t.see('\r\n42\r\n')
    t.prompt()
    t.type('"gruß" | upper\n')
    t.see('\r\nGRUß\r\n')
    t.prompt()
    t.type('\x1b[A\x1b[A\x1b[D\x1b[D\x7f5\n')  # two lines up, two to the left, 0 becomes 5: add 45 2
    t.see('\r\n47\r\n')
    t.prompt()
    equal(t.leave(), 0)


def main():
    failed = 0
    tests = [t for t in TESTS if t.__module__ == __name__]
    for fn in tests:
        with tempfile.TemporaryDirectory() as top:
            try:
                fn(top)
                print(f'ok: {fn.__name__}')
            except Exception as problem:  # every test is tried
                failed += 1
                print(f'FAIL: {fn.__name__}: {problem}')
    print(f'{len(tests) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())

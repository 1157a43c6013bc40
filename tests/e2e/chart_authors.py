#!/usr/bin/env python3
"""What `weir helm` tells who writes charts, beyond what helm says: advice on errors, all failures at once, explain, lint's extra findings."""
import os
import subprocess
import sys
import tempfile

from harness import TESTS, check, equal, test
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

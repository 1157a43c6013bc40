#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Templates that must end with an error (rows B64 to B66 of the reliability rules), through `weir helm eval` with a limit on time and memory.
`templates.py [NAME...]` runs the cases whose name holds a word. The last line is the sum."""
import os, re, resource, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'e2e'))
from harness import WEIR

SLOWNESS = float(os.environ.get('WEIR_SLOWNESS', '1'))
MEMORY_MIB = 1400

# row, name, template, what the error says (None: it must succeed and print the last item), CPU seconds
CASES = [
    ('B64', 'include_itself', '{{ define "d" }}{{ include "d" . }}{{ end }}{{ include "d" . }}', r't\.yaml:1.*nested reference name: d', 2),
    ('B64', 'template_itself', '{{ define "d" }}{{ template "d" . }}{{ end }}{{ template "d" . }}', r'exceeded maximum template depth', 2),
    ('B64', 'includes_in_turn', '{{ define "a" }}{{ include "b" . }}{{ end }}{{ define "b" }}{{ include "a" . }}{{ end }}{{ include "a" . }}', r'nested reference name', 2),
    ('B64', 'tpl_itself', '{{ $t := "{{ tpl .t . }}" }}{{ tpl $t (dict "t" $t) }}', r'tpl is nested deeper', 2),
    ('B64', 'blocks_times_includes', '{{ define "d" }}' + '{{ if 1 }}' * 250 + '{{ include "d" . }}' + '{{ end }}' * 250 + '{{ end }}{{ include "d" 1 }}', r'nested reference name', 2),
    ('B64', 'parentheses_times_includes', '{{ define "d" }}{{ ' + '(print ' * 250 + '(include "d" .)' + ')' * 250 + ' }}{{ end }}{{ include "d" 1 }}', r'nested reference name', 2),
    ('B64', 'until_billion', '{{ range until 1000000000 }}x{{ end }}', r't\.yaml:1:9.*LIMIT_TEMPLATE_LIST_ITEMS', 2),
    ('B64', 'range_billion', '{{ range 1000000000 }}x{{ end }}', r'LIMIT_TEMPLATE_(STEPS|STRING_BYTES)', 4),
    ('B64', 'range_in_range', '{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}', r'LIMIT_TEMPLATE', 4),
    ('B64', 'repeat_billion', '{{ repeat 1000000000 "x" }}', r'LIMIT_TEMPLATE_STRING_BYTES', 2),
    ('B64', 'repeat_of_repeats', '{{ $s := repeat 60000000 "x" }}{{ range until 1000 }}{{ $s = print $s }}{{ end }}', r'LIMIT_TEMPLATE', 4),
    ('B64', 'output_bomb', '{{ $s := repeat 1000000 "x" }}{{ range until 1000 }}{{ $s }}{{ end }}', r'LIMIT_TEMPLATE_STRING_BYTES', 4),
    ('B64', 'doubling', '{{ $s := "xx" }}{{ range until 100 }}{{ $s = print $s $s }}{{ end }}', r'LIMIT_TEMPLATE', 4),
    ('B64', 'list_doubling', '{{ $l := list 1 2 }}{{ range until 100 }}{{ $l = concat $l $l }}{{ end }}', r'LIMIT_TEMPLATE', 4),
    ('B64', 'keys_for_ever', '{{ range until 100000 }}{{ $k := genPrivateKey "rsa" }}{{ end }}', r'LIMIT_TEMPLATE_STEPS', 60),
    ('B64', 'passwords_for_ever', '{{ range until 100000 }}{{ $k := bcrypt "x" }}{{ end }}', r'LIMIT_TEMPLATE_STEPS', 60),
    ('B64', 'map_in_itself', '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}', r'inside itself', 2),
    ('B64', 'map_in_itself_as_yaml', '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toYaml $d }}', r'inside itself', 2),
    ('B64', 'map_in_itself_copied', '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ deepCopy $d }}', r'inside itself', 2),
    ('B64', 'maps_merged_into_themselves', '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ merge $d $d }}', r'inside', 2),
    ('B64', 'parentheses', '{{ ' + '(' * 100000 + '1' + ')' * 100000 + ' }}', r'max expression depth', 2),
    ('B64', 'control_structures', '{{ if 1 }}' * 100000, r'nested deeper than 256', 2),
    ('B64', 'wide_printf', '{{ range until 100000 }}{{ printf "%1000000d" 1 }}{{ end }}', r'LIMIT_TEMPLATE', 4),
    ('B64', 'random_letters', '{{ randAlphaNum 1000000000 }}', r'LIMIT_TEMPLATE', 2),
    ('B64', 'regex_backtracking', '{{ regexMatch "(a+)+$" (printf "%sb" (repeat 100000 "a")) }}', None, 2, 'false'),
    ('B64', 'yaml_aliases', '{{ fromYaml "a: &a [x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d]\\nf: &f [*e,*e,*e,*e,*e,*e,*e]\\ng: [*f,*f,*f,*f,*f,*f,*f]" }}', r'LIMIT|alias|too', 4),
    ('B65', 'env', '{{ env "HOME" }}', r'function "env" not defined', 2),
    ('B65', 'expandenv', '{{ expandenv "$HOME" }}', r'function "expandenv" not defined', 2),
    ('B65', 'host_name', '[{{ getHostByName "localhost" }}]', None, 2, '[]'),
    ('B65', 'lookup', '{{ lookup "v1" "Secret" "kube-system" "" }}', None, 2, 'map[]'),
    ('B66', 'file_outside', '[{{ .Files.Get "../../etc/passwd" }}{{ .Files.Get "/etc/passwd" }}]', None, 2, '[]'),
    ('B66', 'zone_outside', '{{ dateInZone "15:04 MST" 0 "../../../etc/passwd" }}|{{ dateInZone "15:04 MST" 0 "/etc/passwd" }}', None, 2, '00:00 UTC|00:00 UTC'),
    ('B66', 'glob_bomb', '{{ len (.Files.Glob "' + '{a,b}' * 2000 + '") }}', None, 2, '0'),
]


def run(template, scratch):
    """Exit status, output, error, CPU seconds, MiB."""
    path = os.path.join(scratch, 't.yaml')
    open(path, 'w').write(template)
    with open(path + '.out', 'wb') as out, open(path + '.err', 'wb') as err:
        process = subprocess.Popen([WEIR, 'helm', 'eval', path], stdout=out, stderr=err,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (120, 120)))
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return (process.returncode, open(path + '.out', errors='replace').read(), open(path + '.err', errors='replace').read(),
            used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def judge(case, scratch):
    _, _, template, says, seconds, *prints = case
    status, printed, error, cpu, memory = run(template, scratch)
    if says is None:
        if status != 0 or printed != prints[0]:
            return f'status {status}, {printed[:100]!r}, want {prints[0]!r}: {error[:300]}'
    elif status != 1:
        return f'status {status}, want 1: {error[:300]}'
    elif printed or not re.search(says, error, re.S):
        return f'want {says!r} in: {error[:300]} ... {error[-300:]}'
    if cpu > seconds * SLOWNESS:
        return f'{cpu:.2f} s of CPU, at most {seconds * SLOWNESS} s'
    if memory > MEMORY_MIB:
        return f'{memory:.0f} MiB, at most {MEMORY_MIB} MiB'
    print(f'ok   {case[0]} {case[1]} {cpu:.2f} s, {memory:.0f} MiB', flush=True)
    return None


def main(wanted):
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix='weir-bad-') as scratch:
        for case in CASES:
            if wanted and not any(w in case[1] for w in wanted):
                continue
            wrong = judge(case, scratch)
            failed += wrong is not None
            passed += wrong is None
            if wrong:
                print(f'FAIL {case[0]} {case[1]}: {wrong}', flush=True)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1:]))

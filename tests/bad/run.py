#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds what must fail (cases.py): through `weir kustomize build` with a limit on time and memory, and some through the engine, where the
object is Ready=False BuildFailed and another Kustomization goes on. `run.py [NAME...]` runs the cases whose name holds a word."""
import os, re, resource, shutil, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), 'e2e')]
from cases import CASES
from harness import WEIR, CONFIG_MAPS, Failed, check, config_map, point, until, world

CPU_SECONDS = 2.0 * float(os.environ.get('WEIR_SLOWNESS', '1'))  # of this machine: sanitizers and valgrind set it
MEMORY_MIB = 1400


def write_tree(folder, files):
    for path, content in files.items():
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        if isinstance(content, tuple):
            os.symlink(content[1], full)
            continue
        with open(full, 'wb') as f:
            f.write(content if isinstance(content, bytes) else content.encode())


def build(folder, flags):
    """Exit status, output, error, CPU seconds, MiB."""
    with open(folder + '.out', 'wb') as out, open(folder + '.err', 'wb') as err:
        process = subprocess.Popen([WEIR, 'kustomize', 'build', *flags, folder], stdout=out, stderr=err,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60)))
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return (process.returncode, os.path.getsize(folder + '.out'), open(folder + '.err', errors='replace').read(),
            used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def run_here(case, scratch):
    folder = os.path.join(scratch, case['name'])
    write_tree(folder, case['files']())
    for _ in range(3):  # the best counts: a busy machine makes memory dear
        status, printed, error, cpu, memory = build(os.path.join(folder, case.get('root', '')).rstrip('/'), case.get('flags', []))
        if cpu <= CPU_SECONDS:
            break
    shutil.rmtree(folder)
    check(status == 1, f'status {status}, want 1: {error[:300]}')
    check(printed == 0, f'{printed} bytes were printed')
    check(re.search(case['says'], error), f'want {case["says"]!r} in: {error[:600]}')
    check(cpu <= CPU_SECONDS, f'{cpu:.2f} s of CPU, at most {CPU_SECONDS} s')
    check(memory <= MEMORY_MIB, f'{memory:.0f} MiB, at most {MEMORY_MIB} MiB')
    return f'{cpu:.2f} s, {memory:.0f} MiB'


def run_in_engine(cases):
    """All at once, each a Kustomization of its own beside a good one. Gives the cases' failures by name."""
    failures = {}
    with world() as (box, repo):
        write_tree(repo.work, {f'{c["name"]}/{path}': content for c in cases for path, content in c['files']().items()})
        first = repo.commit({'good/a.yaml': config_map('good')})
        point(box, repo, './good')
        until(20, lambda: box.applied('fleet', first), 'the good one is applied')
        base = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations'
        for c in cases:
            post = {'substitute': c['substitute']} if 'substitute' in c else {'substituteFrom': c['from_objects']} if 'from_objects' in c else None
            spec = {'sourceRef': {'kind': 'GitRepository', 'name': 'fleet'}, 'path': f'./{c["name"]}/{c.get("root", "")}',
                    'interval': '10m', 'prune': True, **({'postBuild': post} if post else {})}
            box.call('POST', base, {'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization',
                                    'metadata': {'name': c['name'].replace('_', '-')}, 'spec': spec})
        for c in cases:
            try:
                ready = until(30, lambda: (r := box.condition(box.kustomization(c['name'].replace('_', '-'))))['reason'] == 'BuildFailed' and r, 'BuildFailed')
                check(ready['status'] == 'False', 'Ready is False')
                check(re.search(c['says'], ready['message']), f'want {c["says"]!r} in: {ready["message"][:600]}')
            except Failed as e:
                failures[c['name']] = str(e)
        second = repo.commit({'good/a.yaml': config_map('good', '2')})
        box.refresh()
        until(20, lambda: box.applied('fleet', second), 'the good one goes on')
        check(box.get(CONFIG_MAPS + '/good')['data']['value'] == '2', 'with the new content')
        check(box.get(CONFIG_MAPS + '/a') is None, 'nothing of the bad ones is applied')
    return failures


def main(wanted):
    chosen = [c for c in CASES if not wanted or any(w in c['name'] for w in wanted)]
    passed, failed = 0, 0

    def report(name, error, note=''):
        nonlocal passed, failed
        failed += error is not None
        passed += error is None
        print(f'FAIL {name}: {error}' if error is not None else f'ok   {name} {note}', flush=True)

    with tempfile.TemporaryDirectory(prefix='weir-bad-') as scratch:
        for c in chosen:
            if c.get('engine') == 'only':
                continue
            try:
                report(f'{c["row"]} {c["name"]}', None, run_here(c, scratch))
            except Failed as e:
                report(f'{c["row"]} {c["name"]}', str(e))
    through = [c for c in chosen if c.get('engine')]
    try:
        failures = run_in_engine(through) if through else {}
        for c in through:
            report(f'{c["row"]} {c["name"]} in the engine', failures.get(c['name']))
    except Failed as e:
        report('the engine', str(e))
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1:]))

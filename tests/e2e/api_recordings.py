#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Replays recordings of a real kube-apiserver and holds the result against a list that may only grow.

api_recordings.py CHECK_API.PY [--update]: a scenario of tests/e2e/api_recordings.txt that no longer passes is a failure; one that passes and is not in
it is told, and added by --update. The recordings are not part of the project.
"""
import os, re, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
LIST = os.path.join(HERE, 'api_recordings.txt')
WEIR = os.path.join(os.path.dirname(os.path.dirname(HERE)), os.environ.get('BUILD', 'build'), 'weir')


def replay(checker):
    """Names that pass, and those that do not. The checker prints the first difference of each that fails."""
    r = subprocess.run([sys.executable, checker, '--program', WEIR, '--show', '1000'], capture_output=True, text=True, timeout=900)
    corpus = os.path.join(os.path.dirname(os.path.abspath(checker)), 'api', 'scenarios.jsonl')
    names = [re.match(r'\{"name": "((?:[^"\\]|\\.)*)"', line)[1].replace('\\"', '"') for line in open(corpus)]
    failing = {n for n in names if any(line.startswith(n + ': ') for line in r.stdout.splitlines())}
    count = re.search(r'(\d+) passed, (\d+) failed\s*$', r.stdout)
    if not count or int(count[2]) != len(failing):
        sys.exit(f'the checker\'s output is not understood: {r.stdout[-500:]} {r.stderr[-500:]}')
    return set(names) - failing, failing


def main():
    passing, failing = replay(sys.argv[1])
    known = {line.rstrip('\n') for line in open(LIST)} if os.path.exists(LIST) else set()
    if '--update' in sys.argv:
        with open(LIST, 'w') as f:
            f.writelines(n + '\n' for n in sorted(known | passing))
        return 0
    lost = sorted(known & failing)
    for n in lost:
        print(f'FAIL {n}: passed before')
    new = sorted(passing - known)
    if new:
        print(f'{len(new)} more pass than are listed: run with --update')
    print(f'{len(passing)} of {len(passing) + len(failing)} recordings pass')
    print(f'{len(known & passing)} passed, {len(lost)} failed')
    return 1 if lost else 0


sys.exit(main())

#!/usr/bin/env python3
"""Charts through helm and weir with values that are varied at random: the same output, or both refuse.

helm_charts.py --charts DIR... [--seeds FROM:TO] [--weir W] [--helm H]

Each seed takes one chart, changes some of its own default values (booleans turned, texts, numbers, nulls, emptied or filled
maps and lists), sets flags, and compares standard output byte for byte. What differs is printed with the command to repeat
it. Charts whose own output varies (random passwords, dates) are found by running helm twice.
"""
import argparse
import concurrent.futures
import json
import os
import random
import subprocess
import sys
import tempfile

TEXTS = ['x', 'true', '1', '0123', '1e3', 'a: b', '', ' spaced ', "it's", '"q"', 'line\nbreak', 'ünï', '{{ .Release.Name }}', 'latest', '10Gi', '- a', '#c', '@x']


def run(command):
    try:
        done = subprocess.run(command, capture_output=True, timeout=60)
        return done.returncode, done.stdout, done.stderr.decode(errors='replace')
    except subprocess.TimeoutExpired:
        return -1, b'', 'timeout'


def vary(value, rng, depth=0):
    """A value of the same or another shape."""
    roll = rng.random()
    if isinstance(value, bool):
        return not value if roll < .8 else rng.choice([None, 'true', 0])
    if isinstance(value, (int, float)):
        return rng.choice([0, 1, 2, 8080, 65536, 1.5, -1]) if roll < .85 else rng.choice([None, 'text', '80'])
    if isinstance(value, str):
        return rng.choice(TEXTS) if roll < .85 else rng.choice([None, 7, True, ['x'], {'a': 'b'}])
    if value is None:
        return rng.choice(['x', 1, True, {'a': 'b'}, ['x']])
    if isinstance(value, list):
        if roll < .4:
            return []
        return value + [rng.choice(TEXTS)] if roll < .6 else [{'name': 'n', 'value': 'v'}] if roll < .9 else None
    if roll < .5 and depth < 4:
        return {k: vary(v, rng, depth + 1) if rng.random() < .5 else v for k, v in value.items()}
    return {} if roll < .6 else {'a': 'b', 'c/d': '1'} if roll < .9 else None


def pick(values, rng):
    """A part of the values, varied: {a: {b: new}}."""
    out = {}
    keys = [k for k in values if isinstance(k, str)]
    for key in rng.sample(keys, min(len(keys), rng.choice([1, 1, 2, 3, 5]))):
        v = values[key]
        out[key] = pick(v, rng) if isinstance(v, dict) and v and rng.random() < .75 else vary(v, rng)
    return out


def values_of(weir, chart):
    path = os.path.join(chart, 'values.yaml')
    if not os.path.exists(path):
        return {}
    code, out, _ = run([weir, 'fmt', '-o', 'json', path])
    return json.loads(out.decode().splitlines()[0]) if code == 0 and out.strip() else {}


class Trial:
    def __init__(self, options, charts, seed):
        self.rng = random.Random(seed)
        self.chart = self.rng.choice(charts)
        self.options = options
        self.values = pick(values_of(options.weir, self.chart), self.rng)
        self.flags = ['-n', self.rng.choice(['apps', 'default'])]
        for flag, chance in (('--include-crds', .3), ('--is-upgrade', .3), ('--no-hooks', .1), ('--skip-tests', .2)):
            if self.rng.random() < chance:
                self.flags.append(flag)
        self.flags += ['--kube-version', self.rng.choice(['1.35.4', '1.24.0', '1.30.1-eks-1'])]
        if self.rng.random() < .3:
            self.flags += ['--api-versions', self.rng.choice(['monitoring.coreos.com/v1', 'cert-manager.io/v1,gateway.networking.k8s.io/v1', 'route.openshift.io/v1'])]

    def compare(self):
        with tempfile.NamedTemporaryFile('w', suffix='.json', delete=False) as f:
            json.dump(self.values, f)
        tail = ['template', 'rel', self.chart, '-f', f.name, *self.flags]
        theirs = run([self.options.helm, *tail])
        ours = run([self.options.weir, 'helm', *tail])
        same = (theirs[0] == 0) == (ours[0] == 0) and (theirs[0] != 0 or theirs[1] == ours[1])
        if not same and theirs[0] == 0 and run([self.options.helm, *tail])[1] != theirs[1]:
            same = True  # random or dated: nothing to compare
        if same:
            os.unlink(f.name)
            return None
        return self.describe(tail, theirs, ours)

    def describe(self, tail, theirs, ours):
        lines = [' '.join(tail), json.dumps(self.values)[:300], f'helm {theirs[0]}: {theirs[2][:200].strip()}', f'weir {ours[0]}: {ours[2][:200].strip()}']
        if theirs[0] == 0 and ours[0] == 0:
            for i, (a, b) in enumerate(zip(theirs[1].split(b'\n'), ours[1].split(b'\n'))):
                if a != b:
                    lines.append(f'line {i + 1}: helm {a[:120]!r}, weir {b[:120]!r}')
                    break
        return '\n  '.join(lines)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--charts', nargs='+', required=True)
    p.add_argument('--seeds', default='0:500')
    p.add_argument('--weir', default='build/weir')
    p.add_argument('--helm', default='helm')
    p.add_argument('--jobs', type=int, default=2)
    options = p.parse_args()
    first, last = map(int, options.seeds.split(':'))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        trials = pool.map(lambda seed: (seed, Trial(options, options.charts, seed).compare()), range(first, last))
        for seed, problem in trials:
            if problem:
                failed += 1
                print(f'seed {seed}: {problem}', flush=True)
    print(f'{last - first - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())

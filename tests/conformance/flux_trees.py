#!/usr/bin/env python3
"""flux_trees.py [--seeds FROM:TO | --seed N]: random folders and Kustomizations through `flux build kustomization --dry-run` and
through weir, which must print the same bytes or both fail. The last line is the sum "N passed, N failed"."""
import argparse, os, shutil, sys

import differential
from cluster_objects import NAMESPACES
from kustomization_grammar import Grammar
from styled_yaml import Raw, documents

EXPRESSIONS = ['${env}', '${env:=dev}', '${env:-dev}', 'x-${env}-y', '${num}', '"${num}"', '$${env}', '${env^^}', '${env/o/0}', '${UNSET}', '${UNSET:=}', '$env', '${json}', '${env:0:2}', '$$', '${lines}', '${quoted}']
VALUES = {'env': ['prod', 'a: b', 'x #y', '', 'pr"od'], 'num': ['5', 'true', '1.0', 'null', '0x1F'], 'json': ['{"a":1}', '[1, 2]'], 'lines': ['one\ntwo\n'], 'quoted': ['"5"', "'x'"]}


# Younger than the kustomize in flux, which does not know that they have no namespace.
YOUNG_KINDS = {'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'}


class FluxGrammar(Grammar):
    def object(self):
        o = super().object()
        while o.get('kind') in YOUNG_KINDS:
            self.known.pop()
            o = super().object()
        rng = self.rng
        if self.chance(0.3):
            o['metadata'].setdefault('annotations', {})
            if isinstance(o['metadata']['annotations'], dict):
                o['metadata']['annotations']['expression'] = rng.choice(EXPRESSIONS)
        if self.chance(0.2) and o.get('kind') == 'ConfigMap' and isinstance(o.get('data'), dict):
            for i in range(rng.randint(1, 3)):
                o['data']['e%d' % i] = Raw(rng.choice(['${num}', '"${num}"', '${env:=dev}', "'${env}'", '${json}', '"a ${env} b"', '${UNSET}', '"$${env}"', '|\n    a ${env}\n    b\n']))
        if self.chance(0.06):
            o['metadata'].setdefault('labels', {})
            if isinstance(o['metadata']['labels'], dict):
                o['metadata']['labels']['kustomize.toolkit.fluxcd.io/substitute'] = rng.choice(['disabled', 'enabled', 'Disabled'])
        elif self.chance(0.06) and isinstance(o['metadata'].get('annotations'), dict):
            o['metadata']['annotations']['kustomize.toolkit.fluxcd.io/substitute'] = rng.choice(['disabled', 'enabled'])
        return o

    def label(self):
        l = super().label()
        l.pop('includeVolumeClaimTemplates', None)  # younger than the kustomize that flux has
        return l

    def selector(self, o, exact=False):
        s = super().selector(o, exact)
        if s.get('namespace') == 'default' and len(s) > 1:
            del s['namespace']  # whether kinds without a namespace match it differs between the two versions of kustomize
        return s

    def post_build(self):
        rng, p = self.rng, {}
        if self.chance(0.85):
            p['substitute'] = {k: rng.choice(VALUES[k]) for k in rng.sample(list(VALUES), rng.randint(1, 4))}
            if self.chance(0.03):
                p['substitute'][rng.choice(['bad-name', '1x', 'a.b'])] = 'x'
        if self.chance(0.1):
            p['substituteFrom'] = [{'kind': 'ConfigMap', 'name': 'vars', **({'optional': True} if self.chance(0.5) else {})}]
        if self.chance(0.2):
            p['substituteStrategy'] = rng.choice(['WithVariables', 'Always'])
        return p

    def spec(self):
        rng = self.rng
        s = {'interval': '10m', 'path': './app', 'prune': rng.choice([True, False]), 'sourceRef': {'kind': 'GitRepository', 'name': 'repo'}}
        options = [
            (3, 'targetNamespace', lambda: rng.choice(NAMESPACES)),
            (2, 'namePrefix', lambda: 'p-'),
            (2, 'nameSuffix', lambda: '-s'),
            (3, 'commonMetadata', lambda: {k: self.pairs() for k in rng.sample(['labels', 'annotations'], rng.randint(1, 2))}),
            (4, 'patches', lambda: [self.spec_patch() for _ in range(rng.randint(1, 2))]),
            (2, 'images', lambda: [{k: v for k, v in self.image().items() if k != 'tagSuffix'} for _ in range(rng.randint(1, 2))]),
            (2, 'components', lambda: [rng.choice(['../comp', '../comp', '../comp', '../absent'])]),
            (0.5, 'ignoreMissingComponents', lambda: True),
            (5, 'postBuild', self.post_build),
            (0.3, 'force', lambda: True),
            (0.3, 'buildMetadata', lambda: rng.sample(['originAnnotations', 'transformerAnnotations'], 1)),
            (0.2, 'wait', lambda: True),
        ]
        for _ in range(rng.choice([0, 1, 2, 2, 3, 5])):
            _, field, make = rng.choices(options, [o[0] for o in options])[0]
            s[field] = make()
        return s

    def spec_patch(self):
        if not self.known:
            return {'patch': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: absent\n'}
        o = self.pick()
        if self.chance(0.5):
            return {'patch': self.operations_text(self.operations(o)), 'target': self.selector(o)}
        p = {'patch': documents(self.rng, [self.merge_patch(o)], True)}
        if self.chance(0.4):
            p['target'] = self.selector(o)
        return p

    def folder(self):
        rng = self.rng
        if self.chance(0.5):
            self.kustomization('app', [])
            return
        self.known = []
        for i in range(rng.choice([1, 1, 2, 3])):
            self.resource_file('app', i)
        if self.chance(0.2):
            self.put('app', rng.choice(['notes.txt', '.hidden.yaml', 'a.yml', 'z.json', 'empty.yaml', 'sub/.git/x.yaml', 'README.md']),
                     documents(rng, [self.object()]) if self.chance(0.7) else rng.choice(['', '# nothing\n', '---\n']))
        if self.chance(0.2):
            known = self.known
            self.kustomization('app/nested', [])
            self.known = known + self.seen['app/nested']
        if self.chance(0.05):
            self.put('app', '.sourceignore', rng.choice(['r0.yaml\n', '/sub/\n', '*.yml\n!r1.yml\n', '# none\n']))

    def case(self):
        rng = self.rng
        self.folder()
        if self.chance(0.25):
            known = self.known
            self.kustomization('comp', [], kind='Component', own=self.chance(0.5), sees=['../app'] if 'app' in self.seen else ['../app'])
            self.known = known
        namespace = rng.choice(['flux-system'] * 12 + [None, 'other'])
        ks = {'apiVersion': 'kustomize.toolkit.fluxcd.io/v1', 'kind': 'Kustomization', 'metadata': {'name': 'app', **({'namespace': namespace} if namespace else {})}, 'spec': self.spec()}
        files = [ks]
        if self.chance(0.1):
            files.insert(rng.randint(0, 1), {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'app'}})
        self.put('', 'ks.yaml', documents(rng, files, True))
        flags = []
        if self.chance(0.08):
            flags.append('--ignore-paths=' + rng.choice(['*.yml', 'r0.yaml', '/app/r1.yaml', 'nested', 'sub/']))
        if self.chance(0.25):
            flags.append('--strict-substitute')
        return self.t.files, flags


def generate(seed):
    g = FluxGrammar(seed)
    g.seen['app'] = []
    return g.case()


def main():
    parser = argparse.ArgumentParser()
    differential.add_arguments(parser, '0:1000')
    parser.add_argument('--write', help='with --seed: write the tree into this folder and stop')
    arguments = parser.parse_args()
    program, peer = differential.copy_of(arguments.program), shutil.which('flux')
    if arguments.write:
        files, flags = generate(arguments.seed)
        differential.write(arguments.write, files)
        print(*flags)
        return 0
    if not peer:
        print('skip: flux is not built here')
        print('0 passed, 0 failed')
        return 0
    environment = {'PATH': '/usr/bin:/bin', 'HOME': '/nonexistent', 'GOMAXPROCS': '1'}

    def commands(folder, flags):
        argv = ['build', 'kustomization', 'app', '--path', './app', '--kustomization-file', './ks.yaml', '--dry-run'] + flags
        other = folder + '-peer'  # flux writes into the folder
        shutil.copytree(folder, other)
        return ([peer] + argv, None, other, environment), ([program] + argv, None, folder, environment)

    class Comparison(differential.Comparison):
        kept = ('apiVersion',)  # without one there is no object to print

        def tidy(self, folder):
            shutil.rmtree(folder + '-peer', ignore_errors=True)

    passed, failed = differential.main('flux build', generate, Comparison(commands), arguments)
    print('%d passed, %d failed' % (passed, failed))
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())

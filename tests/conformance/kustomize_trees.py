#!/usr/bin/env python3
"""kustomize_trees.py [--seeds FROM:TO | --seed N]: random kustomization trees through kustomize and through weir, which must print
the same bytes or both fail. The last line is the sum "N passed, N failed"."""
import argparse, os, shutil, sys

import differential
from kustomization_grammar import generate


def main():
    parser = argparse.ArgumentParser()
    differential.add_arguments(parser, '0:5000')
    parser.add_argument('--write', help='with --seed: write the tree into this folder and stop')
    arguments = parser.parse_args()
    program, peer = differential.copy_of(arguments.program), shutil.which('kustomize')
    if arguments.write:
        tree = generate(arguments.seed)
        differential.write(arguments.write, tree.files)
        print(os.path.join(arguments.write, tree.root))
        return 0
    if not peer:
        print('skip: kustomize is not built here')
        print('0 passed, 0 failed')
        return 0
    environment = {'PATH': '/usr/bin:/bin', 'HOME': '/nonexistent', 'FROM_ENVIRONMENT': 'found', 'GOMAXPROCS': '1'}

    class Trees(differential.Comparison):
        # docs/reference/kustomize.md, known differences
        listed = ('duplicate key ', 'name hashes exist for ConfigMaps and Secrets only')

    def commands(folder, root):
        at = os.path.join(folder, root)
        return ([peer, 'build', at], None, None, environment), ([program, 'kustomize', 'build', at], None, None, environment)

    def make(seed):
        tree = generate(seed)
        return tree.files, tree.root

    passed, failed = differential.main('kustomize', make, Trees(commands), arguments)
    print('%d passed, %d failed' % (passed, failed))
    return failed > 0


sys.exit(main())

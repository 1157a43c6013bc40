#!/usr/bin/env python3
"""envsubst_expressions.py [--seeds FROM:TO | --seed N]: random texts with variable expressions through `flux envsubst` and
`weir envsubst`, with and without --strict. The last line is the sum "N passed, N failed"."""
import argparse, os, random, shutil, sys

import differential

VARIABLES = {'A': 'value', 'EMPTY': '', 'TEXT': 'Hello World', 'DOTS': 'a.b.a.b', 'UNI': 'h\u00e9llo \u00dc', 'N': '12', 'PATH_X': '/x/y/z.tar.gz',
             'BRACE': '}', 'DOLLAR': '$A ${A}', 'LONG_name_1': 'aaabbbaaa', '_u': 'under', 'LINES': 'one\ntwo', 'NEG': '-2', 'STAR': '*', 'QUOTE': '"q" \'s\' \\'}
NAMES = list(VARIABLES) + ['UNSET', 'unset_2', 'A', 'A', 'TEXT', 'DOTS']
ODD_NAMES = ['1A', 'a-b', 'a.b', '', ' A', 'A ', '\u00e9', 'A[0]', '@', '!A', '#', '*']
WORDS = ['', 'a', 'b', 'x y', 'default', '.', '/', '\\/', 'a*', '*a', '?', '[a-z]', '*', '**', 'l', 'o W', '\u00e9', '-1', '0', '1', '3', '99', ' -2', '1:2', ':', '#', '%', '^', ',', '$', '$A', '$$',
         '{', '{a', '"q"', "'s'", '\\', 'http://x:80/y', '=', '+', '.tar', 'a.b', '(', '`', '|', 'one\\two', '#c']
OPERATORS = [':-', ':-', ':=', '=', ':+', ':?', '-', '+', '?', '#', '##', '%', '%%', '/', '//', '/#', '/%', ':', '^', '^^', ',', ',,', ':', '@', '!', '~', '^^^', ',^', '::', '%%%', '###', '///']
PLAIN = ['text ', 'key: value', '\n', '  - item\n', '# note ', '$', '$$', '$$$', '$A', '$(A)', '\\$', '\\', '"', "'", '{', '}', '{{ .x }}', '\r\n', '\t', '\u65e5\u672c', ' ', '\n\n', '$ {A}', '%', 'a$', '$}', '${', '$${A}', '$$$${A}', '$$${A}']


class Grammar:
    def __init__(self, seed):
        self.rng = random.Random(seed)

    def word(self, depth):
        r = self.rng.random()
        if r < 0.12 and depth < 3:
            return self.expression(depth + 1)
        if r < 0.2 and depth < 3:
            return self.rng.choice(WORDS) + self.expression(depth + 1) + self.rng.choice(WORDS)
        return self.rng.choice(WORDS) if r < 0.85 else self.rng.choice(WORDS) + self.rng.choice(WORDS)

    def expression(self, depth=0):
        rng = self.rng
        name = rng.choice(NAMES) if rng.random() < 0.96 else rng.choice(ODD_NAMES)
        r = rng.random()
        if r < 0.2:
            return '${' + name + '}'
        if r < 0.27:
            return '${#' + name + '}'
        operator = rng.choice(OPERATORS[:-10] if rng.random() < 0.95 else OPERATORS)
        body = operator
        if operator.startswith('/'):
            body += self.word(depth) + (('/' + self.word(depth)) if rng.random() < 0.85 else '')
        elif operator == ':':
            body += rng.choice(['0', '1', '2', ' -1', '-2', '99', '', 'x', '01', '${N}', ' 1', '1 ']) + (':' + rng.choice(['1', '2', '0', '99', '-1', '', 'x', '${N}', ' 2']) if rng.random() < 0.6 else '')
        elif operator not in ('^', '^^', ',', ',,') or rng.random() < 0.1:
            body += self.word(depth)
        return '${' + name + body + ('}' if rng.random() < 0.99 else '')

    def text(self):
        out = ''
        for _ in range(self.rng.choice([1, 1, 2, 3, 5])):
            out += self.expression() if self.rng.random() < 0.7 else self.rng.choice(PLAIN)
        return out + self.rng.choice(['', '\n', '\n', '\n\n'])


def main():
    parser = argparse.ArgumentParser()
    differential.add_arguments(parser, '0:2000')
    arguments = parser.parse_args()
    program, peer = differential.copy_of(arguments.program), shutil.which('flux')
    if not peer:
        print('skip: flux is not built here')
        print('0 passed, 0 failed')
        return 0
    environment = {'PATH': '/usr/bin:/bin', 'HOME': '/nonexistent', 'GOMAXPROCS': '1', **VARIABLES}

    def commands(folder, strict):
        text, path = b'', os.path.join(folder, 'text')
        if os.path.exists(path):  # a case that gets smaller may lose it
            with open(path, 'rb') as f:
                text = f.read()
        flags = ['--strict'] if strict else []
        return ([peer, 'envsubst'] + flags, text, None, environment), ([program, 'envsubst'] + flags, text, None, environment)

    def make(seed):
        grammar = Grammar(seed)
        strict = grammar.rng.random() < 0.4
        return {'text': grammar.text()}, strict

    passed, failed = differential.main('envsubst', make, differential.Comparison(commands), arguments)
    print('%d passed, %d failed' % (passed, failed))
    return failed > 0


sys.exit(main())

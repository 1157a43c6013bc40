"""YAML in the many ways people write it: the same value comes out in block or flow style, quoted or plain, folded or literal,
with comments, anchors and odd indentation, as the random source decides. `Raw` is text that is written as it stands."""
import json, random, re


class Raw(str):
    """A scalar whose YAML text is chosen by whoever made it."""


WORDS = {'true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n', 'null', 'nan', 'inf', ''}
PLAIN = re.compile(r'[A-Za-z_/][A-Za-z0-9_./@=+*-]*( [A-Za-z0-9_./-]+)*')
COMMENTS = ['# note', '# a: b', '#', '# - x', '# {{ template }}']


def is_plain(text):
    return bool(PLAIN.fullmatch(text)) and text.lower() not in WORDS and len(text) < 200


def quoted(rng, text):
    printable = text.isprintable() and '\n' not in text
    if printable and rng.random() < 0.5:
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=rng.random() < 0.3 and all(ord(c) < 0x10000 for c in text))


class Writer:
    """One document. `calm` writers use the usual style only, which most repositories do."""

    def __init__(self, rng, calm=False):
        self.rng, self.calm = rng, calm
        self.step = 2 if calm else rng.choice([2, 2, 2, 4, 3])
        self.list_step = 0 if rng.random() < 0.5 else self.step
        self.anchors = 0

    def chance(self, p):
        return not self.calm and self.rng.random() < p

    def scalar(self, v, indent, in_flow=False):
        rng = self.rng
        if isinstance(v, Raw):
            return v
        if v is None:
            return 'null' if in_flow else rng.choice(['null', '~', '']) if not self.calm else 'null'
        if v is True or v is False:
            return str(v).lower()
        if isinstance(v, (int, float)):
            return repr(v)
        if not in_flow and '\n' in v and rng.random() < 0.7:
            block = self.block(v, indent)
            if block:
                return block
        if not in_flow and self.chance(0.03) and is_plain(v) and ' ' in v:
            return '>-\n' + ' ' * (indent + self.step) + v
        if is_plain(v) and not (in_flow and v.startswith('*')):
            return v if not self.chance(0.06) else quoted(rng, v)
        if not in_flow and self.chance(0.3) and v and '\n' not in v and v.isprintable() and v == v.strip():
            return '|-\n' + ' ' * (indent + self.step) + v
        return quoted(rng, v)

    def block(self, text, indent):
        """A literal or folded scalar, or nothing when the text cannot be one."""
        body = text.rstrip('\n')
        if not body or body[0] in ' \n\t' or any(not (c.isprintable() or c in '\n\t') for c in text):
            return ''
        chomp = {0: '-', 1: ''}.get(len(text) - len(body), '+')
        pad = ' ' * (indent + self.step)
        lines = text.split('\n')
        if text.endswith('\n'):
            lines = lines[:-1]
        folded = self.chance(0.25) and not any(l[:1] in (' ', '\t') for l in lines)
        if folded:
            lines = '\n'.join(lines).replace('\n', '\n\n').split('\n')
            lines = [l for l in lines]
        return ('>' if folded else '|') + chomp + '\n' + '\n'.join(pad + l if l else '' for l in lines)

    def key(self, k):
        if isinstance(k, Raw):
            return k
        return k if is_plain(k) and not self.chance(0.01) else quoted(self.rng, k)

    def flow(self, v):
        if isinstance(v, dict):
            return '{' + ', '.join(self.key(k) + ': ' + self.flow(x) for k, x in v.items()) + '}'
        if isinstance(v, list):
            return '[' + ', '.join(map(self.flow, v)) + ']'
        return self.scalar(v, 0, True)

    def small(self, v):
        text = self.flow(v)
        return len(text) < 70 and '\n' not in text

    def child(self, v, indent):
        """What follows `key:` or `-`, with its separator."""
        if isinstance(v, (dict, list)):
            if not v or (self.chance(0.07) and self.small(v)):
                return ' ' + self.flow(v)
            return None
        text = self.scalar(v, indent)
        return (' ' + text if text else '') + self.comment(text)

    def comment(self, text):
        return ' ' + self.rng.choice(COMMENTS) if self.chance(0.01) and '\n' not in text else ''

    def lines(self, v, indent):
        out, pad = [], ' ' * indent
        if isinstance(v, dict):
            items = list(v.items())
            if self.chance(0.1):
                self.rng.shuffle(items)
            for k, x in items:
                if self.chance(0.01):
                    out.append(pad + self.rng.choice(COMMENTS))
                inline = self.child(x, indent)
                if inline is not None:
                    out.append(pad + self.key(k) + ':' + inline)
                    continue
                out.append(pad + self.key(k) + ':')
                out += self.lines(x, indent + (self.list_step if isinstance(x, list) else self.step))
        elif isinstance(v, list):
            for x in v:
                inline = self.child(x, indent)
                if inline is not None:
                    out.append(pad + '-' + inline)
                    continue
                below = self.lines(x, indent + 2)
                if below[0].lstrip().startswith('#'):
                    out.append(pad + '-')
                    out += below
                else:
                    out.append(pad + '- ' + below[0].lstrip(' '))
                    out += below[1:]
        else:
            out.append(pad + self.scalar(v, indent))
        return out

    def document(self, v):
        if self.chance(0.03):
            return json.dumps(v, indent=self.rng.choice([None, 2])) + '\n' if plain_data(v) else self.document(v)
        if isinstance(v, (dict, list)) and not v:
            return self.flow(v) + '\n'
        return '\n'.join(self.lines(v, 0)) + '\n'


def plain_data(v):
    if isinstance(v, dict):
        return all(plain_data(x) and not isinstance(k, Raw) for k, x in v.items())
    if isinstance(v, list):
        return all(map(plain_data, v))
    return not isinstance(v, Raw)


def documents(rng, values, calm=None):
    """A file of several documents."""
    calm = rng.random() < 0.5 if calm is None else calm
    out = ''
    for i, v in enumerate(values):
        text = Writer(rng, calm).document(v)
        if i > 0 or rng.random() < 0.2:
            out += '---\n' if calm or rng.random() < 0.9 else rng.choice(['--- # next\n', '---   \n', '---\n# nothing\n---\n'])
        out += text
    if not calm:
        out = oddities(rng, out)
    return out


def oddities(rng, text):
    if rng.random() < 0.04:
        text = text.replace('\n', '\r\n')
    if rng.random() < 0.03:
        text += '---\n'
    if rng.random() < 0.02:
        text = '# first comment\n\n' + text
    if rng.random() < 0.02:
        text = text.rstrip('\n')
    if rng.random() < 0.01 and not text.endswith('---\n'):
        text += '...\n'
    if rng.random() < 0.03:
        text = '\ufeff' + text
    return text

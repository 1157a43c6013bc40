"""Two programs over generated inputs: runs both, compares what they print and whether they fail, and makes what differs small.

A case is a dict of files and a function from a folder to (peer's command, ours). Text that starts with "@base64:" is bytes, a line each."""
import atexit, base64, concurrent.futures, os, shutil, subprocess, sys, tempfile

CRASH = {-4, -6, -7, -8, -9, -11}


def write(folder, files):
    for path, text in files.items():
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        if text.startswith('@base64:'):
            data = b''.join(base64.b64decode(line.removeprefix('@base64:')) for line in text.split('\n'))
        else:
            data = text.encode('utf-8', 'surrogatepass')
        with open(full, 'wb') as f:
            f.write(data)


def run(argv, stdin=None, folder=None, environment=None):
    try:
        p = subprocess.run(argv, input=stdin, capture_output=True, timeout=60, cwd=folder, env=environment)
        return p.returncode, p.stdout, p.stderr.decode(errors='replace').strip()
    except subprocess.TimeoutExpired:
        return -9, b'', 'timeout'


class Difference:
    def __init__(self, seed, files, peer, ours):
        self.seed, self.files, self.peer, self.ours = seed, files, peer, ours

    @property
    def sort(self):
        """What must stay while the case gets smaller."""
        if self.ours[0] in CRASH:
            return 'crash'
        if (self.peer[0] == 0) != (self.ours[0] == 0):
            return 'only the peer fails' if self.peer[0] else 'only ours fails'
        return 'words ' + self.peer[2].split('Error: ')[-1][:24] if self.peer[0] else 'output'


class Comparison:
    listed = ()  # what ours refuses with one of these words is a difference that the documentation lists
    kept = ()  # lines that begin so stay while a case gets smaller

    def __init__(self, commands, peer_hint=lambda text: text):
        self.commands, self.peer_hint = commands, peer_hint
        self.failures = self.successes = 0
        self.excepted = []

    def tidy(self, folder):
        """Removes what `commands` made beside the folder."""

    def agree(self, peer, ours):
        return (peer[0] == 0) == (ours[0] == 0) and (peer[0] != 0 or peer[1] == ours[1])

    def compare(self, seed, files, *context):
        """None when both agree."""
        folder = tempfile.mkdtemp(prefix='weir-diff-', dir='/dev/shm' if os.access('/dev/shm', os.W_OK) else None)
        try:
            write(folder, files)
            peer, ours = self.commands(folder, *context)
            p, o = run(*peer), run(*ours)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self.tidy(folder)
        if p[0]:
            self.failures += 1
        else:
            self.successes += 1
        same = o[0] not in CRASH and self.agree(p, o)
        if o[0] not in CRASH and p[0] not in (0, 1) and 'goroutine ' in p[2]:  # the peer crashed
            self.excepted.append(seed)
            return None
        if p[0] == 0 and o[0] == 1 and any(listed in o[2] for listed in self.listed):
            self.excepted.append(seed)
            return None
        return None if same else Difference(seed, files, p, o)

    def shrink(self, difference, *context, limit=900):
        best, tries = difference, 0
        while tries < limit:
            for files in smaller(best.files, self.kept):
                tries += 1
                if tries >= limit:
                    break
                found = self.compare(best.seed, files, *context)
                if found and found.sort == difference.sort:
                    best = found
                    break
            else:
                break
        return best


def without(files, path):
    """The tree without a file, and without the lines that name it."""
    name = path.split('/')
    ends = {'/'.join(name[i:]) for i in range(len(name))}
    out = {}
    for p, text in files.items():
        if p != path:
            out[p] = '\n'.join(l for l in text.split('\n') if not any(l.strip() in ('- ' + e, 'path: ' + e, '- path: ' + e) for e in ends))
    return out


def blocks(text):
    """(start, end) of lines that belong together by their indentation, the biggest first."""
    lines = text.split('\n')
    spans = []
    for i, line in enumerate(lines):
        if not line.strip():
            spans.append((i, i + 1))
            continue
        depth, end = len(line) - len(line.lstrip()), i + 1
        while end < len(lines) and lines[end].strip() and (len(lines[end]) - len(lines[end].lstrip()) > depth or
                (not line.lstrip().startswith('- ') and len(lines[end]) - len(lines[end].lstrip()) == depth and lines[end].lstrip().startswith('- '))):
            end += 1
        spans.append((i, end))
        if line.lstrip().startswith('- ') and end > i + 1:
            spans.append((i, i + 1))
    starts = [0] + [i for i, l in enumerate(lines) if l.startswith('---')] + [len(lines)]
    spans += [(a, b) for a, b in zip(starts, starts[1:])]
    return sorted(set(spans), key=lambda s: s[0] - s[1])


def smaller(files, kept):
    for path in sorted(files):
        yield without(files, path)
    for path in sorted(files):
        text = files[path]
        if text.startswith('@base64:'):
            continue
        for a, b in blocks(text):
            lines = text.split('\n')
            first = lines[a]
            if b - a == 1 and first.lstrip('- "\'').startswith(kept or '\0'):
                continue
            if first.lstrip().startswith('- ') and b - a == 1 and b < len(lines) and lines[b].startswith(' ' * (len(first) - len(first.lstrip()) + 2)) and lines[b].strip():
                lines[b] = lines[b][:len(first) - len(first.lstrip())] + '- ' + lines[b].lstrip()
            rest = '\n'.join(lines[:a] + lines[b:])
            if rest != text:
                yield {**files, path: rest}


def show(difference, out=sys.stdout):
    print('=== seed %s: %s' % (difference.seed, difference.sort), file=out)
    for path, text in sorted(difference.files.items()):
        print('--- file', path, file=out)
        print(text if text.isprintable() or all(c.isprintable() or c == '\n' for c in text) else repr(text), file=out)
    for who, (code, text, message) in (('peer', difference.peer), ('ours', difference.ours)):
        lines = message.split('\n')
        print('--- %s: exit %s %s' % (who, code, '' if not code else message[-1500:] if difference.sort[:5] == 'words' else lines[-1][:600]), file=out)
        if difference.sort[:5] in ('outpu', 'words'):
            continue
        if code == 0:
            print(text.decode(errors='replace')[:1500], file=out)
    if difference.sort == 'output':
        import difflib
        for line in difflib.unified_diff(difference.peer[1].decode(errors='replace').split('\n'), difference.ours[1].decode(errors='replace').split('\n'), 'peer', 'ours', lineterm='', n=3):
            print(line, file=out)


def copy_of(program):
    """A copy, so that a build meanwhile does not matter."""
    folder = tempfile.mkdtemp(prefix='weir-diff-')
    atexit.register(shutil.rmtree, folder, True)
    return shutil.copy(program, folder)


def main(name, generate, comparison, arguments):
    """Runs the seeds and returns (agreeing, differing)."""
    if arguments.seed is not None:
        seeds = [arguments.seed]
    else:
        a, b = arguments.seeds.split(':')
        seeds = range(int(a), int(b))
    passed, found = 0, []

    def one(seed):
        files, *context = generate(seed)
        return comparison.compare(seed, files, *context), context

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for difference, context in pool.map(one, seeds):
            if difference:
                found.append((difference, context))
            else:
                passed += 1
    built, refused, excepted = comparison.successes, comparison.failures, sorted(comparison.excepted)
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        small = lambda pair: pair[0] if arguments.whole else comparison.shrink(pair[0], *pair[1])
        for difference in pool.map(small, found[:arguments.show]):
            show(difference)
    if found:
        print('%s: differing seeds: %s' % (name, ' '.join(str(d.seed) for d, _ in found[:200])))
    print('%s: %d inputs, the peer built %d and refused %d; %d are listed differences: %s' %
          (name, len(seeds), built, refused, len(excepted), ' '.join(map(str, excepted))))
    return passed, len(found)


def add_arguments(parser, seeds):
    parser.add_argument('--seeds', default=seeds, help='FROM:TO')
    parser.add_argument('--seed', type=int, help='replay one')
    parser.add_argument('--jobs', type=int, default=max(2, os.cpu_count() or 2))
    parser.add_argument('--show', type=int, default=5, help='differences to make small and print')
    parser.add_argument('--whole', action='store_true', help='print them whole')
    parser.add_argument('--program', default='build/weir')

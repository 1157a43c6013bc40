#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""End to end: what becomes of a GitRepository. One sandbox for all; `git.py [NAME...]` runs the tests whose name holds a word."""
import base64, glob, json, os, re, subprocess, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from git_servers import *
from git_world import *
from harness import *

HTTP_PROGRAMS = ('nginx', 'fcgiwrap')

@test
def every_kind_of_reference_is_followed():
    w, box = WORLD.start(), WORLD.box
    repo = w.repo()
    git(repo, 'tag', 'v1.0.0')
    second = repo.commit({'a.yaml': config_map('a', '2')})
    git(repo, 'tag', '-a', '-m', 'annotated', 'v1.2.0')
    third = repo.commit({'a.yaml': config_map('a', '3')})
    git(repo, 'tag', 'v2.0.0-rc.1')
    push(repo, '--tags', 'HEAD:refs/heads/main', f'{second}:refs/pull/1/head', f'{repo.first}:refs/heads/feature/x')
    cases = {
        'branch': ({'branch': 'main'}, f'main@sha1:{third}'),
        'nested': ({'branch': 'feature/x'}, f'feature/x@sha1:{repo.first}'),
        'light-tag': ({'tag': 'v1.0.0'}, f'v1.0.0@sha1:{repo.first}'),
        'annotated': ({'tag': 'v1.2.0'}, f'v1.2.0@sha1:{second}'),
        'range': ({'semver': '>=1.0.0'}, f'v1.2.0@sha1:{second}'),
        'range-pre': ({'semver': '>=1.0.0-0'}, f'v2.0.0-rc.1@sha1:{third}'),
        'name': ({'name': 'refs/pull/1/head'}, f'refs/pull/1/head@sha1:{second}'),
        'name-branch': ({'name': 'refs/heads/main'}, f'refs/heads/main@sha1:{third}'),
        'name-tag': ({'name': 'refs/tags/v1.2.0'}, f'refs/tags/v1.2.0@sha1:{second}'),
        'head': ({'name': 'HEAD'}, f'HEAD@sha1:{third}'),
        'commit': ({'commit': second}, f'sha1:{second}'),
        'commit-branch': ({'commit': second, 'branch': 'main'}, f'main@sha1:{second}'),
    }
    for name, (ref, _) in cases.items():
        w.git('ref-' + name, repo.url, ref=ref)
    for name, (ref, revision) in cases.items():
        o = w.ready('ref-' + name)
        check(o['status']['artifact']['revision'] == revision, f'{name}: {o["status"]["artifact"]["revision"]}, want {revision}')
        id = revision.rsplit(':', 1)[1]
        check(o['status']['artifact']['path'] == f'gitrepository/flux-system/ref-{name}/{id}.tar.gz', o['status']['artifact']['path'])
        check(box.condition(o)['message'] == f"stored artifact for revision '{revision}'", box.condition(o))
        check(box.condition(o, 'ArtifactInStorage')['status'] == 'True', 'ArtifactInStorage')
    w.git('ref-elsewhere', repo.url, ref={'commit': third, 'branch': 'feature/x'})
    w.failed('ref-elsewhere', f"unable to resolve commit object for '{third}'")
    w.git('ref-nowhere', repo.url, ref={'commit': '0123456789' * 4})
    w.failed('ref-nowhere', "unable to resolve commit object for '0123456789|not our ref")
    w.git('ref-no-branch', repo.url, ref={'branch': 'gone'})
    w.failed('ref-no-branch', r'failed to checkout and determine revision: unable to clone .*: couldn\'t find remote ref "refs/heads/gone"')
    w.git('ref-no-name', repo.url, ref={'name': 'refs/x/y'})
    w.failed('ref-no-name', "unable to resolve ref 'refs/x/y' to a specific commit")
    w.git('ref-no-version', repo.url, ref={'semver': '>9'})
    w.failed('ref-no-version', 'no match found for semver: >9')


@test
def of_equal_versions_the_youngest_commit_wins():
    w = WORLD.start()
    repo = w.repo()
    for tag, when in (('v1.0.0+b', '2026-01-02T00:00:00Z'), ('v1.0.0+a', '2026-01-03T00:00:00Z'), ('v1.0.0', '2026-01-01T00:00:00Z')):
        git(repo, 'commit', '-q', '--allow-empty', '-m', tag, '--date', when)
        run('git', '-C', repo.work, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-q', '--amend', '--allow-empty', '-m', tag,
            env={**os.environ, 'GIT_COMMITTER_DATE': when})
        git(repo, 'tag', tag)
    push(repo, '--tags')
    w.git('tie', repo.url, ref={'semver': '1.x'})
    check(w.ready('tie')['status']['artifact']['revision'].startswith('v1.0.0+a@'), w.get('tie')['status']['artifact'])


@test
def only_what_is_asked_for_is_in_the_artifact():
    w = WORLD.start()
    repo = w.repo({'apps/web/a.yaml': config_map('a'), 'apps/api/b.yaml': config_map('b'), 'charts/x/c.yaml': config_map('c'), 'README.md': 'x',
                   'apps/web/pic.png': 'x', '.github/ci.yaml': 'x', 'apps/api/.sourceignore': '*.tmp\n', 'apps/api/d.tmp': 'x'})
    w.git('plain', repo.url)
    w.ready('plain')
    check(w.files('plain') == ['README.md', 'apps/api/.sourceignore', 'apps/api/b.yaml', 'apps/web/a.yaml', 'charts/x/c.yaml'], w.files('plain'))
    w.change('plain', sparseCheckout=['./apps/web', 'charts'])
    until(10, lambda: w.ready('plain')['status'].get('observedSparseCheckout') == ['./apps/web', 'charts'], 'observed')
    check(w.files('plain') == ['apps/web/a.yaml', 'charts/x/c.yaml'], w.files('plain'))
    w.change('plain', sparseCheckout=None, ignore='/*\n!/apps\n')
    until(10, lambda: w.ready('plain')['status'].get('observedIgnore') == '/*\n!/apps\n', 'observed')
    check([f for f in w.files('plain') if not f.startswith('apps/')] == [], w.files('plain'))
    check('observedSparseCheckout' not in w.get('plain')['status'], 'no longer sparse')
    w.change('plain', ignore=None, sparseCheckout=['nowhere'])
    w.failed('plain', "failed to sparse checkout directories : sparse checkout dir 'nowhere' does not exist in repository")


@test
def submodules_are_read_from_their_own_repositories():
    w = WORLD.start()
    inner = w.repo({'deep.yaml': config_map('deep')})
    middle = w.repo({'m.yaml': config_map('m')})
    git(middle, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner.bare, 'inner')
    git(middle, 'config', '-f', '.gitmodules', 'submodule.inner.url', '../../' + os.path.relpath(inner.bare, w.root))
    middle.commit({})
    outer = w.repo({'o.yaml': config_map('o')})
    git(outer, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', middle.bare, 'vendor/middle')
    git(outer, 'config', '-f', '.gitmodules', 'submodule.vendor/middle.url', 'file://' + middle.bare)
    outer.commit({})
    w.git('modules', outer.url)
    w.ready('modules')
    check(w.files('modules') == ['o.yaml'], w.files('modules'))
    w.change('modules', recurseSubmodules=True)
    until(10, lambda: w.ready('modules')['status'].get('observedRecurseSubmodules'), 'observed')
    check(w.files('modules') == ['o.yaml', 'vendor/middle/inner/deep.yaml', 'vendor/middle/m.yaml'], w.files('modules'))
    git(outer, 'config', '-f', '.gitmodules', 'submodule.vendor/middle.url', 'ssh://git@127.0.0.1:1/x')
    third = outer.commit({})
    w.box.refresh('modules')
    w.failed('modules', r'submodule "vendor/middle": SubmoduleDenied: the Secret\'s identity is for "", not for "127.0.0.1"')
    git(outer, 'config', '-f', '.gitmodules', 'submodule.vendor/middle.url', 'fd::17/x')
    outer.commit({})
    w.box.refresh('modules')
    w.failed('modules', 'submodule "vendor/middle": SubmoduleInvalid: InvalidURL')
    check(not w.get('modules')['status']['artifact']['revision'].endswith(third), 'the last good artifact is kept')


@test
def artifacts_of_others_are_included_and_followed():
    w, box = WORLD.start(), WORLD.box
    library = w.repo({'deploy/l.yaml': config_map('l'), 'other.yaml': config_map('o')})
    app = w.repo({'a.yaml': config_map('a'), 'taken/t.yaml': config_map('t')})
    entry = {'repository': {'name': 'inc-library'}}
    w.git('inc-app', app.url, include=[{**entry, 'fromPath': 'deploy', 'toPath': './base/../lib'}, entry])
    o = w.failed('inc-app', "could not get resource for include 'inc-library': gitrepositories.source.toolkit.fluxcd.io \"inc-library\" not found",
                 'NotFound', 'IncludeUnavailable')
    w.git('inc-library', 'file:///nowhere/at/all.git')
    w.failed('inc-library', 'repository not found')
    w.box.refresh('inc-app')
    w.failed('inc-app', "no artifact available for include 'inc-library'", 'NoArtifact', 'IncludeUnavailable')
    w.change('inc-library', url=library.url)
    o = w.ready('inc-app')
    check(w.files('inc-app') == ['a.yaml', 'inc-library/deploy/l.yaml', 'inc-library/other.yaml', 'lib/l.yaml', 'taken/t.yaml'], w.files('inc-app'))
    check([i['revision'] for i in o['status']['includedArtifacts']] == [f'main@sha1:{library.first}'] * 2, o['status']['includedArtifacts'])
    check(o['status']['observedInclude'] == o['spec']['include'], o['status']['observedInclude'])
    second = library.commit({'deploy/l.yaml': config_map('l', '2')})
    box.refresh('inc-library')
    until(10, lambda: w.get('inc-app')['status']['includedArtifacts'][0]['revision'].endswith(second), 'the change arrives without being asked for')
    check('value: "2"' in w.read('inc-app', 'lib/l.yaml'), w.read('inc-app', 'lib/l.yaml'))
    w.change('inc-app', include=[{**entry, 'toPath': 'taken'}])
    w.failed('inc-app', "failed to copy 'inc-library' include from . to taken", 'CopyFailure', 'StorageOperationFailed')
    w.change('inc-app', include=[{**entry, 'fromPath': 'missing'}])
    w.failed('inc-app', 'missing: no such file or directory', 'CopyFailure', 'StorageOperationFailed')
    w.change('inc-library', include=[{'repository': {'name': 'inc-app'}}])
    w.failed('inc-library', 'includes form a cycle: inc-library -> inc-app -> inc-library', 'IncludeCycle', 'IncludeUnavailable')
    check(box.condition(w.get('inc-library'), 'Stalled')['status'] == 'True', 'a cycle is for a person to end')


@test
def a_password_over_http():
    if missing := missing_packages(*HTTP_PROGRAMS):
        return missing
    w = WORLD.start()
    repo = w.repo()
    server = w.serve(HttpServer, w.path('http'), w.root, password='hunter2')
    w.git('basic', server.url(repo), secretRef=w.secret('basic', username='bot', password='wrong-canary'))
    o = w.failed('basic', 'authentication required')
    message = w.box.condition(o)['message']
    check('wrong-canary' not in message and base64.b64encode(b'bot:wrong-canary').decode() not in message, 'the secret is in the message')
    check(w.box.condition(o, 'Reconciling')['reason'] == 'ProgressingWithRetry', 'it is tried again')
    w.secret('basic', username='bot', password='hunter2')
    w.ready('basic', repo.first)  # without being asked: the pauses between attempts are short at first
    check('hunter2' not in w.log() and 'wrong-canary' not in w.log(), 'a secret is in the log')
    before = server.log().count('git-upload-pack')
    w.box.refresh('basic')
    w.ready('basic')
    check(server.log().count('git-upload-pack') - before <= 3, 'an unchanged ref costs few requests')
    server.set_password('revoked')
    second = repo.commit({'a.yaml': config_map('a', '2')})
    w.box.refresh('basic')
    o = w.failed('basic', 'unable to list remote for .*: authentication required')
    check(o['status']['artifact']['revision'].endswith(repo.first), 'the artifact is kept')
    server.set_password('hunter2')
    w.ready('basic', second)
    reasons = lambda: sorted(e['reason'] for e in w.events('basic'))
    until(5, lambda: reasons() == ['GitOperationFailed'] * 2 + ['NewArtifact'] * 2, 'two failures and two artifacts are told')
    lines = [json.loads(l) for l in w.log().splitlines() if l.startswith('{') and '"name":"basic"' in l]
    check({l['level'] for l in lines if l['controllerKind'] == 'GitRepository' and l['namespace'] == 'flux-system'} == {'info', 'error'}, lines)
    check(all(l['error'] for l in lines if l['level'] == 'error') and any('stored artifact for commit' in l['msg'] for l in lines), lines)
    digest = next(e for e in w.events('basic') if e['reason'] == 'NewArtifact')['metadata']['annotations']['source.toolkit.fluxcd.io/digest']
    check(digest.startswith('sha256:'), digest)
    w.git('no-user', server.url(repo), secretRef=w.secret('no-user', password='x'))
    w.failed('no-user', "failed to configure authentication options: invalid 'http' auth option: 'password' requires 'username' to be set", 'AuthenticationFailed')
    w.git('no-secret', server.url(repo), secretRef={'name': 'none'})
    w.failed('no-secret', "failed to get secret 'flux-system/none': secrets \"none\" not found", 'AuthenticationFailed')
    w.git('bearer', server.url(repo), secretRef=w.secret('bearer', bearerToken='token-canary'))
    w.failed('bearer', 'authentication required')
    check('token-canary' not in w.log(), 'a secret is in the log')


@test
def certificates_over_https():
    if missing := missing_packages(*HTTP_PROGRAMS):
        return missing
    w = WORLD.start()
    repo, authority = w.repo(), Authority(w.path('authority'))
    server = w.serve(HttpServer, w.path('https'), w.root, authority=authority)
    strict = w.serve(HttpServer, w.path('mtls'), w.root, authority=authority, client=True)
    w.git('tls-unknown', server.url(repo))
    w.failed('tls-unknown', 'certificate')
    w.git('tls', server.url(repo), secretRef=w.secret('tls', ca__crt=authority.read('ca.crt')))
    w.ready('tls', repo.first)
    w.git('tls-legacy', server.url(repo), secretRef=w.secret('tls-legacy', caFile=authority.read('ca.crt')))
    w.ready('tls-legacy', repo.first)
    w.git('mtls-none', strict.url(repo), secretRef={'name': 'tls'})
    w.failed('mtls-none', '400|certificate')
    pair = {'tls__crt': authority.read('client.pem'), 'tls__key': authority.read('client.key')}
    w.git('mtls', strict.url(repo), secretRef=w.secret('mtls', ca__crt=authority.read('ca.crt'), **pair))
    w.ready('mtls', repo.first)
    w.git('mtls-half', strict.url(repo), secretRef=w.secret('mtls-half', ca__crt=authority.read('ca.crt'), tls__crt=pair['tls__crt']))
    w.failed('mtls-half', "'tls.crt' and 'tls.key' are of use together only", 'AuthenticationFailed')


def ssh_keys(w):
    folder = w.path('keys')
    os.makedirs(folder)
    for name, passphrase in (('plain', ''), ('locked', 'open sesame'), ('stranger', '')):
        run('ssh-keygen', '-q', '-t', 'ed25519', '-N', passphrase, '-f', f'{folder}/{name}')
    run('ssh-keygen', '-q', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'open sesame', '-f', f'{folder}/old')
    return folder, {n: open(f'{folder}/{n}').read() for n in ('plain', 'locked', 'stranger', 'old')}


@test
def keys_over_ssh():
    if missing := missing_packages('sshd', 'ssh', 'ssh-keygen'):
        return missing
    w = WORLD.start()
    repo, (folder, keys) = w.repo(), ssh_keys(w)
    server = w.serve(SshServer, w.path('ssh'), [f'{folder}/{n}' for n in ('plain', 'locked', 'old')])
    url, hosts = server.url(repo), server.known_hosts
    good = {'ssh': dict(identity=keys['plain'].strip()), 'ssh-locked': dict(identity=keys['locked'], password='open sesame'),
            'ssh-old': dict(identity=keys['old'], password='open sesame')}
    for name, data in good.items():
        w.git(name, url, secretRef=w.secret(name, known_hosts=hosts, **data))
    for name in good:
        w.ready(name, repo.first)
    second = repo.commit({'a.yaml': config_map('a', '2')})
    w.box.refresh('ssh')
    w.ready('ssh', second)
    w.git('ssh-no-secret', url)
    w.failed('ssh-no-secret', "failed to configure authentication options: invalid 'ssh' auth option: 'identity' is required", 'AuthenticationFailed')
    w.git('ssh-no-hosts', url, secretRef=w.secret('ssh-no-hosts', identity=keys['plain']))
    w.failed('ssh-no-hosts', "'known_hosts' is required", 'AuthenticationFailed')
    w.git('ssh-asks', url, secretRef=w.secret('ssh-asks', identity=keys['locked'], known_hosts=hosts))
    w.failed('ssh-asks', "SSH identity key is encrypted but no 'password' field was provided in the secret 'flux-system/ssh-asks'", 'AuthenticationFailed')
    w.git('ssh-wrong', url, secretRef=w.secret('ssh-wrong', identity=keys['locked'], known_hosts=hosts, password='wrong-canary'))
    w.failed('ssh-wrong', 'authentication required: .*(passphrase|Permission denied)')
    w.git('ssh-stranger', url, secretRef=w.secret('ssh-stranger', identity=keys['stranger'], known_hosts=hosts))
    w.failed('ssh-stranger', 'authentication required: .*Permission denied')
    w.git('ssh-no-key', url, secretRef=w.secret('ssh-no-key', identity='not a key', known_hosts=hosts))
    w.failed('ssh-no-key', "'identity' holds no private key", 'AuthenticationFailed')
    w.git('ssh-proxy', url, secretRef={'name': 'ssh'}, proxySecretRef=w.secret('ssh-proxy', address='socks5://127.0.0.1:1'))
    w.failed('ssh-proxy', 'a proxy for ssh:// URLs is not built yet')
    found = subprocess.run(['grep', '-rlaE', 'PRIVATE KEY|wrong-canary', *w.mirrors()], capture_output=True, text=True).stdout
    check(found == '', f'a key is on the disk: {found}')
    check('wrong-canary' not in w.log(), 'a passphrase is in the log')


@test
def host_keys_are_those_of_the_secret_and_no_others():
    if missing := missing_packages('sshd', 'ssh', 'ssh-keygen'):
        return missing
    w = WORLD.start()
    repo, (folder, keys) = w.repo(), ssh_keys(w)
    server = w.serve(SshServer, w.path('ssh'), [folder + '/plain'])
    url, line = server.url(repo), server.known_hosts
    fingerprint = lambda file: run('ssh-keygen', '-lf', file).split()[1]
    changed = line.split()[0] + ' ' + open(folder + '/stranger.pub').read()
    open(folder + '/hashed', 'w').write(line)
    run('ssh-keygen', '-q', '-H', '-f', folder + '/hashed')
    cases = {
        'changed': ('# ours\n' + changed, r'HostKeyMismatch: the server\'s ED25519 key is ' + re.escape(fingerprint(server.folder + '/host')) +
                    ', known_hosts line 2 has ' + re.escape(fingerprint(folder + '/stranger.pub'))),
        'other-port': (line.replace(f':{server.port}', ':2'), 'HostKeyMismatch: .*No ED25519 host key is known'),
        'other-host': (line.replace('127.0.0.1', 'git.example.com'), 'HostKeyMismatch: .*No ED25519 host key is known'),
        'revoked': ('@revoked ' + line, 'HostKeyMismatch: .*[Rr]evoked'),
        'hashed': (open(folder + '/hashed').read(), None),
    }
    for name, (hosts, _) in cases.items():
        w.git('host-' + name, url, secretRef=w.secret('host-' + name, identity=keys['plain'], known_hosts=hosts))
    for name, (_, says) in cases.items():
        w.failed('host-' + name, says) if says else w.ready('host-' + name, repo.first)


@test
def proxies_with_a_password():
    if missing := missing_packages(*HTTP_PROGRAMS):
        return missing
    w = WORLD.start()
    repo, authority = w.repo(), Authority(w.path('authority'))
    plain = w.serve(HttpServer, w.path('http'), w.root)
    tls = w.serve(HttpServer, w.path('https'), w.root, authority=authority)
    proxy, socks = w.serve(Proxy), w.serve(Socks)
    ca = w.secret('proxy-ca', ca__crt=authority.read('ca.crt'))
    for kind in (proxy, socks):
        scheme = kind.address.split(':')[0]
        ref = w.secret(f'proxy-{scheme}', address=kind.address, username='me', password='p@ss/word')
        w.git(f'through-{scheme}', plain.url(repo), proxySecretRef=ref)
        w.git(f'through-{scheme}-tls', tls.url(repo), proxySecretRef=ref, secretRef=ca)
        for name, server in ((f'through-{scheme}', plain), (f'through-{scheme}-tls', tls)):
            w.ready(name, repo.first)
            check(any(f'127.0.0.1:{server.port}' in a for a in kind.asked), f'{scheme}: {kind.asked}')
    w.git('proxy-refuses', tls.url(repo), secretRef=ca, proxySecretRef=w.secret('proxy-bad', address=proxy.address, username='me', password='wrong-canary'))
    w.failed('proxy-refuses', 'the proxy wants other credentials')
    check('wrong-canary' not in w.log(), 'a password is in the log')
    for name, data, says in (('ftp', {'address': 'ftp://x'}, r"proxy URL must use one of the supported schemes \(http, https, socks5\), got 'ftp'"),
                             ('empty', {'address': ''}, "proxy address is empty"), ('none', {'username': 'x'}, "key 'address' not found")):
        w.git('proxy-' + name, plain.url(repo), proxySecretRef=w.secret('proxy-' + name, **data))
        w.failed('proxy-' + name, "failed to configure proxy options: secret 'flux-system/proxy-.*" + says, 'AuthenticationFailed')


@test
def what_is_shared_is_fetched_once():
    if missing := missing_packages(*HTTP_PROGRAMS):
        return missing
    w = WORLD.start()
    repo = w.repo()
    server = w.serve(HttpServer, w.path('http'), w.root, password='hunter2')
    before = len(w.mirrors())
    ref, names = w.secret('shared', username='bot', password='hunter2'), [f'shared-{i}' for i in range(12)]
    for name in names:
        w.git(name, server.url(repo), secretRef=ref)
    for name in names:
        w.ready(name, repo.first)
    check(len(w.mirrors()) == before + 1, f'{len(w.mirrors()) - before} mirrors')
    w.git('shared-other', server.url(repo), secretRef=w.secret('shared-other', username='bot', password='hunter2'))
    w.ready('shared-other', repo.first)
    check(len(w.mirrors()) == before + 2, 'another Secret, another mirror')
    repo.commit({'a.yaml': config_map('a', '2')})
    posts = lambda: server.log().count('POST')
    count = posts()
    for name in names:
        w.box.refresh(name)
    for name in names:
        w.ready(name)
    asked = posts() - count
    check(asked <= 16, f'{asked} requests for 12 repositories; alone each would take 3')
    w.box.call('DELETE', f'{API}/shared-other')
    until(5, lambda: len(w.mirrors()) == before + 1, 'the mirror goes with its GitRepository')


@test
def a_mirror_does_not_grow_for_ever():
    w = WORLD.start()
    repo = w.repo()
    w.git('busy', repo.url)
    w.ready('busy')
    for i in range(30):
        revision = repo.commit({f'f{i}.yaml': config_map(f'f{i}')})
        w.box.refresh('busy')
        until(10, lambda: w.get('busy')['status']['artifact']['revision'].endswith(revision), f'commit {i}')
    check(len(w.files('busy')) == 31, w.files('busy'))
    for mirror in w.mirrors():
        packs = glob.glob(mirror + '/objects/pack/*.pack')
        check(len(packs) <= 24, f'{len(packs)} packs in {mirror}')


@test
def a_branch_may_move_in_any_way():
    w = WORLD.start()
    repo = w.repo()
    w.git('moving', repo.url)
    w.ready('moving', repo.first)
    git(repo, 'checkout', '-q', '--orphan', 'fresh')
    forced = repo.commit({'b.yaml': config_map('b'), 'a.yaml': None})
    w.box.refresh('moving')
    until(10, lambda: w.get('moving')['status']['artifact']['revision'].endswith(forced), 'a forced push is followed')
    check(w.files('moving') == ['b.yaml'], w.files('moving'))
    run('git', '-C', repo.bare, 'update-ref', 'refs/heads/keep', forced)
    run('git', '-C', repo.bare, 'update-ref', '-d', 'refs/heads/main')
    w.box.refresh('moving')
    o = w.failed('moving', r'couldn\'t find remote ref "refs/heads/main"')
    check(o['status']['artifact']['revision'].endswith(forced), 'a deleted branch costs no artifact')
    run('git', '-C', repo.bare, 'update-ref', '-d', 'refs/heads/keep')
    w.box.refresh('moving')
    w.failed('moving', 'unable to list remote for .*: remote repository is empty')
    push(repo, 'HEAD:refs/heads/main')
    o = w.ready('moving', forced)
    check(w.box.condition(o, 'FetchFailed') == {} and w.box.condition(o, 'Reconciling') == {}, 'nothing of the failure is left')
    until(5, lambda: 'Succeeded' in [e['reason'] for e in w.events('moving')], 'recovery is told')
    bare = w.repo()
    run('git', '-C', bare.bare, 'update-ref', '-d', 'refs/heads/main')
    w.git('empty', bare.url)
    w.failed('empty', '^git repository is empty$', 'EmptyGitRepository')


@test
def a_mirror_or_artifact_that_was_damaged_is_made_anew():
    w = WORLD.start()
    repo = w.repo()
    before = set(w.mirrors())
    w.git('damaged', repo.url)
    w.ready('damaged')
    mirror = (set(w.mirrors()) - before).pop()
    for pack in glob.glob(mirror + '/objects/pack/*.pack'):
        os.chmod(pack, 0o600)
        open(pack, 'r+b').truncate(20)
    open(mirror + '/shallow.lock', 'w')
    open(mirror + '/objects/pack/tmp_pack_x', 'w').write('x')
    second = repo.commit({'a.yaml': config_map('a', '2')})
    w.box.refresh('damaged')
    w.ready('damaged', second)
    check(not os.path.exists(mirror + '/objects/pack/tmp_pack_x'), 'leftovers are gone')


def cut(at):
    """The answer to a fetch ends early; listings are whole."""
    def fault(handler, path, status, headers, body):
        return body[:int(len(body) * at)] if b'packfile' in body[:400] or b'PACK' in body else body
    return fault


def broken_byte(handler, path, status, headers, body):
    at = body.find(b'PACK')
    return body[:at + 40] + bytes([body[at + 40] ^ 0xff]) + body[at + 41:] if at >= 0 else body


def hang(handler, path, status, headers, body):
    time.sleep(8)


def endless(handler, path, status, headers, body):
    """Progress without end, and fast enough for every limit on speed."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-result\r\n\r\n')
    handler.wfile.write(body[:body.index(b'packfile\n') + 9])
    try:
        for _ in range(80):
            handler.wfile.write(b'%04x\x02%s' % (1005, b'.' * 1000))
            time.sleep(0.1)
    except BrokenPipeError:
        pass  # as it should be


def only_packs(fault):
    return lambda handler, path, status, headers, body: fault(handler, path, status, headers, body) if b'PACK' in body else body


def raw(text):
    def fault(handler, path, status, headers, body):
        handler.wfile.write(text)
    return fault


def pkt(body):
    return lambda handler, path, status, headers, was: body


@test
def a_failing_server_costs_no_artifact():
    if missing := missing_packages(*HTTP_PROGRAMS):
        return missing
    w = WORLD.start()
    server = w.serve(HttpServer, w.path('http'), w.root)
    cases = {
        'cut-early': (cut(0.3), '.'), 'cut-late': (cut(0.95), '.'), 'broken-byte': (broken_byte, 'Pack|pack'),
        'hang': (hang, 'context deadline exceeded'), 'endless': (only_packs(endless), 'context deadline exceeded'), 'busy': (raw(b'HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n'), '503'),
        'html': (raw(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<ht>'), '.'),
        'closed': (raw(b''), '.'), 'length-1': (pkt(b'0001'), 'GitProtocolError'), 'length-3': (pkt(b'0003abc'), 'GitProtocolError'),
        'no-hex': (pkt(b'zzzz# service'), 'GitProtocolError'), 'huge-line': (pkt(b'fff5' + b'x' * 70000), '.'),
        'gone': (raw(b'HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n'), 'repository not found'),
    }
    fleet = {}
    for name in cases:
        repo, faulty = w.repo(), w.serve(Faulty, server.base)
        w.git('fault-' + name, faulty.base + server.url(repo).removeprefix(server.base), timeout='3s')
        fleet[name] = (repo, faulty)
    for name in cases:
        w.ready('fault-' + name, fleet[name][0].first)
    for name, (repo, faulty) in fleet.items():
        repo.second = repo.commit({'a.yaml': config_map('a', '2')})
        faulty.fault = cases[name][0]
        w.box.refresh('fault-' + name)
    for name, (repo, faulty) in fleet.items():
        o = w.failed('fault-' + name, cases[name][1])
        check(o['status']['artifact']['revision'].endswith(repo.first), f'{name}: the artifact is kept')
        faulty.fault = None
    for name, (repo, faulty) in fleet.items():
        w.ready('fault-' + name, repo.second, seconds=30)


@test
def credentials_go_to_their_own_server_alone():
    if missing := missing_packages(*HTTP_PROGRAMS):
        return missing
    w = WORLD.start()
    server = w.serve(HttpServer, w.path('http'), w.root, password='hunter2')
    other = w.serve(Faulty, server.base)
    front = w.serve(Faulty, server.base)
    repo, module, outer = w.repo(), w.repo(), w.repo()

    def redirect(handler, path, status, headers, body):
        handler.wfile.write(f'HTTP/1.1 302 Found\r\nLocation: {other.base}{path}\r\nContent-Length: 0\r\n\r\n'.encode())

    front.fault = redirect
    ref = w.secret('own', username='bot', password='hunter2')
    w.git('redirected', front.base + server.url(repo).removeprefix(server.base), secretRef=ref)
    w.failed('redirected', 'the server redirects, and credentials are not sent elsewhere')
    check(other.seen == [], f'the other server was asked: {other.seen}')
    git(outer, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', module.bare, 'm')
    git(outer, 'config', '-f', '.gitmodules', 'submodule.m.url', other.base + server.url(module).removeprefix(server.base))
    outer.commit({})
    w.git('foreign-module', server.url(outer), secretRef=ref, recurseSubmodules=True)
    w.failed('foreign-module', 'submodule "m": SubmoduleDenied: credentials of the repository are not sent to')
    check(other.seen and not any(authorization for _, authorization in other.seen), f'credentials were sent: {other.seen}')


@test
def what_is_not_built_is_refused_by_name():
    w, box = WORLD.start(), WORLD.box
    repo = w.repo()
    w.git('verified', repo.url, verify={'mode': 'HEAD', 'secretRef': {'name': 'keys'}})
    o = w.failed('verified', 'spec.verify is not built yet', 'VerificationError', 'SourceVerified')
    check(box.condition(o, 'SourceVerified')['status'] == 'False' and 'artifact' not in o['status'], 'nothing unverified is served')
    w.git('azure', 'https://dev.azure.com/o/p/_git/r', provider='azure')
    w.failed('azure', "spec.provider 'azure' is not built yet", 'InvalidProviderConfiguration')
    w.git('app', 'https://github.com/x/y', secretRef=w.secret('app', githubAppID='1'))
    w.failed('app', "secretRef 'flux-system/app' has github app data but provider is not set to github", 'InvalidProviderConfiguration')
    for name in ('verified', 'azure'):
        check(box.condition(w.get(name), 'Stalled')['status'] == 'True', f'{name} is stalled')


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`weir create ... --export` against `flux create ... --export` over a table of flag sets: the same bytes, or both refuse.

    tests/conformance/create_export.py [--flux PROGRAM] [WORD...]      only the lines that hold a WORD
"""
import itertools, os, shlex, shutil, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEIR = os.path.join(ROOT, os.environ.get('BUILD', 'build'), 'weir')

GIT = 'source git web --url=https://git.example.com/org/web'
KS = 'kustomization apps'
LINES = [
    # GitRepository
    f'{GIT} --branch=main', f'{GIT} --tag=v1', f'{GIT} --tag-semver=">=1.0.0 <2.0.0"', f'{GIT} --commit=abc', f'{GIT} --branch=main --commit=abc',
    f'{GIT} --ref-name=refs/heads/x', f'{GIT}', f'{GIT} --branch=main --tag=v2', f'{GIT} --branch=main --interval=10m', f'{GIT} --branch=main --interval=90s',
    f'{GIT} --branch=main --secret-ref=auth --proxy-secret-ref=proxy', f'{GIT} --branch=main --recurse-submodules',
    f'{GIT} --branch=main --ignore-paths=a,b/c', f'{GIT} --branch=main --ignore-paths=a --ignore-paths=b', f'{GIT} --branch=main --sparse-checkout-paths=x,y',
    f'{GIT} --branch=main --provider=azure', f'{GIT} --branch=main --provider=generic', f'{GIT} --branch=main --provider=nobody', f'{GIT} --branch=main --timeout=1m',
    f'{GIT} --branch=main --label=a=b --label=c=d,e=f', f'{GIT} --branch=main --label=a', f'{GIT} --branch=main --label=a=b=c', f'{GIT} --branch=main --label=-a=b',
    f'{GIT} --branch=main -n shop', f'{GIT} --branch=main --fetch-timeout=30s', 'source git web --branch=main', 'source git web --url=ftp://x --branch=main',
    'source git Web --url=https://x --branch=main', 'source git --url=https://x --branch=main', 'source git web --url=ssh://git@example.com/x --branch=main',
    'source git web --url=ssh://git@example.com/x --branch=main --ca-file=x', 'source git web --url=git@example.com:x --branch=main', 'source git web --url=http://x --branch=main',
    f'{GIT} --branch="feature/with space"', f'{GIT} --branch="true"', f'{GIT} --tag="1.0"', f'{GIT} --branch=main --url=https://second.example.com',
    f'{GIT} --branch=main --username=u --password=p', 'source git a --url=https://x --branch=main', 'source git a-b-1 --url=https://x --branch=main',
    # Kustomization
    f'{KS} --source=web', f'{KS} --source=GitRepository/web --path=./apps', f'{KS} --source=GitRepository/web.flux-system --prune', f'{KS} --source=Bucket/b --path=./',
    f'{KS} --source=OCIRepository/o --prune=true --interval=5m', f'{KS} --source=HelmRepository/x', f'{KS}', f'{KS} --source=web --path=apps', f'{KS} --source=web --path=""',
    f'{KS} --source=web --path=./a/../b', f'{KS} --source=web --path=./../b', f'{KS} --source=web --path=/abs', f'{KS} --source=web --path=./a//b/',
    f'{KS} --source=web --wait', f'{KS} --source=web --wait --health-check-timeout=30s', f'{KS} --source=web --health-check=Deployment/web.shop',
    f'{KS} --source=web --health-check=Deployment/web.shop,StatefulSet/db.shop --health-check=DaemonSet/x.y', f'{KS} --source=web --health-check=HelmRelease/h.shop',
    f'{KS} --source=web --health-check=Pod/x.y', f'{KS} --source=web --health-check=web', f'{KS} --source=web --health-check=Deployment/web',
    f'{KS} --source=web --wait --health-check=Deployment/web.shop', f'{KS} --source=web --depends-on=a,b/c', f'{KS} --source=web --depends-on=a --depends-on=b',
    f'{KS} --source=web --service-account=sa', f'{KS} --source=web --decryption-provider=sops', f'{KS} --source=web --decryption-provider=sops --decryption-secret=age',
    f'{KS} --source=web --decryption-secret=age', f'{KS} --source=web --decryption-provider=rot13', f'{KS} --source=web --target-namespace=shop',
    f'{KS} --source=web --kubeconfig-secret-ref=remote', f'{KS} --source=web --retry-interval=30s', f'{KS} --source=web --label=team=web -n shop', f'{KS} --source=web --prune=false',
    f'{KS} --source=gitrepository/web', f'{KS} --source=GitRepository/web.shop --interval=1h30m', f'{KS} --source=ExternalArtifact/x', f'{KS} --source=/web', f'{KS} --source=web.shop',
    # Secrets
    'secret git s --url=https://x --username=u --password=p', 'secret git s --url=https://x', 'secret git s --url=https://x --bearer-token=t', 'secret git s --url=http://x -u u -p p',
    'secret git s --url=https://x -u u -p p --bearer-token=t', 'secret git s --url=https://x -u u -p p --ca-crt-file=ca.crt', 'secret git s --url=https://x -u u -p p --ca-crt-file=none',
    'secret git s --url=ftp://x', 'secret git s', 'secret git s --url=https://x -u u -p "p: {x}" --label=a=b', 'secret git ss --url=https://x -u u -p p -n shop', 'secret git s --url=https://x -u u',
    'secret git ss --url=https://x --username=u --password=p', 'secret git ss --url=https://x --bearer-token=t', 'secret git ss --url=https://x -u u -p p --ca-crt-file=ca.crt',
    'secret helm hh -u u -p p', 'secret helm hh', 'secret helm hh -u u', 'secret helm hh -u u -p p --ca-crt-file=ca.crt', 'secret helm hh --ca-crt-file=ca.crt', 'secret helm hh --tls-crt-file=tls.crt --tls-key-file=tls.key',
    'secret helm hh --tls-crt-file=tls.crt', 'secret helm hh --tls-crt-file=tls.crt --tls-key-file=tls.key --ca-crt-file=ca.crt -u u -p p', 'secret helm hh -u u -p p --label=x=y',
    'secret tls tt --tls-crt-file=tls.crt --tls-key-file=tls.key', 'secret tls tt --ca-crt-file=ca.crt', 'secret tls tt', 'secret tls tt --tls-crt-file=tls.crt', 'secret tls tt --tls-key-file=tls.key',
    'secret tls tt --tls-crt-file=tls.crt --tls-key-file=tls.key --ca-crt-file=ca.crt --label=a=b', 'secret tls tt --ca-crt-file=none',
    'secret proxy pp --address=http://proxy:3128', 'secret proxy pp --address=http://proxy:3128 -u u -p p', 'secret proxy pp', 'secret proxy pp --address=http://proxy:3128 -u u', 'secret proxy pp --address=x --label=a=b -n shop',
    'secret oci oo --url=ghcr.io/x/y -u u -p p', 'secret oci oo --url=ghcr.io/x/y -u u', 'secret oci oo --url=ghcr.io -u u -p "p<&>"', 'secret oci oo -u u -p p', 'secret oci oo --url="a b" -u u -p p',
    'secret oci oo --url=ghcr.io/x/y:1.0 -u u -p p --label=a=b',
    'secret githubapp gg --app-id=1 --app-installation-id=2 --app-private-key=app.pem', 'secret githubapp gg --app-id=1 --app-installation-owner=o --app-private-key=app.pem', 'secret githubapp gg --app-id=1 --app-private-key=app.pem',
    'secret githubapp gg --app-id=1 --app-installation-id=2 --app-private-key=none', 'secret githubapp gg --app-installation-id=2 --app-private-key=app.pem',
    'secret githubapp gg --app-id=1 --app-installation-id=2 --app-private-key=app.pem --app-base-url=https://ghe.example.com/api/v3 --label=a=b',
    'secret receiver rr --type=github --hostname=flux.example.com --token=t', 'secret receiver rr --type=gcr --hostname=flux.example.com --token=t --email-claim=a@b.c', 'secret receiver rr --type=gcr --hostname=flux.example.com --token=t',
    'secret receiver rr --type=gcr --hostname=h --token=t --email-claim=a@b.c --audience-claim=x', 'secret receiver rr --hostname=h', 'secret receiver rr --type=github', 'secret receiver rr --type=odd --hostname=h',
    # Tenants
    'tenant team --with-namespace=shop', 'tenant team --with-namespace=shop,other', 'tenant team --with-namespace=shop --with-namespace=other --label=env=dev', 'tenant team --with-namespace=shop --cluster-role=view',
    'tenant team --with-namespace=shop --with-service-account=robot', 'tenant team --with-namespace=shop --skip-namespace', 'tenant team', 'tenant team --with-namespace=shop --cluster-role=""', 'tenant team --with-namespace="a b"',
    'tenant team --with-namespace=shop --with-service-account="a b"',
]
# Combinations of what is independent.
for ref, extra in itertools.product(('--branch=b', '--tag=t', '--ref-name=r'), itertools.combinations(('--secret-ref=s', '--recurse-submodules', '--interval=2m', '--ignore-paths=x,y', '--label=k=v'), 2)):
    LINES.append(f'{GIT} {ref} {" ".join(extra)}')
for source, extra in itertools.product(('w', 'OCIRepository/w.ns', 'Bucket/b'), itertools.combinations(('--prune', '--wait', '--path=./x', '--depends-on=a/b', '--target-namespace=t', '--retry-interval=1m'), 3)):
    LINES.append(f'{KS} --source={source} {" ".join(extra)}')


def main(args):
    flux = args[args.index('--flux') + 1] if '--flux' in args else 'flux'
    words = [a for a in args if not a.startswith('--') and a != flux]
    if not shutil.which(flux):
        print('flux is not installed\n0 passed, 0 failed')
        return 1
    folder = tempfile.mkdtemp(prefix='weir-create-')
    for name in ('ca.crt', 'tls.crt', 'tls.key', 'app.pem'):
        with open(os.path.join(folder, name), 'w') as f:
            f.write(f'-----BEGIN {name}-----\nAAAA\n-----END {name}-----\n')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=x', '-keyout', 'tls.key', '-out', 'tls.crt'],
                   cwd=folder, capture_output=True, check=True)
    subprocess.run(['cp', 'tls.crt', 'ca.crt'], cwd=folder, check=True)
    subprocess.run(['cp', 'tls.key', 'app.pem'], cwd=folder, check=True)
    passed = failed = 0
    for line in LINES:
        if words and not any(w in line for w in words):
            continue
        ask = lambda program: subprocess.run([program, 'create', *shlex.split(line), '--export'], cwd=folder, capture_output=True, text=True,
                                             env={**os.environ, 'HOME': folder, 'KUBECONFIG': ''})
        theirs, ours = ask(flux), ask(WEIR)
        # A usage error is status 2 here and 1 there.
        same = (theirs.returncode == 0) == (ours.returncode == 0) and theirs.stdout == ours.stdout
        passed, failed = passed + same, failed + (not same)
        if not same:
            print(f'FAIL {line}\n--- flux {theirs.returncode}\n{theirs.stdout}{theirs.stderr}--- weir {ours.returncode}\n{ours.stdout}{ours.stderr}')
    shutil.rmtree(folder, ignore_errors=True)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

"""Measures weir, and its peers in the same run: run.sh builds them and calls this. Figures go to standard output."""
import glob
import contextlib
import json
import math
import os
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import fleet

BUILD, CACHE = sys.argv[1], sys.argv[2]
WEIR = os.path.abspath(f"{BUILD}/weir")
SCRATCH = ""


def peer(name):
    """Path of a peer, or None when it could not be built."""
    path = f"{CACHE}/{name}"
    return path if os.access(path, os.X_OK) else None


def say(what, value, gate=""):
    print(f"  {what:<58} {value}{'   (gate: ' + gate + ')' if gate else ''}", flush=True)


def skip(what, why):
    print(f"  {what:<58} skipped: {why}", flush=True)


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def side_by_side(rounds, *commands):
    """Medians (CPU s, wall s, KiB) of each command, run in turns."""
    args = [part for c in commands for part in ("--", *c)]
    lines = output(f"{BUILD}/bench/side_by_side", str(rounds), *args).splitlines()
    return [tuple(map(float, line.split())) for line in lines]


def bench_read():
    print("reading text to a tree (MB/s, medians of 5 in turns)")
    text = fleet.manifests(1000)
    fleet.write(f"{SCRATCH}/text.yaml", text)
    objects = [json.loads(output_from([WEIR, "fmt", "-o", "json"], d)) for d in text.split("---\n")[:100]] * 10
    fleet.write(f"{SCRATCH}/text.json", json.dumps(objects, separators=(",", ":")))
    for kind, what in (("yaml", "sigs.k8s.io/yaml"), ("json", "encoding/json")):
        go = peer("read-text")
        ours, theirs = [], []
        for _ in range(5):
            ours.append(float(output(f"{BUILD}/bench/read_text", kind, f"{SCRATCH}/text.{kind}")))
            if go:
                theirs.append(float(output(go, kind, f"{SCRATCH}/text.{kind}")))
        say(f"{kind}: weir", f"{statistics.median(ours):.1f} MB/s")
        if go:
            say(f"{kind}: {what}", f"{statistics.median(theirs):.1f} MB/s")
            say(f"{kind}: ratio", f"{statistics.median(ours) / statistics.median(theirs):.1f}x", "3x")
        else:
            skip(f"{kind}: {what}", "read-text is not there")


def output_from(command, text):
    return subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout


def bench_kustomize():
    print("kustomize build (medians, in turns)")
    four = fleet.overlay(f"{SCRATCH}/k4", 4)
    ours = [WEIR, "kustomize", "build", four]
    go = peer("kustomize")
    commands = [["/bin/true"], [WEIR, "version"], ours] + ([[go, "build", four]] if go else [])
    bare, version, small, *theirs = side_by_side(41, *commands)
    say("a bare process (/bin/true)", f"{bare[0] * 1e3:.2f} ms CPU, {bare[1] * 1e3:.2f} ms wall")
    say("weir version, above a bare process", f"{(version[1] - bare[1]) * 1e3:.2f} ms wall", "1 ms")
    say("4 objects: weir", f"{small[0] * 1e3:.2f} ms CPU, {small[1] * 1e3:.2f} ms wall, {small[2] / 1024:.1f} MiB")
    if theirs:
        t = theirs[0]
        say("4 objects: kustomize 5.8.2", f"{t[0] * 1e3:.2f} ms CPU, {t[1] * 1e3:.2f} ms wall, {t[2] / 1024:.1f} MiB")
        say("4 objects: ratio CPU / wall / memory",
            f"{t[0] / small[0]:.1f}x / {t[1] / small[1]:.1f}x / {t[2] / small[2]:.1f}x", "20x CPU, 10x memory")
    else:
        skip("4 objects: kustomize 5.8.2", "it is not there")
    bench_kustomize_growth(go)
    bench_kustomize_fleets(go)


def bench_kustomize_growth(go):
    took = {}
    for count in (400, 1000, 4000, 10000):
        folder = fleet.overlay(f"{SCRATCH}/k{count}", count)
        took[count] = side_by_side(5, [WEIR, "kustomize", "build", folder])[0]
        say(f"{count} objects: weir", f"{took[count][0] * 1e3:.0f} ms CPU, {took[count][2] / 1024:.0f} MiB",
            "500 ms" if count == 10000 else "")
        if go and count <= 1000:
            theirs = side_by_side(1, [go, "build", folder])[0]
            say(f"{count} objects: ratio CPU / memory",
                f"{theirs[0] / took[count][0]:.0f}x / {theirs[2] / took[count][2]:.1f}x", "100x CPU" if count == 1000 else "")
    say("exponent of time, 400 to 4,000 objects", f"{math.log(took[4000][0] / took[400][0], 10):.2f}", "1.1")
    say("exponent of time, 1,000 to 10,000 objects", f"{math.log(took[10000][0] / took[1000][0], 10):.2f}", "1.1")


def bench_kustomize_fleets(go):
    """Every kustomization of each public fleet, a process a build."""
    fleets = sorted(glob.glob(os.path.join(os.environ.get("WEIR_CORPORA", "../shared/corpora"), "kustomize/fleets/*")))
    if not fleets or not go:
        skip("public fleets", "the corpora or kustomize are not there")
        return
    for folder in fleets:
        ours = theirs = count = 0
        for path in open(f"{folder}/paths.txt").read().split():
            args = ["kustomize", "build", "--load-restrictor=LoadRestrictionsNone", f"{folder}/tree/{path}"]
            mine, other = side_by_side(3, [WEIR, *args], [go, *args[1:]])
            ours, theirs, count = ours + mine[0], theirs + other[0], count + 1
        say(f"{os.path.basename(folder)}, {count} builds", f"{ours * 1e3:.0f} ms, {theirs * 1e3:.0f} ms CPU: {theirs / ours:.1f}x", "30x")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def https(url, token=None, body=None, method="GET"):
    request = urllib.request.Request(url, data=body, method=method)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    if body:
        request.add_header("Content-Type", "application/yaml")
    with urllib.request.urlopen(request, context=ssl._create_unverified_context(), timeout=10) as answer:
        return answer.read().decode()


def wait_until(what, check, seconds=60):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        with contextlib.suppress(OSError, KeyError, ValueError):
            if check():
                return
        time.sleep(0.002)
    raise SystemExit(f"bench: {what} did not happen in {seconds} s")


def resident_kib(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


@contextlib.contextmanager
def running(*command):
    """A process that is ended by its own id."""
    with open(f"{SCRATCH}/log", "ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def sandbox(*flags):
    """(process, URL, token, seconds to ready) of a fresh sandbox."""
    folder, port = tempfile.mkdtemp(dir=SCRATCH), free_port()
    start = time.perf_counter()
    with running(WEIR, "sandbox", "--data", folder, "--listen", f"127.0.0.1:{port}", "--kubeconfig", f"{folder}/kc",
                 *flags) as process:
        url = f"https://127.0.0.1:{port}"
        wait_until("a ready sandbox", lambda: https(f"{url}/readyz") == "ok")
        took = time.perf_counter() - start
        with open(f"{folder}/kc", encoding="utf-8") as f:
            token = next(line.split(":")[1].strip().strip('"') for line in f if line.strip().startswith("token:"))
        yield process, url, token, took


@contextlib.contextmanager
def kube_apiserver(binary):
    """(apiserver, etcd, seconds to ready): both started together, on empty state."""
    folder = tempfile.mkdtemp(dir=SCRATCH)
    port, client, peer_port = free_port(), free_port(), free_port()
    subprocess.run(["openssl", "genrsa", "-out", f"{folder}/key", "2048"], check=True, capture_output=True)
    fleet.write(f"{folder}/tokens", 'bench,admin,1,"system:masters"\n')
    start = time.perf_counter()
    with running("etcd", "--data-dir", f"{folder}/etcd", "--listen-client-urls", f"http://127.0.0.1:{client}",
                 "--advertise-client-urls", f"http://127.0.0.1:{client}", "--listen-peer-urls",
                 f"http://127.0.0.1:{peer_port}", "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer_port}",
                 "--initial-cluster", f"default=http://127.0.0.1:{peer_port}") as etcd, \
            running(binary, "--etcd-servers", f"http://127.0.0.1:{client}", "--cert-dir", f"{folder}/certs",
                    "--service-account-issuer", "https://bench.example.com", "--service-account-key-file",
                    f"{folder}/key", "--service-account-signing-key-file", f"{folder}/key",
                    "--service-cluster-ip-range", "10.0.0.0/24", "--secure-port", str(port), "--bind-address",
                    "127.0.0.1", "--token-auth-file", f"{folder}/tokens", "--authorization-mode", "RBAC") as server:
        wait_until("a ready kube-apiserver", lambda: https(f"https://127.0.0.1:{port}/readyz", "bench") == "ok", 120)
        yield server, etcd, time.perf_counter() - start


def bench_sandbox():
    print("from exec to ready (medians, in turns)")
    binary = peer("kube-apiserver")
    if binary and not shutil.which("etcd"):
        binary = None
        skip("kube-apiserver 1.35.4", "Debian's etcd-server is not installed")
    elif not binary:
        skip("kube-apiserver 1.35.4", "it is not there")
    ours, theirs = [], []
    for _ in range(3):
        with sandbox("--no-engine") as (process, _, _, took):
            time.sleep(1)
            ours.append((took, resident_kib(process)))
        if binary:
            with kube_apiserver(binary) as (server, etcd, took):
                time.sleep(1)
                theirs.append((took, resident_kib(server) + resident_kib(etcd)))
    took, memory = (statistics.median(x) for x in zip(*ours))
    say("weir sandbox --no-engine", f"{took * 1e3:.0f} ms, {memory / 1024:.1f} MiB resident")
    if theirs:
        their_took, their_memory = (statistics.median(x) for x in zip(*theirs))
        say("kube-apiserver 1.35.4 with etcd", f"{their_took * 1e3:.0f} ms, {their_memory / 1024:.0f} MiB resident")
        say("ratio time / memory", f"{their_took / took:.0f}x / {their_memory / memory:.1f}x", "20x / 15x")


SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: bench, namespace: default}}
spec: {{url: "file://{repository}", ref: {{branch: main}}, interval: 1h}}
"""
KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: bench, namespace: default}
spec: {sourceRef: {kind: GitRepository, name: bench}, path: ./, interval: 1h, prune: true}
"""


def git(folder, *args):
    output("git", "-C", folder, "-c", "user.name=bench", "-c", "user.email=bench@example.com", *args)


def point_at_repository(url, token, count):
    """A pushed repository of `count` ConfigMaps that the engine reconciles; its work folder."""
    folder = tempfile.mkdtemp(dir=SCRATCH)
    output("git", "init", "-q", "--bare", "-b", "main", f"{folder}/bare")
    output("git", "clone", "-q", f"{folder}/bare", f"{folder}/work")
    fleet.config_maps(f"{folder}/work", count)
    git(f"{folder}/work", "add", "-A")
    git(f"{folder}/work", "commit", "-qm", "objects")
    git(f"{folder}/work", "push", "-q", "origin", "HEAD:main")
    https(f"{url}/apis/source.toolkit.fluxcd.io/v1/namespaces/default/gitrepositories", token,
          SOURCE.format(repository=f"{folder}/bare").encode(), "POST")
    https(f"{url}/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/default/kustomizations", token, KUSTOMIZATION.encode(),
          "POST")
    last = f"{url}/api/v1/namespaces/default/configmaps/config-{count - 1}"
    wait_until("the first application", lambda: https(last, token))
    return f"{folder}/work"


def is_ready(url, token):
    k = json.loads(https(f"{url}/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/default/kustomizations/bench", token))
    return any(c["type"] == "Ready" and c["status"] == "True" for c in k["status"]["conditions"])


def bench_size():
    print("size")
    stripped = f"{SCRATCH}/weir-stripped"
    output("strip", "-o", stripped, WEIR)
    say("binary, stripped", f"{os.path.getsize(stripped) / 1e6:.1f} MB")
    with sandbox("--allow-file-urls") as (process, url, token, took):
        time.sleep(2)
        say("sandbox with engine, idle", f"{resident_kib(process) / 1024:.1f} MiB resident, ready in {took * 1e3:.0f} ms")
        start = time.perf_counter()
        point_at_repository(url, token, 1000)
        wait_until("a ready Kustomization", lambda: is_ready(url, token))
        applied = time.perf_counter() - start
        time.sleep(5)
        say("sandbox with 1,000 ConfigMaps in one Kustomization",
            f"{resident_kib(process) / 1024:.1f} MiB resident, applied in {applied:.2f} s")


def time_pushes(*flags):
    took = []
    with sandbox("--allow-file-urls", *flags) as (_, url, token, _):
        work = point_at_repository(url, token, 4)
        for i in range(7):
            wait_until("a ready Kustomization", lambda: is_ready(url, token))
            fleet.write(f"{work}/all.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config-0, namespace: "
                        f"default}}\ndata: {{round: round-{i}}}\n")
            git(work, "commit", "-qam", f"round {i}")
            start = time.perf_counter()
            git(work, "push", "-q", "origin", "HEAD:main")
            now = f"{time.time()}"
            patch = json.dumps({"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": now}}}).encode()
            request = urllib.request.Request(
                f"{url}/apis/source.toolkit.fluxcd.io/v1/namespaces/default/gitrepositories/bench", data=patch,
                method="PATCH", headers={"Authorization": f"Bearer {token}",
                                         "Content-Type": "application/merge-patch+json"})
            urllib.request.urlopen(request, context=ssl._create_unverified_context(), timeout=10).close()
            wait_until("the change", lambda: f"round-{i}" in https(
                f"{url}/api/v1/namespaces/default/configmaps/config-0", token))
            took.append(time.perf_counter() - start)
    return statistics.median(took)


def bench_push():
    print("from git push to applied (median of 7, file:// repository, receiver's part by an annotation)")
    say("push and apply", f"{time_pushes() * 1e3:.0f} ms")
    say("the same, built in the engine's process", f"{time_pushes('--render-in-process') * 1e3:.0f} ms")


def bench_render():
    print("a build in our process, and in a warm worker (medians, in turns)")
    for line in output(f"{BUILD}/bench/render").splitlines():
        words = line.split()
        if words[0].startswith("idle"):
            say(f"{words[0]}: {words[1][:-1]}", f"{int(words[2]) / 1024:.1f} MiB")
        elif words[0] == "start":
            say("4 objects, the worker's start included", f"{float(words[2]) / 1e3:.2f} ms")
        else:
            here, there = float(words[1]), float(words[2])
            gate = "at most 1 ms more" if words[0] == "4-objects" else "at most 1.3 times"
            say(words[0], f"{here / 1e3:.2f} ms, {there / 1e3:.2f} ms, {there / here:.2f} times", gate)


def bench_helm():
    print("helm template (CPU medians of whole processes, in turns)")
    helm = peer("helm")
    if not helm:
        skip("helm 4.3.1", "it is not there")
        return
    compare_charts("small chart", [fleet.small_chart(f"{SCRATCH}/small")], helm, 11, "30x CPU, 10x memory")
    compare_charts("umbrella of 100 sub-charts with tpl", [fleet.umbrella(f"{SCRATCH}/umbrella", 100)], helm, 3, "20x CPU")
    charts = glob.glob(os.path.join(os.environ.get("WEIR_CORPORA", "../shared/corpora"), "helm/charts/*/chart"))
    if not charts:
        skip("public charts", "the corpora are not there")
        return
    size = lambda chart: sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(chart) for f in fs)
    compare_charts("20 largest public charts", sorted(charts, key=size)[-20:], helm, 3, "10x CPU")


def compare_charts(what, charts, helm, rounds, gate):
    ours = theirs = 0
    memory = 0
    for chart in charts:
        args = ["template", "rel", chart, "-n", "apps", "--include-crds"]
        mine, other = side_by_side(rounds, [WEIR, "helm", *args], [helm, *args])
        ours, theirs, memory = ours + mine[0], theirs + other[0], max(memory, mine[2] / other[2])
    say(what, f"{ours * 1e3:.1f} ms, {theirs * 1e3:.0f} ms CPU: {theirs / ours:.1f}x; memory at most 1/{1 / memory:.1f}", gate)


PARTS = {"read": bench_read, "kustomize": bench_kustomize, "sandbox": bench_sandbox, "size": bench_size,
         "push": bench_push, "render": bench_render, "helm": bench_helm}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="weir-bench-") as SCRATCH:
        for part in os.environ.get("BENCH_ONLY", " ".join(PARTS)).split():
            PARTS[part]()

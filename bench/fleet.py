"""Makes inputs: a kustomization of N objects with an overlay over it, as benchmarks of Flux use it."""
import os

OBJECTS = [
    """\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web{n}
""",
    """\
apiVersion: v1
kind: Service
metadata:
  name: web{n}
spec:
  type: ClusterIP
  selector:
    app: web{n}
  ports:
  - name: http
    port: 9898
    protocol: TCP
    targetPort: http
  - name: grpc
    port: 9999
    protocol: TCP
    targetPort: grpc
""",
    """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web{n}
spec:
  replicas: 0
  minReadySeconds: 3
  revisionHistoryLimit: 5
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
  selector:
    matchLabels:
      app: web{n}
  template:
    metadata:
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/port: "9797"
      labels:
        app: web{n}
    spec:
      serviceAccountName: web{n}
      containers:
      - name: web
        image: registry.example.com/web:1.0.0
        imagePullPolicy: IfNotPresent
        ports:
        - name: http
          containerPort: 9898
          protocol: TCP
        - name: metrics
          containerPort: 9797
          protocol: TCP
        command:
        - ./web
        - --port=9898
        - --level=info
        env:
        - name: COLOR
          value: "#34577c"
        livenessProbe:
          exec:
            command: [sh, -c, curl -s localhost:9898/healthz]
          initialDelaySeconds: 5
          timeoutSeconds: 5
        readinessProbe:
          httpGet: {{path: /readyz, port: 9898}}
          initialDelaySeconds: 5
        resources:
          limits:
            cpu: 2000m
            memory: 512Mi
          requests:
            cpu: 1m
            memory: 64Mi
""",
    """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web{n}
spec:
  rules:
  - host: web{n}.example.com
    http:
      paths:
      - pathType: Prefix
        path: /
        backend:
          service:
            name: web{n}
            port:
              number: 9898
""",
]

OVERLAY = """\
namespace: shop
namePrefix: prod-
labels:
- pairs: {team: red}
  includeSelectors: true
images:
- name: registry.example.com/web
  newTag: 1.1.0
resources:
- ../base
patches:
- target: {kind: Deployment}
  patch: |-
    - op: replace
      path: /spec/replicas
      value: 2
"""


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def manifests(count):
    return "---\n".join(o.format(n=f"-{i}") for i in range(count // 4) for o in OBJECTS)


def overlay(folder, count):
    """Folder of an overlay over `count` objects."""
    write(f"{folder}/base/all.yaml", manifests(count))
    write(f"{folder}/base/kustomization.yaml", "resources:\n- all.yaml\n")
    write(f"{folder}/overlay/kustomization.yaml", OVERLAY)
    return f"{folder}/overlay"


def config_maps(folder, count):
    write(f"{folder}/all.yaml", "---\n".join(
        f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: config-{i}\n  namespace: default\ndata:\n  key: value-{i}\n"
        for i in range(count)))

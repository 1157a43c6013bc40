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


CHART = """\
apiVersion: v2
name: {name}
version: 1.0.0
"""

CHART_VALUES = """\
replicas: 2
image: registry.example.com/web:1.0.0
labels:
  team: one
ports:
- 8080
- 9090
annotation: "{{ .Release.Name }}-{{ .Chart.Name }}"
"""

CHART_TEMPLATES = """\
{{- define "NAME.labels" -}}
app: {{ .Chart.Name }}
release: {{ .Release.Name | quote }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}
apiVersion: v1
kind: Service
metadata:
  name: {{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}
  labels: {{- include "NAME.labels" . | nindent 4 }}
  annotations:
    note: {{ tpl .Values.annotation . | quote }}
spec:
  ports:
  {{- range $i, $port := .Values.ports }}
  - name: port-{{ $i }}
    port: {{ $port }}
  {{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
  labels: {{- include "NAME.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {{- include "NAME.labels" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "NAME.labels" . | nindent 8 }}
    spec:
      containers:
      - name: web
        image: {{ .Values.image | quote }}
        args: {{- tpl (toYaml (list "{{ .Release.Namespace }}" "b")) . | nindent 8 }}
"""


def small_chart(folder, name="web"):
    """Folder of a chart with a Service and a Deployment, an include and a tpl."""
    write(f"{folder}/Chart.yaml", CHART.format(name=name))
    write(f"{folder}/values.yaml", CHART_VALUES)
    write(f"{folder}/templates/all.yaml", CHART_TEMPLATES.replace("NAME", name))
    return folder


def umbrella(folder, count):
    """A chart with `count` such sub-charts."""
    names = [f"sub{i}" for i in range(count)]
    for name in names:
        small_chart(f"{folder}/charts/{name}", name)
    listed = "".join(f"- name: {n}\n  version: 1.x\n  condition: {n}.enabled\n" for n in names)
    write(f"{folder}/Chart.yaml", CHART.format(name="umbrella") + "dependencies:\n" + listed)
    write(f"{folder}/values.yaml", "global:\n  zone: a\n")
    return folder

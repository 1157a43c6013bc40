/* SPDX-License-Identifier: Apache-2.0 */
/* Fields that kustomize 5.8 transforms unless a kustomization configures more (api/internal/konfig). */
/* clang-format off */
#include "core/kustomize/config.h"

static const struct kust_fieldspec common_labels[] = {
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Service") }, STR_INIT("spec/selector"), true },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels"), false },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels"), false },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels"), false },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels"), false },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/selector/matchLabels"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/metadata/labels"), true },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/selector/matchLabels"), true },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels"), false },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels"), false },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels"), false },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels"), false },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels"), false },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/metadata/labels"), true },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/volumeClaimTemplates[]/metadata/labels"), true },
    { { STR_INIT("batch"), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/selector/matchLabels"), false },
    { { STR_INIT("batch"), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/metadata/labels"), true },
    { { STR_INIT("batch"), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/metadata/labels"), true },
    { { STR_INIT("policy"), STR_INIT(""), STR_INIT("PodDisruptionBudget") }, STR_INIT("spec/selector/matchLabels"), false },
    { { STR_INIT("batch"), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/selector/matchLabels"), false },
    { { STR_INIT("batch"), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/metadata/labels"), true },
    { { STR_INIT("networking.k8s.io"), STR_INIT(""), STR_INIT("NetworkPolicy") }, STR_INIT("spec/podSelector/matchLabels"), false },
    { { STR_INIT("networking.k8s.io"), STR_INIT(""), STR_INIT("NetworkPolicy") }, STR_INIT("spec/ingress/from/podSelector/matchLabels"), false },
    { { STR_INIT("networking.k8s.io"), STR_INIT(""), STR_INIT("NetworkPolicy") }, STR_INIT("spec/egress/to/podSelector/matchLabels"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("ReplicationController") }, STR_INIT("spec/selector"), true },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("ReplicationController") }, STR_INIT("spec/template/metadata/labels"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/selector/matchLabels"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/metadata/labels"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/selector/matchLabels"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/metadata/labels"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("metadata/labels"), true },
};

static const struct kust_fieldspec template_labels[] = {
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/metadata/labels"), true },
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/metadata/labels"), true },
    { { STR_INIT("batch"), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/metadata/labels"), true },
    { { STR_INIT("batch"), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/metadata/labels"), true },
    { { STR_INIT("batch"), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/metadata/labels"), true },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("ReplicationController") }, STR_INIT("spec/template/metadata/labels"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/metadata/labels"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/metadata/labels"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("metadata/labels"), true },
};

static const struct kust_fieldspec claim_labels[] = {
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/volumeClaimTemplates[]/metadata/labels"), true },
};

static const struct kust_fieldspec common_annotations[] = {
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/metadata/annotations"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/metadata/annotations"), true },
    { { STR_INIT("batch"), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/metadata/annotations"), true },
    { { STR_INIT("batch"), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/metadata/annotations"), true },
    { { STR_INIT("batch"), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/metadata/annotations"), true },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("ReplicationController") }, STR_INIT("spec/template/metadata/annotations"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/metadata/annotations"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/metadata/annotations"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("metadata/annotations"), true },
};

static const struct kust_fieldspec images[] = {
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("spec/containers[]/image"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("spec/initContainers[]/image"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("spec/volumes[]/image/reference"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("spec/template/spec/containers[]/image"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("spec/template/spec/initContainers[]/image"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("spec/template/spec/volumes[]/image/reference"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("spec/jobTemplate/spec/template/spec/volumes[]/image/reference"), true },
};

static const struct kust_fieldspec replicas[] = {
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/replicas"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/replicas"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/replicas"), true },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicationController") }, STR_INIT("spec/replicas"), true },
};

static const struct kust_fieldspec name_prefix[] = {
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("metadata/name"), false },
};

static const struct kust_fieldspec name_suffix[] = {
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("metadata/name"), false },
};

static const struct kust_fieldspec namespace[] = {
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Namespace") }, STR_INIT("metadata/name"), true },
    { { STR_INIT("apiextensions.k8s.io"), STR_INIT(""), STR_INIT("CustomResourceDefinition") }, STR_INIT("spec/conversion/webhook/clientConfig/service/namespace"), false },
    { { STR_INIT("apiregistration.k8s.io"), STR_INIT(""), STR_INIT("APIService") }, STR_INIT("spec/service/namespace"), true },
};

static const struct kust_fieldspec var_reference[] = {
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Service") }, STR_INIT("spec/ports/port"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Service") }, STR_INIT("spec/ports/targetPort"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PersistentVolume") }, STR_INIT("spec/nfs/server"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/containers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/containers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/containers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/containers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/initContainers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/initContainers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/initContainers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/initContainers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/volumes/nfs/server"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/metadata/annotations"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/containers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/containers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/containers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/containers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/initContainers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/initContainers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/initContainers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/initContainers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/volumeClaimTemplates/spec/nfs/server"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/containers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/containers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/containers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/containers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/initContainers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/initContainers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/initContainers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/initContainers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/volumes/nfs/server"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/containers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/containers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/containers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/containers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/initContainers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/initContainers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/initContainers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/initContainers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/volumes/nfs/server"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("spec/rules/host"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("spec/tls/hosts"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("spec/tls/secretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/containers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/containers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/containers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/containers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/initContainers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/initContainers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/initContainers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/initContainers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/volumes/nfs/server"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Pod") }, STR_INIT("spec/containers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Pod") }, STR_INIT("spec/containers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Pod") }, STR_INIT("spec/containers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Pod") }, STR_INIT("spec/containers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Pod") }, STR_INIT("spec/initContainers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Pod") }, STR_INIT("spec/initContainers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Pod") }, STR_INIT("spec/initContainers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Pod") }, STR_INIT("spec/initContainers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Pod") }, STR_INIT("spec/volumes/nfs/server"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/containers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/containers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/containers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/containers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/initContainers/args"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/initContainers/command"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/initContainers/env/value"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/initContainers/volumeMounts/mountPath"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/volumes/nfs/server"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("metadata/labels"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("") }, STR_INIT("metadata/annotations"), false },
};

static const struct kust_fieldspec refs0[] = { /* StorageClass */
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PersistentVolume") }, STR_INIT("spec/storageClassName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PersistentVolumeClaim") }, STR_INIT("spec/storageClassName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/volumeClaimTemplates/spec/storageClassName"), false },
};

static const struct kust_fieldspec refs1[] = { /* ServiceAccount */
    { { STR_INIT("rbac.authorization.k8s.io"), STR_INIT(""), STR_INIT("RoleBinding") }, STR_INIT("subjects"), false },
    { { STR_INIT("rbac.authorization.k8s.io"), STR_INIT(""), STR_INIT("ClusterRoleBinding") }, STR_INIT("subjects"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/serviceAccountName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/serviceAccountName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/serviceAccountName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/serviceAccountName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/serviceAccountName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Pod") }, STR_INIT("spec/serviceAccountName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicationController") }, STR_INIT("spec/template/spec/serviceAccountName"), false },
};

static const struct kust_fieldspec refs2[] = { /* Role */
    { { STR_INIT("rbac.authorization.k8s.io"), STR_INIT(""), STR_INIT("RoleBinding") }, STR_INIT("roleRef/name"), false },
};

static const struct kust_fieldspec refs3[] = { /* ClusterRole */
    { { STR_INIT("rbac.authorization.k8s.io"), STR_INIT(""), STR_INIT("RoleBinding") }, STR_INIT("roleRef/name"), false },
    { { STR_INIT("rbac.authorization.k8s.io"), STR_INIT(""), STR_INIT("ClusterRoleBinding") }, STR_INIT("roleRef/name"), false },
};

static const struct kust_fieldspec refs4[] = { /* ConfigMap */
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Role") }, STR_INIT("rules/resourceNames"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ClusterRole") }, STR_INIT("rules/resourceNames"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/volumes/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/containers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/containers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/initContainers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/volumes/projected/sources/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/volumes/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/containers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/containers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/initContainers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/volumes/projected/sources/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/volumes/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/volumes/projected/sources/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/containers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/containers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/initContainers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/volumes/configMap/name"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/containers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/initContainers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/containers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/initContainers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/volumes/projected/sources/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/volumes/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/containers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/containers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/initContainers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/volumes/projected/sources/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/volumes/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/containers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/containers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/initContainers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/volumes/projected/sources/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Node") }, STR_INIT("spec/configSource/configMap"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/volumes/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/containers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/initContainers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/containers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/initContainers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/volumes/projected/sources/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/volumes/configMap/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/containers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/containers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/initContainers/envFrom/configMapRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/volumes/projected/sources/configMap/name"), false },
};

static const struct kust_fieldspec refs5[] = { /* Secret */
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StorageClass") }, STR_INIT("parameters/secretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StorageClass") }, STR_INIT("parameters/adminSecretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StorageClass") }, STR_INIT("parameters/userSecretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StorageClass") }, STR_INIT("parameters/secretRef"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ServiceAccount") }, STR_INIT("imagePullSecrets/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Role") }, STR_INIT("rules/resourceNames"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ClusterRole") }, STR_INIT("rules/resourceNames"), false },
    { { STR_INIT("serving.knative.dev"), STR_INIT("v1"), STR_INIT("Service") }, STR_INIT("spec/template/spec/containers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PersistentVolume") }, STR_INIT("spec/azureFile/secretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/volumes/secret/secretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/containers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/containers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/initContainers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/imagePullSecrets/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/volumes/projected/sources/secret/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/volumes/secret/secretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/containers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/containers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/initContainers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/imagePullSecrets/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/volumes/projected/sources/secret/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/volumes/secret/secretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/volumes/projected/sources/secret/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/containers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/containers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/initContainers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/imagePullSecrets/name"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/volumes/secret/secretName"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/containers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/initContainers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/containers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/initContainers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/imagePullSecrets/name"), false },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Pod") }, STR_INIT("spec/volumes/projected/sources/secret/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/volumes/secret/secretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/containers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/containers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/initContainers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/imagePullSecrets/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/volumes/projected/sources/secret/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("spec/tls/secretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("metadata/annotations/ingress.kubernetes.io\\/auth-secret"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("spec/tls/secretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/volumes/secret/secretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/containers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/containers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/initContainers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/imagePullSecrets/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/volumes/projected/sources/secret/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/volumes/secret/secretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/containers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/initContainers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/containers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/initContainers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/imagePullSecrets/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PodTemplate") }, STR_INIT("template/spec/volumes/projected/sources/secret/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/volumes/secret/secretName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/containers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/containers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/initContainers/envFrom/secretRef/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/imagePullSecrets/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, STR_INIT("spec/template/spec/volumes/projected/sources/secret/name"), false },
};

static const struct kust_fieldspec refs6[] = { /* Service */
    { { STR_INIT("apps"), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/serviceName"), false },
    { { STR_INIT("apiregistration.k8s.io"), STR_INIT(""), STR_INIT("APIService") }, STR_INIT("spec/service/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("spec/rules/http/paths/backend/serviceName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("spec/backend/serviceName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("spec/rules/http/paths/backend/service/name"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("spec/defaultBackend/service/name"), false },
    { { STR_INIT("admissionregistration.k8s.io"), STR_INIT(""), STR_INIT("MutatingWebhookConfiguration") }, STR_INIT("webhooks/clientConfig/service"), false },
    { { STR_INIT("admissionregistration.k8s.io"), STR_INIT(""), STR_INIT("ValidatingWebhookConfiguration") }, STR_INIT("webhooks/clientConfig/service"), false },
};

static const struct kust_fieldspec refs7[] = { /* PriorityClass */
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/priorityClassName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/priorityClassName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/priorityClassName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/priorityClassName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/priorityClassName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Pod") }, STR_INIT("spec/priorityClassName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicationController") }, STR_INIT("spec/template/spec/priorityClassName"), false },
};

static const struct kust_fieldspec refs8[] = { /* PersistentVolume */
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ClusterRole") }, STR_INIT("rules/resourceNames"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("PersistentVolumeClaim") }, STR_INIT("spec/volumeName"), false },
};

static const struct kust_fieldspec refs9[] = { /* PersistentVolumeClaim */
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, STR_INIT("spec/template/spec/volumes/persistentVolumeClaim/claimName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, STR_INIT("spec/template/spec/volumes/persistentVolumeClaim/claimName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("CronJob") }, STR_INIT("spec/jobTemplate/spec/template/spec/volumes/persistentVolumeClaim/claimName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("DaemonSet") }, STR_INIT("spec/template/spec/volumes/persistentVolumeClaim/claimName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Job") }, STR_INIT("spec/template/spec/volumes/persistentVolumeClaim/claimName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Pod") }, STR_INIT("spec/volumes/persistentVolumeClaim/claimName"), false },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicationController") }, STR_INIT("spec/template/spec/volumes/persistentVolumeClaim/claimName"), false },
};

static const struct kust_fieldspec refs10[] = { /* Deployment */
    { { STR_INIT(""), STR_INIT(""), STR_INIT("HorizontalPodAutoscaler") }, STR_INIT("spec/scaleTargetRef/name"), false },
};

static const struct kust_fieldspec refs11[] = { /* StatefulSet */
    { { STR_INIT(""), STR_INIT(""), STR_INIT("HorizontalPodAutoscaler") }, STR_INIT("spec/scaleTargetRef/name"), false },
};

static const struct kust_fieldspec refs12[] = { /* ValidatingAdmissionPolicy */
    { { STR_INIT("admissionregistration.k8s.io"), STR_INIT(""), STR_INIT("ValidatingAdmissionPolicyBinding") }, STR_INIT("spec/policyName"), false },
};

static const struct kust_fieldspec refs13[] = { /* IngressClass */
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Ingress") }, STR_INIT("spec/ingressClassName"), false },
};

static const struct kust_fieldspec refs14[] = { /* ReplicaSet */
    { { STR_INIT(""), STR_INIT(""), STR_INIT("HorizontalPodAutoscaler") }, STR_INIT("spec/scaleTargetRef/name"), false },
};

static const struct kust_fieldspec refs15[] = { /* ReplicationController */
    { { STR_INIT(""), STR_INIT(""), STR_INIT("HorizontalPodAutoscaler") }, STR_INIT("spec/scaleTargetRef/name"), false },
};

static const struct kust_name_reference name_references[] = {
    { { STR_INIT("storage.k8s.io"), STR_INIT("v1"), STR_INIT("StorageClass") }, { refs0, sizeof refs0 / sizeof refs0[0] } },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("ServiceAccount") }, { refs1, sizeof refs1 / sizeof refs1[0] } },
    { { STR_INIT("rbac.authorization.k8s.io"), STR_INIT(""), STR_INIT("Role") }, { refs2, sizeof refs2 / sizeof refs2[0] } },
    { { STR_INIT("rbac.authorization.k8s.io"), STR_INIT(""), STR_INIT("ClusterRole") }, { refs3, sizeof refs3 / sizeof refs3[0] } },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("ConfigMap") }, { refs4, sizeof refs4 / sizeof refs4[0] } },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Secret") }, { refs5, sizeof refs5 / sizeof refs5[0] } },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("Service") }, { refs6, sizeof refs6 / sizeof refs6[0] } },
    { { STR_INIT("scheduling.k8s.io"), STR_INIT("v1"), STR_INIT("PriorityClass") }, { refs7, sizeof refs7 / sizeof refs7[0] } },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("PersistentVolume") }, { refs8, sizeof refs8 / sizeof refs8[0] } },
    { { STR_INIT(""), STR_INIT("v1"), STR_INIT("PersistentVolumeClaim") }, { refs9, sizeof refs9 / sizeof refs9[0] } },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("Deployment") }, { refs10, sizeof refs10 / sizeof refs10[0] } },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("StatefulSet") }, { refs11, sizeof refs11 / sizeof refs11[0] } },
    { { STR_INIT("admissionregistration.k8s.io"), STR_INIT(""), STR_INIT("ValidatingAdmissionPolicy") }, { refs12, sizeof refs12 / sizeof refs12[0] } },
    { { STR_INIT("networking.k8s.io/v1"), STR_INIT("v1"), STR_INIT("IngressClass") }, { refs13, sizeof refs13 / sizeof refs13[0] } },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicaSet") }, { refs14, sizeof refs14 / sizeof refs14[0] } },
    { { STR_INIT(""), STR_INIT(""), STR_INIT("ReplicationController") }, { refs15, sizeof refs15 / sizeof refs15[0] } },
};

#define ALL(list) { list, sizeof list / sizeof list[0] }
const struct kust_config kust_config_default = {
    .name_prefix = ALL(name_prefix),
    .name_suffix = ALL(name_suffix),
    .namespace = ALL(namespace),
    .common_labels = ALL(common_labels),
    .template_labels = ALL(template_labels),
    .claim_labels = ALL(claim_labels),
    .common_annotations = ALL(common_annotations),
    .images = ALL(images),
    .replicas = ALL(replicas),
    .var_reference = ALL(var_reference),
    .name_references = name_references,
    .name_reference_count = sizeof name_references / sizeof name_references[0],
};

/* SPDX-License-Identifier: Apache-2.0 */
/* The defaults that need no thought. Order matters: a map is made before what goes into it. */
#include "core/apiserver/defaults.h"

#define R(kinds, path, field, value) \
    { STR_INIT(kinds), STR_INIT(path), STR_INIT(field), STR_INIT(value), { 0 } }
#define W(kinds, path, field, value, when) \
    { STR_INIT(kinds), STR_INIT(path), STR_INIT(field), STR_INIT(value), STR_INIT(when) }

#define HOOKS                                                      \
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration," \
    "admissionregistration.k8s.io/MutatingWebhookConfiguration"
#define MUTATING "admissionregistration.k8s.io/MutatingWebhookConfiguration"
#define POLICIES "admissionregistration.k8s.io/ValidatingAdmissionPolicy"
#define BINDINGS \
    "rbac.authorization.k8s.io/RoleBinding,rbac.authorization.k8s.io/ClusterRoleBinding"
#define HPA "autoscaling/HorizontalPodAutoscaler"
#define RBAC_GROUP "rbac.authorization.k8s.io"

static const struct default_rule rules[] = {
    R("apps/Deployment,apps/StatefulSet,apps/ReplicaSet", "spec", "replicas", "1"),
    R("apps/Deployment,apps/DaemonSet,apps/StatefulSet", "spec", "revisionHistoryLimit", "10"),
    R("apps/Deployment", "spec", "progressDeadlineSeconds", "600"),
    R("apps/Deployment", "spec.strategy", "type", "RollingUpdate"),
    W("apps/Deployment", "spec.strategy", "rollingUpdate", "{}", "type=RollingUpdate"),
    R("apps/Deployment", "spec.strategy.rollingUpdate", "maxUnavailable", "25%"),
    R("apps/Deployment", "spec.strategy.rollingUpdate", "maxSurge", "25%"),
    R("apps/DaemonSet", "spec.updateStrategy", "type", "RollingUpdate"),
    W("apps/DaemonSet", "spec.updateStrategy", "rollingUpdate", "{}", "type=RollingUpdate"),
    R("apps/DaemonSet", "spec.updateStrategy.rollingUpdate", "maxUnavailable", "1"),
    R("apps/DaemonSet", "spec.updateStrategy.rollingUpdate", "maxSurge", "0"),
    R("apps/StatefulSet", "spec", "podManagementPolicy", "OrderedReady"),
    W("apps/StatefulSet", "spec.updateStrategy", "rollingUpdate", "{}", "type="),
    R("apps/StatefulSet", "spec.updateStrategy", "type", "RollingUpdate"),
    R("apps/StatefulSet", "spec.updateStrategy.rollingUpdate", "partition", "0"),
    R("apps/StatefulSet", "spec", "persistentVolumeClaimRetentionPolicy", "{}"),
    R("apps/StatefulSet", "spec.persistentVolumeClaimRetentionPolicy", "whenDeleted", "Retain"),
    R("apps/StatefulSet", "spec.persistentVolumeClaimRetentionPolicy", "whenScaled", "Retain"),
    R("apps/StatefulSet", "spec.volumeClaimTemplates[]", "apiVersion", "v1"),
    R("apps/StatefulSet", "spec.volumeClaimTemplates[]", "kind", "PersistentVolumeClaim"),
    R("apps/StatefulSet", "spec.volumeClaimTemplates[].spec", "volumeMode", "Filesystem"),
    R("apps/StatefulSet", "spec.volumeClaimTemplates[].status", "phase", "Pending"),
    W("batch/Job", "spec", "completions", "1", "parallelism="),
    R("batch/Job", "spec", "parallelism", "1"),
    R("batch/Job", "spec", "completionMode", "NonIndexed"),
    R("batch/Job", "spec", "suspend", "false"),
    W("batch/Job", "spec", "backoffLimit", "6", "backoffLimitPerIndex="),
    R("batch/Job", "spec", "backoffLimit", "2147483647"),
    W("batch/Job", "spec", "podReplacementPolicy", "TerminatingOrFailed", "podFailurePolicy="),
    R("batch/Job", "spec", "podReplacementPolicy", "Failed"),
    R("batch/Job", "spec", "manualSelector", "false"),
    R("batch/Job", "spec.podFailurePolicy.rules[].onPodConditions[]", "status", "True"),
    R("batch/CronJob", "spec", "concurrencyPolicy", "Allow"),
    R("batch/CronJob", "spec", "suspend", "false"),
    R("batch/CronJob", "spec", "successfulJobsHistoryLimit", "3"),
    R("batch/CronJob", "spec", "failedJobsHistoryLimit", "1"),
    R("/ReplicationController", "spec", "replicas", "1"),
    R("/Service", "spec", "sessionAffinity", "None"),
    R("/Service", "spec", "type", "ClusterIP"),
    R("/Service", "spec.ports[]", "protocol", "TCP"),
    W("/Service", "spec", "externalTrafficPolicy", "Cluster", "type=NodePort|LoadBalancer"),
    W("/Service", "spec", "internalTrafficPolicy", "Cluster",
      "type=NodePort|LoadBalancer|ClusterIP"),
    W("/Service", "spec", "allocateLoadBalancerNodePorts", "true", "type=LoadBalancer"),
    W("/Service", "spec", "sessionAffinityConfig", "{}", "sessionAffinity=ClientIP"),
    R("/Service", "spec.sessionAffinityConfig", "clientIP", "{}"),
    R("/Service", "spec.sessionAffinityConfig.clientIP", "timeoutSeconds", "10800"),
    R("/Secret", "", "type", "Opaque"),
    R("/Namespace", "status", "phase", "Active"),
    R("/PersistentVolume", "status", "phase", "Pending"),
    R("/PersistentVolume", "spec", "persistentVolumeReclaimPolicy", "Retain"),
    R("/PersistentVolume", "spec", "volumeMode", "Filesystem"),
    R("/PersistentVolume", "spec.hostPath", "type", ""),
    R("/PersistentVolumeClaim", "status", "phase", "Pending"),
    R("/PersistentVolumeClaim", "spec", "volumeMode", "Filesystem"),
    R("/Endpoints", "subsets[].ports[]", "protocol", "TCP"),
    R("discovery.k8s.io/EndpointSlice", "ports[]", "name", ""),
    R("discovery.k8s.io/EndpointSlice", "ports[]", "protocol", "TCP"),
    R("networking.k8s.io/NetworkPolicy", "spec.ingress[].ports[]", "protocol", "TCP"),
    R("networking.k8s.io/NetworkPolicy", "spec.egress[].ports[]", "protocol", "TCP"),
    R("networking.k8s.io/IngressClass", "spec.parameters", "scope", "Cluster"),
    R(BINDINGS, "roleRef", "apiGroup", RBAC_GROUP),
    W(BINDINGS, "subjects[]", "apiGroup", RBAC_GROUP, "kind=User|Group"),
    R("scheduling.k8s.io/PriorityClass", "", "preemptionPolicy", "PreemptLowerPriority"),
    R("storage.k8s.io/StorageClass", "", "reclaimPolicy", "Delete"),
    R("storage.k8s.io/StorageClass", "", "volumeBindingMode", "Immediate"),
    R("storage.k8s.io/CSIDriver", "spec", "attachRequired", "true"),
    R("storage.k8s.io/CSIDriver", "spec", "podInfoOnMount", "false"),
    R("storage.k8s.io/CSIDriver", "spec", "storageCapacity", "false"),
    R("storage.k8s.io/CSIDriver", "spec", "fsGroupPolicy", "ReadWriteOnceWithFSType"),
    R("storage.k8s.io/CSIDriver", "spec", "requiresRepublish", "false"),
    R("storage.k8s.io/CSIDriver", "spec", "seLinuxMount", "false"),
    R(HOOKS, "webhooks[]", "failurePolicy", "Fail"),
    R(HOOKS, "webhooks[]", "matchPolicy", "Equivalent"),
    R(HOOKS, "webhooks[]", "namespaceSelector", "{}"),
    R(HOOKS, "webhooks[]", "objectSelector", "{}"),
    R(HOOKS, "webhooks[]", "timeoutSeconds", "10"),
    R(MUTATING, "webhooks[]", "reinvocationPolicy", "Never"),
    R(HOOKS, "webhooks[].rules[]", "scope", "*"),
    R(HOOKS, "webhooks[].clientConfig.service", "port", "443"),
    R(POLICIES, "spec", "failurePolicy", "Fail"),
    R(POLICIES, "spec.matchConstraints", "matchPolicy", "Equivalent"),
    R(POLICIES, "spec.matchConstraints", "namespaceSelector", "{}"),
    R(POLICIES, "spec.matchConstraints", "objectSelector", "{}"),
    R(POLICIES, "spec.matchConstraints.resourceRules[]", "scope", "*"),
    R(HPA, "spec", "minReplicas", "1"),
    R(HPA, "spec.behavior", "scaleUp", "{}"),
    R(HPA, "spec.behavior", "scaleDown", "{}"),
    R(HPA, "spec.behavior.scaleUp", "selectPolicy", "Max"),
    R(HPA, "spec.behavior.scaleDown", "selectPolicy", "Max"),
    R(HPA, "spec.behavior.scaleUp", "stabilizationWindowSeconds", "0"),
    R("apiextensions.k8s.io/CustomResourceDefinition", "spec", "conversion", "{}"),
    R("apiextensions.k8s.io/CustomResourceDefinition", "spec.conversion", "strategy", "None"),
    R("apiextensions.k8s.io/CustomResourceDefinition",
      "spec.conversion.webhook.clientConfig.service", "port", "443"),
    R("apiregistration.k8s.io/APIService", "spec.service", "port", "443"),
};

#define P(path, field, value) { { 0 }, STR_INIT(path), STR_INIT(field), STR_INIT(value), { 0 } }
#define PROBE(path)                                                            \
    P(path, "timeoutSeconds", "1"), P(path, "periodSeconds", "10"),            \
        P(path, "successThreshold", "1"), P(path, "failureThreshold", "3"),    \
        P(path ".httpGet", "path", "/"), P(path ".httpGet", "scheme", "HTTP"), \
        P(path ".grpc", "service", "")
#define CONTAINER(path)                                                                        \
    P(path, "terminationMessagePath", "/dev/termination-log"),                                 \
        P(path, "terminationMessagePolicy", "File"), P(path ".ports[]", "protocol", "TCP"),    \
        P(path ".env[].valueFrom.fieldRef", "apiVersion", "v1"), PROBE(path ".livenessProbe"), \
        PROBE(path ".readinessProbe"), PROBE(path ".startupProbe"),                            \
        P(path ".lifecycle.postStart.httpGet", "path", "/"),                                   \
        P(path ".lifecycle.postStart.httpGet", "scheme", "HTTP"),                              \
        P(path ".lifecycle.preStop.httpGet", "path", "/"),                                     \
        P(path ".lifecycle.preStop.httpGet", "scheme", "HTTP")

static const struct default_rule pod_rules[] = {
    P("", "dnsPolicy", "ClusterFirst"),
    P("", "restartPolicy", "Always"),
    P("", "securityContext", "{}"),
    P("", "terminationGracePeriodSeconds", "30"),
    P("", "schedulerName", "default-scheduler"),
    CONTAINER("containers[]"),
    CONTAINER("initContainers[]"),
    CONTAINER("ephemeralContainers[]"),
    P("volumes[].secret", "defaultMode", "420"),
    P("volumes[].configMap", "defaultMode", "420"),
    P("volumes[].projected", "defaultMode", "420"),
    P("volumes[].projected.sources[].serviceAccountToken", "expirationSeconds", "3600"),
    P("volumes[].projected.sources[].downwardAPI.items[].fieldRef", "apiVersion", "v1"),
    P("volumes[].downwardAPI", "defaultMode", "420"),
    P("volumes[].downwardAPI.items[].fieldRef", "apiVersion", "v1"),
    P("volumes[].hostPath", "type", ""),
    P("volumes[].iscsi", "iscsiInterface", "default"),
    P("volumes[].rbd", "pool", "rbd"),
    P("volumes[].rbd", "user", "admin"),
    P("volumes[].rbd", "keyring", "/etc/ceph/keyring"),
    P("volumes[].azureDisk", "cachingMode", "ReadWrite"),
    P("volumes[].azureDisk", "fsType", "ext4"),
    P("volumes[].azureDisk", "readOnly", "false"),
    P("volumes[].azureDisk", "kind", "Shared"),
    P("volumes[].ephemeral.volumeClaimTemplate.spec", "volumeMode", "Filesystem"),
};

const struct default_rule *default_rules(size_t *ret_count)
{
    *ret_count = sizeof rules / sizeof rules[0];
    return rules;
}

const struct default_rule *pod_default_rules(size_t *ret_count)
{
    *ret_count = sizeof pod_rules / sizeof pod_rules[0];
    return pod_rules;
}

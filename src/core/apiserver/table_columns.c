/* SPDX-License-Identifier: Apache-2.0 */
/* Which columns a kind has. Names, types and order are what clients see. */
#include "core/apiserver/table_columns.h"

#define C(name, type, priority, cell, arg) \
    { STR_INIT(name), STR_INIT(type), priority, cell, STR_INIT(arg) }
#define AGE C("Age", "string", 0, cell_age, "")
#define TEMPLATE(path) \
    C("Containers", "string", 1, cell_containers, path), C("Images", "string", 1, cell_images, path)

static const struct table_column pod[] = {
    C("Ready", "string", 0, cell_pod_ready, ""),
    C("Status", "string", 0, cell_pod_status, ""),
    C("Restarts", "string", 0, cell_pod_restarts, ""),
    AGE,
    C("IP", "string", 1, cell_pod_ip, ""),
    C("Node", "string", 1, cell_or_none, "spec.nodeName"),
    C("Nominated Node", "string", 1, cell_or_none, "status.nominatedNodeName"),
    C("Readiness Gates", "string", 1, cell_readiness_gates, ""),
};
static const struct table_column deployment[] = {
    C("Ready", "string", 0, cell_ratio, "status.readyReplicas,spec.replicas"),
    C("Up-to-date", "string", 0, cell_int, "status.updatedReplicas"),
    C("Available", "string", 0, cell_int, "status.availableReplicas"),
    AGE,
    TEMPLATE("spec.template.spec.containers"),
    C("Selector", "string", 1, cell_selector, "spec.selector"),
};
static const struct table_column replica_set[] = {
    C("Desired", "integer", 0, cell_int, "spec.replicas"),
    C("Current", "integer", 0, cell_int, "status.replicas"),
    C("Ready", "integer", 0, cell_int, "status.readyReplicas"),
    AGE,
    TEMPLATE("spec.template.spec.containers"),
    C("Selector", "string", 1, cell_selector, "spec.selector"),
};
static const struct table_column replication_controller[] = {
    C("Desired", "integer", 0, cell_int, "spec.replicas"),
    C("Current", "integer", 0, cell_int, "status.replicas"),
    C("Ready", "integer", 0, cell_int, "status.readyReplicas"),
    AGE,
    TEMPLATE("spec.template.spec.containers"),
    C("Selector", "string", 1, cell_labels, "spec.selector"),
};
static const struct table_column stateful_set[] = {
    C("Ready", "string", 0, cell_ratio, "status.readyReplicas,spec.replicas"),
    AGE,
    TEMPLATE("spec.template.spec.containers"),
};
static const struct table_column daemon_set[] = {
    C("Desired", "integer", 0, cell_int, "status.desiredNumberScheduled"),
    C("Current", "integer", 0, cell_int, "status.currentNumberScheduled"),
    C("Ready", "integer", 0, cell_int, "status.numberReady"),
    C("Up-to-date", "integer", 0, cell_int, "status.updatedNumberScheduled"),
    C("Available", "integer", 0, cell_int, "status.numberAvailable"),
    C("Node Selector", "string", 0, cell_labels, "spec.template.spec.nodeSelector"),
    AGE,
    TEMPLATE("spec.template.spec.containers"),
    C("Selector", "string", 1, cell_selector, "spec.selector"),
};
static const struct table_column job[] = {
    C("Status", "string", 0, cell_job_status, ""),
    C("Completions", "string", 0, cell_job_completions, ""),
    C("Duration", "string", 0, cell_job_duration, ""),
    AGE,
    TEMPLATE("spec.template.spec.containers"),
    C("Selector", "string", 1, cell_selector, "spec.selector"),
};
static const struct table_column cron_job[] = {
    C("Schedule", "string", 0, cell_text, "spec.schedule"),
    C("Timezone", "string", 0, cell_or_none, "spec.timeZone"),
    C("Suspend", "boolean", 0, cell_bool, "spec.suspend"),
    C("Active", "integer", 0, cell_count, "status.active"),
    C("Last Schedule", "string", 0, cell_age, "status.lastScheduleTime"),
    AGE,
    TEMPLATE("spec.jobTemplate.spec.template.spec.containers"),
    C("Selector", "string", 1, cell_selector, "spec.jobTemplate.spec.selector"),
};
static const struct table_column service[] = {
    C("Type", "string", 0, cell_text, "spec.type"),
    C("Cluster-IP", "string", 0, cell_cluster_ip, ""),
    C("External-IP", "string", 0, cell_service_external, ""),
    C("Port(s)", "string", 0, cell_service_ports, ""),
    AGE,
    C("Selector", "string", 1, cell_labels, "spec.selector"),
};
static const struct table_column config_map[] = {
    C("Data", "string", 0, cell_count, "data,binaryData"),
    AGE,
};
static const struct table_column secret[] = {
    C("Type", "string", 0, cell_text, "type"),
    C("Data", "string", 0, cell_count, "data"),
    AGE,
};
static const struct table_column service_account[] = {
    AGE,
};
static const struct table_column name_space[] = {
    C("Status", "string", 0, cell_text, "status.phase"),
    AGE,
};
static const struct table_column node[] = {
    C("Status", "string", 0, cell_node_status, ""),
    C("Roles", "string", 0, cell_node_roles, ""),
    AGE,
    C("Version", "string", 0, cell_text, "status.nodeInfo.kubeletVersion"),
    C("Internal-IP", "string", 1, cell_node_address, "InternalIP"),
    C("External-IP", "string", 1, cell_node_address, "ExternalIP"),
    C("OS-Image", "string", 1, cell_or_unknown, "status.nodeInfo.osImage"),
    C("Kernel-Version", "string", 1, cell_or_unknown, "status.nodeInfo.kernelVersion"),
    C("Container-Runtime", "string", 1, cell_or_unknown, "status.nodeInfo.containerRuntimeVersion"),
};
static const struct table_column event[] = {
    C("Last Seen", "string", 0, cell_event_last, ""),
    C("Type", "string", 0, cell_text, "type"),
    C("Reason", "string", 0, cell_text, "reason"),
    C("Object", "string", 0, cell_event_object, ""),
    C("Subobject", "string", 1, cell_text, "involvedObject.fieldPath"),
    C("Source", "string", 1, cell_event_source, ""),
    C("Message", "string", 0, cell_text, "message"),
    C("First Seen", "string", 1, cell_event_first, ""),
    C("Count", "string", 1, cell_event_count, ""),
    C("Name", "string", 1, cell_text, "metadata.name"),
};
static const struct table_column ingress[] = {
    C("Class", "string", 0, cell_or_none, "spec.ingressClassName"),
    C("Hosts", "string", 0, cell_ingress_hosts, ""),
    C("Address", "string", 0, cell_ingress_address, ""),
    C("Ports", "string", 0, cell_ingress_ports, ""),
    AGE,
};
static const struct table_column ingress_class[] = {
    C("Controller", "string", 0, cell_text, "spec.controller"),
    C("Parameters", "string", 0, cell_joined, "spec.parameters"),
    AGE,
};
static const struct table_column network_policy[] = {
    C("Pod-Selector", "string", 0, cell_selector, "spec.podSelector"),
    AGE,
};
static const struct table_column disruption_budget[] = {
    C("Min Available", "string", 0, cell_or_na, "spec.minAvailable"),
    C("Max Unavailable", "string", 0, cell_or_na, "spec.maxUnavailable"),
    C("Allowed Disruptions", "integer", 0, cell_int, "status.disruptionsAllowed"),
    AGE,
};
static const struct table_column autoscaler[] = {
    C("Reference", "string", 0, cell_joined, "spec.scaleTargetRef"),
    C("Targets", "string", 0, cell_hpa_targets, ""),
    C("MinPods", "string", 0, cell_hpa_min, ""),
    C("MaxPods", "string", 0, cell_int, "spec.maxReplicas"),
    C("Replicas", "string", 0, cell_int, "status.currentReplicas"),
    AGE,
};
static const struct table_column lease[] = {
    C("Holder", "string", 0, cell_text, "spec.holderIdentity"),
    AGE,
};
static const struct table_column role[] = {
    C("Created At", "date", 0, cell_time, "metadata.creationTimestamp"),
};
static const struct table_column role_binding[] = {
    C("Role", "string", 0, cell_joined, "roleRef"),
    AGE,
    C("Users", "string", 1, cell_subjects, "User"),
    C("Groups", "string", 1, cell_subjects, "Group"),
    C("ServiceAccounts", "string", 1, cell_subjects, "ServiceAccount"),
};
static const struct table_column volume[] = {
    C("Capacity", "string", 0, cell_text, "spec.capacity.storage"),
    C("Access Modes", "string", 0, cell_access_modes, "spec.accessModes"),
    C("Reclaim Policy", "string", 0, cell_text, "spec.persistentVolumeReclaimPolicy"),
    C("Status", "string", 0, cell_phase, ""),
    C("Claim", "string", 0, cell_claim, ""),
    C("StorageClass", "string", 0, cell_text, "spec.storageClassName"),
    C("VolumeAttributesClass", "string", 0, cell_or_unset, "spec.volumeAttributesClassName"),
    C("Reason", "string", 0, cell_text, "status.reason"),
    AGE,
    C("VolumeMode", "string", 1, cell_or_unset, "spec.volumeMode"),
};
static const struct table_column volume_claim[] = {
    C("Status", "string", 0, cell_phase, ""),
    C("Volume", "string", 0, cell_text, "spec.volumeName"),
    C("Capacity", "string", 0, cell_text, "status.capacity.storage"),
    C("Access Modes", "string", 0, cell_access_modes, "status.accessModes"),
    C("StorageClass", "string", 0, cell_text, "spec.storageClassName"),
    C("VolumeAttributesClass", "string", 0, cell_or_unset, "spec.volumeAttributesClassName"),
    AGE,
    C("VolumeMode", "string", 1, cell_or_unset, "spec.volumeMode"),
};
static const struct table_column storage_class[] = {
    C("Provisioner", "string", 0, cell_text, "provisioner"),
    C("ReclaimPolicy", "string", 0, cell_text, "reclaimPolicy"),
    C("VolumeBindingMode", "string", 0, cell_text, "volumeBindingMode"),
    C("AllowVolumeExpansion", "string", 0, cell_bool, "allowVolumeExpansion"),
    AGE,
};
static const struct table_column priority_class[] = {
    C("Value", "integer", 0, cell_int, "value"),
    C("Global-Default", "boolean", 0, cell_bool, "globalDefault"),
    AGE,
    C("PreemptionPolicy", "string", 0, cell_text, "preemptionPolicy"),
};
static const struct table_column endpoints[] = {
    C("Endpoints", "string", 0, cell_endpoints, ""),
    AGE,
};
static const struct table_column endpoint_slice[] = {
    C("AddressType", "string", 0, cell_text, "addressType"),
    C("Ports", "string", 0, cell_slice_ports, ""),
    C("Endpoints", "string", 0, cell_slice_endpoints, ""),
    AGE,
};
static const struct table_column resource_quota[] = {
    C("Request", "string", 0, cell_quota, ""),
    C("Limit", "string", 0, cell_quota, "limits"),
    AGE,
};
static const struct table_column pod_template[] = {
    C("Containers", "string", 0, cell_containers, "template.spec.containers"),
    C("Images", "string", 0, cell_images, "template.spec.containers"),
    C("Pod Labels", "string", 0, cell_labels, "template.metadata.labels"),
};
static const struct table_column runtime_class[] = {
    C("Handler", "string", 0, cell_text, "handler"),
    AGE,
};
static const struct table_column created_at[] = {
    C("Created At", "date", 0, cell_time, "metadata.creationTimestamp"),
};
static const struct table_column webhooks[] = {
    C("Webhooks", "integer", 0, cell_count, "webhooks"),
    AGE,
};

#define KIND(group, kind, columns) \
    { STR_INIT(group), STR_INIT(kind), columns, sizeof columns / sizeof columns[0] }

static const struct table_kind kinds[] = {
    KIND("", "Pod", pod),
    KIND("apps", "Deployment", deployment),
    KIND("apps", "ReplicaSet", replica_set),
    KIND("", "ReplicationController", replication_controller),
    KIND("apps", "StatefulSet", stateful_set),
    KIND("apps", "DaemonSet", daemon_set),
    KIND("batch", "Job", job),
    KIND("batch", "CronJob", cron_job),
    KIND("", "Service", service),
    KIND("", "ConfigMap", config_map),
    KIND("", "Secret", secret),
    KIND("", "ServiceAccount", service_account),
    KIND("", "Namespace", name_space),
    KIND("", "Node", node),
    KIND("", "Event", event),
    KIND("networking.k8s.io", "Ingress", ingress),
    KIND("networking.k8s.io", "IngressClass", ingress_class),
    KIND("networking.k8s.io", "NetworkPolicy", network_policy),
    KIND("policy", "PodDisruptionBudget", disruption_budget),
    KIND("autoscaling", "HorizontalPodAutoscaler", autoscaler),
    KIND("coordination.k8s.io", "Lease", lease),
    KIND("rbac.authorization.k8s.io", "Role", role),
    KIND("rbac.authorization.k8s.io", "ClusterRole", role),
    KIND("rbac.authorization.k8s.io", "RoleBinding", role_binding),
    KIND("rbac.authorization.k8s.io", "ClusterRoleBinding", role_binding),
    KIND("", "PersistentVolume", volume),
    KIND("", "PersistentVolumeClaim", volume_claim),
    KIND("storage.k8s.io", "StorageClass", storage_class),
    KIND("scheduling.k8s.io", "PriorityClass", priority_class),
    KIND("", "PodTemplate", pod_template),
    KIND("node.k8s.io", "RuntimeClass", runtime_class),
    KIND("", "Endpoints", endpoints),
    KIND("discovery.k8s.io", "EndpointSlice", endpoint_slice),
    KIND("", "ResourceQuota", resource_quota),
    KIND("", "LimitRange", created_at),
    KIND("apiextensions.k8s.io", "CustomResourceDefinition", created_at),
    KIND("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", webhooks),
    KIND("admissionregistration.k8s.io", "MutatingWebhookConfiguration", webhooks),
};

static const struct table_kind plain = { { 0 }, { 0 }, created_at, 1 };

const struct table_kind *table_kind_of(const struct api_resource *r)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_eq(kinds[i].kind, r->gvk.kind) && str_eq(kinds[i].group, r->gvk.group))
            return &kinds[i];
    return &plain;
}

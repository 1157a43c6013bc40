/* SPDX-License-Identifier: Apache-2.0 */
/* Kustomization of kustomize.toolkit.fluxcd.io/v1 as data; its content is protocol (see NOTICE). */
#include "core/api/kind.h"

/* kustomization_spec_buildMetadata */
static const struct api_field f0[] = {
    { STR_INIT(""), API_STRING, false,
      STR_INIT("BuildMetadataOption defines the supported buildMetadata options."),
      STR_INIT("{\"enum\": [\"originAnnotations\", \"transformerAnnotations\"]}"), NULL, 0 },
};

/* kustomization_spec_commonMetadata_annotations */
static const struct api_field f1[] = {
    { STR_INIT(""), API_STRING, false,
      STR_INIT(""),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_commonMetadata_labels */
static const struct api_field f2[] = {
    { STR_INIT(""), API_STRING, false,
      STR_INIT(""),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_commonMetadata */
static const struct api_field f3[] = {
    { STR_INIT("annotations"), API_MAP, false,
      STR_INIT("Annotations to be added to the object's metadata."),
      STR_INIT(""), f1, 1 },
    { STR_INIT("labels"), API_MAP, false,
      STR_INIT("Labels to be added to the object's metadata."),
      STR_INIT(""), f2, 1 },
};

/* kustomization_spec_components */
static const struct api_field f4[] = {
    { STR_INIT(""), API_STRING, false,
      STR_INIT(""),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_decryption_secretRef */
static const struct api_field f5[] = {
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name of the referent."),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_decryption */
static const struct api_field f6[] = {
    { STR_INIT("provider"), API_STRING, true,
      STR_INIT("Provider is the name of the decryption engine."),
      STR_INIT("{\"enum\": [\"sops\"]}"), NULL, 0 },
    { STR_INIT("secretRef"), API_OBJECT, false,
      STR_INIT("The secret name containing the private OpenPGP keys used for decryption.\nA static credential for a " "cloud provider defined inside the Secret\ntakes priority to secret-less authentication with the " "ServiceAccountName\nfield."),
      STR_INIT(""), f5, 1 },
    { STR_INIT("serviceAccountName"), API_STRING, false,
      STR_INIT("ServiceAccountName is the name of the service account used to\nauthenticate with KMS services from " "cloud providers. If a\nstatic credential for a given cloud provider is defined\ninside the Secret " "referenced by SecretRef, that static\ncredential takes priority."),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_dependsOn_item */
static const struct api_field f7[] = {
    { STR_INIT("apiVersion"), API_STRING, false,
      STR_INIT("APIVersion of the referent. Goes with Kind; without both it is a Kustomization."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("kind"), API_STRING, false,
      STR_INIT("Kind of the referent, any that the server serves."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name of the referent."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("namespace"), API_STRING, false,
      STR_INIT("Namespace of the referent, defaults to the namespace of the resource\nobject that contains the " "reference."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("readyExpr"), API_STRING, false,
      STR_INIT("ReadyExpr is a CEL expression that can be used to assess the readiness\nof a dependency. When " "specified, the built-in readiness check\nis replaced by the logic defined in the CEL " "expression.\nTo make the CEL expression additive to the built-in readiness check,\nthe feature gate " "`AdditiveCELDependencyCheck` must be set to `true`."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("ready"), API_BOOLEAN, false,
      STR_INIT("Ready says whether a referent of another kind must be healthy, which is the default, or\nonly be there."),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_dependsOn */
static const struct api_field f8[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("DependencyReference contains enough information to locate the referenced Kubernetes resource " "object\nand optional CEL expression to assess its readiness."),
      STR_INIT(""), f7, 6 },
};

/* kustomization_spec_healthCheckExprs_item */
static const struct api_field f9[] = {
    { STR_INIT("apiVersion"), API_STRING, true,
      STR_INIT("APIVersion of the custom resource under evaluation."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("current"), API_STRING, true,
      STR_INIT("Current is the CEL expression that determines if the status\nof the custom resource has reached the " "desired state."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("failed"), API_STRING, false,
      STR_INIT("Failed is the CEL expression that determines if the status\nof the custom resource has failed to " "reach the desired state."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("inProgress"), API_STRING, false,
      STR_INIT("InProgress is the CEL expression that determines if the status\nof the custom resource has not yet " "reached the desired state."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("kind"), API_STRING, false,
      STR_INIT("Kind of the custom resource under evaluation."),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_healthCheckExprs */
static const struct api_field f10[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("CustomHealthCheck defines the health check for custom resources."),
      STR_INIT(""), f9, 5 },
};

/* kustomization_spec_healthChecks_item */
static const struct api_field f11[] = {
    { STR_INIT("apiVersion"), API_STRING, false,
      STR_INIT("API version of the referent, if not specified the Kubernetes preferred version will be used."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("kind"), API_STRING, true,
      STR_INIT("Kind of the referent."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name of the referent."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("namespace"), API_STRING, false,
      STR_INIT("Namespace of the referent, when not specified it acts as LocalObjectReference."),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_healthChecks */
static const struct api_field f12[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("NamespacedObjectKindReference contains enough information to locate the typed referenced Kubernetes " "resource object\nin any namespace."),
      STR_INIT(""), f11, 4 },
};

/* kustomization_spec_ignore_item_paths */
static const struct api_field f13[] = {
    { STR_INIT(""), API_STRING, false,
      STR_INIT(""),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_ignore_item_target */
static const struct api_field f14[] = {
    { STR_INIT("annotationSelector"), API_STRING, false,
      STR_INIT("AnnotationSelector is a string that follows the label selection " "expression\nhttps://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api\nIt " "matches with the resource annotations."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("group"), API_STRING, false,
      STR_INIT("Group is the API group to select resources from.\nTogether with Version and Kind it is capable of " "unambiguously identifying and/or selecting " "resources.\nhttps://github.com/kubernetes/community/blob/master/contributors/design-proposals/api-ma" "chinery/api-group.md"),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("kind"), API_STRING, false,
      STR_INIT("Kind of the API Group to select resources from.\nTogether with Group and Version it is capable of " "unambiguously\nidentifying and/or selecting " "resources.\nhttps://github.com/kubernetes/community/blob/master/contributors/design-proposals/api-ma" "chinery/api-group.md"),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("labelSelector"), API_STRING, false,
      STR_INIT("LabelSelector is a string that follows the label selection " "expression\nhttps://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api\nIt " "matches with the resource labels."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("name"), API_STRING, false,
      STR_INIT("Name to match resources with."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("namespace"), API_STRING, false,
      STR_INIT("Namespace to select resources from."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("version"), API_STRING, false,
      STR_INIT("Version of the API Group to select resources from.\nTogether with Group and Kind it is capable of " "unambiguously identifying and/or selecting " "resources.\nhttps://github.com/kubernetes/community/blob/master/contributors/design-proposals/api-ma" "chinery/api-group.md"),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_ignore_item */
static const struct api_field f15[] = {
    { STR_INIT("paths"), API_ARRAY, true,
      STR_INIT("Paths is a list of JSON Pointer (RFC 6901) paths to be excluded from\nconsideration in a Kubernetes " "object."),
      STR_INIT(""), f13, 1 },
    { STR_INIT("target"), API_OBJECT, false,
      STR_INIT("Target is a selector for specifying Kubernetes objects to which this\nrule applies.\nIf Target is " "not set, the Paths will be ignored for all Kubernetes\nobjects within the manifest of the " "Kustomization."),
      STR_INIT(""), f14, 7 },
};

/* kustomization_spec_ignore */
static const struct api_field f16[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("IgnoreRule defines a rule to selectively disregard specific changes during\nthe drift detection " "process."),
      STR_INIT(""), f15, 2 },
};

/* kustomization_spec_images_item */
static const struct api_field f17[] = {
    { STR_INIT("digest"), API_STRING, false,
      STR_INIT("Digest is the value used to replace the original image tag.\nIf digest is present NewTag value is " "ignored."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name is a tag-less image name."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("newName"), API_STRING, false,
      STR_INIT("NewName is the value used to replace the original name."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("newTag"), API_STRING, false,
      STR_INIT("NewTag is the value used to replace the original tag."),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_images */
static const struct api_field f18[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("Image contains an image name, a new name, a new tag or digest, which will replace the original name " "and tag."),
      STR_INIT(""), f17, 4 },
};

/* kustomization_spec_kubeConfig_configMapRef */
static const struct api_field f19[] = {
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name of the referent."),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_kubeConfig_secretRef */
static const struct api_field f20[] = {
    { STR_INIT("key"), API_STRING, false,
      STR_INIT("Key in the Secret, when not specified an implementation-specific default key is used."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name of the Secret."),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_kubeConfig */
static const struct api_field f21[] = {
    { STR_INIT("configMapRef"), API_OBJECT, false,
      STR_INIT("ConfigMapRef holds an optional name of a ConfigMap that contains\nthe following keys:\n\n- " "`provider`: the provider to use. One of `aws`, `azure`, `gcp`, or\n   `generic`. Required.\n- " "`cluster`: the fully qualified resource name of the Kubernetes\n   cluster in the cloud provider " "API. Not used by the `generic`\n   provider. Required when one of `address` or `ca.crt` is not " "set.\n- `address`: the address of the Kubernetes API server. Required\n   for `generic`. For the " "other providers, if not specified, the\n   first address in the cluster resource will be used, and " "if\n   specified, it must match one of the addresses in the cluster\n   resource.\n   If audiences " "is not set, will be used as the audience for the\n   `generic` provider.\n- `ca.crt`: the optional " "PEM-encoded CA certificate for the\n   Kubernetes API server. If not set, the controller will use " "the\n   CA certificate from the cluster resource.\n- `audiences`: the optional audiences as a list " "of\n   line-break-separated strings for the Kubernetes ServiceAccount\n   token. Defaults to the " "`address` for the `generic` provider, or\n   to specific values for the other providers depending " "on the\n   provider.\n-  `serviceAccountName`: the optional name of the Kubernetes\n   " "ServiceAccount in the same namespace that should be used\n   for authentication. If not specified, " "the controller\n   ServiceAccount will be used.\n\nMutually exclusive with SecretRef."),
      STR_INIT(""), f19, 1 },
    { STR_INIT("secretRef"), API_OBJECT, false,
      STR_INIT("SecretRef holds an optional name of a secret that contains a key with\nthe kubeconfig file as the " "value. If no key is set, the key will default\nto 'value'. Mutually exclusive with " "ConfigMapRef.\nIt is recommended that the kubeconfig is self-contained, and the secret\nis " "regularly updated if credentials such as a cloud-access-token expire.\nCloud specific `cmd-path` " "auth helpers will not function without adding\nbinaries and credentials to the Pod that is " "responsible for reconciling\nKubernetes resources. Supported only for the generic provider."),
      STR_INIT(""), f20, 2 },
};

/* kustomization_spec_patches_item_target */
static const struct api_field f22[] = {
    { STR_INIT("annotationSelector"), API_STRING, false,
      STR_INIT("AnnotationSelector is a string that follows the label selection " "expression\nhttps://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api\nIt " "matches with the resource annotations."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("group"), API_STRING, false,
      STR_INIT("Group is the API group to select resources from.\nTogether with Version and Kind it is capable of " "unambiguously identifying and/or selecting " "resources.\nhttps://github.com/kubernetes/community/blob/master/contributors/design-proposals/api-ma" "chinery/api-group.md"),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("kind"), API_STRING, false,
      STR_INIT("Kind of the API Group to select resources from.\nTogether with Group and Version it is capable of " "unambiguously\nidentifying and/or selecting " "resources.\nhttps://github.com/kubernetes/community/blob/master/contributors/design-proposals/api-ma" "chinery/api-group.md"),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("labelSelector"), API_STRING, false,
      STR_INIT("LabelSelector is a string that follows the label selection " "expression\nhttps://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api\nIt " "matches with the resource labels."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("name"), API_STRING, false,
      STR_INIT("Name to match resources with."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("namespace"), API_STRING, false,
      STR_INIT("Namespace to select resources from."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("version"), API_STRING, false,
      STR_INIT("Version of the API Group to select resources from.\nTogether with Group and Kind it is capable of " "unambiguously identifying and/or selecting " "resources.\nhttps://github.com/kubernetes/community/blob/master/contributors/design-proposals/api-ma" "chinery/api-group.md"),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_patches_item */
static const struct api_field f23[] = {
    { STR_INIT("patch"), API_STRING, true,
      STR_INIT("Patch contains an inline StrategicMerge patch or an inline JSON6902 patch with\nan array of " "operation objects."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("target"), API_OBJECT, false,
      STR_INIT("Target points to the resources that the patch document should be applied to."),
      STR_INIT(""), f22, 7 },
};

/* kustomization_spec_patches */
static const struct api_field f24[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("Patch contains an inline StrategicMerge or JSON6902 patch, and the target the patch should\nbe " "applied to."),
      STR_INIT(""), f23, 2 },
};

/* kustomization_spec_postBuild_substitute */
static const struct api_field f25[] = {
    { STR_INIT(""), API_STRING, false,
      STR_INIT(""),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec_postBuild_substituteFrom_item */
static const struct api_field f26[] = {
    { STR_INIT("kind"), API_STRING, true,
      STR_INIT("Kind of the values referent, valid values are ('Secret', 'ConfigMap')."),
      STR_INIT("{\"enum\": [\"Secret\", \"ConfigMap\"]}"), NULL, 0 },
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name of the values referent. Should reside in the same namespace as the\nreferring resource."),
      STR_INIT("{\"maxLength\": 253, \"minLength\": 1}"), NULL, 0 },
    { STR_INIT("optional"), API_BOOLEAN, false,
      STR_INIT("Optional indicates whether the referenced resource must exist, or whether to\ntolerate its absence. " "If true and the referenced resource is absent, proceed\nas if the resource was present but empty, " "without any variables defined."),
      STR_INIT("{\"default\": false}"), NULL, 0 },
};

/* kustomization_spec_postBuild_substituteFrom */
static const struct api_field f27[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("SubstituteReference contains a reference to a resource containing\nthe variables name and value."),
      STR_INIT(""), f26, 3 },
};

/* kustomization_spec_postBuild */
static const struct api_field f28[] = {
    { STR_INIT("substitute"), API_MAP, false,
      STR_INIT("Substitute holds a map of key/value pairs.\nThe variables defined in your YAML manifests that match " "any of the keys\ndefined in the map will be substituted with the set value.\nIncludes support for " "bash string replacement functions\ne.g. ${var:=default}, ${var:position} and " "${var/substring/replacement}."),
      STR_INIT(""), f25, 1 },
    { STR_INIT("substituteFrom"), API_ARRAY, false,
      STR_INIT("SubstituteFrom holds references to ConfigMaps and Secrets containing\nthe variables and their " "values to be substituted in the YAML manifests.\nThe ConfigMap and the Secret data keys represent " "the var names, and they\nmust match the vars declared in the manifests for the substitution " "to\nhappen."),
      STR_INIT(""), f27, 1 },
    { STR_INIT("substituteStrategy"), API_STRING, false,
      STR_INIT("SubstituteStrategy defines the strategy for substituting variables in the YAML manifests.\nValid " "values are:\n\n - WithVariables (the default): require at least one variable to be defined,\n   " "either through the inline map or through the resolved references to ConfigMaps\n   and Secrets.\n - " "Always: perform the substitution even if no variables are defined."),
      STR_INIT("{\"enum\": [\"WithVariables\", \"Always\"]}"), NULL, 0 },
};

/* kustomization_spec_sourceRef */
static const struct api_field f29[] = {
    { STR_INIT("apiVersion"), API_STRING, false,
      STR_INIT("API version of the referent."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("kind"), API_STRING, true,
      STR_INIT("Kind of the referent."),
      STR_INIT("{\"enum\": [\"OCIRepository\", \"GitRepository\", \"Bucket\", \"ExternalArtifact\"]}"), NULL, 0 },
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name of the referent."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("namespace"), API_STRING, false,
      STR_INIT("Namespace of the referent, defaults to the namespace of the Kubernetes\nresource object that " "contains the reference."),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_spec */
static const struct api_field f30[] = {
    { STR_INIT("buildMetadata"), API_ARRAY, false,
      STR_INIT("BuildMetadata specifies which kustomize build metadata should be added\nto the built resources. The " "allowed values are 'originAnnotations' to\nannotate resources with their source origin, and " "'transformerAnnotations'\nto annotate resources with the transformers that produced them."),
      STR_INIT(""), f0, 1 },
    { STR_INIT("commonMetadata"), API_OBJECT, false,
      STR_INIT("CommonMetadata specifies the common labels and annotations that are\napplied to all resources. Any " "existing label or annotation will be\noverridden if its key matches a common one."),
      STR_INIT(""), f3, 2 },
    { STR_INIT("components"), API_ARRAY, false,
      STR_INIT("Components specifies relative paths to kustomize Components."),
      STR_INIT(""), f4, 1 },
    { STR_INIT("decryption"), API_OBJECT, false,
      STR_INIT("Decrypt Kubernetes secrets before applying them on the cluster."),
      STR_INIT(""), f6, 3 },
    { STR_INIT("deletionPolicy"), API_STRING, false,
      STR_INIT("DeletionPolicy can be used to control garbage collection when this\nKustomization is deleted. Valid " "values are ('MirrorPrune', 'Delete',\n'WaitForTermination', 'Orphan'). 'MirrorPrune' mirrors the " "Prune field\n(orphan if false, delete if true). Defaults to 'MirrorPrune'."),
      STR_INIT("{\"enum\": [\"MirrorPrune\", \"Delete\", \"WaitForTermination\", \"Orphan\"]}"), NULL, 0 },
    { STR_INIT("dependsOn"), API_ARRAY, false,
      STR_INIT("DependsOn may contain a DependencyReference slice\nwith references to Kustomization resources that " "must be ready before this\nKustomization can be reconciled."),
      STR_INIT(""), f8, 1 },
    { STR_INIT("force"), API_BOOLEAN, false,
      STR_INIT("Force instructs the controller to recreate resources\nwhen patching fails due to an immutable field " "change."),
      STR_INIT("{\"default\": false}"), NULL, 0 },
    { STR_INIT("healthCheckExprs"), API_ARRAY, false,
      STR_INIT("HealthCheckExprs is a list of healthcheck expressions for evaluating the\nhealth of custom " "resources using Common Expression Language (CEL).\nThe expressions are evaluated only when Wait or " "HealthChecks are specified."),
      STR_INIT(""), f10, 1 },
    { STR_INIT("healthChecks"), API_ARRAY, false,
      STR_INIT("A list of resources to be included in the health assessment."),
      STR_INIT(""), f12, 1 },
    { STR_INIT("ignore"), API_ARRAY, false,
      STR_INIT("Ignore is a list of rules for specifying which changes to ignore\nduring drift detection. These " "rules are applied to the resources managed\nby the Kustomization and are used to exclude specific " "JSON pointer paths\nfrom the drift detection and apply process."),
      STR_INIT(""), f16, 1 },
    { STR_INIT("ignoreMissingComponents"), API_BOOLEAN, false,
      STR_INIT("IgnoreMissingComponents instructs the controller to ignore Components paths\nnot found in source by " "removing them from the generated kustomization.yaml\nbefore running kustomize build."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("images"), API_ARRAY, false,
      STR_INIT("Images is a list of (image name, new name, new tag or digest)\nfor changing image names, tags or " "digests. This can also be achieved with a\npatch, but this operator is simpler to specify."),
      STR_INIT(""), f18, 1 },
    { STR_INIT("interval"), API_STRING, true,
      STR_INIT("The interval at which to reconcile the Kustomization.\nThis interval is approximate and may be " "subject to jitter to ensure\nefficient use of resources."),
      STR_INIT("{\"pattern\": \"^([0-9]+(\\\\.[0-9]+)?(ms|s|m|h))+$\"}"), NULL, 0 },
    { STR_INIT("kubeConfig"), API_OBJECT, false,
      STR_INIT("The KubeConfig for reconciling the Kustomization on a remote cluster.\nWhen used in combination " "with KustomizationSpec.ServiceAccountName,\nforces the controller to act on behalf of that Service " "Account at the\ntarget cluster.\nIf the --default-service-account flag is set, its value will be " "used as\na controller level fallback for when KustomizationSpec.ServiceAccountName\nis empty."),
      STR_INIT("{\"x-kubernetes-validations\": [{\"message\": \"exactly one of spec.kubeConfig.configMapRef or " "spec.kubeConfig.secretRef must be specified\", \"rule\": \"has(self.configMapRef) || " "has(self.secretRef)\"}, {\"message\": \"exactly one of spec.kubeConfig.configMapRef or " "spec.kubeConfig.secretRef must be specified\", \"rule\": \"!has(self.configMapRef) || " "!has(self.secretRef)\"}]}"), f21, 2 },
    { STR_INIT("namePrefix"), API_STRING, false,
      STR_INIT("NamePrefix will prefix the names of all managed resources."),
      STR_INIT("{\"maxLength\": 200, \"minLength\": 1}"), NULL, 0 },
    { STR_INIT("nameSuffix"), API_STRING, false,
      STR_INIT("NameSuffix will suffix the names of all managed resources."),
      STR_INIT("{\"maxLength\": 200, \"minLength\": 1}"), NULL, 0 },
    { STR_INIT("patches"), API_ARRAY, false,
      STR_INIT("Strategic merge and JSON patches, defined as inline YAML objects,\ncapable of targeting objects " "based on kind, label and annotation selectors."),
      STR_INIT(""), f24, 1 },
    { STR_INIT("path"), API_STRING, false,
      STR_INIT("Path to the directory containing the kustomization.yaml file, or the\nset of plain YAMLs a " "kustomization.yaml should be generated for.\nDefaults to 'None', which translates to the root path " "of the SourceRef."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("postBuild"), API_OBJECT, false,
      STR_INIT("PostBuild describes which actions to perform on the YAML manifest\ngenerated by building the " "kustomize overlay."),
      STR_INIT(""), f28, 3 },
    { STR_INIT("prune"), API_BOOLEAN, true,
      STR_INIT("Prune enables garbage collection."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("retryInterval"), API_STRING, false,
      STR_INIT("The interval at which to retry a previously failed reconciliation.\nWhen not specified, the " "controller uses the KustomizationSpec.Interval\nvalue to retry failures."),
      STR_INIT("{\"pattern\": \"^([0-9]+(\\\\.[0-9]+)?(ms|s|m|h))+$\"}"), NULL, 0 },
    { STR_INIT("serviceAccountName"), API_STRING, false,
      STR_INIT("The name of the Kubernetes service account to impersonate\nwhen reconciling this Kustomization."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("sourceRef"), API_OBJECT, true,
      STR_INIT("Reference of the source where the kustomization file is."),
      STR_INIT(""), f29, 4 },
    { STR_INIT("suspend"), API_BOOLEAN, false,
      STR_INIT("This flag tells the controller to suspend subsequent kustomize executions,\nit does not apply to " "already started executions. Defaults to false."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("targetNamespace"), API_STRING, false,
      STR_INIT("TargetNamespace sets or overrides the namespace in the\nkustomization.yaml file."),
      STR_INIT("{\"maxLength\": 63, \"minLength\": 1}"), NULL, 0 },
    { STR_INIT("timeout"), API_STRING, false,
      STR_INIT("Timeout for validation, apply and health checking operations.\nDefaults to 'Interval' duration."),
      STR_INIT("{\"pattern\": \"^([0-9]+(\\\\.[0-9]+)?(ms|s|m|h))+$\"}"), NULL, 0 },
    { STR_INIT("wait"), API_BOOLEAN, false,
      STR_INIT("Wait instructs the controller to check the health of all the reconciled\nresources. When enabled, " "the HealthChecks are ignored. Defaults to false."),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_status_conditions_item */
static const struct api_field f31[] = {
    { STR_INIT("lastTransitionTime"), API_STRING, true,
      STR_INIT("lastTransitionTime is the last time the condition transitioned from one status to another.\nThis " "should be when the underlying condition changed.  If that is not known, then using the time when " "the API field changed is acceptable."),
      STR_INIT("{\"format\": \"date-time\"}"), NULL, 0 },
    { STR_INIT("message"), API_STRING, true,
      STR_INIT("message is a human readable message indicating details about the transition.\nThis may be an empty " "string."),
      STR_INIT("{\"maxLength\": 32768}"), NULL, 0 },
    { STR_INIT("observedGeneration"), API_INTEGER, false,
      STR_INIT("observedGeneration represents the .metadata.generation that the condition was set based upon.\nFor " "instance, if .metadata.generation is currently 12, but the .status.conditions[x].observedGeneration " "is 9, the condition is out of date\nwith respect to the current state of the instance."),
      STR_INIT("{\"format\": \"int64\", \"minimum\": 0}"), NULL, 0 },
    { STR_INIT("reason"), API_STRING, true,
      STR_INIT("reason contains a programmatic identifier indicating the reason for the condition's last " "transition.\nProducers of specific condition types may define expected values and meanings for this " "field,\nand whether the values are considered a guaranteed API.\nThe value should be a CamelCase " "string.\nThis field may not be empty."),
      STR_INIT("{\"maxLength\": 1024, \"minLength\": 1, \"pattern\": \"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$\"}"), NULL, 0 },
    { STR_INIT("status"), API_STRING, true,
      STR_INIT("status of the condition, one of True, False, Unknown."),
      STR_INIT("{\"enum\": [\"True\", \"False\", \"Unknown\"]}"), NULL, 0 },
    { STR_INIT("type"), API_STRING, true,
      STR_INIT("type of condition in CamelCase or in foo.example.com/CamelCase."),
      STR_INIT("{\"maxLength\": 316, \"pattern\": " "\"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]" "*)?[A-Za-z0-9])$\"}"), NULL, 0 },
};

/* kustomization_status_conditions */
static const struct api_field f32[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("Condition contains details for one aspect of the current state of this API Resource."),
      STR_INIT(""), f31, 6 },
};

/* kustomization_status_history_item_metadata */
static const struct api_field f33[] = {
    { STR_INIT(""), API_STRING, false,
      STR_INIT(""),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_status_history_item */
static const struct api_field f34[] = {
    { STR_INIT("digest"), API_STRING, true,
      STR_INIT("Digest is the checksum in the format `<algo>:<hex>` of the resources in this snapshot."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("firstReconciled"), API_STRING, true,
      STR_INIT("FirstReconciled is the time when this revision was first reconciled to the cluster."),
      STR_INIT("{\"format\": \"date-time\"}"), NULL, 0 },
    { STR_INIT("lastReconciled"), API_STRING, true,
      STR_INIT("LastReconciled is the time when this revision was last reconciled to the cluster."),
      STR_INIT("{\"format\": \"date-time\"}"), NULL, 0 },
    { STR_INIT("lastReconciledDuration"), API_STRING, true,
      STR_INIT("LastReconciledDuration is time it took to reconcile the resources in this revision."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("lastReconciledStatus"), API_STRING, true,
      STR_INIT("LastReconciledStatus is the status of the last reconciliation."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("metadata"), API_MAP, false,
      STR_INIT("Metadata contains additional information about the snapshot."),
      STR_INIT(""), f33, 1 },
    { STR_INIT("totalReconciliations"), API_INTEGER, true,
      STR_INIT("TotalReconciliations is the total number of reconciliations that have occurred for this snapshot."),
      STR_INIT("{\"format\": \"int64\"}"), NULL, 0 },
};

/* kustomization_status_history */
static const struct api_field f35[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("Snapshot represents a point-in-time record of a group of resources reconciliation,\nincluding " "timing information, status, and a unique digest identifier."),
      STR_INIT(""), f34, 7 },
};

/* kustomization_status_inventory_entries_item */
static const struct api_field f36[] = {
    { STR_INIT("id"), API_STRING, true,
      STR_INIT("ID is the string representation of the Kubernetes resource object's metadata,\nin the format " "'<namespace>_<name>_<group>_<kind>'."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("v"), API_STRING, true,
      STR_INIT("Version is the API version of the Kubernetes resource object's kind."),
      STR_INIT(""), NULL, 0 },
};

/* kustomization_status_inventory_entries */
static const struct api_field f37[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("ResourceRef contains the information necessary to locate a resource within a cluster."),
      STR_INIT(""), f36, 2 },
};

/* kustomization_status_inventory */
static const struct api_field f38[] = {
    { STR_INIT("entries"), API_ARRAY, true,
      STR_INIT("Entries of Kubernetes resource object references."),
      STR_INIT(""), f37, 1 },
};

/* kustomization_status */
static const struct api_field f39[] = {
    { STR_INIT("conditions"), API_ARRAY, false,
      STR_INIT(""),
      STR_INIT(""), f32, 1 },
    { STR_INIT("history"), API_ARRAY, false,
      STR_INIT("History contains a set of snapshots of the last reconciliation attempts\ntracking the revision, the " "state and the duration of each attempt."),
      STR_INIT(""), f35, 1 },
    { STR_INIT("inventory"), API_OBJECT, false,
      STR_INIT("Inventory contains the list of Kubernetes resource object references that\nhave been successfully " "applied."),
      STR_INIT(""), f38, 1 },
    { STR_INIT("lastAppliedOriginRevision"), API_STRING, false,
      STR_INIT("The last successfully applied origin revision.\nEquals the origin revision of the applied Artifact " "from the referenced Source.\nUsually present on the Metadata of the applied Artifact and depends on " "the\nSource type, e.g. for OCI it's the value associated with the " "key\n\"org.opencontainers.image.revision\"."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("lastAppliedRevision"), API_STRING, false,
      STR_INIT("The last successfully applied revision.\nEquals the Revision of the applied Artifact from the " "referenced Source."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("lastAttemptedRevision"), API_STRING, false,
      STR_INIT("LastAttemptedRevision is the revision of the last reconciliation attempt."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("lastHandledReconcileAt"), API_STRING, false,
      STR_INIT("LastHandledReconcileAt holds the value of the most recent\nreconcile request value, so a change of " "the annotation value\ncan be detected."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("observedGeneration"), API_INTEGER, false,
      STR_INIT("ObservedGeneration is the last reconciled generation."),
      STR_INIT("{\"format\": \"int64\"}"), NULL, 0 },
};

/* kustomization */
static const struct api_field f40[] = {
    { STR_INIT("apiVersion"), API_STRING, false,
      STR_INIT("APIVersion defines the versioned schema of this representation of an object.\nServers should " "convert recognized schemas to the latest internal value, and\nmay reject unrecognized values.\nMore " "info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources"),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("kind"), API_STRING, false,
      STR_INIT("Kind is a string value representing the REST resource this object represents.\nServers may infer " "this from the endpoint the client submits requests to.\nCannot be updated.\nIn CamelCase.\nMore " "info: " "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("metadata"), API_OBJECT, false,
      STR_INIT(""),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("spec"), API_OBJECT, false,
      STR_INIT("KustomizationSpec defines the configuration to calculate the desired state\nfrom a Source using " "Kustomize."),
      STR_INIT(""), f30, 27 },
    { STR_INIT("status"), API_OBJECT, false,
      STR_INIT("KustomizationStatus defines the observed state of a kustomization."),
      STR_INIT("{\"default\": {\"observedGeneration\": -1}}"), f39, 8 },
};

static const struct api_field root = 
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("Kustomization is the Schema for the kustomizations API."),
      STR_INIT(""), f40, 5 };

static const struct api_column columns[] = {
    { STR_INIT("Age"), STR_INIT("date"), STR_INIT(".metadata.creationTimestamp"), 0 },
    { STR_INIT("Ready"), STR_INIT("string"), STR_INIT(".status.conditions[?(@.type==\"Ready\")].status"), 0 },
    { STR_INIT("Status"), STR_INIT("string"), STR_INIT(".status.conditions[?(@.type==\"Ready\")].message"), 0 },
};

const struct api_kind api_kustomization = {
    .gvk = { STR_INIT("kustomize.toolkit.fluxcd.io"), STR_INIT("v1"), STR_INIT("Kustomization") },
    .list_kind = STR_INIT("KustomizationList"),
    .plural = STR_INIT("kustomizations"),
    .singular = STR_INIT("kustomization"),
    .short_names = STR_INIT("ks"),
    .categories = STR_INIT("all,fluxcd,fluxcd-appliers"),
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .schema = &root,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* GitRepository of source.toolkit.fluxcd.io/v1 as data; its content is protocol (see NOTICE). */
#include "core/api/kind.h"

/* git_repository_spec_include_item_repository */
static const struct api_field f0[] = {
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name of the referent."),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_spec_include_item */
static const struct api_field f1[] = {
    { STR_INIT("fromPath"), API_STRING, false,
      STR_INIT("FromPath specifies the path to copy contents from, defaults to the root\nof the Artifact."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("repository"), API_OBJECT, true,
      STR_INIT("GitRepositoryRef specifies the GitRepository which Artifact contents\nmust be included."),
      STR_INIT(""), f0, 1 },
    { STR_INIT("toPath"), API_STRING, false,
      STR_INIT("ToPath specifies the path to copy contents to, defaults to the name of\nthe GitRepositoryRef."),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_spec_include */
static const struct api_field f2[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("GitRepositoryInclude specifies a local reference to a GitRepository which\nArtifact (sub-)contents " "must be included, and where they should be placed."),
      STR_INIT(""), f1, 3 },
};

/* git_repository_spec_proxySecretRef */
static const struct api_field f3[] = {
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name of the referent."),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_spec_ref */
static const struct api_field f4[] = {
    { STR_INIT("branch"), API_STRING, false,
      STR_INIT("Branch to check out, defaults to 'master' if no other field is defined."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("commit"), API_STRING, false,
      STR_INIT("Commit SHA to check out, takes precedence over all reference fields.\n\nThis can be combined with " "Branch to shallow clone the branch, in which\nthe commit is expected to exist."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("name"), API_STRING, false,
      STR_INIT("Name of the reference to check out; takes precedence over Branch, Tag and SemVer.\n\nIt must be a " "valid Git reference: https://git-scm.com/docs/git-check-ref-format#_description\nExamples: " "\"refs/heads/main\", \"refs/tags/v0.1.0\", \"refs/pull/420/head\", \"refs/merge-requests/1/head\""),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("semver"), API_STRING, false,
      STR_INIT("SemVer tag expression to check out, takes precedence over Tag."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("tag"), API_STRING, false,
      STR_INIT("Tag to check out, takes precedence over Branch."),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_spec_secretRef */
static const struct api_field f5[] = {
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name of the referent."),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_spec_sparseCheckout */
static const struct api_field f6[] = {
    { STR_INIT(""), API_STRING, false,
      STR_INIT(""),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_spec_verify_secretRef */
static const struct api_field f7[] = {
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name of the referent."),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_spec_verify */
static const struct api_field f8[] = {
    { STR_INIT("mode"), API_STRING, false,
      STR_INIT("Mode specifies which Git object(s) should be verified.\n\nThe variants \"head\" and \"HEAD\" both " "imply the same thing, i.e. verify\nthe commit that the HEAD of the Git repository points to. The " "variant\n\"head\" solely exists to ensure backwards compatibility."),
      STR_INIT("{\"default\": \"HEAD\", \"enum\": [\"head\", \"HEAD\", \"Tag\", \"TagAndHEAD\"]}"), NULL, 0 },
    { STR_INIT("secretRef"), API_OBJECT, true,
      STR_INIT("SecretRef specifies the Secret containing the public keys of trusted Git\nauthors. PGP public keys " "must be stored under keys with the .asc suffix,\nand SSH public keys must be stored under keys with " "the .sshpub suffix."),
      STR_INIT(""), f7, 1 },
};

/* git_repository_spec */
static const struct api_field f9[] = {
    { STR_INIT("ignore"), API_STRING, false,
      STR_INIT("Ignore overrides the set of excluded patterns in the .sourceignore format\n(which is the same as " ".gitignore). If not provided, a default will be used,\nconsult the documentation for your version " "to find out what those are."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("include"), API_ARRAY, false,
      STR_INIT("Include specifies a list of GitRepository resources which Artifacts\nshould be included in the " "Artifact produced for this GitRepository."),
      STR_INIT(""), f2, 1 },
    { STR_INIT("interval"), API_STRING, true,
      STR_INIT("Interval at which the GitRepository URL is checked for updates.\nThis interval is approximate and " "may be subject to jitter to ensure\nefficient use of resources."),
      STR_INIT("{\"pattern\": \"^([0-9]+(\\\\.[0-9]+)?(ms|s|m|h))+$\"}"), NULL, 0 },
    { STR_INIT("provider"), API_STRING, false,
      STR_INIT("Provider used for authentication, can be 'aws', 'azure', 'github', 'generic'.\nWhen not specified, " "defaults to 'generic'."),
      STR_INIT("{\"enum\": [\"generic\", \"aws\", \"azure\", \"github\"]}"), NULL, 0 },
    { STR_INIT("proxySecretRef"), API_OBJECT, false,
      STR_INIT("ProxySecretRef specifies the Secret containing the proxy configuration\nto use while communicating " "with the Git server."),
      STR_INIT(""), f3, 1 },
    { STR_INIT("recurseSubmodules"), API_BOOLEAN, false,
      STR_INIT("RecurseSubmodules enables the initialization of all submodules within\nthe GitRepository as cloned " "from the URL, using their default settings."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("ref"), API_OBJECT, false,
      STR_INIT("Reference specifies the Git reference to resolve and monitor for\nchanges, defaults to the 'master' " "branch."),
      STR_INIT(""), f4, 5 },
    { STR_INIT("secretRef"), API_OBJECT, false,
      STR_INIT("SecretRef specifies the Secret containing authentication credentials for\nthe GitRepository.\nFor " "HTTPS repositories the Secret must contain 'username' and 'password'\nfields for basic auth or " "'bearerToken' field for token auth.\nFor SSH repositories the Secret must contain 'identity'\nand " "'known_hosts' fields."),
      STR_INIT(""), f5, 1 },
    { STR_INIT("serviceAccountName"), API_STRING, false,
      STR_INIT("ServiceAccountName is the name of the Kubernetes ServiceAccount used to\nauthenticate to the " "GitRepository. This field is only supported for 'azure' and 'aws' providers."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("sparseCheckout"), API_ARRAY, false,
      STR_INIT("SparseCheckout specifies a list of directories to checkout when cloning\nthe repository. If " "specified, only these directories are included in the\nArtifact produced for this GitRepository."),
      STR_INIT(""), f6, 1 },
    { STR_INIT("suspend"), API_BOOLEAN, false,
      STR_INIT("Suspend tells the controller to suspend the reconciliation of this\nGitRepository."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("timeout"), API_STRING, false,
      STR_INIT("Timeout for Git operations like cloning, defaults to 60s."),
      STR_INIT("{\"default\": \"60s\", \"pattern\": \"^([0-9]+(\\\\.[0-9]+)?(ms|s|m))+$\"}"), NULL, 0 },
    { STR_INIT("url"), API_STRING, true,
      STR_INIT("URL specifies the Git repository URL, it can be an HTTP/S or SSH address."),
      STR_INIT("{\"pattern\": \"^(http|https|ssh)://.*$\"}"), NULL, 0 },
    { STR_INIT("verify"), API_OBJECT, false,
      STR_INIT("Verification specifies the configuration to verify the Git commit\nsignature(s)."),
      STR_INIT(""), f8, 2 },
};

/* git_repository_status_artifact_metadata */
static const struct api_field f10[] = {
    { STR_INIT(""), API_STRING, false,
      STR_INIT(""),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_status_artifact */
static const struct api_field f11[] = {
    { STR_INIT("digest"), API_STRING, true,
      STR_INIT("Digest is the digest of the file in the form of '<algorithm>:<checksum>'."),
      STR_INIT("{\"pattern\": \"^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$\"}"), NULL, 0 },
    { STR_INIT("lastUpdateTime"), API_STRING, true,
      STR_INIT("LastUpdateTime is the timestamp corresponding to the last update of the\nArtifact."),
      STR_INIT("{\"format\": \"date-time\"}"), NULL, 0 },
    { STR_INIT("metadata"), API_MAP, false,
      STR_INIT("Metadata holds upstream information such as OCI annotations."),
      STR_INIT(""), f10, 1 },
    { STR_INIT("path"), API_STRING, true,
      STR_INIT("Path is the relative file path of the Artifact. It can be used to locate\nthe file in the root of " "the Artifact storage on the local file system of\nthe controller managing the Source."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("revision"), API_STRING, true,
      STR_INIT("Revision is a human-readable identifier traceable in the origin source\nsystem. It can be a Git " "commit SHA, Git tag, a Helm chart version, etc."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("size"), API_INTEGER, false,
      STR_INIT("Size is the number of bytes in the file."),
      STR_INIT("{\"format\": \"int64\"}"), NULL, 0 },
    { STR_INIT("url"), API_STRING, true,
      STR_INIT("URL is the HTTP address of the Artifact as exposed by the controller\nmanaging the Source. It can " "be used to retrieve the Artifact for\nconsumption, e.g. by another controller applying the Artifact " "contents."),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_status_conditions_item */
static const struct api_field f12[] = {
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

/* git_repository_status_conditions */
static const struct api_field f13[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("Condition contains details for one aspect of the current state of this API Resource."),
      STR_INIT(""), f12, 6 },
};

/* git_repository_status_includedArtifacts_item_metadata */
static const struct api_field f14[] = {
    { STR_INIT(""), API_STRING, false,
      STR_INIT(""),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_status_includedArtifacts_item */
static const struct api_field f15[] = {
    { STR_INIT("digest"), API_STRING, true,
      STR_INIT("Digest is the digest of the file in the form of '<algorithm>:<checksum>'."),
      STR_INIT("{\"pattern\": \"^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$\"}"), NULL, 0 },
    { STR_INIT("lastUpdateTime"), API_STRING, true,
      STR_INIT("LastUpdateTime is the timestamp corresponding to the last update of the\nArtifact."),
      STR_INIT("{\"format\": \"date-time\"}"), NULL, 0 },
    { STR_INIT("metadata"), API_MAP, false,
      STR_INIT("Metadata holds upstream information such as OCI annotations."),
      STR_INIT(""), f14, 1 },
    { STR_INIT("path"), API_STRING, true,
      STR_INIT("Path is the relative file path of the Artifact. It can be used to locate\nthe file in the root of " "the Artifact storage on the local file system of\nthe controller managing the Source."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("revision"), API_STRING, true,
      STR_INIT("Revision is a human-readable identifier traceable in the origin source\nsystem. It can be a Git " "commit SHA, Git tag, a Helm chart version, etc."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("size"), API_INTEGER, false,
      STR_INIT("Size is the number of bytes in the file."),
      STR_INIT("{\"format\": \"int64\"}"), NULL, 0 },
    { STR_INIT("url"), API_STRING, true,
      STR_INIT("URL is the HTTP address of the Artifact as exposed by the controller\nmanaging the Source. It can " "be used to retrieve the Artifact for\nconsumption, e.g. by another controller applying the Artifact " "contents."),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_status_includedArtifacts */
static const struct api_field f16[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("Artifact represents the output of a Source reconciliation."),
      STR_INIT(""), f15, 7 },
};

/* git_repository_status_observedInclude_item_repository */
static const struct api_field f17[] = {
    { STR_INIT("name"), API_STRING, true,
      STR_INIT("Name of the referent."),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_status_observedInclude_item */
static const struct api_field f18[] = {
    { STR_INIT("fromPath"), API_STRING, false,
      STR_INIT("FromPath specifies the path to copy contents from, defaults to the root\nof the Artifact."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("repository"), API_OBJECT, true,
      STR_INIT("GitRepositoryRef specifies the GitRepository which Artifact contents\nmust be included."),
      STR_INIT(""), f17, 1 },
    { STR_INIT("toPath"), API_STRING, false,
      STR_INIT("ToPath specifies the path to copy contents to, defaults to the name of\nthe GitRepositoryRef."),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_status_observedInclude */
static const struct api_field f19[] = {
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("GitRepositoryInclude specifies a local reference to a GitRepository which\nArtifact (sub-)contents " "must be included, and where they should be placed."),
      STR_INIT(""), f18, 3 },
};

/* git_repository_status_observedSparseCheckout */
static const struct api_field f20[] = {
    { STR_INIT(""), API_STRING, false,
      STR_INIT(""),
      STR_INIT(""), NULL, 0 },
};

/* git_repository_status */
static const struct api_field f21[] = {
    { STR_INIT("artifact"), API_OBJECT, false,
      STR_INIT("Artifact represents the last successful GitRepository reconciliation."),
      STR_INIT(""), f11, 7 },
    { STR_INIT("conditions"), API_ARRAY, false,
      STR_INIT("Conditions holds the conditions for the GitRepository."),
      STR_INIT(""), f13, 1 },
    { STR_INIT("includedArtifacts"), API_ARRAY, false,
      STR_INIT("IncludedArtifacts contains a list of the last successfully included\nArtifacts as instructed by " "GitRepositorySpec.Include."),
      STR_INIT(""), f16, 1 },
    { STR_INIT("lastHandledReconcileAt"), API_STRING, false,
      STR_INIT("LastHandledReconcileAt holds the value of the most recent\nreconcile request value, so a change of " "the annotation value\ncan be detected."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("observedGeneration"), API_INTEGER, false,
      STR_INIT("ObservedGeneration is the last observed generation of the GitRepository\nobject."),
      STR_INIT("{\"format\": \"int64\"}"), NULL, 0 },
    { STR_INIT("observedIgnore"), API_STRING, false,
      STR_INIT("ObservedIgnore is the observed exclusion patterns used for constructing\nthe source artifact."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("observedInclude"), API_ARRAY, false,
      STR_INIT("ObservedInclude is the observed list of GitRepository resources used to\nproduce the current " "Artifact."),
      STR_INIT(""), f19, 1 },
    { STR_INIT("observedRecurseSubmodules"), API_BOOLEAN, false,
      STR_INIT("ObservedRecurseSubmodules is the observed resource submodules\nconfiguration used to produce the " "current Artifact."),
      STR_INIT(""), NULL, 0 },
    { STR_INIT("observedSparseCheckout"), API_ARRAY, false,
      STR_INIT("ObservedSparseCheckout is the observed list of directories used to\nproduce the current Artifact."),
      STR_INIT(""), f20, 1 },
    { STR_INIT("sourceVerificationMode"), API_STRING, false,
      STR_INIT("SourceVerificationMode is the last used verification mode indicating\nwhich Git object(s) have been " "verified."),
      STR_INIT(""), NULL, 0 },
};

/* git_repository */
static const struct api_field f22[] = {
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
      STR_INIT("GitRepositorySpec specifies the required configuration to produce an\nArtifact for a Git repository."),
      STR_INIT("{\"x-kubernetes-validations\": [{\"message\": \"serviceAccountName can only be set when provider is " "'azure' or 'aws'\", \"rule\": \"!has(self.serviceAccountName) || (has(self.provider) && " "(self.provider == 'azure' || self.provider == 'aws'))\"}]}"), f9, 14 },
    { STR_INIT("status"), API_OBJECT, false,
      STR_INIT("GitRepositoryStatus records the observed state of a Git repository."),
      STR_INIT("{\"default\": {\"observedGeneration\": -1}}"), f21, 10 },
};

static const struct api_field root = 
    { STR_INIT(""), API_OBJECT, false,
      STR_INIT("GitRepository is the Schema for the gitrepositories API."),
      STR_INIT(""), f22, 5 };

static const struct api_column columns[] = {
    { STR_INIT("URL"), STR_INIT("string"), STR_INIT(".spec.url"), 0 },
    { STR_INIT("Age"), STR_INIT("date"), STR_INIT(".metadata.creationTimestamp"), 0 },
    { STR_INIT("Ready"), STR_INIT("string"), STR_INIT(".status.conditions[?(@.type==\"Ready\")].status"), 0 },
    { STR_INIT("Status"), STR_INIT("string"), STR_INIT(".status.conditions[?(@.type==\"Ready\")].message"), 0 },
};

const struct api_kind api_git_repository = {
    .gvk = { STR_INIT("source.toolkit.fluxcd.io"), STR_INIT("v1"), STR_INIT("GitRepository") },
    .list_kind = STR_INIT("GitRepositoryList"),
    .plural = STR_INIT("gitrepositories"),
    .singular = STR_INIT("gitrepository"),
    .short_names = STR_INIT("gitrepo"),
    .categories = STR_INIT("all,fluxcd,fluxcd-sources"),
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .schema = &root,
};

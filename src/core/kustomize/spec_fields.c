/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/spec.h"

#define END { STR_INIT(""), SPEC_STRING, NULL }
#define FIELD(name, type) { STR_INIT(name), SPEC_##type, NULL }
#define NESTED(name, type, fields) { STR_INIT(name), SPEC_##type, fields }

static const struct spec_field metadata[] = {
    FIELD("name", STRING),
    FIELD("namespace", STRING),
    FIELD("labels", STRING_MAP),
    FIELD("annotations", STRING_MAP),
    END,
};

static const struct spec_field fieldspec[] = {
    FIELD("group", STRING), FIELD("version", STRING), FIELD("kind", STRING),
    FIELD("path", STRING),  FIELD("create", BOOL),    END,
};

static const struct spec_field label[] = {
    FIELD("pairs", STRING_MAP),           FIELD("includeSelectors", BOOL),
    FIELD("includeTemplates", BOOL),      FIELD("includeVolumeClaimTemplates", BOOL),
    NESTED("fields", OBJECTS, fieldspec), END,
};

static const struct spec_field selector[] = {
    FIELD("group", STRING),         FIELD("version", STRING),
    FIELD("kind", STRING),          FIELD("name", STRING),
    FIELD("namespace", STRING),     FIELD("annotationSelector", STRING),
    FIELD("labelSelector", STRING), END,
};

static const struct spec_field patch_options[] = {
    FIELD("allowNameChange", BOOL),
    FIELD("allowKindChange", BOOL),
    END,
};

static const struct spec_field patch[] = {
    FIELD("path", STRING),
    FIELD("patch", STRING),
    NESTED("target", OBJECT, selector),
    NESTED("options", OBJECT, patch_options),
    END,
};

static const struct spec_field image[] = {
    FIELD("name", STRING),   FIELD("newName", STRING), FIELD("tagSuffix", STRING),
    FIELD("newTag", STRING), FIELD("digest", STRING),  END,
};

static const struct spec_field replica[] = { FIELD("name", STRING), FIELD("count", INT), END };

static const struct spec_field field_options[] = {
    FIELD("delimiter", STRING),
    FIELD("index", INT),
    FIELD("encoding", STRING),
    FIELD("create", BOOL),
    END,
};

static const struct spec_field replacement_source[] = {
    FIELD("group", STRING),
    FIELD("version", STRING),
    FIELD("kind", STRING),
    FIELD("name", STRING),
    FIELD("namespace", STRING),
    FIELD("fieldPath", STRING),
    NESTED("options", OBJECT, field_options),
    END,
};

static const struct spec_field replacement_target[] = {
    NESTED("select", OBJECT, selector),
    NESTED("reject", OBJECTS, selector),
    FIELD("fieldPaths", STRINGS),
    NESTED("options", OBJECT, field_options),
    END,
};

const struct spec_field kust_replacement_fields[] = {
    FIELD("path", STRING),
    FIELD("sourceValue", STRING),
    NESTED("source", OBJECT, replacement_source),
    NESTED("targets", OBJECTS, replacement_target),
    END,
};

static const struct spec_field var_target[] = {
    FIELD("apiVersion", STRING),
    FIELD("group", STRING),
    FIELD("version", STRING),
    FIELD("kind", STRING),
    FIELD("name", STRING),
    FIELD("namespace", STRING),
    END,
};

static const struct spec_field var_field[] = { FIELD("fieldPath", STRING),
                                               FIELD("fieldpath", STRING), END };

static const struct spec_field var[] = {
    FIELD("name", STRING),
    NESTED("objref", OBJECT, var_target),
    NESTED("fieldref", OBJECT, var_field),
    END,
};

static const struct spec_field legacy_order[] = {
    FIELD("orderFirst", STRINGS),
    FIELD("orderLast", STRINGS),
    END,
};

static const struct spec_field sort_options[] = {
    FIELD("order", STRING),
    NESTED("legacySortOptions", OBJECT, legacy_order),
    END,
};

static const struct spec_field generator_options[] = {
    FIELD("labels", STRING_MAP),
    FIELD("annotations", STRING_MAP),
    FIELD("disableNameSuffixHash", BOOL),
    FIELD("immutable", BOOL),
    END,
};

static const struct spec_field config_map[] = {
    FIELD("namespace", STRING),
    FIELD("name", STRING),
    FIELD("behavior", STRING),
    FIELD("literals", STRINGS),
    FIELD("files", STRINGS),
    FIELD("envs", STRINGS),
    FIELD("env", STRING),
    NESTED("options", OBJECT, generator_options),
    END,
};

static const struct spec_field secret[] = {
    FIELD("namespace", STRING), FIELD("name", STRING),
    FIELD("behavior", STRING),  FIELD("literals", STRINGS),
    FIELD("files", STRINGS),    FIELD("envs", STRINGS),
    FIELD("env", STRING),       NESTED("options", OBJECT, generator_options),
    FIELD("type", STRING),      END,
};

static const struct spec_field helm_globals[] = { FIELD("chartHome", STRING),
                                                  FIELD("configHome", STRING), END };

static const struct spec_field helm_chart[] = {
    FIELD("name", STRING),        FIELD("version", STRING),
    FIELD("repo", STRING),        FIELD("releaseName", STRING),
    FIELD("namespace", STRING),   FIELD("additionalValuesFiles", STRINGS),
    FIELD("valuesFile", STRING),  FIELD("valuesInline", MAP),
    FIELD("valuesMerge", STRING), FIELD("includeCRDs", BOOL),
    FIELD("skipHooks", BOOL),     FIELD("apiVersions", STRINGS),
    FIELD("kubeVersion", STRING), FIELD("nameTemplate", STRING),
    FIELD("skipTests", BOOL),     FIELD("debug", BOOL),
    FIELD("devel", BOOL),         END,
};

static const struct spec_field helm_chart_legacy[] = {
    FIELD("chartName", STRING),     FIELD("chartVersion", STRING),
    FIELD("chartRepoUrl", STRING),  FIELD("chartHome", STRING),
    FIELD("chartRepoName", STRING), FIELD("helmBin", STRING),
    FIELD("helmHome", STRING),      FIELD("values", STRING),
    FIELD("valuesLocal", MAP),      FIELD("valuesMerge", STRING),
    FIELD("releaseName", STRING),   FIELD("releaseNamespace", STRING),
    FIELD("extraArgs", STRINGS),    END,
};

const struct spec_field kust_spec_fields[] = {
    FIELD("apiVersion", STRING),
    FIELD("kind", STRING),
    NESTED("metadata", OBJECT, metadata),
    FIELD("openapi", STRING_MAP),
    FIELD("namePrefix", STRING),
    FIELD("nameSuffix", STRING),
    FIELD("namespace", STRING),
    FIELD("commonLabels", STRING_MAP),
    NESTED("labels", OBJECTS, label),
    FIELD("commonAnnotations", STRING_MAP),
    FIELD("patchesStrategicMerge", STRINGS),
    NESTED("patchesJson6902", OBJECTS, patch),
    NESTED("patches", OBJECTS, patch),
    NESTED("images", OBJECTS, image),
    NESTED("imageTags", OBJECTS, image),
    NESTED("replacements", OBJECTS, kust_replacement_fields),
    NESTED("replicas", OBJECTS, replica),
    NESTED("vars", OBJECTS, var),
    NESTED("sortOptions", OBJECT, sort_options),
    FIELD("resources", STRINGS),
    FIELD("components", STRINGS),
    FIELD("crds", STRINGS),
    FIELD("bases", STRINGS),
    NESTED("configMapGenerator", OBJECTS, config_map),
    NESTED("secretGenerator", OBJECTS, secret),
    NESTED("helmGlobals", OBJECT, helm_globals),
    NESTED("helmCharts", OBJECTS, helm_chart),
    NESTED("helmChartInflationGenerator", OBJECTS, helm_chart_legacy),
    NESTED("generatorOptions", OBJECT, generator_options),
    FIELD("configurations", STRINGS),
    FIELD("generators", STRINGS),
    FIELD("transformers", STRINGS),
    FIELD("validators", STRINGS),
    FIELD("buildMetadata", STRINGS),
    END,
};

static const struct spec_field value_target[] = {
    NESTED("selector", OBJECT, selector),
    FIELD("fieldPath", STRING),
    FIELD("filePathPosition", INT),
    END,
};

static const struct spec_field plugin_options[] = {
    FIELD("labels", STRING_MAP),
    FIELD("annotations", STRING_MAP),
    FIELD("disableNameSuffixHash", BOOL),
    FIELD("immutable", BOOL),
    FIELD("allowNameChange", BOOL),
    FIELD("allowKindChange", BOOL),
    END,
};

static const struct spec_field service[] = { FIELD("name", STRING), FIELD("namespace", STRING),
                                             END };

static const struct spec_field account[] = { FIELD("name", STRING), FIELD("projectId", STRING),
                                             END };

const struct spec_field kust_plugin_fields[] = {
    FIELD("labels", STRING_MAP),
    FIELD("annotations", STRING_MAP),
    NESTED("fieldSpecs", OBJECTS, fieldspec),
    FIELD("prefix", STRING),
    FIELD("suffix", STRING),
    FIELD("unsetOnly", BOOL),
    FIELD("setRoleBindingSubjects", STRING),
    NESTED("replica", OBJECT, replica),
    NESTED("imageTag", OBJECT, image),
    FIELD("path", STRING),
    FIELD("paths", STRINGS),
    FIELD("patch", STRING),
    FIELD("patches", STRING),
    FIELD("jsonOp", STRING),
    NESTED("target", OBJECT, selector),
    NESTED("options", OBJECT, plugin_options),
    NESTED("replacements", OBJECTS, kust_replacement_fields),
    FIELD("value", STRING),
    FIELD("targetFilePath", STRING),
    NESTED("targets", OBJECTS, value_target),
    FIELD("name", STRING),
    FIELD("namespace", STRING),
    FIELD("behavior", STRING),
    FIELD("type", STRING),
    FIELD("literals", STRINGS),
    FIELD("files", STRINGS),
    FIELD("envs", STRINGS),
    FIELD("cloud", STRING),
    NESTED("kubernetesService", OBJECT, service),
    NESTED("serviceAccount", OBJECT, account),
    END,
};

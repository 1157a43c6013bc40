/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/validate.h"

/* In the order in which Kubernetes looks for them: the second one found is the one refused. */
static const struct {
    const char *source;
    const char *required; /* a text that must be there; "" none */
} sources[] = {
    { "emptyDir", "" },
    { "hostPath", "path" },
    { "gitRepo", "repository" },
    { "gcePersistentDisk", "pdName" },
    { "awsElasticBlockStore", "volumeID" },
    { "secret", "secretName" },
    { "nfs", "server" },
    { "iscsi", "targetPortal" },
    { "glusterfs", "endpoints" },
    { "flocker", "" },
    { "persistentVolumeClaim", "claimName" },
    { "rbd", "image" },
    { "cinder", "volumeID" },
    { "cephfs", "" },
    { "quobyte", "registry" },
    { "downwardAPI", "" },
    { "fc", "" },
    { "azureFile", "secretName" },
    { "configMap", "name" },
    { "vsphereVolume", "volumePath" },
    { "photonPersistentDisk", "pdID" },
    { "azureDisk", "diskName" },
    { "storageos", "" },
    { "projected", "" },
    { "scaleIO", "gateway" },
    { "csi", "driver" },
    { "ephemeral", "" },
    { "image", "" },
};

static void check_sources(const struct check *c, struct str at, const struct val *volume)
{
    size_t count = 0;

    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        const struct val *v = val_get(volume, str_from_cstr(sources[i].source));
        struct str below = at_field(c, at, sources[i].source);

        if (!v)
            continue;
        if (count++)
            check_forbidden(c, below, "may not specify more than 1 volume type");
        else if (*sources[i].required && !val_get_str(v, sources[i].required).len)
            check_required(c, at_field(c, below, sources[i].required), "");
    }
    if (!count)
        check_required(c, at, "must specify a volume type");
}

void validate_volumes(const struct check *c, struct str field, const struct val *volumes)
{
    for (size_t i = 0; i < val_count(volumes); i++) {
        const struct val *v = volumes->items[i];
        struct str at = at_index(c, field, i);
        struct str name = val_get_str(v, "name");

        if (!name.len)
            check_required(c, at_field(c, at, "name"), "");
        else
            (void)check_dns_label(c, at_field(c, at, "name"), name);
        for (size_t j = 0; j < i && name.len; j++)
            if (str_eq(val_get_str(volumes->items[j], "name"), name)) {
                check_duplicate(c, at_field(c, at, "name"), val_get(v, STR("name")));
                break;
            }
        check_sources(c, at, v);
    }
}

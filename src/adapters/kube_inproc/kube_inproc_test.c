/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/kube_inproc/kube_inproc.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "adapters/clock_linux/clock_linux.h"
#include "adapters/store_sqlite/store_sqlite.h"
#include "app/apiserver/server.h"
#include "tests/contract/cluster_contract.h"
#include "tests/harness.h"

static void no_log(void *self, enum log_level level, struct str message,
                   const struct log_fields *fields)
{
    (void)self;
    (void)level;
    (void)message;
    (void)fields;
}

static void make_namespace(const struct cluster *c, struct arena *a)
{
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    const struct val *ns = val_map_of(
        a, "apiVersion", val_cstring(a, "v1"), "kind", val_cstring(a, "Namespace"), "metadata",
        val_map_of(a, "name", val_cstring(a, "contract"), NULL), NULL);
    const struct val *made = NULL;

    CHECK(cluster_create(c, &r, ns, STR("test"), &made) == NULL);
}

TEST(keeps_the_contract_of_the_cluster_port)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    char dir[] = "/tmp/weir-inproc-XXXXXX";
    struct store_options store_options = { .clock = clock_linux() };
    struct store_sqlite *store = NULL;
    struct apiserver *server = NULL;
    struct apiserver_options options = { .clock = clock_linux(),
                                         .random = random_linux(),
                                         .log = { .write = no_log },
                                         .address = STR("127.0.0.1:6443") };
    const struct str masters[] = { STR("system:masters") };
    struct api_user admin = { .name = STR("admin"), .groups = masters, .group_count = 1 };
    struct kube_inproc *k;
    struct cluster c;

    REQUIRE(mkdtemp(dir));
    REQUIRE(!store_sqlite_open(a, str_printf(a, "%s/weir.db", dir), &store_options, &store));
    options.store = store_sqlite_port(store);
    REQUIRE(!apiserver_new(a, &options, &server));
    k = kube_inproc_new(apiserver_port(server), &admin);
    c = kube_inproc_port(k);
    make_namespace(&c, a);
    cluster_contract(&c, STR("contract"));
    kube_inproc_free(k);
    apiserver_free(server);
    store_sqlite_free(store);
    for (const char *const *name =
             (const char *const[]){ "weir.db", "weir.db-wal", "weir.db-shm", "weir.db.lock", NULL };
         *name; name++)
        (void)unlink(str_cstr(a, str_printf(a, "%s/%s", dir, *name)));
    CHECK(rmdir(dir) == 0);
}

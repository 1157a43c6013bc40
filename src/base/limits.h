/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/limits.h - every ceiling on what comes from outside, with its unit and reason, in one place.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define KIB 1024ull
#define MIB (1024ull * KIB)

/* YAML and JSON. Recursion over value trees is bounded by the depth. */
#define LIMIT_TREE_DEPTH 512 /* nested collections; Go's JSON decoder stops at 10,000 */
#define LIMIT_DOCUMENT_BYTES (64ull * MIB) /* one text given to a reader */
#define LIMIT_MANIFEST_BYTES \
    (5ull * MIB)                     /* one file of a repository; etcd objects end at 1.5 MiB */
#define LIMIT_TREE_NODES 4000000u    /* nodes of one text, aliases expanded */
#define LIMIT_ALIAS_NODES 1000000u   /* nodes that come from aliases alone */
#define LIMIT_FLOW_WORK 100000000ull /* tokens times open brackets, what libyaml's time follows */
#define LIMIT_MAP_KEY_BYTES (64ull * KIB)

/* kustomize. */
#define LIMIT_KUSTOMIZE_DEPTH 64     /* kustomizations within kustomizations */
#define LIMIT_KUSTOMIZE_FILES 50000u /* files read by one build */
#define LIMIT_BUILD_OBJECTS 200000u
#define LIMIT_BUILD_REPOSITORIES 64u /* that one build fetches */
#define LIMIT_SUBMODULE_DEPTH 8u     /* submodules within submodules of a remote base */
#define LIMIT_BUILD_ERRORS 32u       /* reported by one build before it stops looking for more */
#define LIMIT_BUILD_BYTES (1024ull * MIB)     /* memory of one build, whatever it reads */
#define LIMIT_BUILD_FREE_BYTES (384ull * MIB) /* memory of one build that reads little ... */
#define LIMIT_BUILD_BYTES_PER_BYTE 32u        /* ... and more for each byte it reads */
#define LIMIT_BUILD_STEPS \
    40000000ull /* fields, objects and list items that transformers look at: a second or two */
#define LIMIT_BUILD_STEPS_PER_BYTE 4u           /* and more for each byte it reads */
#define LIMIT_BUILD_COPIES 1000000u             /* nodes that replacements put elsewhere */
#define LIMIT_BUILD_OUTPUT_BYTES (256ull * MIB) /* printed */
#define LIMIT_EXPANDED_BYTES (16ull * MIB)      /* one text with vars or variables in it */
#define LIMIT_KUSTOMIZE_CONFIG_ENTRIES \
    2000u /* field specs of the merged configurations, defaults included */
#define LIMIT_MERGE_STEPS 20000000ull  /* pairs of list items that one strategic merge compares */
#define LIMIT_REGEX_BYTES (1ull * MIB) /* memory of one compiled pattern */

/* A render worker (adapters/render_process). */
#define LIMIT_RENDER_MEMORY_BYTES (LIMIT_BUILD_BYTES + 512ull * MIB) /* address space */
#define LIMIT_RENDER_ANSWER_BYTES (256ull * MIB)  /* objects of one build, packed */
#define LIMIT_RENDER_QUESTION_BYTES (64ull * KIB) /* a path or URL */
#define LIMIT_RENDER_QUESTIONS (4 * LIMIT_KUSTOMIZE_FILES)
#define LIMIT_RENDER_TREES 1000u /* remote folders of one build */
#define LIMIT_RENDER_CPU_SECONDS 60
#define LIMIT_RENDER_SECONDS 1200 /* where the Kustomization's timeout is longer */
#define LIMIT_RENDER_IDLE_SECONDS 30
#define LIMIT_RENDER_AHEAD_FILE_BYTES (64ull * KIB) /* sent with its folder, not asked for */
#define LIMIT_RENDER_AHEAD_BYTES (1ull * MIB)       /* of one folder */

/* Templates (Go's text/template, sprig). */
#define LIMIT_TEMPLATE_TEXT_BYTES (16ull * MIB) /* one file; `tpl` takes as much */
#define LIMIT_TEMPLATE_NESTING 256u /* control structures and parentheses within each other */
#define LIMIT_TEMPLATE_DEPTH 1000u  /* templates that call each other; as Helm's include */
#define LIMIT_TEMPLATE_STACK_BYTES \
    (3ull * MIB)                       /* of a thread's 4: templates, blocks and parentheses */
#define LIMIT_TEMPLATE_STEPS 20000000u /* evaluated nodes of one set, costly functions weighted */
#define LIMIT_TEMPLATE_BYTES (512ull * MIB) /* memory that one set may take while it renders */
#define LIMIT_TEMPLATE_STRING_BYTES (64ull * MIB) /* one text that a function makes, one output */
#define LIMIT_TIME_ZONE_BYTES (256ull * KIB)      /* one TZif file */
#define LIMIT_TEMPLATE_LIST_ITEMS 1000000u        /* one list that a function makes */

/* Charts. Sizes are Helm's and Flux'. */
#define LIMIT_CHART_BYTES (100ull * MIB) /* all files of a chart, sub-charts included */
#define LIMIT_CHART_FILE_BYTES (5ull * MIB)
#define LIMIT_CHART_FILES 20000u
#define LIMIT_SCHEMA_STEPS 5000000u /* sub-schemas tried by one validation */
#define LIMIT_CHART_DEPTH 16u       /* sub-charts within sub-charts */

/* Repositories of charts and registries. */
#define LIMIT_INDEX_BYTES (50ull * MIB)         /* index.yaml; as Flux */
#define LIMIT_DEPENDENCIES_BYTES (512ull * MIB) /* archives of all dependencies of one chart */
#define LIMIT_REPOSITORIES 1000u                /* of one repositories.yaml */
#define LIMIT_CONFIG_FILE_BYTES \
    (4ull * MIB) /* repositories.yaml, config.json, a file of certificates */
#define LIMIT_OCI_DOCUMENT_BYTES (4ull * MIB) /* a manifest, a page of tags; as oras */
#define LIMIT_CREDENTIAL_PROGRAM_BYTES \
    (64ull * KIB)                     /* an answer of docker-credential-*; as docker */
#define LIMIT_OCI_DESCRIPTORS 1000u   /* of one manifest */
#define LIMIT_OCI_INDEX_MANIFESTS 32u /* of one index that are looked into */
#define LIMIT_OCI_TAGS 100000u        /* of one repository */
#define LIMIT_OCI_TAG_PAGES 1000u
#define LIMIT_TOKEN_BYTES (128ull * KIB) /* answer of a token server; as oras */

/* Sources and artifacts. */
#define LIMIT_ARTIFACT_BYTES (512ull * MIB) /* compressed tarball */
#define LIMIT_ARTIFACT_FILES 200000u
#define LIMIT_ARTIFACT_RATIO 200u /* uncompressed bytes per compressed byte */
#define LIMIT_PATH_BYTES 4096u
#define LIMIT_PATH_DEPTH 128u
#define LIMIT_IGNORE_FILE_BYTES (256ull * KIB)
#define LIMIT_GIT_REFS 1000000u
#define LIMIT_GIT_PACK_BYTES (512ull * MIB)     /* one fetch; also each file that git writes */
#define LIMIT_GIT_MIRROR_BYTES (1024ull * MIB)  /* then the mirror is made anew */
#define LIMIT_GIT_MIRROR_PACKS 24u              /* then they are put together */
#define LIMIT_GIT_MIRROR_IDLE_SECONDS 86400     /* then the mirror is removed */
#define LIMIT_GIT_CREDENTIAL_BYTES (1ull * MIB) /* one entry of a Secret; as a Secret itself */
#define LIMIT_GIT_INCLUDE_DEPTH 16u             /* GitRepositories that include each other */
#define LIMIT_GIT_FETCH_SECONDS 600
#define LIMIT_GIT_LOW_SPEED_BYTES 1000 /* a second, over the time below */
#define LIMIT_GIT_LOW_SPEED_SECONDS 30
#define LIMIT_CHILD_OUTPUT_BYTES (64ull * MIB)

/* HTTP. */
#define LIMIT_HTTP_BODY_BYTES (3ull * MIB) /* request to our API server, as kube-apiserver */
#define LIMIT_HTTP_HEADER_BYTES (1ull * MIB)
#define LIMIT_HTTP_ANSWER_BYTES (256ull * MIB)
#define LIMIT_HTTP_CONNECTIONS 4096
#define LIMIT_EXEC_OUTPUT_BYTES (1ull * MIB) /* what a credential plugin prints */

/* API objects. */
#define LIMIT_OBJECT_BYTES (1536ull * KIB) /* stored object, as etcd's request limit */
#define LIMIT_LIST_ITEMS 500u              /* one page when we list from a server */
#define LIMIT_ANNOTATIONS_BYTES (256ull * KIB)
#define LIMIT_WATCH_BACKLOG 10000u       /* events a slow watcher may lag before it is cut off */
#define LIMIT_JSON_PATCH_OPS 10000u      /* as kube-apiserver */
#define LIMIT_JSON_PATCH_COPIES 1000000u /* values that "copy" makes: each may double the object */
#define LIMIT_SIMULATE_ROUNDS 40u       /* of kinds that a simulation assumes, one behind another */
#define LIMIT_EVENT_MESSAGE_BYTES 1024u /* Kubernetes Events */

#endif

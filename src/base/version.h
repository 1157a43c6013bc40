/* SPDX-License-Identifier: Apache-2.0 */
/* base/version.h - our version, and those of the APIs that we are compatible with. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define WEIR_VERSION "v0.1.0"
#define WEIR_FLUX_VERSION "v2.9"
#define WEIR_KUBERNETES_VERSION "v1.35.4"

#endif

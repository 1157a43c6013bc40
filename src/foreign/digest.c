/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/digest.h"

#include <assert.h>
#include <openssl/evp.h>

static const EVP_MD *method(enum digest_kind kind)
{
    switch (kind) {
    case DIGEST_MD5:
        return EVP_md5();
    case DIGEST_SHA1:
        return EVP_sha1();
    case DIGEST_SHA256:
        return EVP_sha256();
    case DIGEST_SHA384:
        return EVP_sha384();
    case DIGEST_SHA512:
        return EVP_sha512();
    default:
        assert(false); /* no such kind */
        return NULL;
    }
}

size_t digest_size(enum digest_kind kind)
{
    return (size_t)EVP_MD_get_size(method(kind));
}

void digest_bytes(enum digest_kind kind, struct str data, uint8_t *ret)
{
    unsigned size = 0;
    int ok = EVP_Digest(data.ptr ? data.ptr : "", data.len, ret, &size, method(kind), NULL);
    assert(ok == 1); /* fails only without memory */
}

struct str hex_encode(struct arena *a, const uint8_t *bytes, size_t count)
{
    char *out = arena_alloc(a, 2 * count);
    for (size_t i = 0; i < count; i++) {
        out[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    return str_of(out, 2 * count);
}

struct str digest_hex(struct arena *a, enum digest_kind kind, struct str data)
{
    uint8_t bytes[DIGEST_BYTES_MAX];
    digest_bytes(kind, data, bytes);
    return hex_encode(a, bytes, digest_size(kind));
}

struct digest {
    EVP_MD_CTX *context;
};

static void release(void *ptr)
{
    EVP_MD_CTX_free(ptr);
}

struct digest *digest_new(struct arena *a, enum digest_kind kind)
{
    struct digest *d = ARENA_NEW(a, struct digest);
    d->context = EVP_MD_CTX_new();
    assert(d->context);
    arena_defer(a, release, d->context);
    int ok = EVP_DigestInit_ex(d->context, method(kind), NULL);
    assert(ok == 1);
    return d;
}

void digest_add(struct digest *d, struct str data)
{
    int ok = EVP_DigestUpdate(d->context, data.ptr, data.len);
    assert(ok == 1);
}

void digest_finish(struct digest *d, uint8_t *ret)
{
    unsigned size = 0;
    int ok = EVP_DigestFinal_ex(d->context, ret, &size);
    assert(ok == 1);
}

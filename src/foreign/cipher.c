/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/cipher.h"

#include <assert.h>
#include <crypt.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/arena.h"

struct str aes_cbc(struct arena *a, bool encrypt, const uint8_t key[AES_KEY_BYTES],
                   const uint8_t iv[AES_BLOCK_BYTES], struct str data)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    uint8_t *out = arena_alloc(a, data.len + AES_BLOCK_BYTES);
    int written = 0, rest = 0, ok;

    assert(context && data.len % AES_BLOCK_BYTES == 0 && data.len < INT32_MAX);
    ok = EVP_CipherInit_ex(context, EVP_aes_256_cbc(), NULL, key, iv, encrypt);
    ok = ok && EVP_CIPHER_CTX_set_padding(context, 0);
    ok = ok && EVP_CipherUpdate(context, out, &written, (const uint8_t *)data.ptr, (int)data.len);
    ok = ok && EVP_CipherFinal_ex(context, out + written, &rest);
    EVP_CIPHER_CTX_free(context);
    assert(ok); /* fails only without memory */
    return str_of((const char *)out, (size_t)written + (size_t)rest);
}

void hmac_sha256(struct str key, struct str data, uint8_t ret[HMAC_SHA256_BYTES])
{
    unsigned size = HMAC_SHA256_BYTES;
    const uint8_t *done = HMAC(EVP_sha256(), key.ptr, (int)key.len, (const uint8_t *)data.ptr,
                               data.len, ret, &size);

    assert(done && size == HMAC_SHA256_BYTES);
}

bool scrypt_derive(struct str password, struct str salt, struct scrypt_cost cost, uint8_t *ret,
                   size_t size)
{
    const uint64_t memory_max = UINT64_C(64) << 20;

    return cost.log_n < 32 &&
           EVP_PBE_scrypt(password.ptr ? password.ptr : "", password.len, (const uint8_t *)salt.ptr,
                          salt.len, UINT64_C(1) << cost.log_n, cost.r, cost.p, memory_max, ret,
                          size) == 1;
}

/* bcrypt's own base64: another alphabet, no padding. */
static void put_salt(char *out, const uint8_t salt[BCRYPT_SALT_BYTES])
{
    static const char alphabet[] =
        "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    unsigned bits = 0, held = 0;
    size_t n = 0;

    for (size_t i = 0; i < BCRYPT_SALT_BYTES; i++) {
        held = held << 8 | salt[i];
        for (bits += 8; bits >= 6; bits -= 6)
            out[n++] = alphabet[held >> (bits - 6) & 63];
        held &= 255;
    }
    out[n++] = alphabet[held << (6 - bits) & 63];
    out[n] = '\0';
}

bool bcrypt_hash(struct arena *a, struct str password, unsigned cost,
                 const uint8_t salt[BCRYPT_SALT_BYTES], struct str *ret)
{
    struct crypt_data *room = ARENA_NEW(a, struct crypt_data);
    char text[32];
    struct str setting;
    const char *hash;

    if (cost < 4 || cost > 20 || password.len > 72 || str_find_byte(password, '\0', 0) != SIZE_MAX)
        return false;
    put_salt(text, salt);
    setting = str_printf(a, "$2a$%02u$%s", cost, text);
    hash = crypt_rn(str_cstr(a, password), str_cstr(a, setting), room, (int)sizeof *room);
    if (!hash || hash[0] != '$')
        return false;
    *ret = str_from_cstr(hash);
    return true;
}

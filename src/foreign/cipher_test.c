/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/cipher.h"

#include "foreign/certificate.h"
#include "foreign/digest.h"
#include "tests/harness.h"

TEST(aes_gives_back_what_it_took)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const uint8_t key[AES_KEY_BYTES] = { 1, 2, 3 }, iv[AES_BLOCK_BYTES] = { 9 };
    struct str text = STR("0123456789abcdef"), sealed = aes_cbc(a, true, key, iv, text);

    CHECK(!str_eq(sealed, text));
    CHECK_STR(aes_cbc(a, false, key, iv, sealed), text);
}

/* RFC 4231, test case 2. */
TEST(hmac_is_that_of_the_rfc)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    uint8_t mac[HMAC_SHA256_BYTES];

    hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"), mac);
    CHECK_STR(hex_encode(a, mac, 32),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

/* RFC 7914, section 12. */
TEST(scrypt_is_that_of_the_rfc)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    uint8_t key[16];

    REQUIRE(scrypt_derive(STR(""), STR(""), (struct scrypt_cost){ 4, 1, 1 }, key, sizeof key));
    CHECK_STR(hex_encode(a, key, 16), "77d6576238657b203b19ca42c18a0497");
}

TEST(bcrypt_hashes_with_the_salt_given)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const uint8_t salt[BCRYPT_SALT_BYTES] = { 0 };
    struct str hash;

    REQUIRE(bcrypt_hash(a, STR("secret"), 4, salt, &hash));
    CHECK_UINT(hash.len, 60);
    CHECK(str_has_prefix(hash, STR("$2a$04$......................")));
    CHECK(!bcrypt_hash(a, STR("a\0b"), 4, salt, &hash));
}

TEST(certificates_are_signed_by_an_authority)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct str dns = STR("a.example"), address = STR("\x0A\0\0\1");
    struct certificate_request ca = { .common_name = STR("ca"), .not_after = 86400, .is_ca = true };
    struct certificate_request leaf = { .common_name = STR("leaf"),
                                        .addresses = &address,
                                        .address_count = 1,
                                        .dns_names = &dns,
                                        .dns_name_count = 1,
                                        .not_after = 86400 };
    struct str ca_key, ca_pem, key, pem;

    REQUIRE(!key_generate(a, KEY_ECDSA_P256, &ca_key));
    CHECK(str_has_prefix(ca_key, STR("-----BEGIN EC PRIVATE KEY-----\n")));
    REQUIRE(!certificate_issue(a, &ca, ca_key, STR(""), STR(""), &ca_pem));
    REQUIRE(!key_generate(a, KEY_RSA_2048, &key));
    CHECK(str_has_prefix(key, STR("-----BEGIN RSA PRIVATE KEY-----\n")));
    REQUIRE(!certificate_issue(a, &leaf, key, ca_pem, ca_key, &pem));
    CHECK(str_has_prefix(pem, STR("-----BEGIN CERTIFICATE-----\n")));
    CHECK(certificate_check(a, pem) == NULL);
    CHECK(certificate_check(a, key) != NULL);
    CHECK(key_check(a, pem) != NULL);
}

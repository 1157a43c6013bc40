/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/certificate.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/arena.h"

static struct err *failed(struct arena *a, const char *what)
{
    char text[160] = "";

    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    ERR_clear_error();
    return err_new(a, ERR_INVALID, "%s: %s", what, text);
}

static void release_key(void *ptr)
{
    EVP_PKEY_free(ptr);
}

static void release_certificate(void *ptr)
{
    X509_free(ptr);
}

static struct str content(struct arena *a, BIO *bio)
{
    char *data = NULL;
    long size = BIO_ctrl(bio, BIO_CTRL_INFO, 0, &data);
    struct str text = size > 0 ? str_dup(a, str_of(data, (size_t)size)) : STR("");

    BIO_free_all(bio);
    return text;
}

static bool configure(EVP_PKEY_CTX *context, enum key_kind kind)
{
    if (kind == KEY_RSA_2048 || kind == KEY_RSA_4096)
        return EVP_PKEY_CTX_set_rsa_keygen_bits(context, kind == KEY_RSA_2048 ? 2048 : 4096) > 0;
    if (kind == KEY_ECDSA_P256)
        return EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1) > 0;
    return true;
}

/* DSA keys need parameters first. */
static EVP_PKEY *dsa_parameters(void)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_DSA, NULL);
    EVP_PKEY *parameters = NULL;

    if (!context || EVP_PKEY_paramgen_init(context) <= 0 ||
        EVP_PKEY_CTX_set_dsa_paramgen_bits(context, 2048) <= 0 ||
        EVP_PKEY_CTX_set_dsa_paramgen_q_bits(context, 256) <= 0 ||
        EVP_PKEY_paramgen(context, &parameters) <= 0)
        parameters = NULL;
    EVP_PKEY_CTX_free(context);
    return parameters;
}

static EVP_PKEY *generate(enum key_kind kind)
{
    EVP_PKEY *parameters = kind == KEY_DSA_2048 ? dsa_parameters() : NULL, *key = NULL;
    EVP_PKEY_CTX *context;

    if (kind == KEY_DSA_2048)
        context = parameters ? EVP_PKEY_CTX_new_from_pkey(NULL, parameters, NULL) : NULL;
    else
        context = EVP_PKEY_CTX_new_id(kind == KEY_ED25519      ? EVP_PKEY_ED25519
                                      : kind == KEY_ECDSA_P256 ? EVP_PKEY_EC
                                                               : EVP_PKEY_RSA,
                                      NULL);
    if (!context || EVP_PKEY_keygen_init(context) <= 0 || !configure(context, kind) ||
        EVP_PKEY_keygen(context, &key) <= 0)
        key = NULL;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(parameters);
    return key;
}

struct err *key_generate(struct arena *a, enum key_kind kind, struct str *ret_pem)
{
    EVP_PKEY *key = generate(kind);
    BIO *bio = BIO_new(BIO_s_mem());
    int ok = 0;

    if (key && bio && kind == KEY_ED25519)
        ok = PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    else if (key && bio)
        ok = PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0, NULL, NULL);
    EVP_PKEY_free(key);
    *ret_pem = content(a, bio);
    return ok ? NULL : failed(a, "could not make a private key");
}

static struct err *read_key(struct arena *a, struct str pem, EVP_PKEY **ret)
{
    BIO *bio = BIO_new_mem_buf(pem.ptr ? pem.ptr : "", (int)pem.len);

    *ret = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    if (!*ret) {
        ERR_clear_error();
        return err_new(a, ERR_INVALID, "no PEM data in input");
    }
    arena_defer(a, release_key, *ret);
    return NULL;
}

static struct err *read_certificate(struct arena *a, struct str pem, X509 **ret)
{
    BIO *bio = BIO_new_mem_buf(pem.ptr ? pem.ptr : "", (int)pem.len);

    *ret = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    if (!*ret) {
        ERR_clear_error();
        return err_new(a, ERR_INVALID, "unable to decode certificate");
    }
    arena_defer(a, release_certificate, *ret);
    return NULL;
}

struct err *key_check(struct arena *a, struct str pem)
{
    EVP_PKEY *key;

    return read_key(a, pem, &key);
}

struct err *certificate_check(struct arena *a, struct str pem)
{
    X509 *certificate;

    return read_certificate(a, pem, &certificate);
}

static bool add_basic_constraints(X509 *x, bool is_ca)
{
    BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
    bool ok;

    if (!constraints)
        return false;
    constraints->ca = is_ca ? 255 : 0;
    ok = X509_add1_ext_i2d(x, NID_basic_constraints, constraints, 1, X509V3_ADD_DEFAULT) == 1;
    BASIC_CONSTRAINTS_free(constraints);
    return ok;
}

static bool add_usages(X509 *x, bool is_ca)
{
    ASN1_BIT_STRING *usage = ASN1_BIT_STRING_new();
    EXTENDED_KEY_USAGE *extended = EXTENDED_KEY_USAGE_new();
    bool ok = usage && extended && ASN1_BIT_STRING_set_bit(usage, 0, 1) && /* digitalSignature */
              ASN1_BIT_STRING_set_bit(usage, 2, 1) &&                      /* keyEncipherment */
              (!is_ca || ASN1_BIT_STRING_set_bit(usage, 5, 1));            /* keyCertSign */

    ok = ok && sk_ASN1_OBJECT_push(extended, OBJ_nid2obj(NID_server_auth)) > 0 &&
         sk_ASN1_OBJECT_push(extended, OBJ_nid2obj(NID_client_auth)) > 0 &&
         X509_add1_ext_i2d(x, NID_key_usage, usage, 1, X509V3_ADD_DEFAULT) == 1 &&
         X509_add1_ext_i2d(x, NID_ext_key_usage, extended, 0, X509V3_ADD_DEFAULT) == 1;
    ASN1_BIT_STRING_free(usage);
    EXTENDED_KEY_USAGE_free(extended);
    return ok;
}

static bool add_name(GENERAL_NAMES *names, int type, struct str bytes)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_STRING *text = ASN1_STRING_type_new(type == GEN_DNS ? V_ASN1_IA5STRING
                                                             : V_ASN1_OCTET_STRING);

    if (!name || !text || !ASN1_STRING_set(text, bytes.ptr ? bytes.ptr : "", (int)bytes.len)) {
        GENERAL_NAME_free(name);
        ASN1_STRING_free(text);
        return false;
    }
    GENERAL_NAME_set0_value(name, type, text);
    return sk_GENERAL_NAME_push(names, name) > 0;
}

static bool add_alternative_names(X509 *x, const struct certificate_request *request)
{
    GENERAL_NAMES *names;
    bool ok = true;

    if (request->dns_name_count + request->address_count == 0)
        return true;
    names = GENERAL_NAMES_new();
    for (size_t i = 0; ok && i < request->dns_name_count; i++)
        ok = add_name(names, GEN_DNS, request->dns_names[i]);
    for (size_t i = 0; ok && i < request->address_count; i++)
        ok = add_name(names, GEN_IPADD, request->addresses[i]);
    ok = ok && X509_add1_ext_i2d(x, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1;
    GENERAL_NAMES_free(names);
    return ok;
}

/* An authority names its key, and what it signs names the authority's. */
static bool add_key_identifiers(X509 *x, X509 *issuer, bool is_ca)
{
    const ASN1_OCTET_STRING *parent = issuer ? X509_get0_subject_key_id(issuer) : NULL;
    ASN1_OCTET_STRING *own = ASN1_OCTET_STRING_new();
    AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    bool ok = own && authority;

    if (is_ca)
        ok = ok && X509_pubkey_digest(x, EVP_sha1(), digest, &size) &&
             ASN1_OCTET_STRING_set(own, digest, (int)size) &&
             X509_add1_ext_i2d(x, NID_subject_key_identifier, own, 0, X509V3_ADD_DEFAULT) == 1;
    if (ok && parent) {
        authority->keyid = ASN1_OCTET_STRING_dup(parent);
        ok = X509_add1_ext_i2d(x, NID_authority_key_identifier, authority, 0, X509V3_ADD_DEFAULT) ==
             1;
    }
    ASN1_OCTET_STRING_free(own);
    AUTHORITY_KEYID_free(authority);
    return ok;
}

static bool set_serial(X509 *x, const uint8_t serial[16])
{
    BIGNUM *number = BN_bin2bn(serial, 16, NULL);
    bool ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x)) != NULL;

    BN_free(number);
    return ok;
}

static bool fill(X509 *x, const struct certificate_request *r, EVP_PKEY *key, X509 *issuer)
{
    X509_NAME *name = X509_get_subject_name(x);

    return X509_set_version(x, 2) && set_serial(x, r->serial) &&
           (r->common_name.len == 0 ||
            X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                       (const uint8_t *)r->common_name.ptr, (int)r->common_name.len,
                                       -1, 0)) &&
           X509_set_issuer_name(x, issuer ? X509_get_subject_name(issuer) : name) &&
           ASN1_TIME_set(X509_getm_notBefore(x), r->not_before) &&
           ASN1_TIME_set(X509_getm_notAfter(x), r->not_after) && X509_set_pubkey(x, key) &&
           add_usages(x, r->is_ca) && add_basic_constraints(x, r->is_ca) &&
           add_key_identifiers(x, issuer, r->is_ca) && add_alternative_names(x, r);
}

struct err *certificate_issue(struct arena *a, const struct certificate_request *request,
                              struct str key, struct str ca_certificate, struct str ca_key,
                              struct str *ret_pem)
{
    EVP_PKEY *own, *signer;
    X509 *issuer = NULL, *x;
    struct err *e;
    BIO *bio;
    int ok;

    if (TRY(&e, read_key(a, key, &own)))
        return e;
    signer = own;
    if (ca_certificate.len > 0 && (TRY(&e, read_certificate(a, ca_certificate, &issuer)) ||
                                   TRY(&e, read_key(a, ca_key, &signer))))
        return e;
    x = X509_new();
    bio = BIO_new(BIO_s_mem());
    ok = x && bio && fill(x, request, own, issuer) &&
         X509_sign(x, signer, EVP_PKEY_get_id(signer) == EVP_PKEY_ED25519 ? NULL : EVP_sha256()) >
             0 &&
         PEM_write_bio_X509(bio, x);
    X509_free(x);
    *ret_pem = content(a, bio);
    return ok ? NULL : failed(a, "error creating certificate");
}

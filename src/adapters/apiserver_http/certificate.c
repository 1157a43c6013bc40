/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/apiserver_http/certificate.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

enum { DAYS = 3650, SERIAL_BYTES = 16, NAMES_BYTES_MAX = 512, HOST_BYTES_MAX = 253 };

static struct err *ssl_err(struct arena *a, const char *doing)
{
    char text[256];

    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    ERR_clear_error();
    return err_new(a, ERR_INTERNAL, "could not %s: %s", doing, text);
}

static void pem_text(struct arena *a, BIO *bio, struct str *ret)
{
    char *bytes = NULL;
    long n = BIO_get_mem_data(bio, &bytes);

    *ret = str_dup(a, str_of(bytes, n > 0 ? (size_t)n : 0));
}

static X509 *read_crt(struct str pem)
{
    BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    X509 *x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    return x;
}

static EVP_PKEY *read_key(struct str pem)
{
    BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    return key;
}

static bool add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509_EXTENSION *e;
    bool ok;

    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    ok = e && X509_add_ext(x, e, -1) == 1;
    X509_EXTENSION_free(e);
    return ok;
}

static bool is_address(struct str host)
{
    for (size_t i = 0; i < host.len; i++)
        if ((host.ptr[i] < '0' || host.ptr[i] > '9') && host.ptr[i] != '.' && host.ptr[i] != ':')
            return false;
    return host.len > 0;
}

static bool add_server_names(X509 *x, X509 *issuer, struct str host)
{
    char names[NAMES_BYTES_MAX];

    if (host.len > HOST_BYTES_MAX || str_find_byte(host, ',', 0) != SIZE_MAX)
        return false;
    (void)snprintf(names, sizeof names,
                   "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,"
                   "IP:127.0.0.1,IP:::1,IP:10.96.0.1%s%.*s",
                   !host.len          ? ""
                   : is_address(host) ? ",IP:"
                                      : ",DNS:",
                   STR_ARG(host));
    return add_extension(x, issuer, NID_subject_alt_name, names);
}

static bool add_extensions(X509 *x, X509 *issuer, const struct certificate_request *q)
{
    bool ok = add_extension(x, issuer, NID_subject_key_identifier, "hash");

    if (q->is_ca)
        return ok && add_extension(x, issuer, NID_basic_constraints, "critical,CA:TRUE") &&
               add_extension(x, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    ok = ok && add_extension(x, issuer, NID_authority_key_identifier, "keyid") &&
         add_extension(x, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(x, issuer, NID_key_usage, "critical,digitalSignature") &&
         add_extension(x, issuer, NID_ext_key_usage, q->server ? "serverAuth" : "clientAuth");
    return ok && (!q->server || add_server_names(x, issuer, q->host));
}

static bool set_subject(X509 *x, const struct certificate_request *q)
{
    X509_NAME *name = X509_get_subject_name(x);
    bool ok = true;

    if (q->group)
        ok = X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const unsigned char *)q->group,
                                        -1, -1, 0) == 1;
    return ok && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                            (const unsigned char *)q->name, -1, -1, 0) == 1;
}

static bool set_serial(X509 *x)
{
    unsigned char bytes[SERIAL_BYTES];
    BIGNUM *n;
    bool ok;

    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] &= 0x7f; /* positive */
    n = BN_bin2bn(bytes, sizeof bytes, NULL);
    ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x));
    BN_free(n);
    return ok;
}

/* Everything but the signature; an hour back, for clocks that are not quite the same. */
static bool fill(X509 *x, EVP_PKEY *key, X509 *issuer, const struct certificate_request *q)
{
    return X509_set_version(x, 2) == 1 && set_serial(x) &&
           X509_gmtime_adj(X509_getm_notBefore(x), -3600) &&
           X509_time_adj_ex(X509_getm_notAfter(x), DAYS, 0, NULL) && set_subject(x, q) &&
           X509_set_issuer_name(x, X509_get_subject_name(issuer)) == 1 &&
           X509_set_pubkey(x, key) == 1 && add_extensions(x, issuer, q);
}

static struct err *to_pem(struct arena *a, X509 *x, EVP_PKEY *key, struct certificate *ret)
{
    BIO *crt = BIO_new(BIO_s_mem());
    BIO *pem = BIO_new(BIO_s_mem());
    struct err *e = NULL;

    if (crt && pem && PEM_write_bio_X509(crt, x) == 1 &&
        PEM_write_bio_PKCS8PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL) == 1) {
        pem_text(a, crt, &ret->crt);
        pem_text(a, pem, &ret->key);
    } else {
        e = ssl_err(a, "write a certificate");
    }
    BIO_free(crt);
    BIO_free(pem);
    return e;
}

struct err *certificate_make(struct arena *a, const struct certificate_request *request,
                             const struct certificate *ca, struct certificate *ret)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    EVP_PKEY *signer = ca ? read_key(ca->key) : key;
    X509 *x = X509_new();
    X509 *issuer = ca ? read_crt(ca->crt) : x;
    struct err *e = NULL;

    if (!key || !signer || !x || !issuer || !fill(x, key, issuer, request) ||
        X509_sign(x, signer, EVP_sha256()) == 0)
        e = ssl_err(a, "make a certificate");
    else
        e = to_pem(a, x, key, ret);
    if (ca) {
        EVP_PKEY_free(signer);
        X509_free(issuer);
    }
    EVP_PKEY_free(key);
    X509_free(x);
    return e;
}

bool certificate_is_good(const struct certificate *c, const struct certificate *ca, struct str host)
{
    X509 *x = read_crt(c->crt);
    X509 *issuer = read_crt(ca->crt);
    EVP_PKEY *key = issuer ? X509_get0_pubkey(issuer) : NULL;
    char text[HOST_BYTES_MAX + 1];
    bool good = x && key && X509_verify(x, key) == 1 &&
                X509_cmp_current_time(X509_get0_notAfter(x)) > 0;

    if (good && host.len) {
        good = host.len < sizeof text;
        if (good)
            (void)snprintf(text, sizeof text, "%.*s", STR_ARG(host));
        good = good && (is_address(host) ? X509_check_ip_asc(x, text, 0)
                                         : X509_check_host(x, text, 0, 0, NULL)) == 1;
    }
    ERR_clear_error();
    X509_free(x);
    X509_free(issuer);
    return good;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include "adapters/apiserver_http/http_state.h"

/* HTTP/2 is not spoken here: whoever offers http/1.1 gets it, others go on without ALPN. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                           const unsigned char *in, unsigned in_len, void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen = NULL;

    (void)ssl;
    (void)arg;
    if (SSL_select_next_proto(&chosen, out_len, ours, sizeof ours - 1, in, in_len) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

/* A certificate that does not verify is as good as none: the request is answered with 401, as kube does. */
static int accept_any(int ok, X509_STORE_CTX *store)
{
    (void)ok;
    (void)store;
    return 1;
}

static bool use_pem(SSL_CTX *ctx, const struct credentials *c)
{
    struct str key_pem = secret_reveal(c->server_key);
    BIO *crt_bio = BIO_new_mem_buf(c->server_crt.ptr, (int)c->server_crt.len);
    BIO *key_bio = BIO_new_mem_buf(key_pem.ptr, (int)key_pem.len);
    BIO *ca_bio = BIO_new_mem_buf(c->ca_crt.ptr, (int)c->ca_crt.len);
    X509 *crt = PEM_read_bio_X509(crt_bio, NULL, NULL, NULL);
    X509 *ca = PEM_read_bio_X509(ca_bio, NULL, NULL, NULL);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(key_bio, NULL, NULL, NULL);
    bool ok = crt && ca && key && SSL_CTX_use_certificate(ctx, crt) == 1 &&
              SSL_CTX_use_PrivateKey(ctx, key) == 1 &&
              X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), ca) == 1 &&
              SSL_CTX_add_client_CA(ctx, ca) == 1;

    X509_free(crt);
    X509_free(ca);
    EVP_PKEY_free(key);
    BIO_free(crt_bio);
    BIO_free(key_bio);
    BIO_free(ca_bio);
    return ok;
}

struct err *tls_context_new(struct arena *a, const struct credentials *c, SSL_CTX **ret)
{
    static const unsigned char session_name[] = "weir";
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    char text[256];

    if (!ctx || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 || !use_pem(ctx, c)) {
        ERR_error_string_n(ERR_get_error(), text, sizeof text);
        SSL_CTX_free(ctx);
        return err_new(a, ERR_IO, "the server's certificate or key cannot be used: %s", text);
    }
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, accept_any);
    /* Buffers are given back while a connection idles: most are watches. */
    (void)SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
    (void)SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                       SSL_OP_IGNORE_UNEXPECTED_EOF);
    /* Sessions carry no certificate we could ask again, so each connection shows its own. */
    (void)SSL_CTX_set_session_id_context(ctx, session_name, sizeof session_name - 1);
    (void)SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    (void)SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    (void)SSL_CTX_set_num_tickets(ctx, 0);
    *ret = ctx;
    return NULL;
}

/* Values of one sort in a name, joined with newlines; NULL: none. */
static char *name_values(X509_NAME *name, int nid)
{
    char *text = NULL;
    size_t len = 0;

    for (int at = X509_NAME_get_index_by_NID(name, nid, -1); at >= 0;
         at = X509_NAME_get_index_by_NID(name, nid, at)) {
        unsigned char *utf8 = NULL;
        int n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
        char *grown = n < 0 ? NULL : realloc(text, len + (size_t)n + 2);

        if (grown) {
            text = grown;
            if (len)
                text[len++] = '\n';
            memcpy(text + len, utf8, (size_t)n);
            len += (size_t)n;
            text[len] = '\0';
        }
        OPENSSL_free(utf8);
    }
    return text;
}

bool tls_peer(SSL *ssl, char **ret_name, char **ret_groups)
{
    X509 *crt = SSL_get1_peer_certificate(ssl);
    bool good = crt && SSL_get_verify_result(ssl) == X509_V_OK;

    if (good) {
        X509_NAME *subject = X509_get_subject_name(crt);

        *ret_name = name_values(subject, NID_commonName);
        *ret_groups = name_values(subject, NID_organizationName);
        good = *ret_name != NULL;
    }
    X509_free(crt);
    return good;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, certificates, passwords and ciphers over foreign/. What is slow charges for it. */
#include "core/gotmpl/format.h"
#include "core/gotmpl/time.h"
#include "core/sprig/argument.h"
#include "core/sprig/codecs.h"
#include "core/sprig/implementations.h"
#include "foreign/base64.h"
#include "foreign/certificate.h"
#include "foreign/cipher.h"

#define TEXT(i) (c->args[i].text)

/* Steps that stand for milliseconds of work: a rendering may take LIMIT_TEMPLATE_STEPS. */
enum {
    COST_BCRYPT = 200000,
    COST_SCRYPT = 200000,
    COST_RSA_2048 = 300000,
    COST_RSA_4096 = 2000000,
    COST_DSA = 4000000
};

static const char *const certificate_fields[] = { "Cert", "Key", NULL };
static const struct go_class certificate_class = { .name = "sprig.certificate",
                                                   .fields = certificate_fields };

static struct err *give(struct str s, struct go_value *ret)
{
    *ret = go_string(s);
    return NULL;
}

static struct err *bcrypt(struct call *c, struct str password, struct str *ret)
{
    uint8_t salt[BCRYPT_SALT_BYTES];
    struct err *e;

    if (TRY(&e, call_charge(c, COST_BCRYPT)))
        return e;
    call_random(c, salt, sizeof salt);
    if (!bcrypt_hash(c->arena, password, 10, salt, ret))
        *ret =
            password.len > 72
                ? STR("failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes")
                : STR("failed to encrypt string with bcrypt: password has a zero byte");
    return NULL;
}

struct err *sprig_bcrypt(struct call *c, struct go_value *ret)
{
    struct str hash;
    struct err *e = bcrypt(c, TEXT(0), &hash);

    return e ? e : give(hash, ret);
}

struct err *sprig_htpasswd(struct call *c, struct go_value *ret)
{
    struct str hash;
    struct err *e;

    if (str_find_byte(TEXT(0), ':', 0) != SIZE_MAX)
        return give(str_printf(c->arena, "invalid username: %.*s", STR_ARG(TEXT(0))), ret);
    if (TRY(&e, bcrypt(c, TEXT(1), &hash)))
        return e;
    return give(str_printf(c->arena, "%.*s:%.*s", STR_ARG(TEXT(0)), STR_ARG(hash)), ret);
}

struct err *sprig_rand_bytes(struct call *c, struct go_value *ret)
{
    int64_t count = c->args[0].integer;
    char *bytes;
    struct err *e;

    if (count < 0)
        return call_fail(c, "runtime error: makeslice: len out of range");
    if (TRY(&e, call_check_bytes(c, (uint64_t)count)))
        return e;
    bytes = arena_alloc(c->arena, (size_t)count);
    call_random(c, bytes, (size_t)count);
    return give(base64_encode(c->arena, str_of(bytes, (size_t)count)), ret);
}

struct err *sprig_uuidv4(struct call *c, struct go_value *ret)
{
    uint8_t b[16];
    struct buf out;

    call_random(c, b, sizeof b);
    b[6] = (uint8_t)((b[6] & 0x0F) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
    call_text(c, &out);
    for (size_t i = 0; i < 16; i++)
        buf_printf(&out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
    return call_finish(c, &out, ret);
}

/* ---- derivePassword: the Master Password algorithm ---- */

static const struct {
    const char *type;
    const char *templates[22];
} password_types[] = {
    { "maximum", { "anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno" } },
    { "long",
      { "CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv",
        "CvccCvcvCvcvno", "CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc",
        "CvcvCvcvnoCvcc", "CvcvCvcvCvccno", "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno",
        "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc",
        "CvccCvcvCvccno" } },
    { "medium", { "CvcnoCvc", "CvcCvcno" } },
    { "short", { "Cvcn" } },
    { "basic", { "aaanaaan", "aannaaan", "aaannaaa" } },
    { "pin", { "nnnn" } },
};

static const char *letters_of(char element)
{
    switch (element) {
    case 'V':
        return "AEIOU";
    case 'C':
        return "BCDFGHJKLMNPQRSTVWXYZ";
    case 'v':
        return "aeiou";
    case 'c':
        return "bcdfghjklmnpqrstvwxyz";
    case 'a':
        return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
    case 'n':
        return "0123456789";
    case 'o':
        return "@&%?,=[]_:-+*$#!'^~;()/.";
    default:
        return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()";
    }
}

static void put_u32(struct buf *out, uint32_t n)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_put_byte(out, (char)(n >> shift & 255));
}

static struct str seeded(struct call *c, struct str name)
{
    struct buf out;

    buf_init(&out, c->arena, 0);
    buf_lit(&out, "com.lyndir.masterpassword");
    put_u32(&out, (uint32_t)name.len);
    buf_put(&out, name);
    return buf_str(&out);
}

static struct err *derive(struct call *c, const char *const *templates, struct go_value *ret)
{
    struct str site = seeded(c, TEXT(4)), salt = seeded(c, TEXT(3));
    uint8_t key[64], seed[HMAC_SHA256_BYTES];
    size_t count = 0;
    const char *template;
    struct buf message, out;

    if (!scrypt_derive(TEXT(2), salt, (struct scrypt_cost){ 15, 8, 2 }, key, sizeof key))
        return give(STR("failed to derive password: scrypt: out of memory"), ret);
    buf_init(&message, c->arena, 0);
    buf_put(&message, site);
    put_u32(&message, (uint32_t)c->args[0].natural);
    hmac_sha256(str_of((const char *)key, sizeof key), buf_str(&message), seed);
    while (count < 22 && templates[count])
        count++;
    template = count ? templates[seed[0] % count] : "";
    call_text(c, &out);
    for (size_t i = 0; template[i]; i++) {
        const char *letters = letters_of(template[i]);

        buf_put_byte(&out, letters[seed[i + 1] % strlen(letters)]);
    }
    return call_finish(c, &out, ret);
}

struct err *sprig_derive_password(struct call *c, struct go_value *ret)
{
    struct err *e;

    if (TRY(&e, call_charge(c, COST_SCRYPT)))
        return e;
    for (size_t i = 0; i < sizeof password_types / sizeof *password_types; i++)
        if (str_eq(TEXT(1), str_from_cstr(password_types[i].type)))
            return derive(c, password_types[i].templates, ret);
    return give(str_printf(c->arena, "cannot find password template %.*s", STR_ARG(TEXT(1))), ret);
}

/* ---- keys and certificates ---- */

struct err *sprig_gen_private_key(struct call *c, struct go_value *ret)
{
    static const struct {
        const char *type;
        enum key_kind kind;
        unsigned cost;
    } types[] = { { "", KEY_RSA_4096, COST_RSA_4096 },
                  { "rsa", KEY_RSA_4096, COST_RSA_4096 },
                  { "dsa", KEY_DSA_2048, COST_DSA },
                  { "ecdsa", KEY_ECDSA_P256, 1000 },
                  { "ed25519", KEY_ED25519, 1000 } };
    struct str pem;
    struct err *e;

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!str_eq(TEXT(0), str_from_cstr(types[i].type)))
            continue;
        if (TRY(&e, call_charge(c, types[i].cost)) ||
            TRY(&e, key_generate(c->arena, types[i].kind, &pem)))
            return e;
        return give(pem, ret);
    }
    return give(str_printf(c->arena, "Unknown type %.*s", STR_ARG(TEXT(0))), ret);
}

static struct err *give_certificate(struct call *c, struct str certificate, struct str key,
                                    struct go_value *ret)
{
    struct go_value *fields = ARENA_ARRAY(c->arena, 2, struct go_value);

    fields[0] = go_string(certificate);
    fields[1] = go_string(key);
    *ret = go_object_new(c->arena, GO_STRUCT, &certificate_class, fields, NULL);
    return NULL;
}

struct err *sprig_build_custom_cert(struct call *c, struct go_value *ret)
{
    struct str certificate, key;
    size_t fault;
    struct err *e;

    if (!codec_base64_decode(c->arena, TEXT(0), &certificate, &fault))
        return call_fail(c, "unable to decode base64 certificate");
    if (!codec_base64_decode(c->arena, TEXT(1), &key, &fault))
        return call_fail(c, "unable to decode base64 private key");
    if (TRY(&e, certificate_check(c->arena, certificate)))
        return e;
    e = key_check(c->arena, key);
    if (e)
        return err_wrap(c->arena, e, "error parsing private key");
    return give_certificate(c, certificate, key, ret);
}

/* An IPv4 address as 4 bytes; false: it is none. */
static bool parse_ipv4(struct str s, uint8_t ret[4])
{
    struct str part;
    int n = 0;

    while (str_cut(&s, '.', &part)) {
        uint64_t byte;

        if (n == 4 || part.len == 0 || part.len > 3 || (part.len > 1 && part.ptr[0] == '0') ||
            !str_to_uint64(part, &byte) || byte > 255)
            return false;
        ret[n++] = (uint8_t)byte;
    }
    return n == 4;
}

/* Groups of hexadecimal digits into bytes[0..]; how many bytes, or -1. */
static int parse_groups(struct str s, uint8_t bytes[16])
{
    struct str part;
    int n = 0;

    if (s.len == 0)
        return 0;
    while (str_cut(&s, ':', &part)) {
        uint32_t group = 0;

        if (!s.ptr && str_find_byte(part, '.', 0) != SIZE_MAX)
            return n <= 12 && parse_ipv4(part, bytes + n) ? n + 4 : -1;
        if (part.len == 0 || part.len > 4 || n > 14)
            return -1;
        for (size_t i = 0; i < part.len; i++) {
            char ch = part.ptr[i];
            int d = ch >= '0' && ch <= '9'                     ? ch - '0'
                    : (ch | 0x20) >= 'a' && (ch | 0x20) <= 'f' ? (ch | 0x20) - 'a' + 10
                                                               : -1;

            if (d < 0)
                return -1;
            group = group << 4 | (uint32_t)d;
        }
        bytes[n++] = (uint8_t)(group >> 8);
        bytes[n++] = (uint8_t)(group & 255);
    }
    return n;
}

static bool parse_ip(struct arena *a, struct str s, struct str *ret)
{
    uint8_t *bytes = arena_calloc(a, 16, 1), tail[16];
    size_t gap = str_find(s, STR("::"), 0);
    int head, rest;

    if (parse_ipv4(s, bytes)) {
        *ret = str_of((const char *)bytes, 4);
        return true;
    }
    *ret = str_of((const char *)bytes, 16);
    if (gap == SIZE_MAX)
        return parse_groups(s, bytes) == 16;
    head = parse_groups(str_slice(s, 0, gap), bytes);
    rest = parse_groups(str_skip(s, gap + 2), tail);
    if (head < 0 || rest < 0 || head + rest > 14)
        return false;
    memset(bytes + head, 0, (size_t)(16 - head));
    memcpy(bytes + 16 - rest, tail, (size_t)rest);
    return true;
}

/* IPs and names of a certificate, from lists of values that must be texts. */
static struct err *read_names(struct call *c, const struct go_value *list, bool are_addresses,
                              struct texts *ret)
{
    *ret = (struct texts){ ARENA_ARRAY(c->arena, list->list->count, struct str),
                           list->list->count };
    for (size_t i = 0; i < ret->count; i++) {
        const struct go_value *v = &list->list->items[i];
        struct buf shown;

        if (v->type == GO_STRING) {
            ret->items[i] = v->text;
            if (are_addresses && !parse_ip(c->arena, v->text, &ret->items[i]))
                return call_fail(c, "error parsing ip: %.*s", STR_ARG(v->text));
            continue;
        }
        call_text(c, &shown);
        (void)format_print(&shown, v, 1);
        return call_fail(c, "%s: %.*s is not a string",
                         are_addresses ? "error parsing ip" : "error processing alternate dns name",
                         STR_ARG(buf_str(&shown)));
    }
    return NULL;
}

struct signer {
    struct str certificate, key; /* empty: itself */
};

/* arguments: name, [addresses, names,] days */
static struct err *issue(struct call *c, bool is_ca, struct str key, struct signer signer,
                         struct go_value *ret)
{
    const struct host *host = c->exec->engine->options.host;
    struct certificate_request request = { .common_name = TEXT(0), .is_ca = is_ca };
    struct texts addresses = { 0 }, names = { 0 };
    int64_t days = c->args[is_ca ? 1 : 3].integer;
    struct str pem;
    struct err *e;

    if (!is_ca && (TRY(&e, read_names(c, &c->args[1], true, &addresses)) ||
                   TRY(&e, read_names(c, &c->args[2], false, &names))))
        return e;
    if (days > 3650000 || days < -3650000)
        return call_fail(c, "days are between -3650000 and 3650000");
    request.addresses = addresses.items;
    request.address_count = addresses.count;
    request.dns_names = names.items;
    request.dns_name_count = names.count;
    request.not_before = time_now(host).seconds;
    request.not_after = request.not_before + days * 86400;
    call_random(c, request.serial, sizeof request.serial);
    if (TRY(&e, call_charge(c, COST_RSA_2048)))
        return e;
    if (key.len == 0 && TRY(&e, key_generate(c->arena, KEY_RSA_2048, &key)))
        return e;
    if (TRY(&e, certificate_issue(c->arena, &request, key, signer.certificate, signer.key, &pem)))
        return e;
    return give_certificate(c, pem, key, ret);
}

static struct err *check_key(struct call *c, struct str pem)
{
    struct err *e = key_check(c->arena, pem);

    return e ? err_wrap(c->arena, e, "parsing private key") : NULL;
}

static const struct signer itself = { STR_INIT(""), STR_INIT("") };

struct err *sprig_gen_ca(struct call *c, struct go_value *ret)
{
    return issue(c, true, STR(""), itself, ret);
}

struct err *sprig_gen_ca_with_key(struct call *c, struct go_value *ret)
{
    struct err *e = check_key(c, TEXT(2));

    return e ? e : issue(c, true, TEXT(2), itself, ret);
}

struct err *sprig_gen_self_signed_cert(struct call *c, struct go_value *ret)
{
    return issue(c, false, STR(""), itself, ret);
}

struct err *sprig_gen_self_signed_cert_with_key(struct call *c, struct go_value *ret)
{
    struct err *e = check_key(c, TEXT(4));

    return e ? e : issue(c, false, TEXT(4), itself, ret);
}

static struct signer signer_of(const struct go_value *ca)
{
    return (struct signer){ ca->object->fields[0].text, ca->object->fields[1].text };
}

static struct err *check_signer(struct call *c, const struct signer *s)
{
    struct err *e;

    if (TRY(&e, certificate_check(c->arena, s->certificate)))
        return e;
    e = key_check(c->arena, s->key);
    return e ? err_wrap(c->arena, e, "error parsing private key") : NULL;
}

struct err *sprig_gen_signed_cert(struct call *c, struct go_value *ret)
{
    struct signer s = signer_of(&c->args[4]);
    struct err *e = check_signer(c, &s);

    return e ? e : issue(c, false, STR(""), s, ret);
}

struct err *sprig_gen_signed_cert_with_key(struct call *c, struct go_value *ret)
{
    struct signer s = signer_of(&c->args[4]);
    struct err *e;

    if (TRY(&e, check_key(c, TEXT(5))) || TRY(&e, check_signer(c, &s)))
        return e;
    return issue(c, false, TEXT(5), s, ret);
}

/* ---- AES ---- */

static void aes_key(struct str password, uint8_t key[AES_KEY_BYTES])
{
    memset(key, 0, AES_KEY_BYTES);
    if (password.len > 0)
        memcpy(key, password.ptr, password.len < AES_KEY_BYTES ? password.len : AES_KEY_BYTES);
}

struct err *sprig_encrypt_aes(struct call *c, struct go_value *ret)
{
    uint8_t key[AES_KEY_BYTES], iv[AES_BLOCK_BYTES];
    size_t padding = AES_BLOCK_BYTES - TEXT(1).len % AES_BLOCK_BYTES;
    struct buf text, sealed;

    if (TEXT(1).len == 0)
        return give(STR(""), ret);
    aes_key(TEXT(0), key);
    call_random(c, iv, sizeof iv);
    call_text(c, &text);
    buf_put(&text, TEXT(1));
    buf_fill(&text, (char)padding, padding);
    call_text(c, &sealed);
    buf_put(&sealed, str_of((const char *)iv, sizeof iv));
    buf_put(&sealed, aes_cbc(c->arena, true, key, iv, buf_str(&text)));
    return give(base64_encode(c->arena, buf_str(&sealed)), ret);
}

struct err *sprig_decrypt_aes(struct call *c, struct go_value *ret)
{
    uint8_t key[AES_KEY_BYTES];
    struct str sealed, text;
    size_t fault, padding;

    if (TEXT(1).len == 0)
        return give(STR(""), ret);
    if (!codec_base64_decode(c->arena, TEXT(1), &sealed, &fault))
        return call_fail(c, "illegal base64 data at input byte %zu", fault);
    if (sealed.len < AES_BLOCK_BYTES)
        return call_fail(c, "runtime error: slice bounds out of range [:16] with capacity %zu",
                         TEXT(1).len / 4 * 3);
    if (sealed.len % AES_BLOCK_BYTES != 0)
        return call_fail(c, "crypto/cipher: input not full blocks");
    if (sealed.len == AES_BLOCK_BYTES)
        return call_fail(c, "runtime error: index out of range [-1]");
    aes_key(TEXT(0), key);
    text = aes_cbc(c->arena, false, key, (const uint8_t *)sealed.ptr,
                   str_skip(sealed, AES_BLOCK_BYTES));
    padding = (uint8_t)text.ptr[text.len - 1];
    if (padding > text.len)
        return call_fail(c, "runtime error: slice bounds out of range [:%lld]",
                         (long long)text.len - (long long)padding);
    return give(str_slice(text, 0, text.len - padding), ret);
}

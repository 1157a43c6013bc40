/* SPDX-License-Identifier: Apache-2.0 */
/* base64, base32 and checksums. A text that does not decode gives Go's message as the result, as sprig does. */
#include "core/sprig/codecs.h"

#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"
#include "foreign/base64.h"
#include "foreign/digest.h"

#define TEXT(i) (c->args[i].text)

struct err *sprig_b64enc(struct call *c, struct go_value *ret)
{
    struct err *e = call_check_bytes(c, (uint64_t)TEXT(0).len * 2);

    if (!e)
        *ret = go_string(base64_encode(c->arena, TEXT(0)));
    return e;
}

static int base64_value(uint8_t b)
{
    if (b >= 'A' && b <= 'Z')
        return b - 'A';
    if (b >= 'a' && b <= 'z')
        return b - 'a' + 26;
    if (b >= '0' && b <= '9')
        return b - '0' + 52;
    return b == '+' ? 62 : b == '/' ? 63 : -1;
}

static size_t skip_breaks(struct str s, size_t at)
{
    while (at < s.len && (s.ptr[at] == '\n' || s.ptr[at] == '\r'))
        at++;
    return at;
}

/* After the first '=' behind `have` digits: where it is wrong, or SIZE_MAX. *at moves behind the padding. */
static size_t base64_padding_fault(struct str s, int have, size_t *at)
{
    if (have < 2)
        return *at - 1;
    if (have == 2) {
        *at = skip_breaks(s, *at);
        if (*at == s.len)
            return s.len;
        if (s.ptr[*at] != '=')
            return *at - 1;
        (*at)++;
    }
    *at = skip_breaks(s, *at);
    return *at < s.len ? *at : SIZE_MAX;
}

static void put_base64(struct buf *out, const int digits[4], int count)
{
    uint32_t n = (uint32_t)digits[0] << 18 | (uint32_t)digits[1] << 12 | (uint32_t)digits[2] << 6 |
                 (uint32_t)digits[3];

    for (int i = 0; i < count - 1; i++)
        buf_put_byte(out, (char)(n >> (16 - 8 * i) & 255));
}

/* Where base64 text is wrong, as Go's decoder counts, or SIZE_MAX. */
static size_t base64_fault(struct str s, struct buf *out)
{
    int digits[4] = { 0 }, have = 0;
    size_t at = 0;

    while (at < s.len) {
        uint8_t b = (uint8_t)s.ptr[at++];
        int value = base64_value(b);

        if (value >= 0) {
            digits[have++] = value;
            if (have == 4) {
                put_base64(out, digits, 4);
                memset(digits, 0, sizeof digits);
                have = 0;
            }
        } else if (b == '=') {
            size_t fault = base64_padding_fault(s, have, &at);

            if (fault == SIZE_MAX)
                put_base64(out, digits, have);
            return fault;
        } else if (b != '\n' && b != '\r') {
            return at - 1;
        }
    }
    return have > 0 ? at - (size_t)have : SIZE_MAX;
}

bool codec_base64_decode(struct arena *a, struct str s, struct str *ret, size_t *ret_fault)
{
    struct buf out;

    buf_init(&out, a, 0);
    *ret_fault = base64_fault(s, &out);
    *ret = buf_str(&out);
    return *ret_fault == SIZE_MAX;
}

struct err *sprig_b64dec(struct call *c, struct go_value *ret)
{
    struct str bytes;
    size_t fault;

    if (!codec_base64_decode(c->arena, TEXT(0), &bytes, &fault))
        bytes = str_printf(c->arena, "illegal base64 data at input byte %zu", fault);
    *ret = go_string(bytes);
    return NULL;
}

static const char base32_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

struct err *sprig_b32enc(struct call *c, struct go_value *ret)
{
    struct str s = TEXT(0);
    struct buf out;

    call_text(c, &out);
    for (size_t i = 0; i < s.len; i += 5) {
        size_t count = s.len - i < 5 ? s.len - i : 5, digits = (count * 8 + 4) / 5;
        uint64_t n = 0;

        for (size_t j = 0; j < 5; j++)
            n = n << 8 | (j < count ? (uint8_t)s.ptr[i + j] : 0);
        for (size_t j = 0; j < 8; j++)
            buf_put_byte(&out, j < digits ? base32_alphabet[n >> (35 - 5 * j) & 31] : '=');
    }
    return call_finish(c, &out, ret);
}

/* One group of eight; *ret_end: the padding was seen. */
static size_t base32_group(struct str s, size_t *at, struct buf *out, bool *ret_end)
{
    uint64_t n = 0;
    int have = 0;

    while (have < 8) {
        const char *found;
        size_t left;
        char b;

        if (*at == s.len)
            return *at - (size_t)have;
        b = s.ptr[(*at)++];
        left = s.len - *at;
        if (b == '=' && have >= 2 && left < 8) {
            if ((int)left + have < 7)
                return s.len;
            for (size_t k = 0; k < (size_t)(7 - have); k++)
                if (left > k && s.ptr[*at + k] != '=')
                    return *at + k - 1;
            *ret_end = true;
            if (have == 3 || have == 6)
                return *at - 1;
            break;
        }
        found = b ? strchr(base32_alphabet, b) : NULL;
        if (!found)
            return *at - 1;
        n = n << 5 | (uint64_t)(found - base32_alphabet);
        have++;
    }
    n <<= 5 * (8 - have);
    for (int i = 0; i < have * 5 / 8; i++)
        buf_put_byte(out, (char)(n >> (32 - 8 * i) & 255));
    return SIZE_MAX;
}

struct err *sprig_b32dec(struct call *c, struct go_value *ret)
{
    struct buf clean, out;
    size_t at = 0, fault = SIZE_MAX;
    bool end = false;

    call_text(c, &clean);
    for (size_t i = 0; i < TEXT(0).len; i++)
        if (TEXT(0).ptr[i] != '\n' && TEXT(0).ptr[i] != '\r')
            buf_put_byte(&clean, TEXT(0).ptr[i]);
    call_text(c, &out);
    while (at < clean.len && !end && fault == SIZE_MAX)
        fault = base32_group(buf_str(&clean), &at, &out, &end);
    if (fault != SIZE_MAX) {
        *ret = go_string(str_printf(c->arena, "illegal base32 data at input byte %zu", fault));
        return NULL;
    }
    return call_finish(c, &out, ret);
}

static struct err *sum(struct call *c, enum digest_kind kind, struct go_value *ret)
{
    struct err *e = call_charge(c, TEXT(0).len / 1024);

    if (!e)
        *ret = go_string(digest_hex(c->arena, kind, TEXT(0)));
    return e;
}

struct err *sprig_sha1sum(struct call *c, struct go_value *ret)
{
    return sum(c, DIGEST_SHA1, ret);
}

struct err *sprig_sha256sum(struct call *c, struct go_value *ret)
{
    return sum(c, DIGEST_SHA256, ret);
}

struct err *sprig_sha512sum(struct call *c, struct go_value *ret)
{
    return sum(c, DIGEST_SHA512, ret);
}

struct err *sprig_adler32sum(struct call *c, struct go_value *ret)
{
    uint32_t low = 1, high = 0;

    for (size_t i = 0; i < TEXT(0).len; i++) {
        low = (low + (uint8_t)TEXT(0).ptr[i]) % 65521;
        high = (high + low) % 65521;
    }
    *ret = go_string(str_printf(c->arena, "%u", high << 16 | low));
    return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oci/ip_literal.h"

enum { GROUPS = 8 };

static bool read_ipv4(struct str s, uint8_t *ret)
{
    struct str part;
    size_t count = 0;

    for (; str_cut(&s, '.', &part); count++) {
        uint64_t n;

        if (count == 4 || part.len > 3 || (part.len > 1 && part.ptr[0] == '0') ||
            !str_to_uint64(part, &n) || n > 255)
            return false;
        ret[count] = (uint8_t)n;
    }
    return count == 4;
}

static bool is_internal_ipv4(const uint8_t *b)
{
    bool is_private = b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) ||
                      (b[0] == 192 && b[1] == 168);
    bool is_link_local = (b[0] == 169 && b[1] == 254) || (b[0] == 224 && b[1] == 0 && b[2] == 0);

    return is_private || is_link_local || b[0] == 127 || (!b[0] && !b[1] && !b[2] && !b[3]);
}

static bool read_group(struct str s, uint16_t *ret)
{
    unsigned n = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : -1;

        if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (c | 0x20) - 'a' + 10;
        if (digit < 0)
            return false;
        n = n * 16 + (unsigned)digit;
    }
    *ret = (uint16_t)n;
    return s.len > 0 && s.len <= 4;
}

/* Groups between colons; the last one may be an IPv4 address, which counts as two. */
static bool read_groups(struct str s, uint16_t *ret, size_t *ret_count)
{
    struct str part;
    size_t count = 0;
    uint8_t v4[4];

    for (; s.len > 0 && str_cut(&s, ':', &part); count++) {
        if (count == GROUPS)
            return false;
        if (read_group(part, &ret[count]))
            continue;
        if (s.ptr || count + 2 > GROUPS || !read_ipv4(part, v4))
            return false;
        ret[count++] = (uint16_t)(v4[0] << 8 | v4[1]);
        ret[count] = (uint16_t)(v4[2] << 8 | v4[3]);
    }
    *ret_count = count;
    return true;
}

static bool read_ipv6(struct str s, uint16_t *ret)
{
    size_t gap = str_find(s, STR("::"), 0), front, back = 0;
    uint16_t tail[GROUPS];

    memset(ret, 0, GROUPS * sizeof *ret);
    if (!read_groups(str_slice(s, 0, gap), ret, &front))
        return false;
    if (gap == SIZE_MAX)
        return front == GROUPS;
    if (!read_groups(str_skip(s, gap + 2), tail, &back) || front + back >= GROUPS)
        return false;
    for (size_t i = 0; i < back; i++)
        ret[GROUPS - back + i] = tail[i];
    return true;
}

bool ip_literal_is_internal(struct str host)
{
    uint16_t g[GROUPS];
    uint8_t v4[4];
    bool has_zeros = true;

    if (read_ipv4(host, v4))
        return is_internal_ipv4(v4);
    host = str_slice(host, 0, str_find_byte(host, '%', 0)); /* the zone */
    if (str_find_byte(host, ':', 0) == SIZE_MAX || !read_ipv6(host, g))
        return false;
    for (size_t i = 0; i < 5; i++)
        has_zeros = has_zeros && g[i] == 0;
    if (has_zeros && g[5] == 0xffff) { /* an IPv4 address as IPv6 */
        uint8_t inner[] = { (uint8_t)(g[6] >> 8), (uint8_t)g[6], (uint8_t)(g[7] >> 8),
                            (uint8_t)g[7] };

        return is_internal_ipv4(inner);
    }
    if (has_zeros && g[5] == 0 && g[6] == 0 && g[7] <= 1)
        return true;
    return (g[0] & 0xffc0) == 0xfe80 || (g[0] & 0xfe00) == 0xfc00 || (g[0] & 0xff0f) == 0xff02;
}

// The handler that benchmarks compare across languages and models, as a pure
// function: no imports, no allocation, no state.
//
//	{"name":"Ada","n":41}  →  {"message":"Hello, Ada!","n":42}
//
// The event is an object of exactly these members, in any order, with any
// white space; of a repeated member the last one counts. The name keeps the
// escapes it came with. n is an integer of at most 15 digits, which every JSON
// reader represents exactly.

#ifndef JSON_H
#define JSON_H

#include <stdint.h>
#include <string.h>

enum { GREET_BAD_EVENT = -1, GREET_NO_ROOM = -2 };

// An out that is this much longer than the event always suffices.
enum { GREET_MORE = 32 };

struct json_span {
	const char *at;
	uint32_t len;
};

static const char *json_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

// Skips white space and the byte c; NULL if there is another.
static const char *json_byte(const char *p, const char *end, char c)
{
	p = json_space(p, end);
	return p < end && *p == c ? p + 1 : NULL;
}

// Takes a string, without its quotes and with its escapes, which it checks.
static const char *json_string(const char *p, const char *end, struct json_span *out)
{
	if (!(p = json_byte(p, end, '"')))
		return NULL;
	for (out->at = p; p < end && *p != '"'; p++) {
		if ((unsigned char)*p < 0x20)
			return NULL;
		if (*p != '\\')
			continue;
		if (++p == end || !*p || !strchr("\"\\/bfnrtu", *p))
			return NULL;
		for (int i = 0, hex = *p == 'u' ? 4 : 0; i < hex; i++)
			if (++p == end || !*p || !strchr("0123456789abcdefABCDEF", *p))
				return NULL;
	}
	out->len = (uint32_t)(p - out->at);
	return p < end ? p + 1 : NULL;
}

static const char *json_integer(const char *p, const char *end, int64_t *out)
{
	p = json_space(p, end);
	int negative = p < end && *p == '-';
	const char *first = p += negative;
	int64_t n = 0;
	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		if (p - first == 15 || (p > first && *first == '0'))
			return NULL;
		n = n * 10 + (*p - '0');
	}
	*out = negative ? -n : n;
	return p > first ? p : NULL;
}

static char *json_put(char *to, const char *from, uint32_t len)
{
	return (char *)memcpy(to, from, len) + len;
}

// Answers the event in[0:len] in out[0:cap]; returns the answer's length or
// one of the negative results above.
static int32_t greet(const char *in, uint32_t len, char *out, uint32_t cap)
{
	const char *p = in, *end = in + len;
	struct json_span key, name = { NULL, 0 };
	int64_t n = 0;
	int has_n = 0;
	char separator = '{';
	do {
		if (!(p = json_byte(p, end, separator)) || !(p = json_string(p, end, &key)) || !(p = json_byte(p, end, ':')))
			return GREET_BAD_EVENT;
		if (key.len == 4 && memcmp(key.at, "name", 4) == 0)
			p = json_string(p, end, &name);
		else if (key.len == 1 && *key.at == 'n')
			p = json_integer(p, end, &n), has_n = 1;
		else
			return GREET_BAD_EVENT;
		if (!p)
			return GREET_BAD_EVENT;
		p = json_space(p, end);
		separator = ',';
	} while (p < end && *p == ',');
	if (!(p = json_byte(p, end, '}')) || json_space(p, end) != end || !name.at || !has_n)
		return GREET_BAD_EVENT;

	const uint32_t frame = 19 + 7 + 1 + 16 + 1; // what is put around the name, with sign and digits
	if (cap < frame || name.len > cap - frame)
		return GREET_NO_ROOM;
	char digits[16], *d = digits + sizeof digits;
	uint64_t left = ++n < 0 ? (uint64_t)-n : (uint64_t)n;
	do
		*--d = (char)('0' + left % 10);
	while (left /= 10);
	char *to = json_put(out, "{\"message\":\"Hello, ", 19);
	to = json_put(to, name.at, name.len);
	to = json_put(to, "!\",\"n\":", 7);
	if (n < 0)
		*to++ = '-';
	to = json_put(to, d, (uint32_t)(digits + sizeof digits - d));
	*to++ = '}';
	return (int32_t)(to - out);
}

#endif

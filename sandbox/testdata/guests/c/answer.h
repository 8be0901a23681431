// Writes a JSON answer piece by piece, without libc: a small buffer that goes
// to response_write whenever it is full, so that answers of any size fit.

#ifndef ANSWER_H
#define ANSWER_H

#include "../lambent.h"

static struct {
	char text[4096];
	uint32_t len;
	int32_t failed; // the first -errno of response_write
} answer;

static void answer_flush(void)
{
	int32_t n = lambent_response_write(answer.text, answer.len);
	if (n < 0 && answer.failed == 0)
		answer.failed = n;
	answer.len = 0;
}

// Not inlined, which would make every guest several times as large.
static __attribute__((noinline)) void answer_byte(char c)
{
	if (answer.len == sizeof answer.text)
		answer_flush();
	answer.text[answer.len++] = c;
}

// Text as it is.
static inline void answer_text(const char *s)
{
	while (*s)
		answer_byte(*s++);
}

static inline void answer_int(int64_t n)
{
	char digits[20];
	uint32_t len = 0;
	uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;
	do
		digits[len++] = (char)('0' + left % 10);
	while (left /= 10);
	if (n < 0)
		answer_byte('-');
	while (len)
		answer_byte(digits[--len]);
}

// The inside of a JSON string: quotes, backslashes and control bytes escaped.
static inline void answer_escaped(const char *s, uint32_t len)
{
	for (; len; len--, s++) {
		unsigned char c = (unsigned char)*s;
		if (c < 0x20) {
			answer_text("\\u00");
			answer_byte("01"[c >> 4]);
			answer_byte("0123456789abcdef"[c & 15]);
			continue;
		}
		if (c == '"' || c == '\\')
			answer_byte('\\');
		answer_byte((char)c);
	}
}

// Text as it is, then a number.
static inline void answer_number(const char *before, int64_t n)
{
	answer_text(before);
	answer_int(n);
}

// Text as it is, then a JSON string.
static inline void answer_string(const char *before, const char *s, uint32_t len)
{
	answer_text(before);
	answer_byte('"');
	answer_escaped(s, len);
	answer_byte('"');
}

// Sends the rest. The result is lambent_handle's.
static inline int32_t answer_end(void)
{
	static const char error[] = "{\"errorType\":\"Guest.Response\",\"errorMessage\":\"the response was refused\"}";
	answer_flush();
	if (answer.failed == 0)
		return 0;
	lambent_response_error(error, sizeof error - 1);
	return 1;
}

#endif

// JSON: a text of 64 records is read into a tree, strings without their escapes,
// and written again without spaces, each number increased. Many branches that
// depend on the data, small functions, recursion.
#include "run.h"

enum { RECORDS = 64, TEXT = 16384, NODES = 2048 };

static char text[TEXT], strings[TEXT], output[TEXT];

static char *put(char *to, const char *from) {
	while (*from) *to++ = *from++;
	return to;
}

static char *put_number(char *to, int64_t n) {
	char digits[20], *d = digits + sizeof digits;
	uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;
	do *--d = (char)('0' + left % 10);
	while (left /= 10);
	if (n < 0) *to++ = '-';
	while (d < digits + sizeof digits) *to++ = *d++;
	return to;
}

static char *generate(void) {
	char *p = put(text, "[\n");
	for (int i = 0; i < RECORDS; i++) {
		p = put_number(put(p, i == 0 ? "  { \"id\": " : ",\n  { \"id\": "), i * 1000003);
		p = put_number(put(p, ", \"name\": \"record \\\""), i);
		p = put_number(put(p, "\\\" of \\\\ a\\nfew\", \"at\": { \"x\": "), -i * 77);
		p = put_number(put(p, ", \"y\": "), i * 131);
		p = put(p, " }, \"tags\": [ \"first\", \"second one\", null, true, false, [ ] ] }");
	}
	return put(p, "\n]\n");
}

enum kind { NUL, FALSE, TRUE, NUMBER, STRING, ARRAY, OBJECT };

typedef struct node node;
struct node {
	enum kind kind;
	node *first, *next;  // of an array or object, whose members are their names and then values
	int64_t number;      // or the length of a string
	const char *string;
};

static node nodes[NODES];

static struct {
	const char *at, *end;
	node *free;
	char *strings;
} in;

static void space(void) {
	while (in.at < in.end && (*in.at == ' ' || *in.at == '\n' || *in.at == '\t' || *in.at == '\r')) in.at++;
}

static int next_is(char c) {
	space();
	if (in.at == in.end || *in.at != c) return 0;
	in.at++;
	return 1;
}

static int word(const char *w) {
	const char *p = in.at;
	for (; *w; w++, p++) {
		if (p == in.end || *p != *w) return 0;
	}
	in.at = p;
	return 1;
}

static int read_string(node *n) {
	if (!next_is('"')) return 0;
	n->kind = STRING;
	n->string = in.strings;
	for (; in.at < in.end && *in.at != '"'; in.at++) {
		char c = *in.at;
		if (c == '\\' && ++in.at < in.end) c = *in.at == 'n' ? '\n' : *in.at;
		*in.strings++ = c;
	}
	n->number = in.strings - n->string;
	return next_is('"');
}

static int read_number(node *n) {
	int negative = next_is('-');
	const char *first = in.at;
	n->kind = NUMBER;
	n->number = 0;
	for (; in.at < in.end && *in.at >= '0' && *in.at <= '9'; in.at++) n->number = n->number * 10 + (*in.at - '0');
	if (negative) n->number = -n->number;
	return in.at > first;
}

static node *read_value(void);

static int read_members(node *n, char close) {
	node **last = &n->first;
	n->kind = close == '}' ? OBJECT : ARRAY;
	*last = 0;
	if (next_is(close)) return 1;
	do {
		if (close == '}') {
			node *name = read_value();
			if (!name || name->kind != STRING || !next_is(':')) return 0;
			*last = name, last = &name->next;
		}
		node *value = read_value();
		if (!value) return 0;
		*last = value, last = &value->next;
	} while (next_is(','));
	return next_is(close);
}

static int read_into(node *n) {
	space();
	if (in.at == in.end) return 0;
	switch (*in.at) {
	case '{': return in.at++, read_members(n, '}');
	case '[': return in.at++, read_members(n, ']');
	case '"': return read_string(n);
	case 'n': return n->kind = NUL, word("null");
	case 't': return n->kind = TRUE, word("true");
	case 'f': return n->kind = FALSE, word("false");
	}
	return read_number(n);
}

static node *read_value(void) {
	if (in.free == nodes + NODES) return 0;
	node *n = in.free++;
	n->next = 0;
	return read_into(n) ? n : 0;
}

static char *write_string(char *to, const node *n) {
	*to++ = '"';
	for (int64_t i = 0; i < n->number; i++) {
		char c = n->string[i];
		if (c == '"' || c == '\\' || c == '\n') *to++ = '\\';
		*to++ = c == '\n' ? 'n' : c;
	}
	*to++ = '"';
	return to;
}

static char *write_value(char *to, const node *n, uint32_t more) {
	switch (n->kind) {
	case NUL: return put(to, "null");
	case TRUE: return put(to, "true");
	case FALSE: return put(to, "false");
	case NUMBER: return put_number(to, n->number + more);
	case STRING: return write_string(to, n);
	case ARRAY:
	case OBJECT: break;
	}
	*to++ = n->kind == OBJECT ? '{' : '[';
	for (const node *m = n->first; m; m = m->next) {
		if (m != n->first) *to++ = ',';
		if (n->kind == OBJECT) {
			to = write_string(to, m), m = m->next;
			*to++ = ':';
		}
		to = write_value(to, m, more);
	}
	*to++ = n->kind == OBJECT ? '}' : ']';
	return to;
}

EXPORT uint64_t run(uint32_t times) {
	const char *end = generate();
	uint64_t sum = 0;
	for (uint32_t t = 0; t < times; t++) {
		in.at = text, in.end = end, in.free = nodes, in.strings = strings;
		node *root = read_value();
		if (!root) return 0;
		const char *stop = write_value(output, root, t);
		for (const char *p = output; p < stop; p++) sum = mix(sum, (uint8_t)*p);
	}
	return sum;
}

// Stdio: a plain program that knows nothing of Lambent but its environment.
//
// The event decides how it ends:
//
//	{"exit":N}      prints nothing and exits N
//	{"error":"T"}   prints {"errorType":"T","errorMessage":"as the event asked"} and exits 1
//	anything else   prints {"bytes":N,"event":<the event>} and exits 0
//
// Before that it logs what it finds in its environment, a line each, and a
// last line without a line end.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_all(FILE *in, size_t *len)
{
	char *text = NULL;
	size_t cap = 0;
	for (*len = 0;;) {
		if (cap - *len < 2) {
			cap = cap ? 2 * cap : 4096;
			if (!(text = realloc(text, cap)))
				abort();
		}
		size_t n = fread(text + *len, 1, cap - *len - 1, in);
		if (n == 0)
			break;
		*len += n;
	}
	text[*len] = 0;
	return text;
}

int main(void)
{
	static const char *names[] = {
		"LAMBENT_REQUEST_ID", "LAMBENT_FUNCTION_ARN", "LAMBENT_DEADLINE_MS", "LAMBENT_CLIENT_CONTEXT", "LAMBENT_TRACE_ID",
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		fprintf(stderr, "%s=%s\n", names[i], value ? value : "(unset)");
	}
	size_t len;
	char *event = read_all(stdin, &len);
	fprintf(stderr, "event of %zu bytes", len);

	const char *at;
	if ((at = strstr(event, "\"exit\":")))
		return atoi(at + 7);
	if ((at = strstr(event, "\"error\":\""))) {
		at += 9;
		printf("{\"errorType\":\"%.*s\",\"errorMessage\":\"as the event asked\"}\n", (int)strcspn(at, "\""), at);
		return 1;
	}
	printf("{\"bytes\":%zu,\"event\":", len);
	fwrite(event, 1, len, stdout);
	printf("}\n");
	return 0;
}

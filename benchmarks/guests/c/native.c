// The handler of json.h as a program: event on standard input, response on
// standard output.

#include "json.h"

#include <unistd.h>

static char event[16384], response[sizeof event + GREET_MORE];

int main(void)
{
	uint32_t len = 0;
	for (;;) {
		ssize_t n = read(STDIN_FILENO, event + len, sizeof event - len);
		if (n < 0)
			return 1;
		if (n == 0)
			break;
		len += (uint32_t)n;
	}
	int32_t n = greet(event, len, response, sizeof response);
	return n < 0 || write(STDOUT_FILENO, response, (size_t)n) != n;
}

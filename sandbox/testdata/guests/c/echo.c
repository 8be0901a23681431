// Reactor: answers the event, 4,000 bytes at a time, whatever its length.

#include "../lambent.h"

LAMBENT_EXPORT(lambent_handle) int32_t lambent_handle(void)
{
	static char chunk[4000];
	int32_t n;
	for (uint32_t off = 0; (n = lambent_event_read(chunk, sizeof chunk, off)) > 0; off += (uint32_t)n)
		if (lambent_response_write(chunk, (uint32_t)n) < 0)
			return 1;
	return n < 0;
}

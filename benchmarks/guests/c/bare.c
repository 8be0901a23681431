// The handler of json.h behind bare.h.

#include "bare.h"
#include "json.h"

static char event[16384], response[sizeof event + GREET_MORE];

__attribute__((export_name("handle"))) int32_t handle(void)
{
	uint32_t len = bare_event_read(event, sizeof event);
	if (len > sizeof event)
		return 1;
	int32_t n = greet(event, len, response, sizeof response);
	if (n < 0)
		return 1;
	bare_response_write(response, (uint32_t)n);
	return 0;
}

// Reactor: the handler of json.h. See there for the event and the answer.

#include "../lambent.h"
#include "json.h"

static char event[16384], response[sizeof event + GREET_MORE];

LAMBENT_EXPORT(lambent_handle) int32_t lambent_handle(void)
{
	static const char error[] = "{\"errorType\":\"BadEvent\",\"errorMessage\":\"want {\\\"name\\\":string,\\\"n\\\":integer}\"}";
	uint32_t len = (uint32_t)lambent_event_read(event, sizeof event, 0);
	int32_t n = GREET_BAD_EVENT;
	if (lambent_event_len() <= (int32_t)sizeof event)
		n = greet(event, len, response, sizeof response);
	if (n < 0) {
		lambent_response_error(error, sizeof error - 1);
		return 1;
	}
	return lambent_response_write(response, (uint32_t)n) < 0;
}

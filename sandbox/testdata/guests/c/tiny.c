// Reactor: the least that handles an event. Answers its length in bytes.

#include "answer.h"

LAMBENT_EXPORT(lambent_handle) int32_t lambent_handle(void)
{
	answer_int(lambent_event_len());
	return answer_end();
}

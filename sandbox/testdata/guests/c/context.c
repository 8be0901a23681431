// Reactor: answers all that the context offers. The event, a JSON string,
// names the feature that is asked for.
//
//	{"request_id":"…", … ,"unknown":-N,"deadline_ms":N,"remaining_ms":N,"feature":0}
//
// A value that the host does not have is its -errno.

#include "answer.h"

#include <string.h>

static void answer_context(const char *before, const char *key)
{
	static char value[8192];
	answer_text(before);
	answer_string("", key, (uint32_t)strlen(key));
	int32_t len = lambent_ctx_get(key, (uint32_t)strlen(key), value, sizeof value);
	if (len < 0)
		answer_number(":", len);
	else
		answer_string(":", value, len < (int32_t)sizeof value ? (uint32_t)len : sizeof value);
}

LAMBENT_EXPORT(lambent_handle) int32_t lambent_handle(void)
{
	static const char *const keys[] = {
		"request_id", "handler", "function_arn", "function_name", "function_version", "memory_mb", "log_group",
		"log_stream", "trace_id", "client_context", "identity", "tenant", "unknown",
	};
	for (uint32_t i = 0; i < sizeof keys / sizeof *keys; i++)
		answer_context(i ? "," : "{", keys[i]);

	// The full length must come even if nothing can be written.
	answer_number(",\"request_id_length\":", lambent_ctx_get("request_id", 10, NULL, 0));
	answer_number(",\"deadline_ms\":", lambent_deadline_ms());
	answer_number(",\"remaining_ms\":", lambent_remaining_ms());

	static char feature[256];
	int32_t len = lambent_event_read(feature, sizeof feature, 0);
	if (len >= 2 && feature[0] == '"')
		answer_number(",\"feature\":", lambent_feature(feature + 1, (uint32_t)len - 2));
	answer_text("}");
	return answer_end();
}

// Reactor: answers what AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
// AWS_SESSION_TOKEN are in the environment of the event, and what the first of
// them was in the init phase.
//
//	{"id":"…","secret":"…","token":"…","init":"…"}
//
// A variable that is not there is "(unset)".
//
// getenv reads the environment once and keeps it: the init phase, which an image
// may be made of, asks the host itself.

#include "answer.h"

#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

static char at_init[256] = "(unset)";

LAMBENT_EXPORT(lambent_init) int32_t lambent_init(void)
{
	static const char name[] = "AWS_ACCESS_KEY_ID=";
	static uint8_t *table[256];
	static uint8_t text[16384];
	size_t count = 0, size = 0;
	if (__wasi_environ_sizes_get(&count, &size) || count > sizeof table / sizeof *table || size > sizeof text || __wasi_environ_get(table, text))
		return 2;
	for (size_t i = 0; i < count; i++)
		if (!strncmp((char *)table[i], name, sizeof name - 1))
			strncpy(at_init, (char *)table[i] + sizeof name - 1, sizeof at_init - 1);
	return 0;
}

static void answer_variable(const char *before, const char *name)
{
	const char *value = getenv(name);
	if (!value)
		value = "(unset)";
	answer_string(before, value, (uint32_t)strlen(value));
}

LAMBENT_EXPORT(lambent_handle) int32_t lambent_handle(void)
{
	answer_variable("{\"id\":", "AWS_ACCESS_KEY_ID");
	answer_variable(",\"secret\":", "AWS_SECRET_ACCESS_KEY");
	answer_variable(",\"token\":", "AWS_SESSION_TOKEN");
	answer_string(",\"init\":", at_init, (uint32_t)strlen(at_init));
	answer_text("}");
	return answer_end();
}

// The handler of json.h as an Extism plugin.

#include "extism.h"
#include "json.h"

static char event[16384], response[sizeof event + GREET_MORE];

// Copies the event here, eight bytes at a time as Extism's own libraries do.
static void read_event(uint32_t len)
{
	uint32_t i = 0;
	for (; len - i >= 8; i += 8) {
		uint64_t word = extism_input_load_u64(i);
		memcpy(event + i, &word, sizeof word);
	}
	for (; i < len; i++)
		event[i] = (char)extism_input_load_u8(i);
}

static void write_response(uint32_t len)
{
	uint64_t at = extism_alloc(len);
	uint32_t i = 0;
	for (; len - i >= 8; i += 8) {
		uint64_t word;
		memcpy(&word, response + i, sizeof word);
		extism_store_u64(at + i, word);
	}
	for (; i < len; i++)
		extism_store_u8(at + i, (unsigned char)response[i]);
	extism_output_set(at, len);
}

__attribute__((export_name("handle"))) int32_t handle(void)
{
	uint64_t len = extism_input_length();
	if (len > sizeof event)
		return 1;
	read_event((uint32_t)len);
	int32_t n = greet(event, (uint32_t)len, response, sizeof response);
	if (n < 0)
		return 1;
	write_response((uint32_t)n);
	return 0;
}

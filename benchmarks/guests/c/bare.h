// The least border there can be between a guest and its host; what the raw
// engines are given. The guest exports handle, which returns 0 when it has
// answered.

#ifndef BARE_H
#define BARE_H

#include <stdint.h>

#define BARE_IMPORT(name) __attribute__((import_module("bench"), import_name(#name)))

// Copies what fits of the event; returns its full length.
BARE_IMPORT(event_read) uint32_t bare_event_read(void *to, uint32_t cap);

// Appends to the response.
BARE_IMPORT(response_write) void bare_response_write(const void *from, uint32_t len);

#endif

// What of Extism's kernel a handler needs. The kernel is a module with a
// memory of its own: event and response cross into it and out of it by loads
// and stores that are calls.

#ifndef EXTISM_H
#define EXTISM_H

#include <stdint.h>

#define EXTISM_IMPORT(name) __attribute__((import_module("extism:host/env"), import_name(#name)))

// The event, by offsets from 0 on.
EXTISM_IMPORT(input_length) uint64_t extism_input_length(void);
EXTISM_IMPORT(input_load_u8) uint32_t extism_input_load_u8(uint64_t offset);
EXTISM_IMPORT(input_load_u64) uint64_t extism_input_load_u64(uint64_t offset);

// The kernel's memory.
EXTISM_IMPORT(alloc) uint64_t extism_alloc(uint64_t len);
EXTISM_IMPORT(store_u8) void extism_store_u8(uint64_t at, uint32_t value);
EXTISM_IMPORT(store_u64) void extism_store_u64(uint64_t at, uint64_t value);

// Makes a range of it the response.
EXTISM_IMPORT(output_set) void extism_output_set(uint64_t at, uint64_t len);

#endif

#ifndef LAMBENT_ENGINE_H
#define LAMBENT_ENGINE_H

#include "library.h"

// lambent_engine_new makes an engine whose guests have so much stack, and memories
// with so much room, as guest.h says. Code makes canonical NaNs if it is told to, and
// looks at the clock.
wasm_engine_t *lambent_engine_new(size_t stack, uint64_t reserved, uint64_t guard, bool canonical_nans, bool clock);

// lambent_define binds an import to host function number, whose parameters and
// results have the kinds that wasmtime numbers so.
wasmtime_error_t *lambent_define(wasmtime_linker_t *, const char *module, size_t module_length, const char *name, size_t name_length,
	const uint8_t *params, size_t params_count, const uint8_t *results, size_t results_count, uint32_t number);

// lambent_frames writes the indices of the functions that were active when a guest
// ended with a trap, or else an error, innermost first, at most room of them, and
// returns how many.
size_t lambent_frames(const wasm_trap_t *, const wasmtime_error_t *, uint32_t *functions, size_t room);

#endif

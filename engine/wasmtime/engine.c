//go:build wasmtime && linux && amd64

#include "engine.h"

// Of guest.c.
wasmtime_error_t *lambent_new_memory(void *, const wasm_memorytype_t *, size_t, size_t, size_t, size_t, wasmtime_linear_memory_t *);
wasm_trap_t *lambent_on_host_call(void *, wasmtime_caller_t *, wasmtime_val_raw_t *, size_t);

wasm_engine_t *lambent_engine_new(size_t stack, uint64_t reserved, uint64_t guard, bool canonical_nans, bool clock) {
	wasm_config_t *c = wasm_config_new();
	// What guests may use; whatever a later version may have by default is off.
	wasmtime_config_wasm_bulk_memory_set(c, true);
	wasmtime_config_wasm_multi_value_set(c, true);
	wasmtime_config_wasm_reference_types_set(c, true);
	wasmtime_config_wasm_simd_set(c, true);
	wasmtime_config_wasm_tail_call_set(c, true);
	wasmtime_config_wasm_component_model_set(c, false);
	wasmtime_config_wasm_custom_page_sizes_set(c, false);
	wasmtime_config_wasm_exceptions_set(c, false);
	wasmtime_config_wasm_function_references_set(c, false);
	wasmtime_config_wasm_gc_set(c, false);
	wasmtime_config_wasm_memory64_set(c, false);
	wasmtime_config_wasm_multi_memory_set(c, false);
	wasmtime_config_wasm_relaxed_simd_set(c, false);
	wasmtime_config_wasm_stack_switching_set(c, false);
	wasmtime_config_wasm_threads_set(c, false);
	wasmtime_config_wasm_wide_arithmetic_set(c, false);

	wasmtime_config_cranelift_nan_canonicalization_set(c, canonical_nans);
	wasmtime_config_consume_fuel_set(c, false); // ours is in the module
	wasmtime_config_epoch_interruption_set(c, clock);
	wasmtime_config_max_wasm_stack_set(c, stack);
	wasmtime_config_native_unwind_info_set(c, false); // stacks are walked by frame pointers

	wasmtime_config_memory_may_move_set(c, false);
	wasmtime_config_memory_reservation_set(c, reserved);
	wasmtime_config_memory_guard_size_set(c, guard);
	wasmtime_memory_creator_t creator = {NULL, lambent_new_memory, NULL};
	wasmtime_config_host_memory_creator_set(c, &creator);
	return wasm_engine_new_with_config(c);
}

static void kinds(wasm_valtype_vec_t *out, const uint8_t *kinds, size_t count) {
	wasm_valtype_vec_new_uninitialized(out, count);
	for (size_t i = 0; i < count; i++)
		out->data[i] = wasm_valtype_new(kinds[i]);
}

wasmtime_error_t *lambent_define(wasmtime_linker_t *linker, const char *module, size_t module_length, const char *name, size_t name_length,
		const uint8_t *params, size_t params_count, const uint8_t *results, size_t results_count, uint32_t number) {
	wasm_valtype_vec_t p, r;
	kinds(&p, params, params_count);
	kinds(&r, results, results_count);
	wasm_functype_t *type = wasm_functype_new(&p, &r);
	wasmtime_error_t *error = wasmtime_linker_define_func_unchecked(linker, module, module_length, name, name_length, type,
		lambent_on_host_call, (void *)(uintptr_t)number, NULL);
	wasm_functype_delete(type);
	return error;
}

size_t lambent_frames(const wasm_trap_t *trap, const wasmtime_error_t *error, uint32_t *functions, size_t room) {
	wasm_frame_vec_t frames;
	if (trap != NULL)
		wasm_trap_trace(trap, &frames);
	else if (error != NULL)
		wasmtime_error_wasm_trace(error, &frames);
	else
		return 0;
	size_t n = frames.size < room ? frames.size : room;
	for (size_t i = 0; i < n; i++)
		functions[i] = wasm_frame_func_index(frames.data[i]);
	wasm_frame_vec_delete(&frames);
	return n;
}

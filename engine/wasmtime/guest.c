//go:build wasmtime && linux && amd64

#define _GNU_SOURCE
#include "guest.h"

#include <stdlib.h>
#include "switch.h"

// making is the guest whose instance this thread makes: wasmtime does not say for
// whom it wants memory.
static _Thread_local lambent_guest *making;

// wait gives up the thread, and returns what Go says when it comes back.
static int wait(lambent_guest *g, int event) {
	g->event = event;
	lambent_switch(&g->guest_stack, g->thread_stack);
	return g->answer;
}

static uint8_t *get_memory(void *env, size_t *size, size_t *capacity) {
	lambent_guest *g = env;
	*size = g->size;
	*capacity = g->room;
	return g->start;
}

static wasmtime_error_t *grow_memory(void *env, size_t size) {
	lambent_guest *g = env;
	g->wanted = size;
	return wait(g, LAMBENT_GROW) == LAMBENT_GO_ON ? NULL : wasmtime_error_new("no more memory");
}

// lambent_new_memory is the engine's memory creator.
wasmtime_error_t *lambent_new_memory(void *env, const wasm_memorytype_t *type, size_t minimum, size_t maximum,
		size_t reserved, size_t guard, wasmtime_linear_memory_t *out) {
	lambent_guest *g = making;
	if (g == NULL || g->start == NULL || g->given)
		return wasmtime_error_new("memory that nobody gave");
	if (minimum > g->size || reserved + guard > g->room || reserved + guard < reserved)
		return wasmtime_error_new("memory of another size");
	g->given = true;
	*out = (wasmtime_linear_memory_t){g, get_memory, grow_memory, NULL};
	return NULL;
}

static void fetch_fuel(lambent_guest *g) {
	if (g->fuel_cell != NULL) {
		g->fuel = *g->fuel_cell;
		return;
	}
	wasmtime_val_t v;
	wasmtime_global_get(g->context, &g->fuel_global, &v);
	g->fuel = v.of.i64;
}

static void store_fuel(lambent_guest *g) {
	if (g->fuel_cell != NULL) {
		*g->fuel_cell = g->fuel;
		return;
	}
	wasmtime_val_t v = {.kind = WASMTIME_I64, .of.i64 = g->fuel};
	wasmtime_global_set(g->context, &g->fuel_global, &v); // fails for other types only
}

// lambent_on_host_call is what every import is bound to.
wasm_trap_t *lambent_on_host_call(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values, size_t count) {
	lambent_guest *g = wasmtime_context_get_data(wasmtime_caller_context(caller));
	g->function = (uint32_t)(uintptr_t)env;
	g->values = values;
	fetch_fuel(g);
	int answer = wait(g, LAMBENT_HOST_CALL);
	store_fuel(g);
	return answer == LAMBENT_GO_ON ? NULL : wasmtime_trap_new("stopped", 7);
}

static wasmtime_error_t *on_tick(wasmtime_context_t *context, void *env, uint64_t *delta, uint8_t *kind) {
	lambent_guest *g = env;
	if (wait(g, LAMBENT_TICK) != LAMBENT_GO_ON)
		return wasmtime_error_new("stopped");
	*delta = 1;
	*kind = 0; // go on
	return NULL;
}

lambent_guest *lambent_guest_new(wasm_engine_t *engine, wasmtime_instance_pre_t *pre, uint8_t *start, uint64_t size, uint64_t room,
		wasm_trap_t **trap, wasmtime_error_t **error) {
	lambent_guest *g = calloc(1, sizeof *g);
	if (g == NULL) {
		*error = wasmtime_error_new("no memory for an instance");
		return NULL;
	}
	g->start = start;
	g->size = size;
	g->room = room;
	g->store = wasmtime_store_new(engine, g, NULL);
	g->context = wasmtime_store_context(g->store);
	wasmtime_store_epoch_deadline_callback(g->store, on_tick, g, NULL);
	making = g;
	*error = wasmtime_instance_pre_instantiate(pre, g->context, &g->instance, trap);
	making = NULL;
	if (*error != NULL || *trap != NULL) {
		lambent_guest_delete(g);
		return NULL;
	}
	return g;
}

void lambent_guest_delete(lambent_guest *g) {
	wasmtime_store_delete(g->store);
	free(g->cells);
	free(g->globals);
	free(g->kinds);
	free(g);
}

static bool lookup(lambent_guest *g, const char *name, size_t length, uint8_t kind, wasmtime_extern_t *out) {
	return wasmtime_instance_export_get(g->context, &g->instance, name, length, out) && out->kind == kind;
}

bool lambent_guest_memory(lambent_guest *g, const char *name, size_t length) {
	wasmtime_extern_t e;
	if (!lookup(g, name, length, WASMTIME_EXTERN_MEMORY, &e))
		return false;
	g->memory = e.of.memory;
	return true;
}

bool lambent_guest_fuel(lambent_guest *g, const char *name, size_t length) {
	wasmtime_extern_t e;
	if (!lookup(g, name, length, WASMTIME_EXTERN_GLOBAL, &e))
		return false;
	g->fuel_global = e.of.global;
	return true;
}

bool lambent_guest_func(lambent_guest *g, const char *name, size_t length, wasmtime_func_t *out) {
	wasmtime_extern_t e;
	if (!lookup(g, name, length, WASMTIME_EXTERN_FUNC, &e))
		return false;
	*out = e.of.func;
	return true;
}

bool lambent_guest_globals(lambent_guest *g, size_t count) {
	g->globals = calloc(count, sizeof *g->globals);
	g->kinds = calloc(count, sizeof *g->kinds);
	g->globals_count = count;
	return g->globals != NULL && g->kinds != NULL;
}

bool lambent_guest_global(lambent_guest *g, size_t i, const char *name, size_t length, uint8_t kind) {
	wasmtime_extern_t e;
	if (i >= g->globals_count || !lookup(g, name, length, WASMTIME_EXTERN_GLOBAL, &e))
		return false;
	g->globals[i] = e.of.global;
	g->kinds[i] = kind;
	return true;
}

void lambent_globals_get(lambent_guest *g, uint64_t *values) {
	for (size_t i = 0; i < g->globals_count; i++) {
		wasmtime_val_t v;
		wasmtime_global_get(g->context, &g->globals[i], &v);
		values[i] = lambent_narrow(g->kinds[i]) ? (uint32_t)v.of.i32 : (uint64_t)v.of.i64;
	}
}

void lambent_globals_set(lambent_guest *g, const uint64_t *values) {
	for (size_t i = 0; i < g->globals_count; i++) {
		wasmtime_val_t v = {.kind = g->kinds[i], .of.i64 = (int64_t)values[i]};
		wasmtime_global_set(g->context, &g->globals[i], &v); // fails for other types only
	}
}

uint64_t lambent_shrink(lambent_guest *g) {
	uint64_t before;
	wasmtime_error_t *error = wasmtime_memory_grow(g->context, &g->memory, 0, &before);
	if (error != NULL)
		wasmtime_error_delete(error);
	return wasmtime_memory_data_size(g->context, &g->memory);
}

// call is what the guest's stack begins with.
typedef struct {
	lambent_guest *guest;
	wasmtime_func_t func;
	wasmtime_val_raw_t *values;
	size_t count;
} call;

// lambent_run is where a guest's stack begins. It never returns: the thread goes
// on without it.
void lambent_run(void *argument) {
	call *c = argument;
	lambent_guest *g = c->guest;
	store_fuel(g);
	wasmtime_context_set_epoch_deadline(g->context, 1);
	wasm_trap_t *trap = NULL;
	g->error = wasmtime_func_call_unchecked(g->context, &c->func, c->values, c->count, &trap);
	g->trap = trap;
	fetch_fuel(g);
	wait(g, LAMBENT_DONE);
	abort();
}

int lambent_call(uintptr_t guest, wasmtime_func_t func, uintptr_t slots, size_t count) {
	lambent_guest *g = (lambent_guest *)guest;
	wasmtime_val_raw_t *values = (wasmtime_val_raw_t *)slots;
	call *c = (call *)(((uintptr_t)values - sizeof(call)) & ~(uintptr_t)15);
	*c = (call){g, func, values, count};
	lambent_switch(&g->thread_stack, lambent_stack_begin(c));
	return g->event;
}

int lambent_resume(uintptr_t guest, int answer) {
	lambent_guest *g = (lambent_guest *)guest;
	g->answer = answer;
	lambent_switch(&g->thread_stack, g->guest_stack);
	return g->event;
}

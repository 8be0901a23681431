// A guest is an instance with a stack of its own.
//
// Guests do not run on the stack of the thread, which is as large as the system
// made it, but on one of lambent_stack_new's. Whenever a guest needs its host (it
// calls a host function, its memory grows, the clock ticked) it stops where it is,
// and lambent_call or lambent_resume returns to Go with the reason; Go does what
// is to be done and resumes it. So no frame of C is ever above one of Go, and
// whatever happens to a host function, the guest can still be unwound by wasmtime.
//
//	Go                   C, on the thread's stack     C and the guest, on its stack
//	Call ──────────────▶ lambent_call ── switch ────▶ run ─▶ wasmtime ─▶ guest
//	                                                                      │ import
//	host function ◀───── returns an event ◀─ switch ── on_host_call ◀─────┘
//	      └────────────▶ lambent_resume ─── switch ──▶ on_host_call ─────▶ guest
//
// wasmtime keeps in a variable of the thread what runs there. So from lambent_call
// until the call is over, Go stays on the thread; in between, whatever runs
// there is over before the guest goes on.

#ifndef LAMBENT_GUEST_H
#define LAMBENT_GUEST_H

#include "library.h"

// Why a guest gave up the thread.
enum {
	LAMBENT_DONE,      // the call is over: trap or error say how
	LAMBENT_HOST_CALL, // it calls a host function
	LAMBENT_GROW,      // its memory is to become wanted bytes
	LAMBENT_TICK,      // the engine's clock ticked
};

// What it is told.
enum {
	LAMBENT_GO_ON,
	LAMBENT_REFUSE, // the memory cannot grow
	LAMBENT_STOP,   // it is to be unwound
};

typedef struct {
	wasmtime_store_t *store;
	wasmtime_context_t *context;
	wasmtime_instance_t instance;
	wasmtime_memory_t memory;
	wasmtime_global_t fuel_global;
	wasmtime_global_t *globals; // those that are restored
	uint8_t *kinds;             // of theirs
	size_t globals_count;

	// Where the library keeps them, see cells.c. NULL if that is not known.
	int64_t *fuel_cell;
	void **cells;

	// The linear memory, which Go gave.
	uint8_t *start;  // NULL if there is none
	uint64_t size;   // bytes that the guest has
	uint64_t room;   // bytes from start on, in which nothing else is
	bool given;      // wasmtime has it

	int64_t fuel; // the global's, while Go has the thread

	// Where the other side stopped, while one of them runs.
	void *thread_stack;
	void *guest_stack;

	// What a guest that gave up the thread wants.
	uint32_t function;          // the host function
	wasmtime_val_raw_t *values; // its parameters, and then results
	uint64_t wanted;
	int event;
	int answer;
	wasm_trap_t *trap;       // Go's to delete
	wasmtime_error_t *error; // the same
} lambent_guest;

// lambent_guest_new makes an instance in a store of its own, in memory that goes
// from start to start + size and has room beyond. If that fails it returns NULL
// and sets one of trap and error.
lambent_guest *lambent_guest_new(wasm_engine_t *, wasmtime_instance_pre_t *, uint8_t *start, uint64_t size, uint64_t room,
	wasm_trap_t **trap, wasmtime_error_t **error);
void lambent_guest_delete(lambent_guest *);

// Lookups of exports return false if there is none of that kind.
bool lambent_guest_memory(lambent_guest *, const char *name, size_t length);
bool lambent_guest_fuel(lambent_guest *, const char *name, size_t length);
bool lambent_guest_func(lambent_guest *, const char *name, size_t length, wasmtime_func_t *out);

// lambent_guest_globals makes room for so many, of which lambent_guest_global
// looks up one; the values of all are then read and written together.
bool lambent_guest_globals(lambent_guest *, size_t count);
bool lambent_guest_global(lambent_guest *, size_t i, const char *name, size_t length, uint8_t kind);

// lambent_narrow says whether a value takes the lower half of its slot.
static inline bool lambent_narrow(uint8_t kind) { return kind == WASMTIME_I32 || kind == WASMTIME_F32; }

// lambent_guest_cells finds the cells of the globals that were looked up, by an
// exported function. offsets are that of the fuel and those of the others in the
// instance, 0 if they are to be found; all instances of a module have the same.
void lambent_guest_cells(lambent_guest *, const wasmtime_func_t *, uint32_t *offsets);

void lambent_globals_get(lambent_guest *, uint64_t *values);
void lambent_globals_set(lambent_guest *, const uint64_t *values);

// lambent_call calls a function. values has its parameters, then its results, and
// room for the longer of the two; the guest's stack begins below it. Pointers are
// passed as numbers, which cgo does not look into.
int lambent_call(uintptr_t guest, wasmtime_func_t, uintptr_t values, size_t count);

// lambent_resume goes on with a guest that gave up the thread.
int lambent_resume(uintptr_t guest, int answer);

// lambent_shrink tells wasmtime of a memory that became smaller, and returns what
// wasmtime takes for its size then.
uint64_t lambent_shrink(lambent_guest *);

// A stack lies in a mapping of size bytes, the first of which cannot be touched.
// lambent_stack_new returns its end, NULL if it cannot be had.
void *lambent_stack_new(size_t size);
void lambent_stack_delete(void *end, size_t size);

// lambent_stack_trim gives back what lies more than keep bytes below its end.
void lambent_stack_trim(void *end, size_t size, size_t keep);

#endif

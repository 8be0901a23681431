//go:build wasmtime && linux && amd64

#include "guest.h"

#include <stdlib.h>
#include <string.h>

// The library reads and writes globals through functions that look up, check and
// convert, twice in each host call. They stand in cells of 16 bytes in what wasmtime
// allocates for an instance, which is nobody's business but its own. So a cell is
// found by what it holds, and is used only if the library and we see each other's
// values in it; else the library is asked.

// What a reference to a function is in v39. It stands behind the cells.
typedef struct {
	void *array_call, *wasm_call;
	uint32_t type;
	char *instance;
} func_ref;

enum { CELL = 16 };

// fields_of returns where the fields of an instance begin, by one of its functions,
// and in *end where the cells have ended; or NULL.
static char *fields_of(lambent_guest *g, const wasmtime_func_t *func, char **end) {
	*end = wasmtime_func_to_raw(g->context, func);
	char *fields = ((func_ref *)*end)->instance;
	if (fields == NULL || (uintptr_t)fields % CELL != 0 || fields >= *end || memcmp(fields, "core", 4) != 0)
		return NULL;
	return fields;
}

static void put(lambent_guest *g, const wasmtime_global_t *global, uint8_t kind, uint64_t value) {
	wasmtime_val_t v = {.kind = kind, .of.i64 = (int64_t)value};
	wasmtime_global_set(g->context, global, &v); // fails for other types only
}

static uint64_t get(lambent_guest *g, const wasmtime_global_t *global, uint8_t kind) {
	wasmtime_val_t v;
	wasmtime_global_get(g->context, global, &v);
	return lambent_narrow(kind) ? (uint32_t)v.of.i32 : (uint64_t)v.of.i64;
}

// holds says whether a cell holds what the library puts into a global.
static bool holds(lambent_guest *g, const wasmtime_global_t *global, uint8_t kind, const char *cell, uint64_t value) {
	put(g, global, kind, value);
	return memcmp(cell, &value, lambent_narrow(kind) ? 4 : 8) == 0;
}

// shared says whether the library and we see each other's values in a cell.
static bool shared(lambent_guest *g, const wasmtime_global_t *global, uint8_t kind, char *cell) {
	const uint64_t mark = 0x5ca1ab1e0ddba11;
	if (!holds(g, global, kind, cell, mark) || !holds(g, global, kind, cell, ~mark))
		return false;
	memset(cell, 0x77, lambent_narrow(kind) ? 4 : 8);
	return get(g, global, kind) == (lambent_narrow(kind) ? 0x77777777 : 0x7777777777777777);
}

// cell_of returns the cell of a global, NULL if none is. *offset is where it is,
// or 0 and then becomes it.
static void *cell_of(lambent_guest *g, const wasmtime_global_t *global, uint8_t kind, char *fields, char *end, uint32_t *offset) {
	uint64_t value = get(g, global, kind);
	char *cell = NULL;
	if (*offset == 0) {
		const uint64_t mark = 0xfeedc0de5eed5eed;
		put(g, global, kind, mark);
		for (char *at = fields + CELL; cell == NULL && at + CELL <= end; at += CELL) {
			if (memcmp(at, &mark, lambent_narrow(kind) ? 4 : 8) != 0)
				continue;
			if (shared(g, global, kind, at))
				cell = at;
			put(g, global, kind, mark);
		}
	} else if (fields + *offset + CELL <= end && shared(g, global, kind, fields + *offset)) {
		cell = fields + *offset;
	}
	put(g, global, kind, value);
	if (cell != NULL)
		*offset = (uint32_t)(cell - fields);
	return cell;
}

void lambent_guest_cells(lambent_guest *g, const wasmtime_func_t *func, uint32_t *offsets) {
	char *end, *fields = fields_of(g, func, &end);
	if (fields == NULL)
		return;
	g->fuel_cell = cell_of(g, &g->fuel_global, WASMTIME_I64, fields, end, offsets);
	if (g->globals_count == 0 || (g->cells = calloc(g->globals_count, sizeof *g->cells)) == NULL)
		return;
	for (size_t i = 0; i < g->globals_count; i++) {
		if ((g->cells[i] = cell_of(g, &g->globals[i], g->kinds[i], fields, end, offsets + 1 + i)) == NULL) {
			free(g->cells);
			g->cells = NULL;
			return;
		}
	}
}

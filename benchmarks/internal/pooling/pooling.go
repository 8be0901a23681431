package pooling

// The linker sees the library of wasmtime-go only in the last of its runs: cgo's
// own program has to do without these symbols.

// #cgo LDFLAGS: -Wl,--unresolved-symbols=ignore-in-object-files
//
// #include <stdbool.h>
// #include <stddef.h>
// #include <stdint.h>
//
// // As wasmtime/config.h, instance.h, linker.h and error.h of v39 declare them.
// typedef struct wasm_config_t wasm_config_t;
// typedef struct wasmtime_pooling_allocation_config_t pool_config;
// pool_config *wasmtime_pooling_allocation_config_new();
// void wasmtime_pooling_allocation_config_delete(pool_config *);
// void wasmtime_pooling_allocation_config_total_core_instances_set(pool_config *, uint32_t);
// void wasmtime_pooling_allocation_config_total_memories_set(pool_config *, uint32_t);
// void wasmtime_pooling_allocation_config_total_tables_set(pool_config *, uint32_t);
// void wasmtime_pooling_allocation_config_max_memory_size_set(pool_config *, size_t);
// void wasmtime_pooling_allocation_config_table_elements_set(pool_config *, size_t);
// void wasmtime_pooling_allocation_strategy_set(wasm_config_t *, const pool_config *);
//
// typedef struct wasmtime_error wasmtime_error_t;
// typedef struct wasm_trap_t wasm_trap_t;
// typedef struct wasmtime_linker wasmtime_linker_t;
// typedef struct wasmtime_module wasmtime_module_t;
// typedef struct wasmtime_context wasmtime_context_t;
// typedef struct wasmtime_instance_pre wasmtime_instance_pre_t;
// typedef struct { uint64_t store_id; size_t private_; } instance_t;
// typedef struct { size_t size; char *data; } byte_vec;
// wasmtime_error_t *wasmtime_linker_instantiate_pre(const wasmtime_linker_t *, const wasmtime_module_t *, wasmtime_instance_pre_t **);
// wasmtime_error_t *wasmtime_instance_pre_instantiate(const wasmtime_instance_pre_t *, wasmtime_context_t *, instance_t *, wasm_trap_t **);
// void wasmtime_instance_pre_delete(wasmtime_instance_pre_t *);
// void wasmtime_error_message(const wasmtime_error_t *, byte_vec *);
// void wasmtime_error_delete(wasmtime_error_t *);
// void wasm_trap_delete(wasm_trap_t *);
// void wasm_byte_vec_delete(byte_vec *);
import "C"

import (
	"errors"
	"runtime"
	"unsafe"

	"github.com/bytecodealliance/wasmtime-go/v39"
)

// tableElements is room for the tables of Go's modules.
const tableElements = 1 << 16

// Enable makes engines of that configuration keep room for so many instances,
// each with one memory of at most memory bytes, whose pages are given back when
// an instance ends.
func Enable(config *wasmtime.Config, instances uint32, memory uint64) {
	pool := C.wasmtime_pooling_allocation_config_new()
	defer C.wasmtime_pooling_allocation_config_delete(pool)
	C.wasmtime_pooling_allocation_config_total_core_instances_set(pool, C.uint32_t(instances))
	C.wasmtime_pooling_allocation_config_total_memories_set(pool, C.uint32_t(instances))
	C.wasmtime_pooling_allocation_config_total_tables_set(pool, C.uint32_t(instances))
	C.wasmtime_pooling_allocation_config_max_memory_size_set(pool, C.size_t(memory))
	C.wasmtime_pooling_allocation_config_table_elements_set(pool, tableElements)
	C.wasmtime_pooling_allocation_strategy_set((*C.wasm_config_t)(first(unsafe.Pointer(config))), pool)
	runtime.KeepAlive(config)
}

// first returns the pointer that a struct of wasmtime-go begins with: the C
// object that it stands for.
func first(object unsafe.Pointer) unsafe.Pointer { return *(*unsafe.Pointer)(object) }

// Pre is a module whose imports are resolved.
type Pre struct {
	pre    *C.wasmtime_instance_pre_t
	linker *wasmtime.Linker
	module *wasmtime.Module
}

// NewPre resolves the imports of a module.
func NewPre(linker *wasmtime.Linker, module *wasmtime.Module) (*Pre, error) {
	p := &Pre{linker: linker, module: module}
	err := C.wasmtime_linker_instantiate_pre((*C.wasmtime_linker_t)(first(unsafe.Pointer(linker))),
		(*C.wasmtime_module_t)(first(unsafe.Pointer(module))), &p.pre)
	runtime.KeepAlive(linker)
	runtime.KeepAlive(module)
	if err != nil {
		return nil, failure(err)
	}
	return p, nil
}

// Instances are what wasmtime-go has in a wasmtime.Instance.
var _ [unsafe.Sizeof(C.instance_t{})]byte = [unsafe.Sizeof(wasmtime.Instance{})]byte{}

// Instantiate makes an instance in a store.
func (p *Pre) Instantiate(store *wasmtime.Store) (*wasmtime.Instance, error) {
	instance := new(wasmtime.Instance)
	var made C.instance_t
	var trap *C.wasm_trap_t
	err := C.wasmtime_instance_pre_instantiate(p.pre, (*C.wasmtime_context_t)(unsafe.Pointer(store.Context())), &made, &trap)
	runtime.KeepAlive(store)
	if err != nil {
		return nil, failure(err)
	}
	if trap != nil {
		C.wasm_trap_delete(trap)
		return nil, errors.New("pooling: the start function trapped")
	}
	*(*C.instance_t)(unsafe.Pointer(instance)) = made
	return instance, nil
}

// Close releases p. Instances stay.
func (p *Pre) Close() { C.wasmtime_instance_pre_delete(p.pre) }

// failure takes an error of wasmtime's.
func failure(err *C.wasmtime_error_t) error {
	var message C.byte_vec
	C.wasmtime_error_message(err, &message)
	defer C.wasm_byte_vec_delete(&message)
	defer C.wasmtime_error_delete(err)
	return errors.New("pooling: " + C.GoStringN(message.data, C.int(message.size)))
}

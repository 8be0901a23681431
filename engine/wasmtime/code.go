//go:build wasmtime && cgo && linux && amd64

package wasmtime

// #include <malloc.h>
// #include "engine.h"
import "C"

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unsafe"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/binding"
	"github.com/lambent-dev/lambent/engine/internal/meter"
)

// code is a module of wasmtime's.
type code struct{ native *C.wasmtime_module_t }

func (c code) close() { C.wasmtime_module_delete(c.native) }

// compile runs wasmtime's validator and compiler.
func compile(native *C.wasm_engine_t, module []byte) (c code, err error) {
	// The compiler frees most of what it took, in pieces, on several threads: glibc
	// would keep it for them.
	defer C.malloc_trim(0)
	if failed := C.wasmtime_module_new(native, (*C.uint8_t)(unsafe.SliceData(module)), C.size_t(len(module)), &c.native); failed != nil {
		return c, fmt.Errorf("%w: %w", engine.ErrInvalid, takeError(failed))
	}
	return c, nil
}

// takeError makes an error of wasmtime's one of Go's.
func takeError(failed *C.wasmtime_error_t) error {
	var message C.wasm_byte_vec_t
	C.wasmtime_error_message(failed, &message)
	text := takeText(&message)
	C.wasmtime_error_delete(failed)
	return errors.New("wasmtime: " + text)
}

// takeText makes a message of wasmtime's one line of Go's. A stack of its own may
// follow what it says.
func takeText(message *C.wasm_byte_vec_t) string {
	text := C.GoStringN(message.data, C.int(min(message.size, 4096)))
	C.wasm_byte_vec_delete(message)
	text, _, _ = strings.Cut(strings.ToValidUTF8(text, "?"), "Stack backtrace:")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == 0 }), " ")
}

// bound is an import, and what it is bound to.
type bound struct {
	module, name    string
	params, results []C.uint8_t
	number          uint32 // in Host.Funcs
}

// Numbers of the functions that metered modules import beside the host's.
const (
	numberRefill = math.MaxUint32 - iota
	numberOverflow
)

// bind resolves imports. Its error is a *engine.LinkError, or says what a host
// function cannot have.
func bind(host *engine.Host, imports []engine.Import) ([]bound, error) {
	chosen, err := binding.Choose(host, imports)
	if err != nil {
		return nil, err
	}
	i64 := []C.uint8_t{C.WASMTIME_I64}
	all := []bound{
		{meter.ImportModule, meter.ImportName, i64, i64, numberRefill},
		{meter.ImportModule, meter.OverflowName, nil, nil, numberOverflow},
	}
	for module, names := range chosen {
		for name, i := range names {
			f := &host.Funcs()[i]
			b := bound{module: module, name: name, number: uint32(i)}
			if b.params, err = kinds(f.Params); err == nil {
				b.results, err = kinds(f.Results)
			}
			if err != nil {
				return nil, fmt.Errorf("wasmtime: host function %s.%s%s: %w", module, name, f.Signature(), err)
			}
			all = append(all, b)
		}
	}
	return all, nil
}

// kinds are wasmtime's numbers of types.
func kinds(types []engine.ValueType) ([]C.uint8_t, error) {
	out := make([]C.uint8_t, len(types))
	for i, t := range types {
		kind, ok := kindOf(t)
		if !ok {
			return nil, fmt.Errorf("a %s cannot be passed, only i32, i64, f32 and f64", t)
		}
		out[i] = kind
	}
	return out, nil
}

func kindOf(t engine.ValueType) (C.uint8_t, bool) {
	switch t {
	case engine.I32:
		return C.WASMTIME_I32, true
	case engine.I64:
		return C.WASMTIME_I64, true
	case engine.F32:
		return C.WASMTIME_F32, true
	case engine.F64:
		return C.WASMTIME_F64, true
	}
	return 0, false
}

// prepare resolves the imports of a module.
func (c code) prepare(native *C.wasm_engine_t, imports []bound) (*C.wasmtime_instance_pre_t, error) {
	linker := C.wasmtime_linker_new(native)
	defer C.wasmtime_linker_delete(linker)
	for _, b := range imports {
		failed := C.lambent_define(linker, text(b.module), C.size_t(len(b.module)), text(b.name), C.size_t(len(b.name)),
			unsafe.SliceData(b.params), C.size_t(len(b.params)), unsafe.SliceData(b.results), C.size_t(len(b.results)), C.uint32_t(b.number))
		if failed != nil {
			return nil, takeError(failed)
		}
	}
	var pre *C.wasmtime_instance_pre_t
	if failed := C.wasmtime_linker_instantiate_pre(linker, c.native, &pre); failed != nil {
		return nil, takeError(failed)
	}
	return pre, nil
}

// text is the bytes of a string, for C to look at during a call.
func text(s string) *C.char { return (*C.char)(unsafe.Pointer(unsafe.StringData(s))) }

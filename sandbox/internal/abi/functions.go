package abi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// Module is the name that guests import. It carries the version: within v1
// functions are added, never changed.
const Module = "lambent_v1"

// Functions returns the host functions of lambent_v1. state finds, from an
// instance's data, the state of the event that it sees.
func Functions(state func(data any) *State) []engine.HostFunc {
	i32 := func(n int) []engine.ValueType {
		types := make([]engine.ValueType, n)
		for i := range types {
			types[i] = engine.I32
		}
		return types
	}
	// Every function takes i32s, p[i] being the i-th, and answers one i32.
	function := func(name string, params int, call func(s *State, ctx context.Context, m engine.Memory, p []uint64) int32) engine.HostFunc {
		return engine.HostFunc{
			Module: Module, Name: name, Params: i32(params), Results: i32(1),
			Call: func(ctx context.Context, in engine.Instance, stack []uint64) {
				s := state(in.Data())
				s.WASI.Begin(ctx, in.Meter())
				stack[0] = uint64(uint32(call(s, ctx, in.Memory(), stack)))
			},
		}
	}
	clock := func(name string, call func(s *State) int64) engine.HostFunc {
		return engine.HostFunc{
			Module: Module, Name: name, Results: []engine.ValueType{engine.I64},
			Call: func(ctx context.Context, in engine.Instance, stack []uint64) {
				s := state(in.Data())
				s.WASI.Begin(ctx, in.Meter())
				stack[0] = uint64(call(s))
			},
		}
	}
	return []engine.HostFunc{
		function("register", 2, (*State).register),
		function("event_len", 0, (*State).eventLen),
		function("event_read", 3, (*State).eventRead),
		function("response_write", 2, (*State).responseWrite),
		function("response_meta", 2, (*State).responseMeta),
		function("response_error", 2, (*State).responseError),
		function("ctx_get", 4, (*State).ctxGet),
		clock("deadline_ms", (*State).deadlineMs),
		clock("remaining_ms", (*State).remainingMs),
		function("log", 3, (*State).log),
		function("call", 4, (*State).call),
		function("http_send", 4, (*State).httpSend),
		function("http_head", 3, (*State).httpHead),
		function("feature", 2, (*State).feature),
	}
}

// fail is the result of a host function that answers −errno.
func fail(errno wasi.Errno) int32 { return -int32(errno) }

// argument returns the guest's bytes whose pointer and length are p[i] and p[i+1].
func argument(m engine.Memory, p []uint64, i int) ([]byte, bool) {
	return m.Slice(uint32(p[i]), uint32(p[i+1]))
}

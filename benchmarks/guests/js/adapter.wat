;; Runs one function of JavaScript in quickjs-wasi, for each event once. It is
;; linked with that package's module, named qjs, and with a border, which brings
;; events and takes answers. What quickjs-wasi imports of its embedder is answered
;; here: it is never interrupted, loads no modules and has no functions but its
;; own.
(module
	(import "qjs" "memory" (memory 1))
	(import "qjs" "qjs_init" (func $qjs_init (result i32)))
	(import "qjs" "wasm_malloc" (func $malloc (param i32) (result i32)))
	(import "qjs" "qjs_eval" (func $qjs_eval (param i32 i32 i32 i32) (result i32)))
	(import "qjs" "qjs_get_undefined" (func $qjs_get_undefined (result i32)))
	(import "qjs" "qjs_new_string" (func $qjs_new_string (param i32 i32) (result i32)))
	(import "qjs" "qjs_call" (func $qjs_call (param i32 i32 i32 i32) (result i32)))
	(import "qjs" "qjs_is_exception" (func $qjs_is_exception (param i32) (result i32)))
	(import "qjs" "qjs_get_string_len" (func $qjs_get_string_len (param i32 i32) (result i32)))
	(import "qjs" "qjs_free_cstring" (func $qjs_free_cstring (param i32)))
	(import "qjs" "qjs_free_value" (func $qjs_free_value (param i32)))

	;; Copies what fits of the event; returns its full length.
	(import "border" "read" (func $read (param i32 i32) (result i32)))
	;; Makes bytes the answer; returns 0 if they are taken.
	(import "border" "write" (func $write (param i32 i32) (result i32)))

	;; The handler's source and its name, both ending in NUL.
	(data $source "@SOURCE@\00")
	(data $name "greet.js\00")
	(global $length i32 (i32.const @LENGTH@))

	;; What the init phase leaves; initialise.mjs reads it.
	(global $handler (export "handler") (mut i32) (i32.const 0))     ;; the function
	(global $undefined (export "undefined") (mut i32) (i32.const 0))
	(global $event (export "event") (mut i32) (i32.const 0))         ;; room for an event, $room bytes
	(global $room i32 (i32.const 16384))
	(global $cell (export "cell") (mut i32) (i32.const 0))           ;; room for a pointer or a length

	;; Makes the engine and evaluates the handler. Returns 0 if that went well.
	(func (export "lambent_init") (result i32)
		(local $source i32) (local $name i32)
		(if (i32.ne (call $qjs_init) (i32.const 0)) (then (return (i32.const 1))))
		(global.set $event (call $malloc (global.get $room)))
		(global.set $cell (call $malloc (i32.const 4)))
		(local.set $source (call $malloc (i32.add (global.get $length) (i32.const 1))))
		(local.set $name (call $malloc (i32.const 9)))
		(if (i32.eqz (i32.mul
				(i32.mul (i32.ne (global.get $event) (i32.const 0)) (i32.ne (global.get $cell) (i32.const 0)))
				(i32.mul (i32.ne (local.get $source) (i32.const 0)) (i32.ne (local.get $name) (i32.const 0)))))
			(then (return (i32.const 1))))
		(memory.init $source (local.get $source) (i32.const 0) (i32.add (global.get $length) (i32.const 1)))
		(memory.init $name (local.get $name) (i32.const 0) (i32.const 9))
		(global.set $undefined (call $qjs_get_undefined))
		(global.set $handler (call $qjs_eval (local.get $source) (global.get $length) (local.get $name) (i32.const 0)))
		(call $qjs_is_exception (global.get $handler)))

	;; Answers one event. Returns 0 if it has an answer.
	(func (export "lambent_handle") (export "handle") (result i32)
		(local $length i32) (local $text i32) (local $result i32) (local $answer i32) (local $failed i32)
		(local.set $length (call $read (global.get $event) (global.get $room)))
		(if (i32.gt_u (local.get $length) (global.get $room)) (then (return (i32.const 1))))
		(local.set $text (call $qjs_new_string (global.get $event) (local.get $length)))
		(i32.store (global.get $cell) (local.get $text))
		(local.set $result (call $qjs_call (global.get $handler) (global.get $undefined) (i32.const 1) (global.get $cell)))
		(call $qjs_free_value (local.get $text))
		(if (call $qjs_is_exception (local.get $result)) (then (return (i32.const 1))))
		(local.set $answer (call $qjs_get_string_len (local.get $result) (global.get $cell)))
		(if (i32.eqz (local.get $answer)) (then (return (i32.const 1))))
		(local.set $failed (call $write (local.get $answer) (i32.load (global.get $cell))))
		(call $qjs_free_cstring (local.get $answer))
		(call $qjs_free_value (local.get $result))
		(local.get $failed))

	;; What quickjs-wasi imports: a time zone in seconds from UTC, whether to
	;; interrupt, a promise that nobody handles, the path and the source of a module
	;; (0: there is none), and a call of a function of the embedder, of which there
	;; are none.
	(func (export "host_get_timezone_offset") (param i32 i32) (result i32) (i32.const 0))
	(func (export "host_interrupt") (result i32) (i32.const 0))
	(func (export "host_promise_rejection") (param i32 i32 i32))
	(func (export "host_module_normalize") (param i32 i32) (result i32) (i32.const 0))
	(func (export "host_module_load") (param i32 i32) (result i32) (i32.const 0))
	(func (export "host_call") (param i32 i32 i32 i32 i32) (result i32) unreachable))

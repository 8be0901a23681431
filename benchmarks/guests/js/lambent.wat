;; The border of lambent_v1.
(module
	(import "lambent_v1" "event_len" (func $event_len (result i32)))
	(import "lambent_v1" "event_read" (func $event_read (param i32 i32 i32) (result i32)))
	(import "lambent_v1" "response_write" (func $response_write (param i32 i32) (result i32)))
	(func (export "read") (param $to i32) (param $room i32) (result i32)
		(drop (call $event_read (local.get $to) (local.get $room) (i32.const 0)))
		(call $event_len))
	(func (export "write") (param $from i32) (param $length i32) (result i32)
		(i32.lt_s (call $response_write (local.get $from) (local.get $length)) (i32.const 0))))

// Package asl is Amazon States Language: it validates definitions, tests single
// states and interprets executions, with AWS's diagnostics, history events and
// error texts.
//
// It is pure: no I/O, no clock, no goroutines, no randomness of its own. What an
// execution depends on besides its definition reaches it as signals; what it
// wants done leaves it as effects. It never speaks AWS's API, keeps anything, or
// draws; those who do use these seams:
//
//	Validate(definition, options)      ValidateStateMachineDefinition; lint
//	Parse(definition, options)         CreateStateMachine: a Definition, or *InvalidDefinition
//	TestState(request)                 TestState, with mocks; Call does tasks that are not mocked
//	Definition, Branch, State, Rule    what package drawing needs
//	NewRun, Run.Apply, Resume, Next    executions
//	Event.MarshalJSON                  GetExecutionHistory
//	ItemReader.Parse                   the items of a map run, from CSV, JSON or JSONL
//	ParseToken                         SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat
//	package driver                     executions in memory
//
// # An execution
//
//	Signal ──▶ Run.Apply ──▶ Step{Events, Effects, Cancelled}
//
// A driver starts with the signal Begin. It keeps the events, carries out the
// effects (tasks, timers, map runs) and answers each with signals, until
// Run.Status is no longer Running. Answers may come twice or late: such a signal
// gets a *Stale error and changes nothing.
//
// The first event that a signal leads to carries the signal, so a history is all
// that has to be kept: Resume applies the signals in it again, checks that they
// give the same events, and Run.Effects then says what is outstanding. Random
// numbers and task tokens come from Start.Seed, the time from Signal.At;
// replaying draws the same. A durable driver appends a step's events and effects
// in one transaction and keeps the Run in memory only to save replaying.
//
// Branches of Parallel states and iterations of Map states in inline mode are
// frames of the same Run. The executions of a Map state in distributed mode are
// Runs of their own: the effect MapRun says of what, and with which inputs.
//
// # Where things are
//
//	builder.go parse.go state.go …   definitions: JSON to Definition, with diagnostics
//	template.go                      values with paths or expressions in them, compiled
//	evaluate.go dataflow.go          filling them in; InputPath … OutputPath, Output, Assign
//	run.go accept.go waiting.go      signals, events, effects; meter.go bounds their work,
//	                                 held.go what they keep
//	frame.go                         entering and leaving states
//	pass.go choose.go waits.go tasks.go fanout.go iterate.go maprun.go   types of states
//	recover.go                       Retry and Catch
//	replay.go                        histories and signals to Runs
//	dataset.go items.go              what Map states go over; what an ItemReader reads
//	test_state.go probe.go           TestState
//	path intrinsic payload shape     JSONPath, intrinsic functions, JSON texts, mocked answers
//
// # Bounds
//
// Definitions and inputs are hostile. A definition has at most 1 MB, expressions
// that take 128 MiB of memory and states nested 32 deep; a payload 256 KiB of JSON
// nested 1000 deep; a history 25,000 events; variables 256 KiB each and 10 MiB
// together. All else that an execution works on at a time may have 32 MiB of text
// (held.go). One JSONata expression may take 3,000,000 steps, one path look at
// 2,000,000 values, an intrinsic function give 1 MiB, all that a template makes
// 16 MiB. One signal may cost 20,000,000 such steps altogether; a machine that
// runs on without waiting asks for a timer that is due at once every now and then,
// so that Apply returns. Package driver bounds what executions take together.
package asl

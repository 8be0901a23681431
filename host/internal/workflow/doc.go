// Package workflow owns state machines and their executions, as AWS Step
// Functions' operations see them.
//
// State machines are kept in the store. Executions run in memory: they end with
// the process. That suits machines of type EXPRESS. Those of type STANDARD
// promise to outlive a crash, so starting one is refused, unless
// Config.Ephemeral says that the caller can do without that promise; activities,
// which only such executions use, go with them. No execution is accepted and
// then silently lost.
//
// All of them share a budget of memory, and a start for which there is no room is
// refused with ExecutionLimitExceeded; what is over is kept as long as there is
// room for it. Config says how much.
//
// What a definition means is package asl's to say; package driver carries
// executions out. This package does their tasks: functions, through package
// function, nested executions and activities; Config.Guard says which of them the
// role of an execution may do.
//
// It knows no wire format: package api decodes requests into its inputs.
package workflow

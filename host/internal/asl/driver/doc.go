// Package driver carries out executions of state machines in memory: it applies
// signals to their [asl.Run], keeps their timers, hands their tasks to a
// [Worker] and runs the executions of distributed maps.
//
// Nothing survives the process: it is for Express executions, for tests and for
// trying a machine out. A durable driver keeps the events that
// [asl.Run.Apply] gives, and the outstanding effects, in one transaction per
// signal; what this package does in between is the same.
//
// A [Budget] bounds what executions that share it take: their number, their
// memory, and how many work at once.
//
// Time is a [Clock]: [Real], or [Fake], which jumps from timer to timer.
package driver

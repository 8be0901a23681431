// Package jsonata parses and evaluates JSONata, the language of expressions in
// Amazon States Language, as version 2.0.6 of its reference implementation
// defines it: the same values, the same error codes with position and token.
//
// It is pure: no I/O, no clock, no global state. Time and randomness come from
// [Env]. Expressions and inputs are hostile: evaluation is bounded in steps,
// depth, items and bytes by [Limits] and in time by its context; nothing it is
// given makes it panic. It never changes its input, so one input and one
// [Expression] may be used by many goroutines at once.
//
// # Values
//
// nil (JSON null), bool, float64, string, []any and *[Object]; [Undefined] is
// the absence of a value, which is not null. [Decode] and [Encode] translate
// from and to JSON text. A result may also be or contain a *[Function], which
// has no JSON form.
//
// # Differences from the reference implementation
//
//   - Regular expressions run in linear time (Go's regexp). What that cannot
//     do, backreferences and lookaround, is refused with S0303 when the
//     expression is parsed. They match code points, where JavaScript without
//     its u flag matches UTF-16 units.
//   - Exceeding a limit is the error U1001.
//   - The properties that JavaScript objects inherit ("constructor",
//     "toString", …) are not visible; a key "__proto__" is a key.
//   - The members of arrays and objects are evaluated one after the other: if
//     several fail, the first one's error is reported.
//   - The transform operator changes only what the expression has made
//     itself: a pattern that reaches into the input leaves the input as it is.
package jsonata

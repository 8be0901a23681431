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
// These are deliberate; the tests in the folder oracle look for others.
//
//   - Regular expressions run in linear time (Go's regexp). What that cannot
//     do, backreferences and lookaround, is refused with S0303 when the
//     expression is parsed. A group that is repeated keeps what it matched last
//     even if the last repetition leaves it out. With the m flag only a line
//     feed ends a line.
//   - Exceeding a limit is the error U1001.
//   - The properties that JavaScript objects inherit ("constructor",
//     "toString", …) are not visible, a key "__proto__" is a key, and functions
//     have no members that wildcards could find.
//   - The members of arrays and objects are evaluated one after the other: if
//     several fail, the first one's error is reported.
//   - Nothing changes the input: neither a transform whose pattern reaches into
//     it, nor an object constructor that is applied to an empty array. In its
//     copy a transform changes objects only, not arrays by keys such as "0".
//   - Where the reference fails with an error of JavaScript itself, or takes
//     what JavaScript makes of an argument of a wrong type (partially applied
//     built-in functions, a function that is to replace a string), there is an
//     error of JSONata's: T0410, T1006, T1010 or D3012.
//   - Objects keep the order of their members also where keys look like
//     numbers. What an expression sees of that order ($keys, $each, $spread,
//     $string, wildcards) is JavaScript's: those keys first, by number.
package jsonata

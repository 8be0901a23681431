// Package intrinsic parses and evaluates the intrinsic functions of Amazon
// States Language, such as States.Format('{} of {}', $.n, $.total).
//
// It is pure: paths and random numbers come from [Env]. It is bounded: calls
// nest at most [MaxNesting] deep, a call is at most [path.MaxLength] bytes, and
// a result holds at most [MaxResult] bytes of text. Values are those of package
// jsonata.
package intrinsic

// Package oracle compares package jsonata with the reference implementation:
// random expressions over random inputs must give the same values and the same
// error codes in both. It is a module of its own, so that the JavaScript engine
// it needs is no dependency of Lambent. It contains only tests.
package oracle

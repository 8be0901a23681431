// Package oracle compares package jsonata with the reference implementation:
// random expressions over random inputs must give the same values and the same
// error codes in both. It is a module of its own, so that the JavaScript engine
// it needs is no dependency of Lambent. It contains only tests.
//
// The reference implementation is fetched with npm into a temporary folder;
// without npm the test is skipped. From this folder:
//
//	go test .                                     # 4,000 expressions
//	go test . -args -expressions 60000 -seed 1000 # others
//
// The first 4,000 agree. Among others about one in 10,000 does not, always by
// what package jsonata does differently on purpose (see its documentation) or
// by the engine, which cannot change the case of half a surrogate pair.
package oracle

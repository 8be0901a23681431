// Package path parses and evaluates the JSONPath that Amazon States Language
// speaks: "$" the input, "$$" the context object, "$name" a variable, followed
// by members, indices, slices, wildcards, descendants, filters and a few
// functions.
//
// It is pure and bounded: paths and documents are hostile. A path is at most
// [MaxLength] bytes, filters nest at most [MaxNesting] deep, and evaluating
// visits at most [MaxVisits] values. Values are those of package jsonata.
//
// A path is definite if it can match one value at most. A definite path that
// matches nothing is an error ([NotFoundError]); any other path gives the
// array of its matches, which may be empty.
package path

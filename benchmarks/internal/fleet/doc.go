// Package fleet deploys far more functions than there are codes: how many have
// which code, the modules, and what each has to answer. Every code answers with a
// greeting of its own, so that no function is taken for another of another code.
package fleet

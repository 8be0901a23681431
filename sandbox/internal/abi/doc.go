// Package abi is the border lambent_v1: how event, context, response, errors,
// logs and calls cross between a guest and the host, and what a package's
// manifest says about its module.
//
// Every pointer is guest-owned. The host copies during the call, keeps
// nothing, never re-enters the guest and never allocates in it, so a guest
// needs no exported allocator. A result ≥ 0 is a length or a handle, a result
// < 0 is −errno with the numbers of WASI preview 1.
//
// The package never decides what a function may do: limits, policy and calls
// are handed to it.
package abi

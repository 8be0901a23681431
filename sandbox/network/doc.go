// Package network opens outbound connections for code that is not trusted, and
// for what a host fetches on somebody's word.
//
// A [Dialer] resolves a name, has its [Rules] decide on each numeric address that
// it is about to dial, and counts what passes against a [Quota]:
//
//	"db.example.com:5432"
//	  → the host's resolver                          resolver, never the guest's
//	  → 10.0.0.7, 64:ff9b::a00:7 → 10.0.0.7          address.go: what it really is
//	  → port 25? → allow list → special ranges → the rest   rules.go
//	  → connect to that very address                 dialer.go
//	  → bytes and sockets counted                    quota.go
//
// The decision is about the address, not the name: a name that resolves to
// something else the next time gains nothing. [Dialer.Transport] is the same for
// HTTP: each redirect is a new connection, and so a new decision.
//
// It speaks TCP only, never listens, and never looks at the proxies that the
// process's environment names.
package network

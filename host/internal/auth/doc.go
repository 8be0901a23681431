// Package auth says who makes a request and whether they may: it keeps access
// keys, roles and policies, believes signatures, hands out the credentials of
// sessions, and decides by policies.
//
//	claim, err := s.Begin(ctx, request, scope)           // before the body is read
//	caller, body, err := claim.Finish(request, body)     // after
//	err = caller.Authorize(access)                       // may they do this?
//
// Package sigv4 reads and verifies signatures, package policy decides by
// documents; neither knows what is kept here. This package knows no wire format:
// errors are *fault.Error, or *sigv4.Error where what to answer depends on the
// protocol.
//
// # Who can come
//
//   - an account itself, with an access key: it may do everything in the account
//   - a role, with an access key that was made for it: its policies decide
//   - a session of a role, with the temporary credentials of AssumeRole,
//     GetSessionToken or Lend, whose token says everything about it: nothing is
//     stored
//   - among these a function, to which credentials of its execution role were lent
//
// # Secrets
//
// Verifying a signature takes the secret access key itself, a hash of it is not
// enough. So secrets are kept encrypted (AES-256-GCM), with a key in a file of its
// own, beside the database and readable by its owner alone: a copy or a dump of the
// database then has no secrets in it, and neither has a page of it that reaches a
// swap or a disk thrown away. Who can read the whole directory can read them all.
package auth

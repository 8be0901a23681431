// Package sigv4 verifies requests signed with AWS Signature Version 4: in the
// Authorization header or in the query (presigned), with the payload signed as a
// whole, chunk by chunk, or not at all.
//
//	signature, err := sigv4.Parse(request)             // what it claims
//	err = signature.CheckTime(now)                     // cheap refusals first
//	err = signature.CheckScope("us-east-1", "lambda")
//	key := keys.Signing(secret, signature.Scope)       // derived once a day
//	body, err = signature.Verify(request, body, key)   // the body, decoded
//	err = window.Admit(signature, request, now)        // not seen before
//
// It knows no keys, no accounts and no HTTP library, and has no clock of its own.
//
// # What is signed
//
// A canonical form of the request: method, path, query, the fields that the
// client lists, a hash of the payload. Each is derived here from the bytes that
// came, never from a reading of them that somebody else might do differently.
// Fields that begin with x-amz- must be among those signed, as they say what is
// asked for; else who can alter a request on its way could change its meaning.
//
// # What it refuses
//
// Everything in doubt, with AWS's words where they are known. Signatures are
// compared in constant time.
package sigv4

// Package policy reads policies in the language of AWS Identity and Access
// Management and decides by them. It is pure: no I/O, no clock; what a condition
// may ask about a request is handed in.
//
//	trusting, err := policy.Parse(text, policy.Resource)
//	verdict := policy.Decide(&policy.Request{
//		Caller: caller, Action: "lambda:InvokeFunction", Resource: arn, Owner: "123456789012", Keys: keys,
//	}, policy.Grants{Identity: ofTheRole, Resource: trusting})
//	if !verdict.Allowed() {
//		return fault.New(fault.AccessDenied, "%s", verdict.Message(request))
//	}
//
// # How it decides
//
//   - A statement that denies wins over all that allow.
//   - The account that owns a resource may allow its own callers by their policies
//     or by the resource's: one is enough. A resource's policy that names the
//     account as a whole leaves it to the callers' policies.
//   - A caller of another account needs both: its own policies and the resource's.
//   - AWS services and callers without a signature have no policies: the
//     resource's alone decides.
//   - A policy given when a role was assumed narrows all of that.
//
// # Bounds
//
// Documents are hostile input. They are read strictly: an element that is unknown,
// twice there or of a wrong type is an error, so that nothing which somebody wrote
// to restrict is ignored. Size, statements and values are bounded; matching a
// pattern takes time proportional to its length times the text's, however many
// wildcards it has.
package policy

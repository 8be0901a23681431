package fault

// The codes of requests that are not believed, as services with JSON protocols
// name them.
const (
	MissingAuthentication Code = "MissingAuthenticationTokenException"
	IncompleteSignature   Code = "IncompleteSignatureException"
	InvalidSignature      Code = "InvalidSignatureException"
	ExpiredToken          Code = "ExpiredTokenException"
)

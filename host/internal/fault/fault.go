package fault

import "fmt"

// Error is an error of a caller's request, or of the host serving it.
type Error struct {
	// Code is AWS's name for it: "ResourceNotFoundException".
	Code Code
	// Message is for the caller.
	Message string
	// Untyped says that AWS sends this one without the Type that others of its
	// code have.
	Untyped bool
	// Reason says more of a TooManyRequests, in AWS's words; "" is the usual one.
	Reason string
	// Err is the cause, for logs; it never leaves the host.
	Err error
}

func (e *Error) Error() string {
	if e.Err == nil {
		return string(e.Code) + ": " + e.Message
	}
	return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// New makes an Error.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Code is AWS's name for a kind of error.
type Code string

// The codes, as the service model of AWS Lambda names them.
const (
	InvalidParameterValue Code = "InvalidParameterValueException"
	InvalidRequestContent Code = "InvalidRequestContentException"
	Validation            Code = "ValidationException"
	Serialization         Code = "SerializationException"
	ResourceNotFound      Code = "ResourceNotFoundException"
	ResourceConflict      Code = "ResourceConflictException"
	ResourceInUse         Code = "ResourceInUseException"
	ResourceNotReady      Code = "ResourceNotReadyException"
	PreconditionFailed    Code = "PreconditionFailedException"

	ProvisionedConcurrencyConfigNotFound Code = "ProvisionedConcurrencyConfigNotFoundException"

	RequestTooLarge       Code = "RequestTooLargeException"
	RequestEntityTooLarge Code = "RequestEntityTooLargeException"
	TooManyRequests       Code = "TooManyRequestsException"
	Service               Code = "ServiceException"
	ServiceUnavailable    Code = "ServiceUnavailableException"
	UnknownOperation      Code = "UnknownOperationException"
	UnrecognizedClient    Code = "UnrecognizedClientException"
	AccessDenied          Code = "AccessDeniedException"
	NotImplemented        Code = "NotImplementedException" // of Lambent: an operation of AWS's that it lacks
	CodeStorageExceeded   Code = "CodeStorageExceededException"
	InvalidRuntime        Code = "InvalidRuntimeException" // the function names an engine that the host has not
	InvalidZipFile        Code = "InvalidZipFileException"
	PolicyLengthExceeded  Code = "PolicyLengthExceededException"
	UnsupportedMediaType  Code = "UnsupportedMediaTypeException"
)

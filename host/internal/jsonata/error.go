package jsonata

// Error is what is wrong with an expression or went wrong when it was
// evaluated.
type Error struct {
	// Code is JSONata's: S… are errors of syntax, T… of type, D… of dynamic
	// evaluation. U1001 means that a limit was exceeded or the context ended.
	Code string
	// Position is the offset of the place in the source, in UTF-16 units; -1
	// if it is not known.
	Position int
	// Token is the operator, name or character the error is about; "" if there
	// is none.
	Token string
	// Value is the value the error is about; Undefined if there is none.
	Value any
	// Message is JSONata's, without the code.
	Message string

	shown   string // the token as messages show it, if that is not as a string
	value2  any    // of messages about two values
	index   int    // of messages about an argument: its number, from 1
	want    string // of messages about an array's items: their type
	inside  string // of messages about a function: its name
	wrapped error  // the context's error, or that of the host's function
}

// Error returns "code: message".
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Unwrap returns the context's error if that ended the evaluation, or the
// error that a function of the host returned.
func (e *Error) Unwrap() error { return e.wrapped }

// newError makes an Error whose message is complete once finish has been
// called: position and token are often known only to a caller.
func newError(code string) *Error {
	return &Error{Code: code, Position: -1, Value: Undefined, value2: Undefined}
}

func valueError(code string, value any) *Error {
	err := newError(code)
	err.Value = value
	return err
}

// at adds where the error happened.
func (e *Error) at(position int, token string) *Error {
	e.Position, e.Token = position, token
	return e
}

package lambent

import (
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"unicode/utf8"
)

// failure is an error as it leaves the function.
type failure struct {
	Message string  `json:"errorMessage"`
	Type    string  `json:"errorType"`
	Stack   []frame `json:"stackTrace,omitempty"`
}

func (f *failure) Error() string { return f.Type + ": " + f.Message }

// maxMessage bounds an error's message in bytes. JSON may need six bytes for
// one, and a host takes an error of 256 KiB.
const maxMessage = 32 << 10

// payload writes f as JSON, its message shortened to maxMessage.
func (f *failure) payload() []byte {
	short := *f
	if len(short.Message) > maxMessage {
		cut := maxMessage
		for cut > 0 && !utf8.RuneStart(short.Message[cut]) {
			cut--
		}
		short.Message = short.Message[:cut] + "…"
	}
	b, err := json.Marshal(short)
	if err != nil { // strings and numbers always marshal
		panic(err)
	}
	return b
}

// describe makes a failure of an error. Its type is the name of the Go type,
// without package and pointer: what errors.New makes is an "errorString".
func describe(err error) *failure {
	if f, ok := err.(*failure); ok {
		return f
	}
	return &failure{Message: err.Error(), Type: typeName(err)}
}

// initFailure makes a failure of why the program has no handlers.
func initFailure(err error) *failure {
	if f, ok := err.(*failure); ok {
		return f
	}
	return &failure{Message: err.Error(), Type: "Runtime.InitError"}
}

// describePanic makes a failure of what recover returned, with the stack of the
// panic. Call it in the deferred function.
func describePanic(v any) *failure {
	return &failure{Message: fmt.Sprint(v), Type: typeName(v), Stack: panicStack()}
}

func typeName(v any) string {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" {
		return t.String() // struct{}, []string, …
	}
	return t.Name()
}

// frame is one call of a stack trace.
type frame struct {
	Path  string `json:"path"`  // of the file, from its module or package on
	Line  int    `json:"line"`  // in it
	Label string `json:"label"` // the function, without its package
}

// maxFrames bounds a stack trace.
const maxFrames = 32

// panicStack returns the calls that led to a panic, innermost first: from the
// runtime's, which are left out, to this package's run or runMain.
func panicStack() []frame {
	pcs := make([]uintptr, 2*maxFrames)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	var stack []frame
	panicking := false
	for more := true; more && len(stack) < maxFrames; {
		var f runtime.Frame
		f, more = frames.Next()
		switch name, ours := strings.CutPrefix(f.Function, packagePath+"."); {
		case ours && (name == "run" || name == "runMain"):
			return stack
		case f.Function == "runtime.gopanic":
			panicking = true
		case !panicking:
		case len(stack) == 0 && strings.HasPrefix(f.Function, "runtime."):
		default:
			stack = append(stack, newFrame(f))
		}
	}
	return stack
}

// packagePath is this package's, wherever a copy of it may live.
var packagePath = reflect.TypeFor[failure]().PkgPath()

// newFrame keeps of the file's path as many elements as the package's has, and
// of the function's name what follows the package.
func newFrame(f runtime.Frame) frame {
	path := strings.Split(f.File, "/")
	keep := strings.Count(f.Function, "/") + 2
	path = path[max(0, len(path)-keep):]
	label := f.Function[strings.LastIndex(f.Function, "/")+1:]
	if _, name, ok := strings.Cut(label, "."); ok {
		label = name
	}
	return frame{Path: strings.Join(path, "/"), Line: f.Line, Label: label}
}

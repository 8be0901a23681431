package fleet

import (
	"context"
	"fmt"

	"github.com/lambent-dev/lambent/benchmarks/internal/load"
)

// event is what a function is asked.
const event = `{"name":"Ada","n":41}`

// Size says how many functions and codes there are.
type Size struct {
	Functions, GoFunctions int
	Codes, GoCodes         int // Go's are among them; the others are C's
}

// Evenly returns a Size in which as many functions have a code of Go's as have
// any other.
func Evenly(functions, codes, goCodes int) Size {
	s := Size{Functions: functions, Codes: codes, GoCodes: goCodes}
	if codes > 0 {
		s.GoFunctions = functions/codes*goCodes + min(functions%codes, goCodes)
	}
	return s
}

// Check refuses what cannot be.
func (s Size) Check() error {
	switch {
	case s.GoCodes < 1 || s.Codes <= s.GoCodes || s.Functions < s.Codes || s.Codes > maxCodes:
		return fmt.Errorf("-go is %d, -codes %d, -functions %d; each must be positive, less than %d codes more than those of Go, and the functions as many as codes at least", s.GoCodes, s.Codes, s.Functions, maxCodes+1)
	case s.GoFunctions < s.GoCodes || s.GoFunctions > s.Functions-s.Codes+s.GoCodes:
		return fmt.Errorf("-gofunctions is %d; %d codes of Go's and %d of others need one each", s.GoFunctions, s.GoCodes, s.Codes-s.GoCodes)
	}
	return nil
}

// Fleet is the functions, by number. The first have a code each, Go's before C's;
// then come the other functions of Go's codes, in turn, and then those of C's.
type Fleet struct {
	Size
	Guests   Guests
	packages [][]byte // of each code
}

// New builds the guests in dir.
func New(ctx context.Context, size Size, dir string) (*Fleet, error) {
	if err := size.Check(); err != nil {
		return nil, err
	}
	f := &Fleet{Size: size, packages: make([][]byte, size.Codes)}
	var err error
	if f.Guests, err = build(ctx, dir); err != nil {
		return nil, err
	}
	for code := range f.packages {
		module := f.Guests.C
		if code < f.GoCodes {
			module = f.Guests.Go
		}
		if f.packages[code], err = pack(variant(module, code)); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// codeOf returns the code of function i.
func (s Size) codeOf(i int) int {
	more := i - s.Codes
	switch {
	case more < 0:
		return i
	case more < s.GoFunctions-s.GoCodes:
		return more % s.GoCodes
	}
	return s.GoCodes + more%(s.Codes-s.GoCodes)
}

// IsGo says whether function i is one of Go's.
func (s Size) IsGo(i int) bool { return s.codeOf(i) < s.GoCodes }

// GoFunction returns the n-th of GoFunctions.
func (s Size) GoFunction(n int) int {
	if n < s.GoCodes {
		return n
	}
	return s.Codes + n - s.GoCodes
}

// Name returns the name of function i.
func Name(i int) string { return fmt.Sprintf("function-%05d", i) }

// Asks is the exchange with function i.
func (s Size) Asks(i int) load.Exchange {
	return load.NewExchange("POST", "/functions/"+Name(i), event, fmt.Sprintf(`{"message":"%sAda!","n":42}`, greetingOf(s.codeOf(i))))
}

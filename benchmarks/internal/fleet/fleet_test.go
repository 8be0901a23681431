package fleet

import (
	"strings"
	"testing"
)

// TestSize: every code has functions, as many as it says, and GoFunction names all
// of Go's.
func TestSize(t *testing.T) {
	for _, s := range []Size{Evenly(10, 10, 3), Evenly(25, 10, 3), Evenly(10_000, 100, 20), {Functions: 40, GoFunctions: 31, Codes: 12, GoCodes: 3}} {
		if err := s.Check(); err != nil {
			t.Errorf("%+v: %v", s, err)
			continue
		}
		of := make([]int, s.Codes)
		n := 0
		for i := range s.Functions {
			of[s.codeOf(i)]++
			if s.IsGo(i) {
				n++
			}
		}
		for code, n := range of {
			if n == 0 {
				t.Errorf("%+v: no function has code %d", s, code)
			}
		}
		if n != s.GoFunctions {
			t.Errorf("%+v: %d functions are Go's", s, n)
		}
		seen := make(map[int]bool)
		for n := range s.GoFunctions {
			if i := s.GoFunction(n); i >= s.Functions || !s.IsGo(i) || seen[i] {
				t.Errorf("%+v: its function %d of Go's is %d", s, n, i)
			} else {
				seen[i] = true
			}
		}
	}
	if s := Evenly(10_000, 100, 20); s.GoFunctions != 2000 {
		t.Errorf("%d of 10,000 functions are Go's, want a fifth", s.GoFunctions)
	}
}

func TestCheckRefuses(t *testing.T) {
	for want, s := range map[string]Size{
		"must be positive":      Evenly(10, 2, 0),
		"more than those of Go": Evenly(10, 2, 2),
		"as many as codes":      Evenly(3, 4, 1),
		"less than 1001 codes":  Evenly(2000, 1001, 20),
		"need one each":         {Functions: 10, GoFunctions: 10, Codes: 4, GoCodes: 2},
	} {
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", s, err, want)
		}
	}
	if err := Evenly(10, 0, 0).Check(); err == nil {
		t.Error("no codes are accepted")
	}
}

// TestVariant: codes are as long as the module, and all different.
func TestVariant(t *testing.T) {
	seen := make(map[string]bool)
	for i := range maxCodes {
		code := string(variant([]byte("\x00Hello, \x00"), i))
		if len(code) != 9 || seen[code] {
			t.Fatalf("code %d is %q", i, code)
		}
		seen[code] = true
	}
}

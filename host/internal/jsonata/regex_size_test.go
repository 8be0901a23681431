package jsonata

import (
	"regexp/syntax"
	"strings"
	"testing"
)

// TestRegexSizeIsNoLess: what is estimated is no less than the program has.
func TestRegexSizeIsNoLess(t *testing.T) {
	for _, pattern := range []string{
		``, `a`, `abc`, `(?i)straße`, `[a-z0-9_]+`, `(a|b|c)*?d`, `a{3}`, `a{3,}`, `a{0,7}`, `(a{2,5}b?){4}`, `^a$|\bx\B`,
		`(?:a*)*`, `((a{1,9}){1,9}){1,9}`, `[^a]`, `(?i)[a-z]`, `\p{L}{5}`, `.`, `(?s).`, `()`, `(()|a){0}`, `x{0,1}`, `(?:ab)??`,
	} {
		tree, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		estimate := regexSize(tree, 1<<20)
		program, err := syntax.Compile(tree.Simplify())
		if err != nil {
			t.Fatal(err)
		}
		// A program has one instruction that fails and one that matches.
		if actual := len(program.Inst) - 2; actual > estimate {
			t.Errorf("%s: estimated %d, has %d", pattern, estimate, actual)
		}
	}
}

// TestManyRegexes: the limit on the programs of regular expressions was one of
// each, of which a source of a megabyte may have forty thousand.
func TestManyRegexes(t *testing.T) {
	_, err := Parse("(" + strings.Repeat("$a := /a{900}/;", 100) + "1)")
	if err == nil || !strings.Contains(err.Error(), "instructions") {
		t.Errorf("got %v, want an error about instructions", err)
	}
}

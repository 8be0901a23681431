package jsonata_test

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

func TestRegex(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{`$match("a.b", /./).match`, `["a",".","b"]`},
		{`$match("aXbX", /x/i).index`, `[1,3]`},
		{`$match("a\nb", /^b$/m).index`, `2`},
		{`$match("a\nb", /^b$/)`, `undefined`},
		{`$match("xaya", /^a|a$/).index`, `3`},
		{`$match("ab ab", /\bab/).index`, `[0,3]`},
		{`$match("aab", /\Ba/).index`, `1`},
		{`$match("a-b_c", /[\w-]+/).match`, `"a-b_c"`},
		{`$match("[]a", /[\]a-]+/).match`, `"]a"`},
		{`$match("a]", /[^\]]/).match`, `"a"`},
		{`$match("x", /[^]/).match`, `"x"`},
		{`$match("x", /[]/)`, `undefined`},
		{`$match("é\u00a0x", /\s/).index`, `1`},
		{`$match("é", /\w/)`, `undefined`},
		{`$match("aé", /\u00e9|\x41/).index`, `1`},
		{`$match("a{b}{2}", /a{b}/).match`, `"a{b}"`},
		{`$match("aaa", /a{2}/).match`, `"aa"`},
		{`$match("aaab", /a+?/).match`, `["a","a","a"]`},
		{`$match("2024-05", /(?<y>\d+)-(\d+)/).groups`, `["2024","05"]`},
		{`$match("b", /(a)?b/).groups`, `[null]`},
		{`$match("a/b", /\//).index`, `1`},
		{`$replace("abc", /(b)(c)/, "$2$1$$$0$9")`, `"acb$bc"`},
		{`$replace("abcdefghijkl", /(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)/, "$11-$12")`, `"k-a2l"`},
		{`$split("a1b22c", /\d+/)`, `["a","b","c"]`},
		{`$contains("abc", /B/i)`, `true`},
		{`/b/("abc").start`, `1`},
		{`/b/("abc").next()`, `undefined`},
		{`$match("abc", /x*/)`, `D1004: Regular expression matches zero length string`},
		{`$match("abc", function($s) { {"match": "b", "start": 1, "end": 2, "groups": [], "next": function() { $nothing }} }).match`, `"b"`},
		{`$match("abc", function($s) { 1 })`, `T1010: The matcher function argument passed to function "match" does not return the correct object structure`},
	} {
		if got := eval(t, test.expr, "", jsonata.Env{}); got != test.want {
			t.Errorf("%s: got %s, want %s", test.expr, got, test.want)
		}
	}
}

func TestRegexRefusals(t *testing.T) {
	for pattern, reason := range map[string]string{
		`(a)\1`:                     "backreferences",
		`(?<n>a)\k<n>`:              "backreferences",
		`a(?!b)`:                    "lookahead",
		`(?<=a)b`:                   "lookahead",
		`+a`:                        "missing argument",
		`[b-a]`:                     "out of order",
		`a{1001}`:                   "invalid repeat",
		`((a{100}){100}){10}`:       "",
		`(?i)a`:                     "a group begins with",
		strings.Repeat("(", 1500):   "",
		strings.Repeat("(a*)*", 99): "ok",
	} {
		_, err := jsonata.Parse("/" + pattern + "/")
		switch {
		case reason == "ok":
			if err != nil {
				t.Errorf("%.40s: %v", pattern, err)
			}
		case err == nil:
			t.Errorf("%.40s: no error", pattern)
		case !strings.Contains(err.Error(), reason):
			t.Errorf("%.40s: got %v, want %q", pattern, err, reason)
		}
	}
}

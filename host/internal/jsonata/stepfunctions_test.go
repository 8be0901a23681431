package jsonata_test

import (
	"regexp"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

func TestStepFunctions(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{`$partition([0], 2)`, `[[0]]`},
		{`$partition([0,1,2,3], 3)`, `[[0,1,2],[3]]`},
		{`$partition([0,1], 1)`, `[[0],[1]]`},
		{`$partition([], 1)`, `[]`},
		{`$partition([1,2,3], 2.9)`, `[[1,2],[3]]`},
		{`$partition([1], 0)`, `undefined`},
		{`$partition([1], -1)`, `T0410: Argument 2 of function "partition" does not match function signature`},
		{`$range(1, 9, 2)`, `[1,3,5,7,9]`},
		{`$range(3, 1, -1)`, `[3,2,1]`},
		{`$range(1, 0, 1)`, `[]`},
		{`$range(0, 999, 1) ~> $count()`, `1000`},
		{`$range(1, 200000, 1) ~> $count()`, `200000`},
		{`$range(1, 9000000000000000, 1)`, `U1001: the evaluation exceeds its limit of 4000000 items`},
		{`$range(-1.7, 2, 1)`, `[-1,0,1,2]`},
		{`$range(0, 1, 0)`, `undefined`},
		{`$hash("a", "MD5")`, `"0cc175b9c0f1b6a831c399e269772661"`},
		{`$hash("a", "SHA-1")`, `"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"`},
		{`$hash("a", "SHA-256")`, `"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"`},
		{`$length($hash("a", "SHA-384")) + $length($hash("a", "SHA-512"))`, `224`},
		{`$hash("a", "CRC")`, `T0410: Argument 2 of function "hash" does not match function signature`},
		{`$random(42)`, `0.7275636800328681`},
		{`$random(7) = $random(7) and $random(7) >= 0 and $random(7) < 1`, `true`},
		{`$random() = $random()`, `false`},
		{`$uuid() = $uuid()`, `false`},
		{`$parse('{"Arg1": 1, "Arg2": []}')`, `{"Arg1":1,"Arg2":[]}`},
		{`$parse("-0")`, `0`},
		{`$parse("{")`, `D3137: the argument of the parse function is not JSON: JSON text ends at offset 1, want a key`},
		{`$parse('{"a": 1, "a": 2}')`, `D3137: the argument of the parse function is not JSON: JSON text has a key twice in an object at offset 9`},
		{`$parse("1e400")`, `D3137: the argument of the parse function is not JSON: JSON text has a number that is out of range at offset 0`},
		{`$formatNumber(1, "x")`, `D3086: The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character`},
		{`$eval("1")`, `T1006: Attempted to invoke a non-function`},
		{`$partition(nothing, 2)`, `undefined`},
	} {
		if got := eval(t, test.expr, "", jsonata.Env{Dialect: jsonata.StepFunctions}); got != test.want {
			t.Errorf("%s: got %s, want %s", test.expr, got, test.want)
		}
	}
	uuid := eval(t, `$uuid()`, "", jsonata.Env{Dialect: jsonata.StepFunctions})
	if !regexp.MustCompile(`^"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"$`).MatchString(uuid) {
		t.Errorf("%s is no UUID of version 4", uuid)
	}
	for name, standard := range map[string]bool{"eval": true, "sum": true, "uuid": false, "hash": false, "random": true, "nope": false} {
		steps := standard && name != "eval" || name == "uuid" || name == "hash"
		if jsonata.IsBuiltin(jsonata.Standard, name) != standard || jsonata.IsBuiltin(jsonata.StepFunctions, name) != steps {
			t.Errorf("$%s: want it to be built in: %v, for Step Functions: %v", name, standard, steps)
		}
	}
}

package jsonata_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// TestLimits shows that what would take more than the limits allow ends with
// U1001, wherever the work is done.
func TestLimits(t *testing.T) {
	small := jsonata.Limits{Steps: 100_000, Depth: 200, Items: 10_000, Bytes: 100_000}
	long := `"` + strings.Repeat("ab ", 20_000) + `"`
	for name, expr := range map[string]string{
		"endless tail call":    `($f := function(){$f()}; $f())`,
		"endless recursion":    `($f := function($n){1 + $f($n)}; $f(1))`,
		"nested parentheses":   strings.Repeat("(", 300) + "1" + strings.Repeat(")", 300),
		"many items":           `[1..1000000].($)`,
		"doubling string":      `$reduce([1..100], function($s, $i){$s & $s}, "ab")`,
		"doubling array":       `$reduce([1..100], function($a, $i){$append($a, $a)}, [1])`,
		"doubling structure":   `$reduce([1..100], function($a, $i){{"a":$a,"b":$a}}, 1)`,
		"deep structure":       `$reduce([1..9000], function($a, $i){[[$a]]}, 1)`,
		"cycle":                `{"a":{}} ~> |$|{"a":$}|`,
		"padding":              `$pad("a", 1e15)`,
		"negative padding":     `$pad("a", -1e9, "xyz")`,
		"product of steps":     `[1..1000].([1..1000].($))`,
		"long text, every way": `$reduce([1..1000], function($n, $i){$n + $count($split(` + long + `, ""))}, 0)`,
		"regex":                `$replace(` + long + `, /(a|b|ab)*?c|./, "x")`,
		"replacing":            `$replace(` + long + `, "a", "aaaaaaaaaaaaaaaaaaaa")`,
		"joining":              `$join($split(` + long + `, ""), "0123456789")`,
		"distinct structures":  `$count($distinct([1..2000].{"a":$}))`,
		"sorting":              `$count([1..5000]^(>$))`,
		"equal to itself":      `($a := $reduce([1..60], function($a, $i){[[$a,$a]]}, 1); $b := $reduce([1..60], function($a, $i){[[$a,$a]]}, 1); $a = $b)`,
		"number picture":       `$formatNumber(1, ` + `"` + strings.Repeat("#,", 5000) + `0")`,
		"integer picture":      `$formatInteger(1, ` + `"` + strings.Repeat("#,", 5000) + `0")`,
		"date picture":         `$toMillis("1", "` + strings.Repeat("[Yw]", 100) + `")`,
		"long chain of frames": `($g := [1..2000].{"f":1}; $f := function($x){$x}; $h := function($f, $n){$n = 0 ? $f(1) : $h($f(?), $n - 1)}; $h($f, 20000))`,
		"nested natives":       `($h := function($f, $n){$n = 0 ? $f : $h($contains(?, $f), $n - 1)}; $h(/a/, 1000)("a"))`,
		"many arguments":       `function()<` + strings.Repeat("n?", 300) + `>{1}(` + strings.Repeat("1,", 299) + `"a")`,
		"descendants":          `$count($reduce([1..40], function($a, $i){{"a":$a,"b":$a}}, 1).**)`,
		"base 64":              `$base64encode(` + long + `)`,
		"url":                  `$encodeUrl(` + long + `)`,
		"many bindings":        `a` + strings.Repeat("@$x.a", 300),
		"eval in eval":         `($f := function($s, $i){$eval($s)}; $g := "$eval($g)"; $f($g))`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := evalValue(t, expr, `{"a":[1,2,3]}`, jsonata.Env{Limits: small})
			var failure *jsonata.Error
			if !errors.As(err, &failure) || failure.Code != "U1001" {
				t.Fatalf("got error %v, want U1001", err)
			}
		})
	}
}

func TestParserLimits(t *testing.T) {
	for name, expr := range map[string]string{
		"long source":    strings.Repeat(" ", 1<<20) + "1",
		"nested":         strings.Repeat("(", 5000),
		"chain":          "1" + strings.Repeat("+1", 20_000),
		"chain in chain": strings.Repeat("(", 20) + "1" + strings.Repeat(strings.Repeat("+1", 5000)+")", 20),
		"path":           "a" + strings.Repeat(".a", 20_000),
		"tokens":         "[" + strings.Repeat("1,", 200_000) + "1]",
		"predicates":     "a" + strings.Repeat("[0]", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := jsonata.Parse(expr)
			var failure *jsonata.Error
			if !errors.As(err, &failure) || failure.Code != "U1001" {
				t.Fatalf("got error %.200v, want U1001", err)
			}
		})
	}
}

func TestContextEndsEvaluation(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	env := jsonata.Env{Functions: map[string]jsonata.Native{}, Limits: jsonata.Limits{Steps: 1 << 40}}
	env.Functions["stop"] = jsonata.Native{Call: func(context.Context, []any) (any, error) {
		calls++
		cancel()
		return jsonata.Undefined, nil
	}}
	e, err := jsonata.Parse(`($stop(); $f := function(){$f()}; $f())`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Eval(ctx, nil, env)
	var failure *jsonata.Error
	if !errors.As(err, &failure) || failure.Code != "U1001" || !errors.Is(err, context.Canceled) || calls != 1 {
		t.Fatalf("got %v after %d calls, want U1001 that wraps context.Canceled after 1", err, calls)
	}
}

package oracle

import (
	"context"
	"errors"
	"flag"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

var (
	count = flag.Int("expressions", 4000, "how many random expressions to compare")
	first = flag.Uint64("seed", 1, "the seed of the first expression; each has its own")
	trace = flag.Bool("trace", false, "print every expression")
)

// evaluate gives the outcome in package jsonata.
func evaluate(expr, input string) outcome {
	v, err := jsonata.Decode([]byte(input))
	if err == nil {
		var e *jsonata.Expression
		if e, err = jsonata.Parse(expr); err == nil {
			v, err = e.Eval(context.Background(), v, jsonata.Env{Now: time.Now, Random: rand.Float64})
		}
	}
	var failure *jsonata.Error
	if errors.As(err, &failure) {
		return outcome{failed: true, code: failure.Code, message: failure.Message, position: failure.Position, token: failure.Token}
	}
	if err != nil {
		return outcome{failed: true, code: "?", message: err.Error()}
	}
	if v == jsonata.Undefined {
		return outcome{value: "undefined"}
	}
	text, err := jsonata.Encode(portable(v))
	if err != nil {
		return outcome{failed: true, code: "?", message: err.Error()}
	}
	return outcome{value: string(text)}
}

// portable puts names in the place of what has no JSON form, as the harness
// does.
func portable(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsNaN(v) {
			return "<NaN>"
		}
		if math.IsInf(v, 0) {
			return "<" + map[bool]string{true: "Infinity", false: "-Infinity"}[v > 0] + ">"
		}
	case *jsonata.Function:
		return "<function>"
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = portable(v[i])
		}
		return out
	case *jsonata.Object:
		out := jsonata.NewObject()
		for key, value := range v.All() {
			out.Set(key, portable(value))
		}
		return out
	}
	return v
}

// TestOracle compares random expressions. An expression that fails in the
// reference with an error of JavaScript, which has no code, must only not
// succeed with less care here: anything but a panic is right.
func TestOracle(t *testing.T) {
	ref := newReference(t, fetch(t))
	var values, failures, internal, unfinished, positions int
	codes := map[string]int{}
	for i := range *count {
		seed := *first + uint64(i)
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 0))}
		input, expr := g.object(), g.expression()
		if *trace {
			t.Logf("seed %d: %s <- %s", seed, expr, input)
		}
		want, ok := ref.run(expr, input)
		got := evaluate(expr, input)
		switch {
		case !ok:
			unfinished++
			continue
		case want.failed && want.code == "":
			internal++
			continue
		case want.failed:
			failures++
			codes[want.code]++
		default:
			values++
		}
		if !agree(want, got) {
			t.Errorf("seed %d: %s\n  input %s\n  reference: %s\n  here:      %s", seed, expr, input, describe(want), describe(got))
		} else if want.failed && (want.message != got.message || want.token != got.token || want.position != got.position) {
			positions++
			if *trace {
				t.Logf("seed %d: %s\n  reference: %s\n  here:      %s", seed, expr, describe(want), describe(got))
			}
		}
	}
	t.Logf("%d values and %d errors (%d codes) compared, of these errors %d differ in message, token or position; %d failed in JavaScript itself, %d did not end",
		values, failures, len(codes), positions, internal, unfinished)
	if 2*(values+failures) < *count {
		t.Errorf("only %d of %d expressions could be compared", values+failures, *count)
	}
}

func agree(want, got outcome) bool {
	if want.failed || got.failed {
		return want.failed == got.failed && want.code == got.code
	}
	if want.value == "undefined" || got.value == "undefined" {
		return want.value == got.value
	}
	x, err := jsonata.Decode([]byte(want.value))
	if err != nil {
		return false
	}
	y, err := jsonata.Decode([]byte(got.value))
	return err == nil && equal(x, y)
}

func equal(x, y any) bool {
	switch x := x.(type) {
	case []any:
		y, ok := y.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case *jsonata.Object:
		y, ok := y.(*jsonata.Object)
		if !ok || x.Len() != y.Len() {
			return false
		}
		for key, value := range x.All() {
			other, ok := y.Get(key)
			if !ok || !equal(value, other) {
				return false
			}
		}
		return true
	case float64:
		y, ok := y.(float64)
		return ok && x == y
	}
	return x == y
}

func describe(o outcome) string {
	if !o.failed {
		return o.value
	}
	return o.code + " " + o.message + " (token " + strconv.Quote(o.token) + ", position " + strconv.Itoa(o.position) + ")"
}

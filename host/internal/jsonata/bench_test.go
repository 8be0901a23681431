package jsonata_test

import (
	"context"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// BenchmarkEval measures expressions as they stand in state machines. The goal
// is 10 µs for the first three.
func BenchmarkEval(b *testing.B) {
	states, err := jsonata.Decode([]byte(`{"input":{"a":1,"name":"x","orders":[
		{"id":1,"price":10,"items":[{"sku":"a","n":1},{"sku":"b","n":2}]},
		{"id":2,"price":25.5,"items":[{"sku":"c","n":3}]},
		{"id":3,"price":99,"items":[{"sku":"a","n":4}]}]}}`))
	if err != nil {
		b.Fatal(err)
	}
	env := jsonata.Env{Bindings: map[string]any{"states": states}, Dialect: jsonata.StepFunctions}
	for _, bench := range []struct{ name, expr string }{
		{"add", "$states.input.a + 1"},
		{"predicate", "$states.input.orders[id = 2].items.sku"},
		{"call", "$uppercase($states.input.name) & '-' & $string($states.input.a)"},
		{"sum", "$sum($states.input.orders.(price * $count(items)))"},
		{"object", `{"name": $states.input.name, "skus": $states.input.orders.items.sku[], "most": $max($states.input.orders.price)}`},
		{"map", "$map($states.input.orders, function($o) { $o.price * 2 })"},
		{"sort", "$states.input.orders^(>price).id"},
		{"regex", "$match($states.input.name, /^[a-z]+$/).match"},
	} {
		e, err := jsonata.Parse(bench.expr)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(context.Background(), jsonata.Undefined, env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := jsonata.Parse("$states.input.orders[id = 2].items.sku"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	lambent "github.com/lambent-dev/lambent/sdk/go"
)

// shop offers price.lookup as the program around the plugin would.
func shop(ctx context.Context) context.Context {
	return lambent.WithCalls(ctx, map[string]lambent.CallFunc{
		"price.lookup": func(_ context.Context, in []byte) ([]byte, error) {
			var question struct{ SKU string }
			if err := json.Unmarshal(in, &question); err != nil {
				return nil, err
			}
			answers := map[string]string{"tea": `{"cents":350}`, "air": `{"cents":0}`, "debt": `{"cents":-1}`, "myth": `{}`}
			answer, ok := answers[question.SKU]
			if !ok {
				return nil, fmt.Errorf("unknown article %s", question.SKU)
			}
			return []byte(answer), nil
		},
	})
}

func TestTotal(t *testing.T) {
	got, err := total(shop(t.Context()), order{Items: []item{{"tea", 2}, {"air", 5}, {"tea", 1}}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(got)
	want := `{"lines":[{"sku":"tea","quantity":2,"cents":700},{"sku":"air","quantity":5,"cents":0},{"sku":"tea","quantity":1,"cents":350}],"cents":1050}`
	if err != nil || string(b) != want {
		t.Errorf("got %s, %v; want %s", b, err, want)
	}
}

func TestOrdersThatCannotBeTotalled(t *testing.T) {
	for _, test := range []struct {
		items []item
		want  string
	}{
		{[]item{{"gold", 1}}, "unknown article gold"},
		{[]item{{"debt", 1}}, `price of "debt": {"cents":-1} is no price`},
		{[]item{{"myth", 1}}, `price of "myth": {} is no price`},
		{[]item{{"tea", 0}}, `the quantity of "tea" is 0`},
		{make([]item, maxItems+1), "the order has 1001 items"},
	} {
		if _, err := total(shop(t.Context()), order{Items: test.items}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("error %v; want one that says %q", err, test.want)
		}
	}
}

func TestWithoutAShop(t *testing.T) {
	_, err := total(t.Context(), order{Items: []item{{"tea", 1}}})
	if !errors.Is(err, lambent.ErrUnknownCall) {
		t.Errorf("error %v", err)
	}
}

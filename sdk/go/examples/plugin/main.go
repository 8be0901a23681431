// Plugin totals an order inside somebody else's program: the prices are not
// its own, it asks the program for each of them.
//
//	{"items":[{"sku":"tea","quantity":2}]} → {"lines":[{"sku":"tea","quantity":2,"cents":700}],"cents":700}
//
// The program offers "price.lookup", which takes {"sku"} and answers {"cents"}.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	lambent "github.com/lambent-dev/lambent/sdk/go"
)

type order struct {
	Items []item `json:"items"`
}

type item struct {
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantity"`
}

type invoice struct {
	Lines []line `json:"lines"`
	Cents int64  `json:"cents"`
}

type line struct {
	item
	Cents int64 `json:"cents"`
}

const (
	maxItems    = 1000
	maxQuantity = 1_000_000
)

func total(ctx context.Context, in order) (invoice, error) {
	if len(in.Items) > maxItems {
		return invoice{}, fmt.Errorf("the order has %d items; at most %d are allowed", len(in.Items), maxItems)
	}
	out := invoice{Lines: make([]line, 0, len(in.Items))}
	for _, it := range in.Items {
		if it.Quantity < 1 || it.Quantity > maxQuantity {
			return invoice{}, fmt.Errorf("the quantity of %q is %d; allowed are 1 to %d", it.SKU, it.Quantity, maxQuantity)
		}
		price, err := lookUp(ctx, it.SKU)
		if err != nil {
			return invoice{}, err
		}
		cents := price * it.Quantity
		out.Lines = append(out.Lines, line{it, cents})
		out.Cents += cents
	}
	return out, nil
}

// maxPrice is the largest price for which no total overflows.
const maxPrice = math.MaxInt64 / (maxItems * maxQuantity)

// lookUp asks the program for a price in cents.
func lookUp(ctx context.Context, sku string) (int64, error) {
	question, err := json.Marshal(map[string]string{"sku": sku})
	if err != nil {
		return 0, err
	}
	answer, err := lambent.Call(ctx, "price.lookup", question)
	if err != nil {
		return 0, fmt.Errorf("price of %q: %w", sku, err)
	}
	var price struct {
		Cents *int64 `json:"cents"`
	}
	if err := json.Unmarshal(answer, &price); err != nil {
		return 0, fmt.Errorf("price of %q: %w", sku, err)
	}
	if price.Cents == nil || *price.Cents < 0 || *price.Cents > maxPrice {
		return 0, fmt.Errorf("price of %q: %s is no price", sku, answer)
	}
	return *price.Cents, nil
}

func main() { lambent.StartFunc(total) }

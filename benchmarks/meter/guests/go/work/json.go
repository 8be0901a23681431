// Package work is what the Go guest does, and what a run compares its answers
// with: the same code, compiled for the machine.
package work

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
)

// Order is a document like those that functions are sent.
type Order struct {
	ID       string            `json:"id"`
	Customer Customer          `json:"customer"`
	Lines    []Line            `json:"lines"`
	Labels   map[string]string `json:"labels"`
	Note     *string           `json:"note"`
	Paid     bool              `json:"paid"`
}

// Customer is part of an Order.
type Customer struct {
	Name    string   `json:"name"`
	Emails  []string `json:"emails"`
	Balance float64  `json:"balance"`
}

// Line is part of an Order.
type Line struct {
	Article  string  `json:"article"`
	Quantity int     `json:"quantity"`
	Price    float64 `json:"price"`
	Comment  string  `json:"comment,omitempty"`
}

// JSON decodes and encodes an order so many times, changing it between. It
// returns a checksum of all documents.
func JSON(times uint32) uint64 {
	order := Order{
		ID:       "order-0",
		Customer: Customer{Name: "Ada Lovelace", Emails: []string{"ada@example.com", "a.l@example.org"}, Balance: 12.5},
		Labels:   map[string]string{"colour": "grün", "size": "M", "quote": `"so" <to> & say`},
	}
	for i := range 30 {
		order.Lines = append(order.Lines, Line{
			Article: fmt.Sprintf("article %d", i*37), Quantity: i%5 + 1, Price: float64(i) * 1.25,
			Comment: []string{"", "left at the door\n"}[i%2],
		})
	}
	document, err := json.Marshal(order)
	sum := fnv.New64a()
	for t := uint32(0); t < times && err == nil; t++ {
		var decoded Order
		if err = json.Unmarshal(document, &decoded); err != nil {
			break
		}
		decoded.ID = fmt.Sprintf("order-%d", t)
		decoded.Lines[t%30].Quantity += int(t)
		document, err = json.Marshal(decoded)
		sum.Write(document)
	}
	if err != nil {
		panic(err)
	}
	return sum.Sum64()
}

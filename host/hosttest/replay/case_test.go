package replay

import (
	"cmp"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// recorded is a case of testdata/cases.json.
type recorded struct {
	Test, Group string
	Calls       []call
	// Values were recorded without the call that they answer; testdata/lost.json
	// has those calls.
	Values map[string]json.RawMessage `json:"other_recorded_values"`
}

// call is one request of a case.
type call struct {
	Service, Operation, Name string
	Params                   map[string]any
	Expect                   *expectation

	// Of testdata/lost.json alone:
	Value string // which of the case's Values the call is answered with
	After string // the Value, name or service.Operation of the call that it follows; "" is the last
	Wait  bool   // the client asks until what it asks about is settled
}

// expectation is what AWS answered. Of the cases that check names it has the list of
// errors instead of status and error; of lists that a client read page by page, the
// whole list and no status.
type expectation struct {
	Status *int
	Error  *struct{ Code, Message string }
	Body   map[string]any
}

func read(t *testing.T, path string, to any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, to)
	}
	if err != nil {
		t.Fatal(path, err)
	}
}

// cases reads the recordings, with the calls that were lost in their places.
func cases(t *testing.T) []recorded {
	t.Helper()
	var all []recorded
	read(t, "testdata/cases.json", &all)
	var lost map[string][]call
	read(t, "testdata/lost.json", &lost)
	for i := range all {
		c := &all[i]
		for _, l := range lost[c.short()] {
			c.insert(t, l)
		}
		delete(lost, c.short())
	}
	for name := range lost {
		t.Errorf("testdata/lost.json has calls of %s, which is no case", name)
	}
	return all
}

// short is what tells a case from others.
func (c *recorded) short() string { return c.Test[strings.LastIndex(c.Test, "::Test")+2:] }

func (c *recorded) insert(t *testing.T, l call) {
	t.Helper()
	l.Service = cmp.Or(l.Service, "lambda")
	if l.Value != "" {
		value, ok := c.Values[l.Value]
		if !ok {
			t.Fatalf("%s has no value %s", c.short(), l.Value)
		}
		l.Name, l.Expect = l.Value, expectationOf(t, value)
		delete(c.Values, l.Value)
	}
	at := len(c.Calls)
	if l.After != "" {
		at = 1 + slices.IndexFunc(c.Calls, func(o call) bool { return o.Name == l.After || o.Service+"."+o.Operation == l.After })
		if at == 0 {
			t.Fatalf("%s has no call %s", c.short(), l.After)
		}
	}
	c.Calls = slices.Insert(c.Calls, at, l)
}

// expectationOf reads a value as a client has it, with status and error among its
// members.
func expectationOf(t *testing.T, value json.RawMessage) *expectation {
	t.Helper()
	var e expectation
	var meta struct {
		ResponseMetadata struct{ HTTPStatusCode *int }
		Error            *struct{ Code, Message string }
	}
	err := json.Unmarshal(value, &meta)
	if err == nil {
		err = json.Unmarshal(value, &e.Body)
	}
	if err != nil {
		t.Fatal(err)
	}
	e.Status, e.Error = meta.ResponseMetadata.HTTPStatusCode, meta.Error
	delete(e.Body, "ResponseMetadata")
	delete(e.Body, "Error")
	return &e
}

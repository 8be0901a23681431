package jsonata_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

func TestDecodeEncode(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{` {"b" : 1, "a":[ true,false ,null ], "c":{}} `, `{"b":1,"a":[true,false,null],"c":{}}`},
		{`{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`},
		{`"<&> é 😀 \u00e9 \ud83d\ude00 \ud800 \" \\ \/ \b\f\n\r\t \u0001 "`, `"<&> é 😀 é 😀 \ud800 \" \\ / \b\f\n\r\t \u0001 "`},
		{`[1.0,1e3,-0,1.50,1E+2,100000000000000000000000,1e-9,5e-324]`, `[1,1000,0,1.5,100,1e+23,1e-9,5e-324]`},
		{`[]`, `[]`},
		{"\"a\xffb\"", `"a` + "\ufffd" + `b"`},
	} {
		v, err := jsonata.Decode([]byte(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got := show(v); got != test.want {
			t.Errorf("%s: got %s, want %s", test.text, got, test.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	deep := strings.Repeat("[", 10_002)
	for _, text := range []string{"", "x", "[1,]", "{,}", `{"a"}`, `{"a":1,}`, "01", "1.", ".5", "+1", "1e", "-", "1e999", "tru", `"a`,
		`"\x"`, `"\u12"`, "\"\n\"", "[1 2]", "{} {}", "[1", `{"a":`, deep, strings.Repeat(`{"a":`, 10_002), "NaN", "'a'"} {
		if v, err := jsonata.Decode([]byte(text)); err == nil {
			t.Errorf("%.20q: got %v, want an error", text, v)
		}
	}
}

// FuzzDecode shows that Decode accepts what encoding/json accepts, within its
// bounds, and that encoding gives the same value again.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"a":[1,2.5e3,"\u00e9\ud800",null,true,{}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := jsonata.Decode(text)
		if valid := json.Valid(text); valid != (err == nil) && (err == nil || !strings.Contains(err.Error(), "out of range")) {
			t.Fatalf("valid is %v, got error %v", valid, err)
		}
		if err != nil {
			return
		}
		again, err := jsonata.Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		w, err := jsonata.Decode(again)
		if err != nil || !deepEqual(v, w, false) {
			t.Fatalf("%s became %s: %v", text, again, err)
		}
	})
}

func TestEncodeRefuses(t *testing.T) {
	cycle := []any{nil}
	cycle[0] = cycle
	for _, v := range []any{math.NaN(), math.Inf(1), jsonata.Undefined, []any{jsonata.Undefined}, cycle, 1, map[string]any{}} {
		if text, err := jsonata.Encode(v); err == nil {
			t.Errorf("got %s, want an error", text)
		}
	}
}

func TestObject(t *testing.T) {
	o := jsonata.NewObject()
	var want []string
	for i := range 40 {
		key := fmt.Sprint("k", (i*7)%40)
		o.Set(key, i)
		want = append(want, key)
	}
	o.Set(want[3], "again")
	for i := 0; i < 40; i += 2 {
		o.Delete(want[i])
		o.Delete(want[i])
	}
	o.Set(want[0], "back")
	var kept []string
	for i := 1; i < 40; i += 2 {
		kept = append(kept, want[i])
	}
	kept = append(kept, want[0])
	if got := slices.Collect(o.Keys()); !slices.Equal(got, kept) || o.Len() != len(kept) {
		t.Errorf("got %d keys %q, want %q", o.Len(), got, kept)
	}
	if v, ok := o.Get(want[3]); v != "again" || !ok {
		t.Errorf("got %v, %v", v, ok)
	}
	if v, ok := o.Get(want[2]); ok {
		t.Errorf("a deleted key has %v", v)
	}
	for range o.All() {
		break
	}
}

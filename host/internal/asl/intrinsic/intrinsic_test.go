package intrinsic_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl/intrinsic"
	"github.com/lambent-dev/lambent/host/internal/asl/path"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

const document = `{"s":"a,b.c","n":3,"arr":[1,2,2,{"x":1},{"x":1}],"o":{"k":1,"l":[]},"nil":null,"json":"{\"a\": [1]}","t":"{}-{}"}`

func env(t testing.TB) intrinsic.Env {
	t.Helper()
	v, err := jsonata.Decode([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	return intrinsic.Env{
		Path:   func(p *path.Path) (any, error) { return p.Eval(v) },
		Random: func() float64 { return 0.5 },
	}
}

func eval(t testing.TB, source string) (string, error) {
	t.Helper()
	call, err := intrinsic.Parse(source)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	v, err := call.Eval(env(t))
	if err != nil {
		return "", err
	}
	text, err := jsonata.Encode(v)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return string(text), nil
}

func TestFunctions(t *testing.T) {
	for _, test := range []struct{ call, want string }{
		{`States.Format('{} of {}', $.n, $.o)`, `"3 of {k=1, l=[]}"`},
		{`States.Format('\{\}{}\'\\', $.nil)`, `"{}null'\\"`},
		{`States.Format($.t, 1.5, 'x')`, `"1.5-x"`},
		{`States.StringToJson($.json)`, `{"a":[1]}`},
		{`States.StringToJson('')`, `null`},
		{`States.StringToJson(' ')`, `null`},
		{`States.JsonToString($.o)`, `"{\"k\":1,\"l\":[]}"`},
		{`States.Array()`, `[]`},
		{`States.Array('a', 1, true, null, $.n)`, `["a",1,true,null,3]`},
		{`States.ArrayPartition($.arr, 2)`, `[[1,2],[2,{"x":1}],[{"x":1}]]`},
		{`States.ArrayPartition($.arr, 1.6)`, `[[1,2],[2,{"x":1}],[{"x":1}]]`},
		{`States.ArrayContains($.arr, $.arr[3])`, `true`},
		{`States.ArrayContains($.arr, '2')`, `false`},
		{`States.ArrayRange(1, 9, 2)`, `[1,3,5,7,9]`},
		{`States.ArrayRange(3, 1, -1)`, `[3,2,1]`},
		{`States.ArrayGetItem($.arr, 1)`, `2`},
		{`States.ArrayLength($.arr)`, `5`},
		{`States.ArrayUnique($.arr)`, `[1,2,{"x":1}]`},
		{`States.Base64Encode('Data to encode')`, `"RGF0YSB0byBlbmNvZGU="`},
		{`States.Base64Decode('RGF0YSB0byBlbmNvZGU=')`, `"Data to encode"`},
		{`States.Base64Decode('RGF0YSB0byBlbmNvZGU')`, `"Data to encode"`},
		{`States.Hash('input data', 'SHA-1')`, `"aaff4a450a104cd177d28d18d74485e8cae074b7"`},
		{`States.JsonMerge($.o, $.arr[3], false)`, `{"k":1,"l":[],"x":1}`},
		{`States.MathRandom(0, 10)`, `5`},
		{`States.MathAdd($.n, -1)`, `2`},
		{`States.MathAdd(1.6, 1.2)`, `3`},
		{`States.MathAdd(1.5, 0)`, `2`},
		{`States.MathAdd(-1.5, 0)`, `-1`},
		{`States.MathAdd(-1.51, 0.49999999999999994)`, `-2`},
		{`States.StringSplit($.s, '.,')`, `["a","b","c"]`},
		{`States.StringSplit(',,a,,', ',')`, `["a"]`},
		{`States.UUID()`, `"80808080-8080-4080-8080-808080808080"`},
		{`States.ArrayGetItem(States.StringSplit($.s, ','), States.MathAdd(0, 1))`, `"b.c"`},
	} {
		got, err := eval(t, test.call)
		if err != nil || got != test.want {
			t.Errorf("%s: got %s, %v, want %s", test.call, got, err, test.want)
		}
	}
}

func TestFailures(t *testing.T) {
	for _, call := range []string{
		`States.Format('{}')`, `States.Format('{}', 1, 2)`, `States.Format($.n, 1)`, `States.StringToJson('{')`,
		`States.ArrayPartition($.arr, 0)`, `States.ArrayRange(0, 1001, 1)`, `States.ArrayRange(0, 1, 0)`,
		`States.ArrayGetItem($.arr, 5)`, `States.ArrayGetItem($.arr, -1)`, `States.ArrayLength($.n)`,
		`States.Base64Decode('%')`, `States.Base64Decode('RGF0YSB0byBlbmNvZGU==')`, `States.Hash('x', 'SHA-3')`, `States.JsonMerge($.o, $.o, true)`,
		`States.MathAdd($.s, 1)`, `States.MathAdd(3000000000, 1)`, `States.MathRandom(2, 1)`,
		`States.Base64Encode('` + strings.Repeat("x", 10_001) + `')`,
	} {
		got, err := eval(t, call)
		var failed *intrinsic.Error
		if !errors.As(err, &failed) {
			t.Errorf("%.60s: got %s, %v, want an intrinsic failure", call, got, err)
		}
	}
	if _, err := eval(t, `States.ArrayLength($.missing)`); errors.As(err, new(*intrinsic.Error)) || err == nil {
		t.Errorf("a path that finds nothing gives %v, want the path's own error", err)
	}
}

func TestParseRefuses(t *testing.T) {
	nested := strings.Repeat("States.Array(", 11) + strings.Repeat(")", 11)
	for _, source := range []string{
		"", "States", "States.Xyz($.a)", " States.UUID()", "States.UUID() ", "States.UUID", "States.UUID(1)", "States.MathAdd(1)",
		"States.MathAdd(1, '-1')", "States.MathAdd(1 2)", "States.Array(,)", "States.Array(1", "States.Array($)x", "States.Array('a)",
		`States.Array('\"')`, `States.Array('a\')`, "States.Array(0x10)", "States.Array(NaN)", "States.Array(Infinity)", "States.Array(foo)",
		"States.Array($.)", nested, "States.Array(" + strings.Repeat("1,", 300) + "1)",
	} {
		if call, err := intrinsic.Parse(source); err == nil {
			t.Errorf("%.40q parses as %s", source, call)
		}
	}
}

func TestResultsAreBounded(t *testing.T) {
	big := strings.Repeat("x", 200_000)
	huge := intrinsic.Env{Path: func(*path.Path) (any, error) { return big, nil }, Random: func() float64 { return 0 }}
	for _, source := range []string{
		"States.Format('" + strings.Repeat("{}", 50) + "'" + strings.Repeat(",$", 50) + ")",
		"States.JsonToString(States.Array($" + strings.Repeat(",$", 50) + "))",
		"States.ArrayUnique(States.Array($" + strings.Repeat(",$", 50) + "))",
	} {
		call, err := intrinsic.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := call.Eval(huge); !errors.As(err, new(*intrinsic.Error)) {
			t.Errorf("%.30s: got %v, want a failure", source, err)
		}
	}
}

// TestSharedArguments: an argument in which a large value stands many times was
// compared, and accounted for, as if it were one.
func TestSharedArguments(t *testing.T) {
	items := make([]any, 50_000)
	for i := range items {
		items[i] = float64(i)
	}
	spent := 0
	env := intrinsic.Env{Path: func(*path.Path) (any, error) { return items, nil }, Spend: func(bytes int) error { spent += bytes; return nil }}
	call, err := intrinsic.Parse("States.ArrayContains(States.Array($" + strings.Repeat(",$", 200) + "), States.Array($))")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := call.Eval(env); !errors.As(err, new(*intrinsic.Error)) {
		t.Errorf("got %v, want a failure", err)
	}
	if spent < 50_000 {
		t.Errorf("%d bytes are accounted for", spent)
	}
}

// TestManySplitters: each character of a text was looked for in all splitters.
func TestManySplitters(t *testing.T) {
	source, splitters := strings.Repeat("\u4e00", 150_000), strings.Repeat("\u4e01", 150_000)
	env := intrinsic.Env{Path: func(p *path.Path) (any, error) {
		return map[string]any{"$.a": source, "$.b": splitters}[p.String()], nil
	}}
	call, err := intrinsic.Parse("States.StringSplit($.a, $.b)")
	if err != nil {
		t.Fatal(err)
	}
	v, err := call.Eval(env)
	if parts, ok := v.([]any); err != nil || !ok || len(parts) != 1 || parts[0] != source {
		t.Errorf("got %d parts, error %v", len(parts), err)
	}
}

func FuzzIntrinsic(f *testing.F) {
	for _, seed := range []string{
		"States.Format('{}', $.s)", `States.Format('\{{}', States.Array(1, 'a', null))`, "States.ArrayRange(0, 5, 1)",
		"States.Hash($.o, 'MD5')", "States.StringToJson($.json)", "States.JsonMerge($.o, $.o, false)", "States.MathRandom(1, 2, 3)",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		call, err := intrinsic.Parse(source)
		if err != nil {
			return
		}
		if _, err := intrinsic.Parse(call.String()); err != nil {
			t.Fatalf("%q does not parse again: %v", source, err)
		}
		if v, err := call.Eval(env(t)); err == nil {
			if _, err := jsonata.Encode(v); err != nil {
				t.Fatalf("%q gives what is no JSON: %v", source, err)
			}
		}
	})
}

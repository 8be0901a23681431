package asl_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

func TestItems(t *testing.T) {
	columns := "first"
	for i := range 2_000 {
		columns += "," + strconv.Itoa(i)
	}
	columns += "\n"
	for _, test := range []struct {
		config   map[string]any
		maxItems int
		data     string
		want     string // or, if it starts with "!", a part of the error
	}{
		{map[string]any{"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}, 0, "a,b\n1,\"x,\"\"y\"\n", `[{"a":"1","b":"x,\"y"}]`},
		{map[string]any{"InputType": "CSV", "CSVDelimiter": "TAB"}, 1, "a\tb\n1\t2\n3\t4\n", `[{"a":"1","b":"2"}]`},
		{map[string]any{"InputType": "CSV", "CSVDelimiter": "X"}, 0, "a", "!CSVDelimiter"},
		{map[string]any{"InputType": "CSV"}, 0, "", "!no headers"},
		{map[string]any{"InputType": "CSV"}, 0, "a,b,c\n1\n2,3\n", `[{"a":"1","b":"","c":""},{"a":"2","b":"3","c":""}]`},
		{map[string]any{"InputType": "CSV"}, 0, columns + strings.Repeat("1\n", 200), "!The CSV file lacks more than "},
		{map[string]any{"InputType": "JSONL"}, 2, "1\n\n{\"a\":2}\r\n3\n", `[1,{"a":2}]`},
		{map[string]any{"InputType": "JSONL"}, 0, "1\n}\n", "!Line 2"},
		{nil, 0, `[1,2]`, `[1,2]`},
		{map[string]any{"InputType": "JSON", "ItemsPointer": "/a~1b/c"}, 1, `{"a/b":{"c":[1,2]}}`, `[1]`},
		{map[string]any{"InputType": "JSON", "ItemsPointer": "/x"}, 0, `{}`, "!ItemsPointer"},
		{map[string]any{"InputType": "JSON"}, 0, `{`, "!not valid JSON"},
		{map[string]any{"InputType": "MANIFEST"}, 0, ``, "!MANIFEST"},
	} {
		reader := &asl.ItemReader{Config: test.config, MaxItems: test.maxItems}
		items, err := reader.Parse([]byte(test.data))
		if part, fails := strings.CutPrefix(test.want, "!"); fails {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%v %q: got %v, want an error with %q", test.config, test.data, err, part)
			}
			continue
		}
		got, encodeErr := jsonata.Encode(items)
		if err != nil || encodeErr != nil || string(got) != test.want {
			t.Errorf("%v %q: got %s, %v", test.config, test.data, got, err)
		}
	}
}

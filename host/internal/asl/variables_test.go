package asl_test

import (
	"encoding/json"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

func TestVariableReferences(t *testing.T) {
	for definition, want := range map[string]string{
		`{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"$b","Parameters":{"x.$":"States.Array($z, States.Format('{}', $a.c), $.no)","text":"$no","in":[{"y.$":"$$.no"},{"y.$":"$b"}]},"Next":"C"},
			"C":{"Type":"Choice","Choices":[{"And":[{"Variable":"$v","NumericEqualsPath":"$w"}],"Next":"D"}],"Default":"D"},
			"D":{"Type":"Fail","ErrorPath":"$e","Cause":"$no"}}}`: `{"A":["a","b","z"],"C":["v","w"],"D":["e"]}`,
		`{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Parallel","Arguments":"{% $sum($states.input) + $outer %}","Branches":[
			{"StartAt":"Q","States":{"Q":{"Type":"Map","Items":"{% ($x := 1; [$x, $items]) %}","ItemProcessor":{"StartAt":"R","States":{"R":{"Type":"Pass","Output":["{% $inner %}","$no"],"End":true}}},"End":true}}}],"End":true}}}`: `{"P":["outer"],"Q":["items"],"R":["inner"]}`,
		`{"StartAt":"A","States":{"A":{"Type":"Pass","QueryLanguage":"JSONata","Assign":{"x":"{% $y %}"},"End":true}}}`: `{"A":["y"]}`,
		`{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`:                                                             `{}`,
		`[1`: `{}`,
	} {
		got, err := json.Marshal(asl.VariableReferences(definition))
		if err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v, want %s", definition, got, err, want)
		}
	}
}

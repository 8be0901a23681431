package drawing

import (
	"slices"
	"strings"
	"testing"
)

func TestFit(t *testing.T) {
	for _, s := range []string{"", "a", "Validate order", strings.Repeat("W", 80), strings.Repeat("漢", 80), strings.Repeat("i", 400), strings.Repeat("ab ", 30)} {
		short, width := fit(s, 100, nameSize, true)
		if width > 100 || width != textWidth(short, nameSize, true) {
			t.Errorf("%q became %q, %d pixels wide", s, short, width)
		}
		if prefix, cut := strings.CutSuffix(short, "…"); cut && !strings.HasPrefix(s, prefix) || !cut && short != s {
			t.Errorf("%q became %q", s, short)
		}
	}
}

func TestWrap(t *testing.T) {
	for text, want := range map[string][]string{
		"$.a = 1":                                {"$.a = 1"},
		"$count($states.input.Items) = 0":        {"$count($states.input.Items) = 0"},
		"States.ExceedToleratedFailureThreshold": {"States.ExceedToleratedFailure", "Threshold"},
		"$.kind = \"question\" and $.priority > 3 and $.team = \"a\"": {"$.kind = \"question\" and", "$.priority > 3 and $.team = \"a\""},
	} {
		if got := wrap(text); !slices.Equal(got, want) {
			t.Errorf("%s became %q, want %q", text, got, want)
		}
	}
	if got := wrap(strings.Repeat("x", maxText)); len(got) != maxLabelLines || strings.Join(got, "") != strings.Repeat("x", maxText) {
		t.Errorf("got %q", got)
	}
}

func TestLabelsOfManyRules(t *testing.T) {
	if got, want := labelLines([]string{"a", "b", "c", "d"}), []string{"a", "b", "and 2 more"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := labelLines([]string{"a", "b", "c"}), []string{"a", "b", "c"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEscape(t *testing.T) {
	if got, want := escape("<a b=\"c\" d='e'>&\n\t\r\x00é</a>"), "&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;&#10;&#09;&#13;\ufffdé&lt;/a&gt;"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

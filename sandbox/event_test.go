package sandbox_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

func TestCheckEvent(t *testing.T) {
	for _, event := range []string{"", "{}", " null ", `"text"`, "1"} {
		if err := sandbox.CheckEvent([]byte(event)); err != nil {
			t.Errorf("%q: %v", event, err)
		}
	}
	for event, where := range map[string]string{"{": "at byte 1", "{name:1}": "at byte 2", "{}}": "at byte 3", " ": "at byte 1"} {
		if err := sandbox.CheckEvent([]byte(event)); !errors.Is(err, sandbox.ErrEventNotJSON) || !strings.Contains(err.Error(), where) {
			t.Errorf("%q: %v; want ErrEventNotJSON %s", event, err, where)
		}
	}
}

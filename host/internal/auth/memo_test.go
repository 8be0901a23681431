package auth

import (
	"testing"
	"time"
)

// TestMemoOfChanged has something change while it is read: what was read is not
// remembered, or a key that was deleted would be believed for some seconds.
func TestMemoOfChanged(t *testing.T) {
	var m memo[string, int]
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	_, _, asOf := m.get("a", now)
	m.forget()
	m.put("a", 1, now, asOf)
	v, ok, asOf := m.get("a", now)
	if ok {
		t.Errorf("%d is remembered, which was read before the change", v)
	}
	m.put("a", 2, now, asOf)
	if v, ok, _ := m.get("a", now); !ok || v != 2 {
		t.Errorf("%d, %v is remembered, which was read after it; want 2", v, ok)
	}
	if _, ok, _ := m.get("a", now.Add(memoAge)); ok {
		t.Error("it is remembered for longer than another process may change it")
	}
}

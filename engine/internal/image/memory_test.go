package image

import "testing"

// TestRestoreOnce is the shortest life of a memory.
func TestRestoreOnce(t *testing.T) {
	t.Logf("%+v: %v", Supported(), Supported())
	content := make([]byte, 4*pageSize)
	content[5], content[2*pageSize] = 1, 2
	i, err := Freeze(content)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	m, err := i.Memory(8 * pageSize)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Release()
	for range 5 {
		m.Watch()
		b := m.Bytes()
		b[5] = 7
		b[4*pageSize-1] = 7
		n := m.Settle()
		if err := m.Restore(); err != nil {
			t.Fatal(err)
		}
		if err := m.Verify(); err != nil {
			t.Fatal(err)
		}
		t.Log(n, m.Private())
	}
}

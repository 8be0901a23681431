package toolchain

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// exportsOf returns the names that a module exports.
func exportsOf(t *testing.T, wasm []byte) []string {
	t.Helper()
	const header, exportSection = 8, 7
	r := bytes.NewReader(wasm[header:])
	for {
		id, err := r.ReadByte()
		if err != nil {
			t.Fatal("no export section")
		}
		size := number(t, r)
		if id != exportSection {
			take(t, r, size)
			continue
		}
		var names []string
		for range number(t, r) {
			names = append(names, string(take(t, r, number(t, r))))
			take(t, r, 1) // kind
			number(t, r)  // index
		}
		return names
	}
}

func number(t *testing.T, r *bytes.Reader) uint64 {
	t.Helper()
	n, err := binary.ReadUvarint(r)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func take(t *testing.T, r *bytes.Reader, n uint64) []byte {
	t.Helper()
	if n > uint64(r.Len()) {
		t.Fatalf("%d bytes wanted, %d left", n, r.Len())
	}
	b := make([]byte, n)
	r.Read(b)
	return b
}

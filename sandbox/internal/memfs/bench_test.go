package memfs

import (
	"context"
	"testing"
)

// BenchmarkInstance is what an event costs whose function writes a small file
// to /tmp and reads it back.
func BenchmarkInstance(b *testing.B) {
	base := testBase(b)
	text := make([]byte, 400)
	now := new(clock).now
	b.ReportAllocs()
	for b.Loop() {
		f := New(base, Quota{Bytes: 512 << 20, Files: 16_384}, now)
		root := f.Root()
		h, _ := root.Open("tmp/file", Create, Read|Write)
		h.WriteAt(text, 0)
		h.ReadAt(context.Background(), text, 0)
		h.Close()
	}
}

// BenchmarkNew is what an event costs that touches no file.
func BenchmarkNew(b *testing.B) {
	base := testBase(b)
	now := new(clock).now
	b.ReportAllocs()
	for b.Loop() {
		New(base, Quota{Bytes: 512 << 20, Files: 16_384}, now).Root()
	}
}

// BenchmarkAppend writes a file of 64 MiB, 4 KiB at a time.
func BenchmarkAppend(b *testing.B) {
	base := testBase(b)
	text := make([]byte, 4096)
	b.SetBytes(64 << 20)
	b.ReportAllocs()
	for b.Loop() {
		h, _ := New(base, Quota{Bytes: 512 << 20, Files: 10}, new(clock).now).Root().Open("tmp/file", Create, Write)
		for range 64 << 20 / len(text) {
			h.Append(text)
		}
	}
}

// BenchmarkEntries holds as many empty files as there may be: the bytes per
// operation, divided by the files, are what entryCharge has to cover.
func BenchmarkEntries(b *testing.B) {
	base := testBase(b)
	names := make([]string, 16_384)
	for i := range names {
		names[i] = "tmp/" + string(rune('a'+i%26)) + string(rune('0'+i/26%10)) + string(rune(0x4e00+i))
	}
	b.ReportAllocs()
	for b.Loop() {
		root := New(base, Quota{Bytes: 512 << 20, Files: 16_384}, new(clock).now).Root()
		for _, name := range names {
			h, _ := root.Open(name, Create, Write)
			h.Close()
		}
	}
}

package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestSampleEventsOfAZipFile are those beside its lambent.json.
func TestSampleEventsOfAZipFile(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range [][2]string{
		{"bootstrap", "\x00asm\x01\x00\x00\x00"}, {"lambent.json", "{}"},
		{"events/b.json", "2"}, {"events/a.json", "1"}, {"events/README", "no"}, {"events/more/c.json", "3"}, {"other.json", "4"},
	} {
		w, err := z.Create(f[0])
		if err == nil {
			_, err = w.Write([]byte(f[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "fn.zip")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	o := verifyFlags{on: true}
	events, err := o.early(path)
	if err != nil || events != nil {
		t.Fatalf("before it is read: %v, %v", events, err)
	}
	events, err = o.late(events, path, b.Bytes())
	want := []sampleEvent{{"events/a.json", []byte("1")}, {"events/b.json", []byte("2")}}
	if err != nil || !reflect.DeepEqual(events, want) {
		t.Errorf("got %v, %v, want %v", events, err, want)
	}
	// Those that are given take their place, under names that servers take.
	long := filepath.Join(t.TempDir(), strings.Repeat("é", 100)+".json")
	if err := os.WriteFile(long, []byte("5"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.events, o.files = []string{"6"}, []string{long}
	events, err = o.early(path)
	if err == nil {
		events, err = o.late(events, path, b.Bytes())
	}
	if err != nil || len(events) != 2 || events[0].Name != "--event 1" || len(events[1].Name) > 128 || !strings.HasSuffix(events[1].Name, "é.json") || string(events[1].Event) != "5" {
		t.Errorf("given: %v, %v", events, err)
	}
}

package main

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// TestWorkerd has workerd answer, where it can be had.
func TestWorkerd(t *testing.T) {
	t.Chdir("..")
	f := &field{versions: make(map[string]string)}
	s, err := f.workerd(t.Context())
	if errors.Is(err, errUnavailable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	if f.versions["workerd"] == "" {
		t.Error("its version is not published")
	}
}

// TestFetchWorkerd fetches without npm, and with one that fails.
func TestFetchWorkerd(t *testing.T) {
	t.Chdir("..")
	cache, bin := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("PATH", bin)
	if _, _, err := fetchWorkerd(t.Context()); !errors.Is(err, errUnavailable) || !strings.Contains(err.Error(), "npm fetches workerd 1.") {
		t.Errorf("without npm: %v", err)
	}
	if err := os.WriteFile(bin+"/npm", []byte("#!/bin/sh\necho no network\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, _, err := fetchWorkerd(t.Context()); !errors.Is(err, errUnavailable) || !strings.Contains(err.Error(), "no network") {
		t.Errorf("with an npm that fails: %v", err)
	}
	if left, err := os.ReadDir(cache + "/lambent-benchmarks"); err != nil || len(left) != 0 {
		t.Errorf("%v is left in the cache, %v", left, err)
	}
}

package main

import "testing"

func TestGreet(t *testing.T) {
	got, err := greet(t.Context(), request{Name: "Ada"})
	if err != nil || got.Message != "Hello, Ada!" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := greet(t.Context(), request{}); err == nil {
		t.Error("no error without a name")
	}
}

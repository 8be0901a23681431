package sandbox

import (
	"errors"
	"os"
	"testing"
)

// TestTapeIsLimited: how much there is to record is the guest's choice.
func TestTapeIsLimited(t *testing.T) {
	live := func() []byte { return make([]byte, 100) }
	r := &Recorder{Limit: 2*(answerCharge+104) + 1}
	for i, want := range []error{nil, nil, ErrTapeFull, ErrTapeFull} {
		data, err := r.Answer(Question{AskRandom, []byte("1234")}, live)
		if !errors.Is(err, want) || (err == nil) != (len(data) == 100) {
			t.Errorf("answer %d: %d bytes, %v, want %v", i, len(data), err, want)
		}
	}
	if len(r.Answers) != 2 {
		t.Errorf("%d answers were kept, want 2", len(r.Answers))
	}
	if _, err := new(Recorder).Answer(Question{AskRandom, nil}, func() []byte { return make([]byte, defaultTape) }); !errors.Is(err, ErrTapeFull) {
		t.Errorf("more than the default limit: %v", err)
	}
}

// TestTapeFullEndsTheInvocation, and it is not the function's error.
func TestTapeFullEndsTheInvocation(t *testing.T) {
	wasm, err := os.ReadFile("testdata/guests/c/tiny.wasm")
	if err != nil {
		t.Fatal(err)
	}
	box, err := New(t.Context(), engineForTapes(t), wasm, Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	_, err = box.Do(t.Context(), Request{Tape: &Recorder{Limit: 1}})
	if _, failed := errors.AsType[*FunctionError](err); failed || !errors.Is(err, ErrTapeFull) {
		t.Errorf("got %v, want %v", err, ErrTapeFull)
	}
}

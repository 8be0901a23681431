package sandbox

import (
	"bytes"
	"fmt"
)

// Tape stands between a guest and its host: every answer that the host gives
// and the guest could not have computed itself passes through it, and nothing
// else does. What a module does is therefore a function of the module, its
// configuration, the request and the tape: a Recorder's answers, given again
// by a Player, replay an invocation bit by bit.
//
// A Tape serves one invocation.
type Tape interface {
	// Answer returns what the guest is told. live asks the real host. An error
	// ends the invocation.
	Answer(q Question, live func() []byte) ([]byte, error)
}

// Question is what a guest asked.
type Question struct {
	Kind QuestionKind `json:"kind"`
	// Ask tells questions of one kind apart; what it holds depends on the kind.
	Ask []byte `json:"ask,omitempty"`
}

// QuestionKind is a kind of question.
type QuestionKind string

// The kinds, with what Ask holds and what the answer is. Numbers are
// little-endian.
const (
	AskID        QuestionKind = "id"        // the request's made-up id → text
	AskStream    QuestionKind = "stream"    // the request's made-up log stream → text
	AskWall      QuestionKind = "wall"      // → i64 nanoseconds since the epoch
	AskMonotonic QuestionKind = "monotonic" // → i64 nanoseconds
	AskDeadline  QuestionKind = "deadline"  // → i64 nanoseconds since the epoch
	AskRandom    QuestionKind = "random"    // u32 length → that many bytes
	AskWait      QuestionKind = "wait"      // u32 number of things, i64 timeout → outcome, then a byte for each, 1 if ready
	AskCall      QuestionKind = "call"      // name, 0, argument → u16 errno
	AskReply     QuestionKind = "reply"     // u32 number of the call → u32 status, body
)

// Answer is one entry of a tape.
type Answer struct {
	Question
	Data []byte `json:"data"`
}

// Recorder is a Tape that asks the host and remembers.
type Recorder struct {
	Answers []Answer

	// Limit is the most bytes that questions and answers may take, each
	// counted with 128 bytes beside what it holds: guests decide how many
	// there are. What is beyond it ends the invocation with ErrTapeFull.
	// Default 64 MiB.
	Limit int

	used int
}

const (
	defaultTape  = 64 << 20
	answerCharge = 128 // bytes; an Answer is 88
)

// Answer implements Tape.
func (r *Recorder) Answer(q Question, live func() []byte) ([]byte, error) {
	limit := r.Limit
	if limit == 0 {
		limit = defaultTape
	}
	data := live()
	size := answerCharge + len(q.Ask) + len(data)
	if size > limit-r.used {
		return nil, fmt.Errorf("%w: %d bytes after %d; at most %d are allowed", ErrTapeFull, size, r.used, limit)
	}
	r.used += size
	r.Answers = append(r.Answers, Answer{Question{q.Kind, bytes.Clone(q.Ask)}, bytes.Clone(data)})
	return data, nil
}

// Player is a Tape that gives recorded answers and never asks the host. It
// fails with a *TapeError as soon as the guest asks what it did not ask then.
type Player struct {
	Answers []Answer
	next    int
}

// Answer implements Tape.
func (p *Player) Answer(q Question, _ func() []byte) ([]byte, error) {
	if p.next == len(p.Answers) {
		return nil, &TapeError{Position: p.next, Asked: q}
	}
	a := p.Answers[p.next]
	if a.Kind != q.Kind || !bytes.Equal(a.Ask, q.Ask) {
		return nil, &TapeError{Position: p.next, Asked: q, Recorded: &a.Question}
	}
	p.next++
	return a.Data, nil
}

// Done reports whether every answer was given.
func (p *Player) Done() bool { return p.next == len(p.Answers) }

// TapeError says that a replayed invocation left its tape: another module,
// configuration or request than was recorded.
type TapeError struct {
	Position int
	Asked    Question
	Recorded *Question // nil at the end of the tape
}

func (e *TapeError) Error() string {
	if e.Recorded == nil {
		return fmt.Sprintf("tape ends after %d answers; the guest asked %s %q", e.Position, e.Asked.Kind, e.Asked.Ask)
	}
	return fmt.Sprintf("answer %d of the tape is to %s %q; the guest asked %s %q", e.Position, e.Recorded.Kind, e.Recorded.Ask, e.Asked.Kind, e.Asked.Ask)
}

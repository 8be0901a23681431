package function

import (
	"time"

	"github.com/lambent-dev/lambent/sandbox"
)

// maxTail is how much of the log a caller gets back, as on AWS Lambda.
const maxTail = 4 << 10

// logbook takes the log of one invocation: it adds the lines that frame it and
// keeps the tail.
type logbook struct {
	service *Service
	slot    *slot
	id      string
	begun   bool
	keep    bool
	last    []byte // at most maxTail bytes, lines with their ends
}

// newLogbook returns nil if nobody reads the log.
func newLogbook(s *Service, slot *slot, in *InvokeInput) *logbook {
	if !in.Tail && s.config.Log == nil {
		return nil
	}
	return &logbook{service: s, slot: slot, id: in.RequestID, keep: in.Tail}
}

// sink returns what takes the function's lines.
func (b *logbook) sink() func(sandbox.LogLine) {
	if b == nil {
		return nil
	}
	return func(line sandbox.LogLine) {
		b.begin()
		b.add(line)
	}
}

func (b *logbook) report() sandbox.Report {
	return sandbox.Report{RequestID: b.id, Version: b.slot.version, Memory: b.slot.memory, NoFuel: b.service.config.PlainReports}
}

func (b *logbook) begin() {
	if !b.begun {
		b.begun = true
		b.system(b.report().Start())
	}
}

// end adds the lines after the function's own.
func (b *logbook) end(usage sandbox.Usage, err error) {
	if b == nil {
		return
	}
	b.begin()
	report := b.report()
	report.Usage, report.Err = usage, err
	b.system(report.End())
	b.system(report.Report())
}

func (b *logbook) system(text string) {
	b.add(sandbox.LogLine{Time: b.now(), Source: sandbox.System, Level: sandbox.Info, Message: []byte(text)})
}

func (b *logbook) now() time.Time { return b.service.config.Now() }

func (b *logbook) add(line sandbox.LogLine) {
	if log := b.service.config.Log; log != nil {
		log(b.slot.function, b.id, line)
	}
	if !b.keep {
		return
	}
	message := line.Message
	if len(message) >= maxTail {
		message = message[len(message)-maxTail+1:]
	}
	// Moving the rest down for each line costs at most maxTail bytes a line.
	if over := len(b.last) + len(message) + 1 - maxTail; over > 0 {
		b.last = b.last[:copy(b.last, b.last[over:])]
	}
	b.last = append(append(b.last, message...), '\n')
}

// tail returns the end of the log, nil if it was not asked for.
func (b *logbook) tail() []byte {
	if b == nil {
		return nil
	}
	return b.last
}

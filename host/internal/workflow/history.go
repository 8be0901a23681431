package workflow

import (
	"slices"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// maxPage is how many bytes the texts in a page of a history may have, unless it
// is one event alone: many events may share one large text, a page has it many
// times.
const maxPage = 4 << 20

// History returns at most max events after the first skip, fewer if their texts
// are long; next is how many to skip for what follows, 0 at the end. Errors:
// InvalidArn, ExecutionDoesNotExist, InvalidToken.
func (s *Service) History(arn string, reverse bool, skip, max int) (events []asl.Event, next int, err error) {
	e, err := s.find(arn)
	if err != nil {
		return nil, 0, err
	}
	events = e.run.History()
	if skip > len(events) {
		return nil, 0, ErrToken
	}
	if reverse {
		events = slices.Clone(events)
		slices.Reverse(events)
	}
	events = events[skip:]
	n, size := 0, 0
	for ; n < min(len(events), max); n++ {
		for _, text := range []*string{events[n].Input, events[n].Output, events[n].Parameters, events[n].Cause} {
			if text != nil {
				size += len(*text)
			}
		}
		for _, a := range events[n].Assigned {
			size += len(a.Value)
		}
		if n > 0 && size > maxPage {
			break
		}
	}
	if n < len(events) {
		next = skip + n
	}
	return events[:n], next, nil
}

package api

import "github.com/lambent-dev/lambent/host/internal/function"

// What AWS does not have is in one member, "Lambent": its tools cannot send it, and
// leave it unread.
//
//	{"Fuel": 5000000, "Verify": {"Events": [{"Name": "hello", "Event": "<base64 of JSON>"}]}}

// ownSettings is what a configuration has of it.
type ownSettings struct {
	Fuel         uint64                 `json:",omitempty"`
	Verification *function.Verification `json:",omitempty"`
}

// ownMember reads it; fuel may be nil, where it is no setting.
func ownMember(s *scanner, fuel **uint64, verify *[]function.SampleEvent) {
	if s.null() {
		return
	}
	s.object("Lambent", func(m string) {
		switch {
		case m == "Fuel" && fuel != nil:
			s.natural("Lambent.Fuel", fuel)
		case m == "Verify":
			if s.null() {
				return
			}
			*verify = []function.SampleEvent{} // asked for, even if there are none
			s.object("Lambent.Verify", func(m string) {
				if m == "Events" && !s.null() {
					s.list("Lambent.Verify.Events", func() { *verify = append(*verify, sampleEvent(s)) })
				} else if m != "Events" {
					s.skip()
				}
			})
		default:
			s.skip()
		}
	})
}

func sampleEvent(s *scanner) (e function.SampleEvent) {
	var name *string
	s.object("Lambent.Verify.Events", func(m string) {
		switch m {
		case "Name":
			s.string("Lambent.Verify.Events.Name", &name)
		case "Event":
			s.blob("Lambent.Verify.Events.Event", &e.Event)
		default:
			s.skip()
		}
	})
	e.Name = value(name)
	return e
}

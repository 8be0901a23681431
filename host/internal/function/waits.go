package function

import "time"

// What AWS takes at least for, about; Config.Waits scales it. Here nothing takes so
// long, but clients and their tests meet states that pass.
const (
	updateWait      = time.Second // a function's creation or update
	mappingWait     = time.Second // changes of an event source mapping
	provisionedWait = time.Second
)

func (s *Service) wait(onAWS time.Duration) time.Duration {
	return time.Duration(s.config.Waits * float64(onAWS))
}

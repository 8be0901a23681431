package function

// IdleInstances is how many instances of a target wait for an event, -1 if it is
// not loaded.
func (s *Service) IdleInstances(target string) int {
	s.live.mu.RLock()
	defer s.live.mu.RUnlock()
	slot := s.live.slots[target]
	if slot == nil || !slot.isReady() {
		return -1
	}
	n, _ := slot.box.Idle()
	return n
}

// DropDeployments tells the queue that the function of a name is gone.
func (s *Service) DropDeployments(name string) { s.queue.dropOthers(name, "") }

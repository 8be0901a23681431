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

// Allotted reports whether a function has concurrency of its own, and how much there is
// for those that have none.
func (s *Service) Allotted(name string) (own bool, others int64) {
	all := s.permits.now.Load()
	return all.of[name] != nil, all.others.limit.Load()
}

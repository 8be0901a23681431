package function

// Ready returns how many functions are ready to run.
func Ready(s *Service) int { return len(s.live.latest(s.config.Sandboxes)) }

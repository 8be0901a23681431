package sandbox

// entered makes an instance for a request, as Do does when none is idle.
func entered(s *Sandbox, r *Request) (*instance, error) {
	in := newInstance(s.pool)
	return in, in.enter(r)
}

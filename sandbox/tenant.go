package sandbox

import "fmt"

// PerTenant reports whether each tenant has instances of its own, see Config.
func (s *Sandbox) PerTenant() bool { return s.config.PerTenant }

// checkTenant wants a tenant where instances are a tenant's.
func (c *Config) checkTenant(r *Request) error {
	if c.PerTenant && r.Tenant == "" {
		return fmt.Errorf("%w: Tenant is empty, but Config.PerTenant has each tenant have instances of its own", ErrRequest)
	}
	return nil
}

// takeOf is take for one tenant: an instance that no other tenant has had. If there
// are enough idle ones of others, one of them makes room.
func (p *pool) takeOf(tenant string) *instance {
	for i := range p.shards {
		if in := p.shards[i].popOf(tenant); in != nil {
			p.idle.Add(-1)
			p.held.Add(-in.held)
			in.tenant = tenant
			return in
		}
	}
	if p.idle.Load() >= int64(p.config.Limits.Idle) {
		if in := p.take(); in.live != nil {
			p.destroy(in)
		}
	}
	in := newInstance(p)
	in.tenant = tenant
	return in
}

// popOf takes an instance of the tenant, or one that nobody has had.
func (s *shard) popOf(tenant string) *instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.idle) - 1; i >= 0; i-- {
		if in := s.idle[i]; in.tenant == tenant || in.tenant == "" {
			last := len(s.idle) - 1
			s.idle[i] = s.idle[last]
			s.idle[last] = nil
			s.idle = s.idle[:last]
			return in
		}
	}
	return nil
}

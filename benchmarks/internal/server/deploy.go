package server

import "context"

// Deploy deploys the module in a file as a function, with `lambent deploy`, and
// returns when the function is active.
func (p Programs) Deploy(ctx context.Context, s *Server, name, path string) error {
	return Run(ctx, nil, p.Lambent, "deploy", path, "--name", name, "--endpoint", "http://"+s.Address)
}

package host

import (
	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/verify"
)

// verifier makes what compares engines. Those that functions run on are used as they
// are; the others are made for one verification each, so that what they took is free
// again afterwards.
func (h *Host) verifier(runners map[string]function.Runner) *verify.Verifier {
	limits := &h.config.Limits
	list := []verify.Engine{{
		Name:       "wazero's interpreter",
		Interprets: true,
		Open:       func() (engine.Engine, error) { return wazero.New(wazero.Config{Interpreter: true}) },
	}, {
		Name: Wazero,
		Open: func() (engine.Engine, error) { return unclosed{runners[Wazero].Engine}, nil },
	}}
	for _, e := range h.config.Verifiers {
		r, running := runners[e.Name]
		list = append(list, verify.Engine{Name: e.Name, Open: func() (engine.Engine, error) {
			if running {
				return unclosed{r.Engine}, nil
			}
			return h.newEngine(e)
		}})
	}
	return verify.New(verify.Config{
		Engines: list,
		Events:  limits.VerifyEvents, Bytes: limits.VerifyBytes, Time: limits.VerifyTime, Module: limits.VerifyModule,
	})
}

// unclosed is an engine that others use, too.
type unclosed struct{ engine.Engine }

func (unclosed) Close() error { return nil }

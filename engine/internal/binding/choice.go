package binding

import (
	"fmt"

	"github.com/lambent-dev/lambent/engine"
)

// Choice holds, by module and name, the index in Host.Funcs of the function that a
// guest is bound to.
type Choice map[string]map[string]int

// Choose resolves imports. One module may import a name with one signature only.
// Its error is a *engine.LinkError.
func Choose(host *engine.Host, imports []engine.Import) (Choice, error) {
	chosen := make(Choice)
	for _, im := range imports {
		i, err := host.Resolve(im)
		if err != nil {
			return nil, err
		}
		names := chosen[im.Module]
		if names == nil {
			names = make(map[string]int)
			chosen[im.Module] = names
		}
		if j, ok := names[im.Name]; ok && j != i {
			return nil, &engine.LinkError{Import: im, Reason: fmt.Sprintf(
				"it is imported as %s and as %s, one module may use one of them",
				host.Funcs()[j].Signature(), host.Funcs()[i].Signature())}
		}
		names[im.Name] = i
	}
	return chosen, nil
}

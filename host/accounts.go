package host

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

// maxAccounts is how many accounts beside its own a Host serves: each has its
// sandboxes.
const maxAccounts = 16

// others are the accounts that are served beside Config.Account.
type others struct {
	mu     sync.Mutex
	all    map[string]services
	closed bool
}

type services struct {
	functions *function.Service
	machines  *workflow.Service
}

// newServices makes the functions and state machines of one account.
func (h *Host) newServices(c function.Config) (*function.Service, *workflow.Service, error) {
	functions, err := function.New(c)
	if err != nil {
		return nil, nil, err
	}
	machines, err := workflow.New(workflow.Config{
		Store:     h.store,
		Functions: functions,
		Account:   c.Account,
		Region:    c.Region,
		Ephemeral: h.config.EphemeralExecutions,
		Guard:     h.guard(cmp.Or(c.Account, function.DefaultAccount), functions),
		Running:   h.config.Limits.Executions,
		Memory:    h.config.Limits.ExecutionMemory,
		Kept:      h.config.Limits.EndedExecutions,
		Now:       h.config.Now,
	})
	return functions, machines, err
}

// Has reports whether an account has functions or layers. It is for package gateway:
// Of makes room for few accounts, and everybody can name one. Errors:
// ServiceUnavailable.
func (h *Host) Has(ctx context.Context, account string) (bool, error) {
	region := cmp.Or(h.shared.Region, function.DefaultRegion)
	functions, err := h.store.Functions(ctx, store.FunctionKey{Account: account, Region: region}, 1)
	if err == nil && len(functions) > 0 {
		return true, nil
	}
	var layers []store.LayerVersion
	if err == nil {
		layers, err = h.store.Layers(ctx, store.LayerKey{Account: account, Region: region}, store.Compatible{}, 1)
	}
	if err != nil {
		return false, &fault.Error{Code: fault.ServiceUnavailable, Message: "The store of functions does not answer; try again later.", Err: err}
	}
	return len(layers) > 0, nil
}

// Of returns what Service and Workflows are, of another account: of the same
// store, but apart from the Host's own in all else, images of memory included.
// It is for package gateway. Errors: CodeTooManyRequests.
func (h *Host) Of(account string) (*function.Service, *workflow.Service, error) {
	o := &h.others
	o.mu.Lock()
	defer o.mu.Unlock()
	if found, ok := o.all[account]; ok {
		return found.functions, found.machines, nil
	}
	if o.closed {
		return nil, nil, fault.New(fault.ServiceUnavailable, "The host is shutting down.")
	}
	if len(o.all) == maxAccounts {
		return nil, nil, fault.New(fault.TooManyRequests, "This host serves %d accounts beside its own; it takes no other, such as %s.", maxAccounts, account)
	}
	c := h.shared
	c.Account = account
	functions, machines, err := h.newServices(c)
	if err != nil {
		return nil, nil, err
	}
	if o.all == nil {
		o.all = map[string]services{}
	}
	o.all[account] = services{functions, machines}
	return functions, machines, nil
}

// close takes no more accounts, and returns those that there are.
func (o *others) close() []services {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	return slices.Collect(maps.Values(o.all))
}

// closeAll closes services side by side: none takes work while another one's ends.
func closeAll(ctx context.Context, all []services) error {
	errs := make([]error, len(all))
	var closing sync.WaitGroup
	for i, s := range all {
		closing.Go(func() {
			s.machines.Close()
			errs[i] = s.functions.Close(ctx)
		})
	}
	closing.Wait()
	return errors.Join(errs...)
}

// guard decides what executions of an account may do.
func (h *Host) guard(account string, functions *function.Service) workflow.Guard {
	return func(ctx context.Context, role, action, resource string, ref *function.Ref) error {
		if !h.enforced.Load() {
			return nil
		}
		access := auth.Access{Action: action, Resource: resource, Owner: account}
		if ref != nil {
			document, err := functions.ResourcePolicy(ctx, *ref)
			if err != nil {
				return err
			}
			access.Policy = document
		}
		return h.access.RoleMay(ctx, role, "states", access)
	}
}

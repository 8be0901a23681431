package workflow

import (
	"context"
	"encoding/json"
	"maps"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// Machine is a state machine.
type Machine struct {
	Name, ARN  string
	Express    bool
	Definition string
	Revision   string // "" until it was changed
	Created    time.Time
	Updated    time.Time
	Settings
}

// Settings are what a state machine has besides its definition.
type Settings struct {
	RoleARN string            `json:"role"`
	Logging Logging           `json:"logging"`
	Tracing bool              `json:"tracing,omitempty"`
	Changed bool              `json:"changed,omitempty"` // since it was created
	Tags    map[string]string `json:"tags,omitempty"`
}

// Logging is what of executions is to be logged. Lambent has no destination for
// it, so the level is always OFF.
type Logging struct {
	Level                string `json:"level"` // ALL, ERROR, FATAL, OFF
	IncludeExecutionData bool   `json:"data,omitempty"`
	Destinations         int    `json:"-"`                // how many were given
	Listed               bool   `json:"listed,omitempty"` // a list was given, which may be empty
}

// check refuses destinations, which cannot be there.
func (l *Logging) check() error {
	switch {
	case l.Level == "" || l.Level == "OFF" && l.Destinations == 0:
		l.Level = "OFF"
		return nil
	case l.Destinations != 1:
		return fault.New(InvalidLoggingConfiguration, "Invalid Logging Configuration: Must specify exactly one Log Destination.")
	}
	return fault.New(InvalidLoggingConfiguration, "Invalid Logging Configuration: Log Destination not found.")
}

// CreateInput is a state machine to be created. Lengths were checked.
type CreateInput struct {
	Name, Definition, RoleARN string
	Express                   bool
	Logging                   Logging
	Tracing                   bool
	Tags                      map[string]string
	Publish                   bool
	VersionDescription        bool // was given
}

// Create creates a state machine. Creating one that is there already, the same in
// all but role and tags, answers it.
//
// Errors: InvalidName, InvalidArn, InvalidDefinition, InvalidLoggingConfiguration,
// StateMachineAlreadyExists, TooManyTags, Validation, NotImplemented (versions).
func (s *Service) Create(ctx context.Context, in CreateInput) (Machine, error) {
	if err := checkName(in.Name); err != nil {
		return Machine{}, err
	}
	if err := checkRole(in.RoleARN); err != nil {
		return Machine{}, err
	}
	if err := in.Logging.check(); err != nil {
		return Machine{}, err
	}
	if err := checkTags(in.Tags); err != nil {
		return Machine{}, err
	}
	if err := checkPublish(in.Publish, in.VersionDescription); err != nil {
		return Machine{}, err
	}
	if err := s.definitions.check(in.Definition, in.Express); err != nil {
		return Machine{}, err
	}
	revision, err := s.uuid()
	if err != nil {
		return Machine{}, err
	}
	now := s.config.Now()
	m := Machine{Name: in.Name, ARN: s.arn("stateMachine:" + in.Name), Express: in.Express, Definition: in.Definition, Revision: revision,
		Created: now, Updated: now, Settings: Settings{RoleARN: in.RoleARN, Logging: in.Logging, Tracing: in.Tracing, Tags: in.Tags}}
	row, err := s.encode(m)
	if err != nil {
		return Machine{}, err
	}
	err = failure(ctx, m.ARN, s.config.Store.CreateMachine(ctx, row))
	if err == nil {
		return m, nil
	}
	if there, readErr := s.Machine(ctx, m.ARN); readErr == nil && there.Definition == m.Definition && there.Express == m.Express &&
		there.Logging == m.Logging && there.Tracing == m.Tracing {
		return there, nil
	}
	return Machine{}, err
}

// UpdateInput changes a state machine; nil leaves a member as it is.
type UpdateInput struct {
	ARN                 string
	Definition, RoleARN *string
	Logging             *Logging
	Tracing             *bool
	Publish             bool
	VersionDescription  bool
}

// Update changes a state machine. Executions that run go on as they began.
//
// Errors: MissingRequiredParameter, StateMachineDoesNotExist, InvalidArn,
// InvalidDefinition, InvalidLoggingConfiguration, Validation, NotImplemented.
func (s *Service) Update(ctx context.Context, in UpdateInput) (Machine, error) {
	key, err := s.machineKey(in.ARN)
	if err != nil {
		return Machine{}, err
	}
	if in.Definition == nil && in.RoleARN == nil && in.Logging == nil && in.Tracing == nil {
		return Machine{}, fault.New(MissingRequiredParameter, "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified")
	}
	if err := checkPublish(in.Publish, in.VersionDescription); err != nil {
		return Machine{}, err
	}
	if in.RoleARN != nil {
		if err := checkRole(*in.RoleARN); err != nil {
			return Machine{}, err
		}
	}
	if in.Logging != nil {
		if err := in.Logging.check(); err != nil {
			return Machine{}, err
		}
	}
	before, err := s.Machine(ctx, in.ARN)
	if err != nil {
		return Machine{}, err
	}
	if in.Definition != nil {
		if err := s.definitions.check(*in.Definition, before.Express); err != nil { // a type never changes
			return Machine{}, err
		}
	}
	revision, err := s.uuid()
	if err != nil {
		return Machine{}, err
	}
	return s.change(ctx, key, func(m *Machine) error {
		if m.Express != before.Express {
			return fault.New("ConflictException", "The state machine '%s' was replaced while it was updated.", m.ARN)
		}
		before := *m
		if in.Definition != nil {
			m.Definition = *in.Definition
		}
		if in.RoleARN != nil {
			m.RoleARN = *in.RoleARN
		}
		if in.Logging != nil {
			m.Logging = *in.Logging
		}
		if in.Tracing != nil {
			m.Tracing = *in.Tracing
		}
		// An update that changes nothing gives the revision that is there.
		if m.Definition != before.Definition || m.RoleARN != before.RoleARN || m.Logging != before.Logging || m.Tracing != before.Tracing {
			m.Revision = revision
		}
		m.Changed, m.Updated = true, s.config.Now()
		return nil
	})
}

// change changes a state machine in one transaction.
func (s *Service) change(ctx context.Context, key store.MachineKey, change func(*Machine) error) (Machine, error) {
	row, err := s.config.Store.UpdateMachine(ctx, key, func(row *store.Machine) error {
		m, err := s.decode(*row)
		if err != nil {
			return err
		}
		if m.Tags = maps.Clone(m.Tags); m.Tags == nil {
			m.Tags = map[string]string{}
		}
		if err := change(&m); err != nil {
			return err
		}
		*row, err = s.encode(m)
		return err
	})
	if err != nil {
		return Machine{}, failure(ctx, s.arn("stateMachine:"+key.Name), err)
	}
	return s.decode(row)
}

// Machine returns a state machine. Errors: StateMachineDoesNotExist, InvalidArn.
func (s *Service) Machine(ctx context.Context, arn string) (Machine, error) {
	key, err := s.machineKey(arn)
	if err != nil {
		return Machine{}, err
	}
	row, err := s.config.Store.Machine(ctx, key)
	if err != nil {
		return Machine{}, failure(ctx, arn, err)
	}
	return s.decode(row)
}

// Delete removes a state machine; deleting one that is not there does nothing.
// Executions that run go on to their end. Errors: InvalidArn.
func (s *Service) Delete(ctx context.Context, arn string) error {
	key, err := s.machineKey(arn)
	if err == nil {
		err = failure(ctx, arn, s.config.Store.DeleteMachine(ctx, key))
	}
	if is(err, StateMachineDoesNotExist) {
		return nil
	}
	return err
}

// Machines returns state machines after the one of that name, sorted by name,
// without their definitions; next is the name to go on after, "" at the end.
func (s *Service) Machines(ctx context.Context, after string, max int) (page []Machine, next string, err error) {
	key := store.MachineKey{Account: s.config.Account, Region: s.config.Region, Name: after}
	rows, err := s.config.Store.Machines(ctx, key, max+1)
	if err != nil {
		return nil, "", failure(ctx, "", err)
	}
	if len(rows) > max {
		rows = rows[:max]
		next = rows[max-1].Name
	}
	for _, row := range rows {
		m, err := s.decode(row)
		if err != nil {
			return nil, "", err
		}
		page = append(page, m)
	}
	return page, next, nil
}

// machineKey finds out which state machine an ARN means.
func (s *Service) machineKey(arn string) (store.MachineKey, error) {
	name, ours, err := s.resource(arn, "stateMachine")
	if err != nil {
		return store.MachineKey{}, err
	}
	// A name with a colon is a version's or an alias's, and there are none.
	if !ours || checkName(name) != nil || name == "" {
		return store.MachineKey{}, noMachine(arn)
	}
	return store.MachineKey{Account: s.config.Account, Region: s.config.Region, Name: name}, nil
}

func (s *Service) encode(m Machine) (store.Machine, error) {
	settings, err := json.Marshal(m.Settings)
	if err != nil {
		return store.Machine{}, failure(context.Background(), m.ARN, err)
	}
	kind := store.Standard
	if m.Express {
		kind = store.Express
	}
	return store.Machine{MachineKey: store.MachineKey{Account: s.config.Account, Region: s.config.Region, Name: m.Name},
		Revision: m.Revision, Type: kind, Created: m.Created, Updated: m.Updated, Definition: []byte(m.Definition), Configuration: settings}, nil
}

func (s *Service) decode(row store.Machine) (Machine, error) {
	m := Machine{Name: row.Name, ARN: s.arn("stateMachine:" + row.Name), Express: row.Type == store.Express, Definition: string(row.Definition),
		Revision: row.Revision, Created: row.Created, Updated: row.Updated}
	if err := json.Unmarshal(row.Configuration, &m.Settings); err != nil {
		return Machine{}, failure(context.Background(), m.ARN, err)
	}
	return m, nil
}

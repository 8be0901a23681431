package function

import (
	"context"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// EventInvokeSettings say what becomes of asynchronous invocations. They are kept
// and answered; nothing is invoked asynchronously yet. Members are AWS's.
type EventInvokeSettings struct {
	MaximumRetryAttempts     *int               `json:",omitempty"` // 0 to 2
	MaximumEventAgeInSeconds *int               `json:",omitempty"` // 60 to 21,600
	DestinationConfig        *DestinationConfig `json:",omitempty"`
}

// DestinationConfig says where the results of invocations go.
type DestinationConfig struct {
	OnSuccess, OnFailure *Destination `json:",omitempty"`
}

// Destination is the ARN of a queue, topic, function, event bus or bucket; "" is
// none.
type Destination struct {
	Destination string `json:",omitempty"`
}

// EventInvokeConfig is what PutFunctionEventInvokeConfig answers.
type EventInvokeConfig struct {
	EventInvokeSettings
	FunctionARN  string    `json:"-"`
	LastModified time.Time // to the second
}

// PutEventInvoke sets what becomes of asynchronous invocations of a function, a
// version or an alias; keep keeps what is not given, if there is something.
//
// Errors: ResourceNotFound, InvalidParameterValue.
func (s *Service) PutEventInvoke(ctx context.Context, ref Ref, in EventInvokeSettings, keep bool) (EventInvokeConfig, error) {
	if in.MaximumRetryAttempts == nil && in.MaximumEventAgeInSeconds == nil && in.DestinationConfig == nil {
		return EventInvokeConfig{}, invalid("You must specify at least one of error handling or destination setting.")
	}
	ref = eventInvokeRef(ref)
	now := s.config.Now().UTC().Truncate(time.Second)
	if err := s.eventInvokeTarget(ctx, ref); err != nil {
		return EventInvokeConfig{}, err
	}
	if err := s.checkDestinations(ctx, ref, in.DestinationConfig); err != nil {
		return EventInvokeConfig{}, err
	}
	c, err := attach(ctx, s, ref, kindEventInvoke, func(tx store.FunctionTx, before *EventInvokeConfig) (*EventInvokeConfig, error) {
		if err := exists(tx, ref.Qualifier); err != nil {
			return nil, err
		}
		after := EventInvokeConfig{EventInvokeSettings: in, LastModified: now}
		if keep {
			if before == nil {
				return nil, s.noEventInvoke(ref)
			}
			after.keep(&before.EventInvokeSettings)
		}
		return &after, nil
	})
	if err != nil {
		return EventInvokeConfig{}, err
	}
	return s.describeEventInvoke(c, ref), nil
}

// keep takes over what was not given.
func (c *EventInvokeConfig) keep(before *EventInvokeSettings) {
	if c.MaximumRetryAttempts == nil {
		c.MaximumRetryAttempts = before.MaximumRetryAttempts
	}
	if c.MaximumEventAgeInSeconds == nil {
		c.MaximumEventAgeInSeconds = before.MaximumEventAgeInSeconds
	}
	if c.DestinationConfig == nil {
		c.DestinationConfig = before.DestinationConfig
	}
}

// EventInvoke returns what PutEventInvoke kept. Errors: ResourceNotFound.
func (s *Service) EventInvoke(ctx context.Context, ref Ref) (EventInvokeConfig, error) {
	ref = eventInvokeRef(ref)
	c, err := attached[EventInvokeConfig](ctx, s, ref, kindEventInvoke)
	switch {
	case err != nil:
		return EventInvokeConfig{}, err
	case c == nil:
		return EventInvokeConfig{}, s.noEventInvoke(ref)
	}
	return s.describeEventInvoke(c, ref), nil
}

// DeleteEventInvoke removes it. Errors: ResourceNotFound.
func (s *Service) DeleteEventInvoke(ctx context.Context, ref Ref) error {
	ref = eventInvokeRef(ref)
	_, err := attach(ctx, s, ref, kindEventInvoke, func(_ store.FunctionTx, before *EventInvokeConfig) (*EventInvokeConfig, error) {
		if before == nil {
			return nil, s.noEventInvoke(ref)
		}
		return nil, nil
	})
	return err
}

// EventInvokes lists those of a function, its versions and aliases, after marker
// by qualifier; at most max, and MaxItems if max is 0 or more than that. next is the
// marker of what follows. Errors: ResourceNotFound.
func (s *Service) EventInvokes(ctx context.Context, name, marker string, max int) (all []EventInvokeConfig, next string, err error) {
	if err := s.eventInvokeTarget(ctx, Ref{Name: name}); err != nil {
		return nil, "", err
	}
	qualifiers, found, next, err := attachments[EventInvokeConfig](ctx, s, name, kindEventInvoke, marker, max)
	if err != nil {
		return nil, "", err
	}
	all = make([]EventInvokeConfig, len(found))
	for i, c := range found {
		all[i] = s.describeEventInvoke(c, Ref{name, qualifiers[i]})
	}
	return all, next, nil
}

// eventInvokeRef names the function itself $LATEST, as AWS does.
func eventInvokeRef(ref Ref) Ref {
	if ref.Qualifier == "" {
		ref.Qualifier = Latest
	}
	return ref
}

func (s *Service) noEventInvoke(ref Ref) error {
	return fault.New(fault.ResourceNotFound, "The function %s doesn't have an EventInvokeConfig", s.ARN(ref))
}

// eventInvokeTarget returns AWS's error unless there is what ref names.
func (s *Service) eventInvokeTarget(ctx context.Context, ref Ref) error {
	err := s.present(ctx, ref)
	if isAbsent(err) {
		return fault.New(fault.ResourceNotFound, "The function doesn't exist.")
	}
	return s.failure(ctx, ref, err)
}

// present returns an error of the store unless there is what ref names.
func (s *Service) present(ctx context.Context, ref Ref) error {
	_, err := s.deployment(ctx, ref)
	return err
}

func (s *Service) describeEventInvoke(c *EventInvokeConfig, ref Ref) EventInvokeConfig {
	out := *c
	out.FunctionARN = s.ARN(ref)
	return out
}

// checkDestinations refuses destinations that cannot be one. Whether a queue, topic
// or bus is there is not known.
func (s *Service) checkDestinations(ctx context.Context, ref Ref, d *DestinationConfig) error {
	if d == nil {
		return nil
	}
	for _, to := range []*Destination{d.OnSuccess, d.OnFailure} {
		if to == nil || to.Destination == "" {
			continue
		}
		part := strings.SplitN(to.Destination, ":", 8) // arn:aws:SERVICE:REGION:ACCOUNT:…
		if len(part) < 6 {
			return invalid("The destination ARN %s is invalid.", to.Destination)
		}
		switch part[2] {
		case "sqs", "sns", "events":
		case "s3":
			if to == d.OnSuccess {
				return invalid("The provided destination config %s is invalid.", d)
			}
		case "lambda":
			if part[5] != "function" || len(part) < 7 || part[3] != s.config.Region || part[4] != s.config.Account {
				return invalid("The destination ARN %s is invalid.", to.Destination)
			}
			target := Ref{Name: part[6]}
			if len(part) == 8 {
				target.Qualifier = part[7]
			}
			if target.Name == ref.Name {
				return invalid("You can't specify the function as a destination for itself.")
			}
			if err := s.present(ctx, target); isAbsent(err) {
				return invalid("The destination ARN %s is invalid.", to.Destination)
			} else if err != nil {
				return s.failure(ctx, ref, err)
			}
		default:
			return invalid("The provided destination config %s is invalid.", d)
		}
	}
	return nil
}

// String is how AWS's messages show it.
func (d *DestinationConfig) String() string {
	show := func(name string, to *Destination) string {
		if to == nil {
			return "null"
		}
		return name + "(destination=" + to.Destination + ")"
	}
	return "DestinationConfig(onSuccess=" + show("OnSuccess", d.OnSuccess) + ", onFailure=" + show("OnFailure", d.OnFailure) + ")"
}

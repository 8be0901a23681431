package workflow

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Limits of tags.
const (
	maxTags     = 50
	maxTagKey   = 128 // characters
	maxTagValue = 256 // characters
)

func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return fault.New(TooManyTags, "The resource would have %d tags; at most %d are allowed.", len(tags), maxTags)
	}
	for key, value := range tags {
		if n := utf8.RuneCountInString(key); n == 0 || n > maxTagKey {
			return fault.New(fault.Validation, "The key of a tag has %d characters, allowed are 1 to %d", n, maxTagKey)
		}
		if n := utf8.RuneCountInString(value); n > maxTagValue {
			return fault.New(fault.Validation, "The value of a tag has %d characters, allowed are %d", n, maxTagValue)
		}
	}
	return nil
}

// checkRole refuses what is not the ARN of a role.
func checkRole(arn string) error {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 && parts[0] == "arn" && parts[2] == "iam" && strings.HasPrefix(parts[5], "role/") {
		return nil
	}
	return fault.New(InvalidArn, "Invalid Role Arn: '%s'", arn)
}

func checkPublish(publish, described bool) error {
	switch {
	case publish:
		return lacking("versions of state machines (publish)")
	case described:
		return fault.New(fault.Validation, "Version description can only be set when publish is true")
	}
	return nil
}

// is reports whether an error is a fault of that code.
func is(err error, code fault.Code) bool {
	f, ok := errors.AsType[*fault.Error](err)
	return ok && f.Code == code
}

// Tags returns the tags of a state machine or an activity. Errors:
// ResourceNotFound, InvalidArn.
func (s *Service) Tags(ctx context.Context, arn string) (map[string]string, error) {
	if name, ok := s.activityName(arn); ok {
		return s.activities.tags(name, arn, nil)
	}
	m, err := s.Machine(ctx, arn)
	return m.Tags, notTagged(arn, err)
}

// Tag adds tags. Errors: ResourceNotFound, InvalidArn, TooManyTags, Validation.
func (s *Service) Tag(ctx context.Context, arn string, tags map[string]string) error {
	return s.retag(ctx, arn, func(all map[string]string) error {
		for key, value := range tags {
			all[key] = value
		}
		return checkTags(all)
	})
}

// Untag removes tags. Errors: ResourceNotFound, InvalidArn.
func (s *Service) Untag(ctx context.Context, arn string, keys []string) error {
	return s.retag(ctx, arn, func(all map[string]string) error {
		for _, key := range keys {
			delete(all, key)
		}
		return nil
	})
}

func (s *Service) retag(ctx context.Context, arn string, change func(map[string]string) error) error {
	if name, ok := s.activityName(arn); ok {
		_, err := s.activities.tags(name, arn, change)
		return err
	}
	key, err := s.machineKey(arn)
	if err == nil {
		_, err = s.change(ctx, key, func(m *Machine) error { return change(m.Tags) })
	}
	return notTagged(arn, err)
}

// notTagged words a state machine that is not there as the operations on tags do.
func notTagged(arn string, err error) error {
	if is(err, StateMachineDoesNotExist) {
		return fault.New(ResourceNotFound, "Resource not found: '%s'", arn)
	}
	return err
}

package function

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// maxResource is the longest ARN of something that can have tags.
const maxResource = 256

// Tags returns the tags of the function or event source mapping with that ARN,
// never nil. Errors: Validation, ResourceNotFound, InvalidParameterValue (a
// qualified ARN).
func (s *Service) Tags(ctx context.Context, arn string) (map[string]string, error) {
	name, uuid, err := s.tagged(arn)
	if err != nil {
		return nil, err
	}
	var tags map[string]string
	if uuid != "" {
		m, err := s.mapping(ctx, uuid)
		if err != nil {
			return nil, s.noMappingOf(ctx, arn, err)
		}
		tags = m.Tags
	} else {
		r, err := s.read(ctx, Ref{Name: name})
		if err != nil {
			return nil, err
		}
		tags = r.Tags
	}
	if tags == nil {
		return map[string]string{}, nil
	}
	return maps.Clone(tags), nil
}

// Tag adds tags to it, or gives those that are there another value.
// Errors: those of Tags.
func (s *Service) Tag(ctx context.Context, arn string, tags map[string]string) error {
	if _, _, err := s.tagged(arn); err != nil {
		return err
	}
	if len(tags) == 0 {
		return invalid("An error occurred and the request cannot be processed.")
	}
	if err := checkTags(tags); err != nil {
		return err
	}
	return s.retag(ctx, arn, func(all map[string]string) { maps.Copy(all, tags) })
}

// Untag removes tags from it; those that are not there do not matter.
// Errors: those of Tags.
func (s *Service) Untag(ctx context.Context, arn string, keys []string) error {
	return s.retag(ctx, arn, func(all map[string]string) {
		maps.DeleteFunc(all, func(key, _ string) bool { return slices.Contains(keys, key) })
	})
}

func (s *Service) retag(ctx context.Context, arn string, alter func(map[string]string)) error {
	name, uuid, err := s.tagged(arn)
	if err != nil {
		return err
	}
	retagged := func(tags map[string]string) (map[string]string, error) {
		after := map[string]string{}
		maps.Copy(after, tags)
		alter(after)
		return after, checkTags(after)
	}
	if uuid != "" {
		_, err := s.changeMapping(ctx, uuid, func(m *mapping) (err error) {
			m.Tags, err = retagged(m.Tags)
			return err
		})
		return s.noMappingOf(ctx, arn, err)
	}
	revision := sandbox.NewRequestID()
	err = s.alter(ctx, name, func(_ store.FunctionTx, r *record) (err error) {
		r.Configuration.RevisionID = revision
		r.Tags, err = retagged(r.Tags)
		return err
	})
	return s.failure(ctx, Ref{Name: name}, err)
}

// tagged says what an ARN of something that can have tags names: a function, or an
// event source mapping.
func (s *Service) tagged(arn string) (name, uuid string, err error) {
	var c constraints
	c.length(&arn, "resource", 1, maxResource)
	if c.pattern(&arn, "resource", resourcePattern, resourceText); c.err() != nil {
		return "", "", c.err()
	}
	fields := strings.SplitN(arn, ":", 8) // there are as many in every match of resourcePattern
	region, account, kind, name := fields[3], fields[4], fields[5], fields[6]
	switch {
	case region != s.config.Region:
		return "", "", fault.New(fault.ResourceNotFound, "Functions from '%s' are not reachable in this region ('%s')", region, s.config.Region)
	case kind == "function" && len(fields) == 8:
		return "", "", invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.")
	case kind == "function" && account == s.config.Account:
		return name, "", nil
	case kind == "event-source-mapping" && account == s.config.Account:
		return "", name, nil
	}
	return "", "", fault.New(fault.ResourceNotFound, "%s not found: %s", kindOf(kind), arn)
}

// kindOf names what an ARN is of.
func kindOf(kind string) string {
	switch kind {
	case "function":
		return "Function"
	case "capacity-provider":
		return "Capacity provider"
	case "event-source-mapping":
		return "Event source mapping"
	case "code-signing-config":
		return "Code signing config"
	default:
		return "Layer"
	}
}

// noMappingOf words the error of a mapping that is not there as operations on tags
// do.
func (s *Service) noMappingOf(ctx context.Context, arn string, err error) error {
	if errors.Is(err, store.ErrNoMapping) {
		return fault.New(fault.ResourceNotFound, "%s not found: %s", kindOf("event-source-mapping"), arn)
	}
	return s.failure(ctx, Ref{}, err)
}

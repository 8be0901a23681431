package function

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// Mapping is an event source mapping as AWS describes it. It is kept and answered;
// nothing polls its source yet.
type Mapping struct {
	MappingSettings
	UUID, ARN, FunctionARN    string
	EventSourceARN            string
	StartingPosition          string   // "" if none was given
	StartingPositionTimestamp *float64 // seconds since 1970
	LastModified              time.Time
	LastProcessingResult      string // "" but for streams
	State, Reason             string // Creating, Enabling, Enabled, Disabling, Disabled, Updating, Deleting
}

// MappingInput is what CreateEventSourceMapping takes.
type MappingInput struct {
	Ref                       Ref
	EventSourceARN            string
	StartingPosition          string
	StartingPositionTimestamp *float64
	Enabled                   *bool
	Tags                      map[string]string
	MappingSettings
}

// mapping is an event source mapping as the store keeps it; names of fields stay.
type mapping struct {
	MappingSettings
	Ref                       Ref
	Source                    string
	StartingPosition          string   `json:",omitempty"`
	StartingPositionTimestamp *float64 `json:",omitempty"`
	Tags                      map[string]string
	Enabled                   bool
	LastModified              time.Time
	// Doing is what was begun at LastModified: Creating, Enabling, Disabling,
	// Updating, Deleting. It takes as long as Config.Waits says. A mapping that was
	// created Disabled is so at once.
	Doing string

	uuid string
}

// The reasons of a mapping's state, as recorded.
func (m *mapping) reason() string {
	if m.kind() == streamSource {
		return "User action"
	}
	return "USER_INITIATED"
}

func (m *mapping) kind() sourceKind { return kindOfSource(m.Source, &m.MappingSettings) }

func kindOfSource(arn string, in *MappingSettings) sourceKind {
	fields := strings.SplitN(arn, ":", 6)
	switch {
	case in.SelfManagedEventSource != nil && arn == "":
		return pollSource
	case len(fields) < 6:
		return unknownSource
	}
	switch fields[2] {
	case "sqs":
		return queueSource
	case "kinesis", "dynamodb":
		return streamSource
	case "kafka", "mq", "rds", "docdb":
		return pollSource
	}
	return unknownSource
}

// describe says what a mapping is at a moment; ok is false when it is gone by then.
func (s *Service) describeMapping(m *mapping, now time.Time) (out Mapping, ok bool) {
	out = Mapping{
		MappingSettings: m.MappingSettings, UUID: m.uuid, FunctionARN: s.ARN(m.Ref), EventSourceARN: m.Source,
		ARN:              "arn:aws:lambda:" + s.config.Region + ":" + s.config.Account + ":event-source-mapping:" + m.uuid,
		StartingPosition: m.StartingPosition, StartingPositionTimestamp: m.StartingPositionTimestamp,
		LastModified: m.LastModified, State: m.Doing, Reason: m.reason(),
	}
	if m.kind() != queueSource {
		out.LastProcessingResult = "No records processed"
	}
	if s.underway(m, now) {
		return out, true
	}
	out.State = "Disabled"
	if m.Enabled {
		out.State = "Enabled"
	}
	return out, m.Doing != "Deleting"
}

// underway reports whether what was begun with a mapping is still being done. It was
// not begun in the future: a clock that was set back holds nothing up.
func (s *Service) underway(m *mapping, now time.Time) bool {
	return m.Doing != "Disabled" && now.Sub(m.LastModified).Abs() < s.wait(mappingWait)
}

// idle refuses a change, named by its verb, while another is under way, and of what is
// gone.
func (s *Service) idle(m *mapping, now time.Time, verb string) error {
	if _, ok := s.describeMapping(m, now); !ok {
		return store.ErrNoMapping
	}
	if s.underway(m, now) {
		return fault.New(fault.ResourceInUse, "Cannot %s the event source mapping because it is in use.", verb)
	}
	return nil
}

// CreateMapping keeps an event source mapping.
//
// Errors: InvalidParameterValue, ResourceConflict (there is one for the source and
// the function).
func (s *Service) CreateMapping(ctx context.Context, in MappingInput) (Mapping, error) {
	m := mapping{
		Ref: in.Ref, Source: in.EventSourceARN, StartingPosition: in.StartingPosition, StartingPositionTimestamp: in.StartingPositionTimestamp,
		Tags: in.Tags, Enabled: in.Enabled == nil || *in.Enabled, Doing: "Creating", uuid: sandbox.NewRequestID(),
	}
	if !m.Enabled {
		m.Doing = "Disabled"
	}
	if err := checkMapping(&in); err != nil {
		return Mapping{}, err
	}
	if err := checkTags(in.Tags); err != nil {
		return Mapping{}, err
	}
	if err := s.mappingTarget(ctx, in.Ref); err != nil {
		return Mapping{}, err
	}
	m.MappingSettings = kindOfSource(in.EventSourceARN, &in.MappingSettings).defaults()
	m.merge(&in.MappingSettings)
	m.join(m.Source, m.uuid)
	now := s.config.Now().UTC()
	m.LastModified = now
	s.mappings.Lock() // one at a time, so that there are never two of a kind
	defer s.mappings.Unlock()
	if err := s.unmapped(ctx, &m, now); err != nil {
		return Mapping{}, err
	}
	row, err := s.mappingRow(&m)
	if err == nil {
		err = s.config.Store.CreateMapping(ctx, row)
	}
	if err != nil {
		return Mapping{}, s.failure(ctx, in.Ref, err)
	}
	out, _ := s.describeMapping(&m, now)
	out.State = m.Doing
	return out, nil
}

// unmapped refuses a second mapping of a source to a function.
func (s *Service) unmapped(ctx context.Context, m *mapping, now time.Time) error {
	if m.Source == "" {
		return nil
	}
	found, err := s.allMappings(ctx, m.Ref.Name, m.Source, now)
	if err != nil {
		return err
	}
	for _, other := range found {
		if other.Ref != m.Ref {
			continue
		}
		text := "The event source arn (\" %s \") and function (\" %s \") provided mapping already exists. Please update or delete the existing mapping with UUID %s"
		if m.kind() == queueSource {
			text = "An event source mapping with SQS arn (\" %s \") and function (\" %s \") already exists. Please update or delete the existing mapping with UUID %s"
		}
		return fault.New(fault.ResourceConflict, text, m.Source, m.Ref.Name, other.uuid)
	}
	return nil
}

// mappingTarget refuses a function that is not there.
func (s *Service) mappingTarget(ctx context.Context, ref Ref) error {
	err := s.present(ctx, ref)
	if isAbsent(err) {
		return invalid("Function does not exist")
	}
	return s.failure(ctx, ref, err)
}

// Mapping returns one. Errors: ResourceNotFound.
func (s *Service) Mapping(ctx context.Context, uuid string) (Mapping, error) {
	m, err := s.mapping(ctx, uuid)
	if err != nil {
		return Mapping{}, s.noMapping(ctx, err)
	}
	out, ok := s.describeMapping(m, s.config.Now())
	if !ok {
		return Mapping{}, s.noMapping(ctx, store.ErrNoMapping)
	}
	return out, nil
}

// UpdateMapping changes what is given; ref and enabled are nil if they stay.
// Errors: ResourceNotFound, InvalidParameterValue, ResourceInUse (another change is
// under way), ResourceConflict (the other function has one for the source).
func (s *Service) UpdateMapping(ctx context.Context, uuid string, ref *Ref, enabled *bool, in MappingSettings) (Mapping, error) {
	if _, err := s.Mapping(ctx, uuid); err != nil {
		return Mapping{}, err
	}
	if ref != nil {
		if err := s.mappingTarget(ctx, *ref); err != nil {
			return Mapping{}, err
		}
	}
	now := s.config.Now().UTC()
	if ref != nil {
		s.mappings.Lock()
		defer s.mappings.Unlock()
		moved, err := s.mapping(ctx, uuid)
		if err != nil {
			return Mapping{}, s.noMapping(ctx, err)
		}
		if moved.Ref != *ref {
			moved.Ref = *ref
			if err := s.unmapped(ctx, moved, now); err != nil {
				return Mapping{}, err
			}
		}
	}
	m, err := s.changeMapping(ctx, uuid, func(m *mapping) error {
		if err := s.idle(m, now, "update"); err != nil {
			return err
		}
		if err := checkMappingSettings(m.kind(), &in); err != nil {
			return err
		}
		m.Doing, m.LastModified = "Updating", now
		if enabled != nil && *enabled != m.Enabled {
			m.Enabled, m.Doing = *enabled, map[bool]string{true: "Enabling", false: "Disabling"}[*enabled]
		}
		if ref != nil {
			m.Ref = *ref
		}
		m.merge(&in)
		return checkWindow(m.kind(), &m.MappingSettings)
	})
	if err != nil {
		return Mapping{}, s.noMapping(ctx, err)
	}
	out, _ := s.describeMapping(m, now)
	out.State = m.Doing
	return out, nil
}

// DeleteMapping removes one. Errors: ResourceNotFound, ResourceInUse (another change
// is under way).
func (s *Service) DeleteMapping(ctx context.Context, uuid string) (Mapping, error) {
	now := s.config.Now().UTC()
	m, err := s.changeMapping(ctx, uuid, func(m *mapping) error {
		if err := s.idle(m, now, "delete"); err != nil {
			return err
		}
		m.Doing, m.LastModified = "Deleting", now
		return nil
	})
	if err == nil && s.wait(mappingWait) == 0 {
		err = s.config.Store.DeleteMapping(ctx, s.mappingKey(uuid))
	}
	if err != nil {
		return Mapping{}, s.noMapping(ctx, err)
	}
	out, _ := s.describeMapping(m, now)
	out.State = m.Doing
	return out, nil
}

// Mappings lists those of a function and of a source, each unless it is empty,
// after marker by UUID; at most max, and MaxMappings if max is 0 or more than that.
func (s *Service) Mappings(ctx context.Context, ref Ref, source, marker string, max int) (all []Mapping, next string, err error) {
	if max < 1 || max > MaxMappings {
		max = MaxMappings
	}
	now := s.config.Now()
	rows, err := s.config.Store.Mappings(ctx, s.mappingKey(marker), ref.Name, source, max+1)
	if err != nil {
		return nil, "", s.failure(ctx, ref, err)
	}
	all = []Mapping{}
	for i, row := range rows {
		if i == max {
			next = rows[i-1].UUID
			break
		}
		m, err := decodeMapping(row)
		if err != nil {
			return nil, "", err
		}
		if out, ok := s.describeMapping(m, now); ok && (ref.Name == "" || m.Ref == ref) {
			all = append(all, out)
		}
	}
	return all, next, nil
}

// MaxMappings is the most event source mappings of a page, as on AWS Lambda.
const MaxMappings = 100

// allMappings reads those of a function and a source that are not gone, and removes
// those that are.
func (s *Service) allMappings(ctx context.Context, function, source string, now time.Time) (all []*mapping, err error) {
	for after := s.mappingKey(""); ; {
		rows, err := s.config.Store.Mappings(ctx, after, function, source, store.MaxPage)
		if err != nil {
			return nil, s.failure(ctx, Ref{Name: function}, err)
		}
		for _, row := range rows {
			after = row.MappingKey
			m, err := decodeMapping(row)
			if err != nil {
				return nil, err
			}
			if _, ok := s.describeMapping(m, now); ok {
				all = append(all, m)
			} else if err := s.config.Store.DeleteMapping(ctx, row.MappingKey); err != nil && !errors.Is(err, store.ErrNoMapping) {
				return nil, s.failure(ctx, Ref{Name: function}, err)
			}
		}
		if len(rows) < store.MaxPage {
			return all, nil
		}
	}
}

func (s *Service) mappingKey(uuid string) store.MappingKey {
	return store.MappingKey{Account: s.config.Account, Region: s.config.Region, UUID: uuid}
}

func (s *Service) mapping(ctx context.Context, uuid string) (*mapping, error) {
	row, err := s.config.Store.Mapping(ctx, s.mappingKey(uuid))
	if err != nil {
		return nil, err
	}
	return decodeMapping(row)
}

func (s *Service) changeMapping(ctx context.Context, uuid string, change func(*mapping) error) (after *mapping, err error) {
	_, err = s.config.Store.UpdateMapping(ctx, s.mappingKey(uuid), func(row *store.Mapping) error {
		m, err := decodeMapping(*row)
		if err != nil {
			return err
		}
		if err := change(m); err != nil {
			return err
		}
		after = m
		*row, err = s.mappingRow(m)
		return err
	})
	return after, err
}

// noMapping words the error of a mapping that is not there.
func (s *Service) noMapping(ctx context.Context, err error) error {
	if errors.Is(err, store.ErrNoMapping) {
		return fault.New(fault.ResourceNotFound, "The resource you requested does not exist.")
	}
	return s.failure(ctx, Ref{}, err)
}

func (s *Service) mappingRow(m *mapping) (store.Mapping, error) {
	content, err := json.Marshal(m)
	return store.Mapping{
		MappingKey: s.mappingKey(m.uuid), Function: m.Ref.Name, Source: m.Source, Revision: sandbox.NewRequestID(), Configuration: content,
	}, err
}

func decodeMapping(row store.Mapping) (*mapping, error) {
	m := mapping{uuid: row.UUID}
	if err := json.Unmarshal(row.Configuration, &m); err != nil {
		return nil, &fault.Error{Code: fault.Service, Message: "The event source mapping " + row.UUID + " cannot be read.", Err: err}
	}
	return &m, nil
}

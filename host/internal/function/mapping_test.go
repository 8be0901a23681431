package function_test

import (
	"maps"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

const queue = "arn:aws:sqs:us-east-1:000000000000:q"

// TestMappingStates has a clock that is moved, and changes that take a second.
func TestMappingStates(t *testing.T) {
	var clock atomic.Int64
	clock.Store(time.Now().UnixNano())
	s := newService(t, function.Config{Now: func() time.Time { return time.Unix(0, clock.Load()) }, Waits: 1})
	active(t, s, "f", packGuest(t, "echo"))
	ctx := t.Context()
	in := function.MappingInput{Ref: function.Ref{Name: "f"}, EventSourceARN: queue, Tags: map[string]string{"team": "blue"}}
	m, err := s.CreateMapping(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	state := func(want string) {
		t.Helper()
		if got, err := s.Mapping(ctx, m.UUID); err != nil || got.State != want {
			t.Errorf("%s, %v, want %s", got.State, err, want)
		}
	}
	if m.State != "Creating" || m.Reason != "USER_INITIATED" || *m.BatchSize != 10 || m.LastProcessingResult != "" {
		t.Errorf("created %+v", m)
	}
	state("Creating")
	_, err = s.UpdateMapping(ctx, m.UUID, nil, nil, function.MappingSettings{BatchSize: ptr(5)})
	wantFault(t, "updated while created", err, fault.ResourceInUse, "Cannot update the event source mapping because it is in use.")
	_, err = s.DeleteMapping(ctx, m.UUID)
	wantFault(t, "deleted while created", err, fault.ResourceInUse, "Cannot delete the event source mapping because it is in use.")
	clock.Add(int64(time.Second))
	state("Enabled")
	_, err = s.CreateMapping(ctx, in)
	wantFault(t, "twice", err, fault.ResourceConflict, `An event source mapping with SQS arn (" `+queue+` ") and function (" f ") already exists. Please update or delete the existing mapping with UUID `+m.UUID)
	if tags, err := s.Tags(ctx, m.ARN); err != nil || !maps.Equal(tags, in.Tags) {
		t.Errorf("tags: %v, %v", tags, err)
	}
	for _, u := range []struct {
		enabled       *bool
		during, after string
	}{
		{nil, "Updating", "Enabled"},
		{ptr(true), "Updating", "Enabled"}, // as it was
		{ptr(false), "Disabling", "Disabled"},
		{nil, "Updating", "Disabled"},
		{ptr(true), "Enabling", "Enabled"},
		{ptr(false), "Disabling", "Disabled"},
	} {
		if got, err := s.UpdateMapping(ctx, m.UUID, nil, u.enabled, function.MappingSettings{BatchSize: ptr(5)}); err != nil || got.State != u.during || *got.BatchSize != 5 {
			t.Errorf("updated %+v, %v, want %s", got, err, u.during)
		}
		state(u.during)
		clock.Add(int64(time.Second))
		state(u.after)
	}
	if err := s.Delete(ctx, function.Ref{Name: "f"}); err != nil { // it stays
		t.Fatal(err)
	}
	state("Disabled")
	if d, err := s.DeleteMapping(ctx, m.UUID); err != nil || d.State != "Deleting" {
		t.Errorf("deleted %+v, %v", d, err)
	}
	state("Deleting")
	_, err = s.UpdateMapping(ctx, m.UUID, nil, nil, function.MappingSettings{})
	wantFault(t, "updated while deleted", err, fault.ResourceInUse, "Cannot update")
	clock.Add(int64(time.Second))
	_, err = s.Mapping(ctx, m.UUID)
	wantFault(t, "gone", err, fault.ResourceNotFound, "The resource you requested does not exist.")
	_, err = s.DeleteMapping(ctx, m.UUID)
	wantFault(t, "deleted again", err, fault.ResourceNotFound, "The resource you requested does not exist.")
	if all, next, err := s.Mappings(ctx, function.Ref{}, "", "", 0); err != nil || len(all) != 0 || next != "" {
		t.Errorf("listed %v, %s, %v", all, next, err)
	}
}

// TestMappingCreatedDisabled has the state that was recorded: nothing begins.
func TestMappingCreatedDisabled(t *testing.T) {
	now := time.Now()
	s := newService(t, function.Config{Now: func() time.Time { return now }, Waits: 1})
	active(t, s, "f", packGuest(t, "echo"))
	m, err := s.CreateMapping(t.Context(), function.MappingInput{Ref: function.Ref{Name: "f"}, EventSourceARN: queue, Enabled: ptr(false)})
	if err != nil || m.State != "Disabled" || m.Reason != "USER_INITIATED" {
		t.Fatalf("created %+v, %v", m, err)
	}
	if m, err = s.UpdateMapping(t.Context(), m.UUID, nil, ptr(true), function.MappingSettings{}); err != nil || m.State != "Enabling" {
		t.Errorf("enabled %+v, %v", m, err)
	}
}

// TestMappingMoved gives a mapping another function: not one that has the source
// already.
func TestMappingMoved(t *testing.T) {
	s, ctx := newService(t, function.Config{}), t.Context()
	var first, second function.Mapping
	for name, m := range map[string]*function.Mapping{"f": &first, "g": &second} {
		active(t, s, name, packGuest(t, "echo"))
		var err error
		if *m, err = s.CreateMapping(ctx, function.MappingInput{Ref: function.Ref{Name: name}, EventSourceARN: queue}); err != nil {
			t.Fatal(err)
		}
	}
	to := func(name string) error {
		_, err := s.UpdateMapping(ctx, first.UUID, &function.Ref{Name: name}, nil, function.MappingSettings{})
		return err
	}
	if err := to("f"); err != nil {
		t.Errorf("to where it is: %v", err)
	}
	wantFault(t, "to another's place", to("g"), fault.ResourceConflict, "Please update or delete the existing mapping with UUID "+second.UUID)
	if _, err := s.DeleteMapping(ctx, second.UUID); err != nil {
		t.Fatal(err)
	}
	if err := to("g"); err != nil {
		t.Errorf("to one without: %v", err)
	}
	if m, err := s.Mapping(ctx, first.UUID); err != nil || m.FunctionARN != s.ARN(function.Ref{Name: "g"}) {
		t.Errorf("it is %+v, %v", m, err)
	}
}

func TestMappingsRefused(t *testing.T) {
	s := newService(t, function.Config{})
	active(t, s, "f", packGuest(t, "echo"))
	stream := "arn:aws:kinesis:us-east-1:000000000000:stream/s"
	for name, c := range map[string]struct {
		change func(*function.MappingInput)
		want   string
	}{
		"no source":    {func(in *function.MappingInput) { in.EventSourceARN = "" }, "Unrecognized event source."},
		"other source": {func(in *function.MappingInput) { in.EventSourceARN = "arn:aws:s3:::b" }, "Unrecognized event source."},
		"no access": {func(in *function.MappingInput) {
			in.EventSourceARN = ""
			in.SelfManagedEventSource = &function.SelfManagedEventSource{Endpoints: map[string][]string{"KAFKA_BOOTSTRAP_SERVERS": {"kafka:9092"}}}
		}, "Required 'sourceAccessConfigurations' parameter is missing."},
		"no function": {func(in *function.MappingInput) { in.Ref.Name = "g" }, "Function does not exist"},
		"no version":  {func(in *function.MappingInput) { in.Ref.Qualifier = "7" }, "Function does not exist"},
		"no position": {func(in *function.MappingInput) { in.EventSourceARN = stream }, "Value null at 'startingPosition'"},
		"time": {func(in *function.MappingInput) {
			in.EventSourceARN, in.StartingPosition = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s", "AT_TIMESTAMP"
		}, "Unsupported starting position for arn type: arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s"},
		"of streams":    {func(in *function.MappingInput) { in.ParallelizationFactor = ptr(2) }, "Unsupported ParallelizationFactor parameter"},
		"window":        {func(in *function.MappingInput) { in.BatchSize = ptr(11) }, "Maximum batch window in seconds must be greater than 0"},
		"pattern":       {func(in *function.MappingInput) { in.FilterCriteria = filter(`"x"`) }, "Invalid filter pattern definition."},
		"leaf":          {func(in *function.MappingInput) { in.FilterCriteria = filter(`{"a":{"b":1}}`) }, "Invalid filter pattern definition."},
		"not JSON":      {func(in *function.MappingInput) { in.FilterCriteria = filter(`{"a":["b"=1}]`) }, "Invalid filter pattern definition."},
		"deep":          {func(in *function.MappingInput) { in.FilterCriteria = filter(strings.Repeat(`{"a":`, 20_000)) }, "Invalid filter pattern definition."},
		"more patterns": {func(in *function.MappingInput) { in.FilterCriteria = filter("{}", "{}", "{}", "{}", "{}", "{}") }, "at most 5"},
		"destination": {func(in *function.MappingInput) {
			in.DestinationConfig = &function.DestinationConfig{OnSuccess: &function.Destination{Destination: queue}}
		}, "Unsupported DestinationConfig parameter"},
	} {
		in := function.MappingInput{Ref: function.Ref{Name: "f"}, EventSourceARN: queue}
		c.change(&in)
		_, err := s.CreateMapping(t.Context(), in)
		wantFault(t, name, err, fault.InvalidParameterValue, c.want)
	}
}

// TestMappingsOfKafka has a group of consumers of their own, unless they are given one.
func TestMappingsOfKafka(t *testing.T) {
	s := newService(t, function.Config{})
	active(t, s, "f", packGuest(t, "echo"))
	create := func(in function.MappingInput) function.Mapping {
		t.Helper()
		in.Ref = function.Ref{Name: "f"}
		m, err := s.CreateMapping(t.Context(), in)
		if err != nil || m.Reason != "USER_INITIATED" || m.LastProcessingResult != "No records processed" || *m.BatchSize != 100 || m.MaximumBatchingWindowInSeconds != nil {
			t.Fatalf("%+v, %v", m, err)
		}
		return m
	}
	own := function.MappingSettings{
		SelfManagedEventSource:     &function.SelfManagedEventSource{Endpoints: map[string][]string{"KAFKA_BOOTSTRAP_SERVERS": {"kafka:9092"}}},
		SourceAccessConfigurations: []function.SourceAccessConfiguration{{Type: "BASIC_AUTH", URI: "arn:aws:secretsmanager:us-east-1:000000000000:secret:s"}},
		Topics:                     &[]string{"t"},
	}
	if m := create(function.MappingInput{MappingSettings: own}); m.SelfManagedKafkaEventSourceConfig.ConsumerGroupId != m.UUID || m.AmazonManagedKafkaEventSourceConfig != nil {
		t.Errorf("its own: %+v", m)
	}
	own.SelfManagedKafkaEventSourceConfig = &function.KafkaConfig{ConsumerGroupId: "g"}
	m := create(function.MappingInput{MappingSettings: own})
	if m.SelfManagedKafkaEventSourceConfig.ConsumerGroupId != "g" {
		t.Errorf("given: %+v", m)
	}
	registry := &function.SchemaRegistryConfig{SchemaRegistryURI: "arn:r"}
	u, err := s.UpdateMapping(t.Context(), m.UUID, nil, nil, function.MappingSettings{SelfManagedKafkaEventSourceConfig: &function.KafkaConfig{SchemaRegistryConfig: registry}})
	if k := u.SelfManagedKafkaEventSourceConfig; err != nil || k.ConsumerGroupId != "g" || k.SchemaRegistryConfig == nil || k.SchemaRegistryConfig.SchemaRegistryURI != "arn:r" {
		t.Errorf("updated: %+v, %v", k, err)
	}
	managed := create(function.MappingInput{EventSourceARN: "arn:aws:kafka:us-east-1:000000000000:cluster/c/1"})
	if managed.AmazonManagedKafkaEventSourceConfig.ConsumerGroupId != managed.UUID {
		t.Errorf("Amazon's: %+v", managed)
	}
}

func filter(patterns ...string) *function.FilterCriteria {
	f := &function.FilterCriteria{}
	for _, p := range patterns {
		f.Filters = append(f.Filters, function.Filter{Pattern: p})
	}
	return f
}

func TestMappingPages(t *testing.T) {
	s := newService(t, function.Config{})
	active(t, s, "f", packGuest(t, "echo"))
	for _, q := range []string{"a", "b", "c"} {
		if _, err := s.CreateMapping(t.Context(), function.MappingInput{Ref: function.Ref{Name: "f"}, EventSourceARN: queue + q}); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for marker := ""; ; {
		page, next, err := s.Mappings(t.Context(), function.Ref{Name: "f"}, "", marker, 2)
		if err != nil || len(page) > 2 {
			t.Fatalf("%v, %v", page, err)
		}
		for _, m := range page {
			seen[m.EventSourceARN] = true
		}
		if marker = next; marker == "" {
			break
		}
	}
	if len(seen) != 3 {
		t.Errorf("listed %v", seen)
	}
	if page, _, err := s.Mappings(t.Context(), function.Ref{}, queue+"b", "", 0); err != nil || len(page) != 1 || page[0].EventSourceARN != queue+"b" {
		t.Errorf("of one source: %v, %v", page, err)
	}
}

// TestMappingSetBack changes a mapping an hour before it was made, by the clock: nothing
// holds that up.
func TestMappingSetBack(t *testing.T) {
	for _, waits := range []float64{0, 1} {
		var clock atomic.Int64
		clock.Store(time.Now().UnixNano())
		s := newService(t, function.Config{Now: func() time.Time { return time.Unix(0, clock.Load()) }, Waits: waits})
		active(t, s, "f", packGuest(t, "echo"))
		m, err := s.CreateMapping(t.Context(), function.MappingInput{Ref: function.Ref{Name: "f"}, EventSourceARN: queue})
		if err != nil {
			t.Fatal(err)
		}
		clock.Add(-int64(time.Hour))
		if _, err := s.UpdateMapping(t.Context(), m.UUID, nil, nil, function.MappingSettings{BatchSize: ptr(5)}); err != nil {
			t.Errorf("waits of %v: %v", waits, err)
		}
	}
}

// TestMappingStaysDeleted has a mapping go while it is being changed.
func TestMappingStaysDeleted(t *testing.T) {
	var clock, step atomic.Int64
	clock.Store(time.Now().UnixNano())
	s := newService(t, function.Config{Now: func() time.Time { return time.Unix(0, clock.Add(step.Load())-step.Load()) }, Waits: 1})
	active(t, s, "f", packGuest(t, "echo"))
	m, err := s.CreateMapping(t.Context(), function.MappingInput{Ref: function.Ref{Name: "f"}, EventSourceARN: queue, Enabled: ptr(false)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DeleteMapping(t.Context(), m.UUID); err != nil {
		t.Fatal(err)
	}
	step.Store(int64(time.Second)) // from one look at the clock to the next: while it was seen, it went
	_, err = s.UpdateMapping(t.Context(), m.UUID, nil, ptr(true), function.MappingSettings{})
	wantFault(t, "changed", err, fault.ResourceNotFound, "The resource you requested does not exist.")
}

package function

import (
	"cmp"
	"strings"
)

// MappingSettings are what an event source mapping is given. Members are AWS's; nil
// is one that was left out.
type MappingSettings struct {
	BatchSize                      *int               `json:",omitempty"`
	MaximumBatchingWindowInSeconds *int               `json:",omitempty"`
	ParallelizationFactor          *int               `json:",omitempty"`
	MaximumRecordAgeInSeconds      *int               `json:",omitempty"`
	MaximumRetryAttempts           *int               `json:",omitempty"`
	TumblingWindowInSeconds        *int               `json:",omitempty"`
	BisectBatchOnFunctionError     *bool              `json:",omitempty"`
	DestinationConfig              *DestinationConfig `json:",omitempty"`
	FilterCriteria                 *FilterCriteria    `json:",omitempty"`
	FunctionResponseTypes          *[]string          `json:",omitempty"`
	ScalingConfig                  *ScalingConfig     `json:",omitempty"`
	KMSKeyArn                      *string            `json:",omitempty"`

	Topics                     *[]string                   `json:",omitempty"`
	Queues                     *[]string                   `json:",omitempty"`
	SelfManagedEventSource     *SelfManagedEventSource     `json:",omitempty"`
	SourceAccessConfigurations []SourceAccessConfiguration `json:",omitempty"`

	AmazonManagedKafkaEventSourceConfig *KafkaConfig             `json:",omitempty"`
	SelfManagedKafkaEventSourceConfig   *KafkaConfig             `json:",omitempty"`
	DocumentDBEventSourceConfig         *DocumentDBConfig        `json:",omitempty"`
	ProvisionedPollerConfig             *ProvisionedPollerConfig `json:",omitempty"`

	MetricsConfig *MetricsConfig        `json:",omitempty"`
	LoggingConfig *MappingLoggingConfig `json:",omitempty"`
}

// The structures of MappingSettings.
type (
	FilterCriteria         struct{ Filters []Filter }
	Filter                 struct{ Pattern string }
	ScalingConfig          struct{ MaximumConcurrency *int }
	SelfManagedEventSource struct {
		Endpoints map[string][]string
	}
	SourceAccessConfiguration struct{ Type, URI string }
	MetricsConfig             struct{ Metrics []string }
	MappingLoggingConfig      struct{ SystemLogLevel string }
	KafkaConfig               struct {
		ConsumerGroupId      string
		SchemaRegistryConfig *SchemaRegistryConfig `json:",omitempty"`
	}
	SchemaRegistryConfig struct {
		SchemaRegistryURI       string
		EventRecordFormat       string                      `json:",omitempty"`
		AccessConfigs           []SourceAccessConfiguration `json:",omitempty"`
		SchemaValidationConfigs []SchemaValidationConfig    `json:",omitempty"`
	}
	SchemaValidationConfig struct{ Attribute string }
	DocumentDBConfig       struct {
		DatabaseName   string
		CollectionName string `json:",omitempty"`
		FullDocument   string `json:",omitempty"`
	}
	ProvisionedPollerConfig struct {
		MinimumPollers  *int   `json:",omitempty"`
		MaximumPollers  *int   `json:",omitempty"`
		PollerGroupName string `json:",omitempty"`
	}
)

// merge takes over what is given.
func (m *MappingSettings) merge(in *MappingSettings) {
	take(&m.BatchSize, in.BatchSize)
	take(&m.MaximumBatchingWindowInSeconds, in.MaximumBatchingWindowInSeconds)
	take(&m.ParallelizationFactor, in.ParallelizationFactor)
	take(&m.MaximumRecordAgeInSeconds, in.MaximumRecordAgeInSeconds)
	take(&m.MaximumRetryAttempts, in.MaximumRetryAttempts)
	take(&m.TumblingWindowInSeconds, in.TumblingWindowInSeconds)
	take(&m.BisectBatchOnFunctionError, in.BisectBatchOnFunctionError)
	take(&m.DestinationConfig, in.DestinationConfig)
	take(&m.FilterCriteria, in.FilterCriteria)
	take(&m.FunctionResponseTypes, in.FunctionResponseTypes)
	take(&m.ScalingConfig, in.ScalingConfig)
	take(&m.KMSKeyArn, in.KMSKeyArn)
	take(&m.Topics, in.Topics)
	take(&m.Queues, in.Queues)
	take(&m.SelfManagedEventSource, in.SelfManagedEventSource)
	m.AmazonManagedKafkaEventSourceConfig = m.AmazonManagedKafkaEventSourceConfig.merged(in.AmazonManagedKafkaEventSourceConfig)
	m.SelfManagedKafkaEventSourceConfig = m.SelfManagedKafkaEventSourceConfig.merged(in.SelfManagedKafkaEventSourceConfig)
	take(&m.DocumentDBEventSourceConfig, in.DocumentDBEventSourceConfig)
	take(&m.ProvisionedPollerConfig, in.ProvisionedPollerConfig)
	take(&m.MetricsConfig, in.MetricsConfig)
	take(&m.LoggingConfig, in.LoggingConfig)
	if in.SourceAccessConfigurations != nil {
		m.SourceAccessConfigurations = in.SourceAccessConfigurations
	}
	if m.FilterCriteria != nil && len(m.FilterCriteria.Filters) == 0 {
		m.FilterCriteria = nil // an empty list removes them
	}
}

// merged is k with what is given. The group stays unless there is none.
func (k *KafkaConfig) merged(given *KafkaConfig) *KafkaConfig {
	if k == nil || given == nil {
		return cmp.Or(given, k)
	}
	merged := *given
	merged.ConsumerGroupId = cmp.Or(k.ConsumerGroupId, given.ConsumerGroupId)
	return &merged
}

// join gives a mapping of Kafka, which has id as its UUID, the group of consumers that
// it is by itself, unless it has one.
func (m *MappingSettings) join(source, id string) {
	group := func(k **KafkaConfig) {
		if *k == nil {
			*k = &KafkaConfig{}
		}
		(*k).ConsumerGroupId = cmp.Or((*k).ConsumerGroupId, id)
	}
	switch fields := strings.SplitN(source, ":", 4); {
	case m.SelfManagedEventSource != nil:
		group(&m.SelfManagedKafkaEventSourceConfig)
	case len(fields) == 4 && fields[2] == "kafka":
		group(&m.AmazonManagedKafkaEventSourceConfig)
	}
}

func take[T any](to **T, given *T) {
	if given != nil {
		*to = given
	}
}

// sourceKind is what an event source is, of which the defaults and the words of
// answers depend.
type sourceKind int

const (
	unknownSource sourceKind = iota
	queueSource              // SQS
	streamSource             // Kinesis, DynamoDB streams
	pollSource               // Kafka, MQ, DocumentDB
)

// defaults are the settings of a mapping of which nothing was given, as recorded
// from AWS for queues and streams.
func (k sourceKind) defaults() MappingSettings {
	n := func(i int) *int { return &i }
	no := false
	switch k {
	case queueSource:
		return MappingSettings{BatchSize: n(10), MaximumBatchingWindowInSeconds: n(0), FunctionResponseTypes: &[]string{}}
	case streamSource:
		return MappingSettings{
			BatchSize: n(100), MaximumBatchingWindowInSeconds: n(0), ParallelizationFactor: n(1), MaximumRecordAgeInSeconds: n(-1),
			MaximumRetryAttempts: n(-1), TumblingWindowInSeconds: n(0), BisectBatchOnFunctionError: &no, FunctionResponseTypes: &[]string{},
			DestinationConfig: &DestinationConfig{OnFailure: &Destination{}},
		}
	}
	return MappingSettings{BatchSize: n(100)} // batches are collected for half a second, which the window cannot say
}

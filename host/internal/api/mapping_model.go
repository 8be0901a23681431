package api

import (
	"regexp"
	"strings"
)

// arnPattern is that of event sources; its region part is as recorded messages have
// it.
const arnPattern = `arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1})?:(\d{12})?:(.*)`

var (
	namePatternModel = newPattern(namespacedPattern)

	brokerPattern = newPattern(`[a-zA-Z0-9-\/*:_+=.@-]*`)
	kafkaModel    = &model{kind: isStructure, members: []member{
		{"ConsumerGroupId", &model{min: 1, max: 200, pattern: brokerPattern}, false},
		{"SchemaRegistryConfig", &model{kind: isStructure, members: []member{
			{"SchemaRegistryURI", &model{min: 1, max: 10000, pattern: brokerPattern}, false},
			{"EventRecordFormat", &model{enum: []string{"JSON", "SOURCE"}}, false},
			{"AccessConfigs", &model{kind: isList, of: &model{kind: isStructure, members: []member{
				{"Type", &model{enum: []string{"BASIC_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH", "SERVER_ROOT_CA_CERTIFICATE"}}, false},
				{"URI", &model{pattern: newPattern(arnPattern)}, false},
			}}}, false},
			{"SchemaValidationConfigs", &model{kind: isList, of: &model{kind: isStructure, members: []member{
				{"Attribute", &model{enum: []string{"KEY", "VALUE"}}, false},
			}}}, false},
		}}, false},
	}}
	documentsModel = &model{kind: isStructure, members: []member{
		{"DatabaseName", &model{min: 1, max: 63, pattern: newPattern(`[^ /\.$\x22]*`)}, false},
		{"CollectionName", &model{min: 1, max: 57, pattern: &pattern{`(^(?!(system\x2e)))(^[_a-zA-Z0-9])([^$]*)`, isCollection}}, false},
		{"FullDocument", &model{enum: []string{"UpdateLookup", "Default"}}, false},
	}}

	// mappingMembers are what Create- and UpdateEventSourceMapping share.
	mappingMembers = []member{
		{"FunctionName", &model{min: 1, max: 256, pattern: namePatternModel}, false},
		{"Enabled", &model{kind: isBoolean}, false},
		{"BatchSize", &model{kind: isInteger, min: 1, max: 10000}, false},
		{"FilterCriteria", &model{kind: isStructure, members: []member{{"Filters", &model{kind: isList, of: &model{kind: isStructure, members: []member{
			{"Pattern", &model{max: 4096}, false},
		}}}, false}}}, false},
		{"MaximumBatchingWindowInSeconds", &model{kind: isInteger, max: 300}, false},
		{"ParallelizationFactor", &model{kind: isInteger, min: 1, max: 10}, false},
		{"DestinationConfig", destinationsModel, false},
		{"MaximumRecordAgeInSeconds", &model{kind: isInteger, min: -1, max: 604800}, false},
		{"BisectBatchOnFunctionError", &model{kind: isBoolean}, false},
		{"MaximumRetryAttempts", &model{kind: isInteger, min: -1, max: 10000}, false},
		{"TumblingWindowInSeconds", &model{kind: isInteger, max: 900}, false},
		{"SourceAccessConfigurations", &model{kind: isList, max: 22, of: &model{kind: isStructure, members: []member{
			{"Type", &model{enum: []string{"BASIC_AUTH", "VPC_SUBNET", "VPC_SECURITY_GROUP", "SASL_SCRAM_512_AUTH", "SASL_SCRAM_256_AUTH", "VIRTUAL_HOST", "CLIENT_CERTIFICATE_TLS_AUTH", "SERVER_ROOT_CA_CERTIFICATE"}}, false},
			{"URI", &model{min: 1, max: 200, pattern: brokerPattern}, false},
		}}}, false},
		{"FunctionResponseTypes", &model{kind: isList, max: 1, of: &model{enum: []string{"ReportBatchItemFailures"}}}, false},
		{"ScalingConfig", &model{kind: isStructure, members: []member{{"MaximumConcurrency", &model{kind: isInteger, min: 2, max: 1000}, false}}}, false},
		{"KMSKeyArn", &model{max: 2048, pattern: newPattern(`(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()`)}, false},
		{"AmazonManagedKafkaEventSourceConfig", kafkaModel, false},
		{"SelfManagedKafkaEventSourceConfig", kafkaModel, false},
		{"DocumentDBEventSourceConfig", documentsModel, false},
		{"ProvisionedPollerConfig", &model{kind: isStructure, members: []member{
			{"MinimumPollers", &model{kind: isInteger, min: 1, max: 200}, false},
			{"MaximumPollers", &model{kind: isInteger, min: 1, max: 2000}, false},
			{"PollerGroupName", &model{max: 128, pattern: newPattern(`[a-zA-Z0-9-_]*`)}, false},
		}}, false},
		{"MetricsConfig", &model{kind: isStructure, members: []member{{"Metrics", &model{kind: isList, max: 3, of: &model{enum: []string{"EventCount", "ErrorCount", "KafkaMetrics"}}}, false}}}, false},
		{"LoggingConfig", &model{kind: isStructure, members: []member{{"SystemLogLevel", &model{enum: []string{"DEBUG", "INFO", "WARN"}}, false}}}, false},
	}

	updateMappingModel = &model{kind: isStructure, members: mappingMembers}

	createMappingModel = &model{kind: isStructure, members: append([]member{
		{"EventSourceArn", &model{max: 1024, pattern: newPattern(arnPattern)}, false},
		{"StartingPosition", &model{enum: []string{"LATEST", "AT_TIMESTAMP", "TRIM_HORIZON"}}, false},
		{"StartingPositionTimestamp", &model{kind: isNumber}, false},
		{"Tags", &model{kind: isMapping, of: &model{}}, false},
		{"Topics", &model{kind: isList, min: 1, max: 1, of: &model{min: 1, max: 249, pattern: newPattern(`[^.]([a-zA-Z0-9\-_.]+)`)}}, false},
		{"Queues", &model{kind: isList, min: 1, max: 1, of: &model{min: 1, max: 1000}}, false},
		{"SelfManagedEventSource", &model{kind: isStructure, members: []member{{"Endpoints", &model{
			kind: isMapping, min: 1, max: 2, keys: &model{enum: []string{"KAFKA_BOOTSTRAP_SERVERS"}},
			of: &model{kind: isList, min: 1, max: 10, of: &model{min: 1, max: 300, pattern: newPattern(`(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]*[a-zA-Z0-9])\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9\-]*[A-Za-z0-9]):[0-9]{1,5}`)}},
		}, false}}}, false},
	}, mappingMembers...)}
)

var collectionPattern = regexp.MustCompile(`^[_a-zA-Z0-9][^$]*$`)

// isCollection is the pattern of a collection's name.
func isCollection(s string) bool {
	return collectionPattern.MatchString(s) && !strings.HasPrefix(s, "system.")
}

package function

import (
	"bytes"
	"encoding/json"
	"strings"
)

// maxFilters is the most patterns of a mapping, AWS's quota of a new account.
const maxFilters = 5

// checkMapping refuses what no mapping can be created with, in AWS's order.
func checkMapping(in *MappingInput) error {
	kind := kindOfSource(in.EventSourceARN, &in.MappingSettings)
	switch {
	case kind == unknownSource:
		return invalid("Unrecognized event source.")
	case in.SelfManagedEventSource != nil && len(in.SourceAccessConfigurations) == 0:
		return invalid("Required 'sourceAccessConfigurations' parameter is missing.")
	case kind == streamSource && in.StartingPosition == "":
		return invalid("1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.")
	case in.StartingPosition == "AT_TIMESTAMP" && strings.Contains(in.EventSourceARN, ":dynamodb:"):
		return invalid("Unsupported starting position for arn type: %s", in.EventSourceARN)
	}
	if err := checkMappingSettings(kind, &in.MappingSettings); err != nil {
		return err
	}
	settings := kind.defaults()
	settings.merge(&in.MappingSettings)
	return checkWindow(kind, &settings)
}

// checkMappingSettings refuses settings that a kind of source does not have.
func checkMappingSettings(kind sourceKind, in *MappingSettings) error {
	if d := in.DestinationConfig; d != nil && (kind == queueSource || d.OnSuccess != nil && d.OnSuccess.Destination != "") {
		return invalid("Unsupported DestinationConfig parameter for given event source mapping type.")
	}
	if kind == queueSource {
		for name, given := range map[string]bool{
			"BisectBatchOnFunctionError": in.BisectBatchOnFunctionError != nil, "MaximumRecordAgeInSeconds": in.MaximumRecordAgeInSeconds != nil,
			"MaximumRetryAttempts": in.MaximumRetryAttempts != nil, "ParallelizationFactor": in.ParallelizationFactor != nil,
			"TumblingWindowInSeconds": in.TumblingWindowInSeconds != nil,
		} {
			if given {
				return invalid("Unsupported %s parameter for given event source mapping type.", name)
			}
		}
	} else if in.ScalingConfig != nil {
		return invalid("Unsupported ScalingConfig parameter for given event source mapping type.")
	}
	return checkFilters(in.FilterCriteria)
}

// checkWindow refuses batches that could not be collected in their window.
func checkWindow(kind sourceKind, m *MappingSettings) error {
	if kind == queueSource && *m.BatchSize > 10 && *m.MaximumBatchingWindowInSeconds < 1 {
		return invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
	}
	return nil
}

// checkFilters wants patterns to be objects whose leaves are lists.
func checkFilters(f *FilterCriteria) error {
	if f == nil {
		return nil
	}
	if len(f.Filters) > maxFilters {
		return invalid("Filters has %d patterns; at most %d are allowed.", len(f.Filters), maxFilters)
	}
	for _, filter := range f.Filters {
		decoder := json.NewDecoder(bytes.NewReader([]byte(filter.Pattern)))
		var pattern map[string]any
		if err := decoder.Decode(&pattern); err != nil || pattern == nil || decoder.More() || !isPattern(pattern) {
			return invalid("Invalid filter pattern definition.")
		}
	}
	return nil
}

// isPattern reports whether all leaves of an object are lists that are not empty.
// The depth is bounded by encoding/json.
func isPattern(object map[string]any) bool {
	for _, value := range object {
		switch value := value.(type) {
		case []any:
			if len(value) == 0 {
				return false
			}
		case map[string]any:
			if !isPattern(value) {
				return false
			}
		default:
			return false
		}
	}
	return len(object) > 0
}

package api

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestViolations has what requests violate in AWS's words: all of it at once, of what
// is in the path, the query string, a header and the body.
func TestViolations(t *testing.T) {
	const (
		functions = "POST /2015-03-31/functions"
		minimal   = `"FunctionName":"f","Role":"arn:aws:iam::000000000000:role/r","Runtime":"provided.al2023","Handler":"h","Code":{"ZipFile":"UEs="}`
	)
	for _, c := range []struct{ request, body, want string }{
		{functions, `{"FunctionName":"f!","Role":"r","Code":{}}`, "2 validation errors detected: Value 'f!' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: "},
		{functions, `{"FunctionName":"f!","Role":"r","Code":{}}`, "; Value 'r' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: "},
		{functions, `{}`, "3 validation errors detected: Value null at 'functionName' failed to satisfy constraint: Member must not be null; Value null at 'role' failed to satisfy constraint: Member must not be null; Value null at 'code' "},
		{functions, `{` + minimal + `,"EphemeralStorage":{}}`, "1 validation error detected: Value null at 'ephemeralStorage.size' failed to satisfy constraint: Member must not be null"},
		{functions, `{` + minimal + `,"TenancyConfig":{}}`, "Value null at 'tenancyConfig.tenantIsolationMode' failed to satisfy constraint: Member must not be null"},
		{functions, `{` + minimal + `,"TenancyConfig":{"TenantIsolationMode":"X"}}`, "1 validation error detected: Value 'X' at 'tenancyConfig.tenantIsolationMode' failed to satisfy constraint: Member must satisfy enum value set: [PER_TENANT]"},
		{functions, `{` + minimal + `,"LoggingConfig":{"LogGroup":""}}`, "Value '' at 'loggingConfig.logGroup' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{functions, `{` + minimal + `,"MemorySize":1,"Timeout":0}`, "2 validation errors detected: Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1; Value '1' at 'memorySize' "},
		{functions, `{"FunctionName":"f","Role":"arn:aws:iam::000000000000:role/r","Code":{"S3Bucket":"b!","S3Key":""}}`, "3 validation errors detected: Value 'b!' at 'code.s3Bucket' failed to satisfy constraint: Member must have length greater than or equal to 3; " +
			`Value 'b!' at 'code.s3Bucket' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9A-Za-z\.\-_]*(?<!\.); Value '' at 'code.s3Key' failed to satisfy constraint: Member must have length greater than or equal to 1`},
		{"PUT /2015-03-31/functions/f/code", `{"S3Bucket":"abc.","S3Key":"k","S3ObjectVersion":"","Architectures":["x86_64","arm64"]}`, "3 validation errors detected: Value 'abc.' at 's3Bucket' "},
		{"PUT /2015-03-31/functions/f!/configuration", `{"Handler":"a b","Environment":{"Variables":{"a-b":"secret"}}}`, "3 validation errors detected: Value 'f!' at 'functionName' "},
		{"POST /2021-10-31/functions/f!/url?Qualifier=1", `{}`, `3 validation errors detected: Value 'f!' at 'functionName' `},
		{"POST /2021-10-31/functions/f/url?Qualifier=1", `{"AuthType":"NONE"}`, `1 validation error detected: Value '1' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: ((?!^\d+$)^[0-9a-zA-Z-_]+$)`},
		{"PUT /2019-09-30/functions/f/provisioned-concurrency", `{}`, "2 validation errors detected: Value null at 'qualifier' failed to satisfy constraint: Member must not be null; Value null at 'provisionedConcurrentExecutions' "},
		{"PUT /2019-09-30/functions/f/provisioned-concurrency?Qualifier=a.b", `{"ProvisionedConcurrentExecutions":1}`, "1 validation error detected: Value 'a.b' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)"},
		{"PUT /2024-08-31/functions/f:1/recursion-config", `{"RecursiveLoop":"Never"}`, "2 validation errors detected: Value 'f:1' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:"},
		{"PUT /2024-08-31/functions/f/recursion-config", `{"RecursiveLoop":"Never"}`, "1 validation error detected: Value 'Never' at 'recursiveLoop' failed to satisfy constraint: Member must satisfy enum value set: [Terminate, Allow]"},
		{"POST /2015-03-31/event-source-mappings", `{"FunctionName":"f","DocumentDBEventSourceConfig":{"CollectionName":"system.c"}}`,
			`1 validation error detected: Value 'system.c' at 'documentDBEventSourceConfig.collectionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (^(?!(system\x2e)))(^[_a-zA-Z0-9])([^$]*)`},
		{"PUT /2015-03-31/event-source-mappings/u", `{"SelfManagedKafkaEventSourceConfig":{"SchemaRegistryConfig":{"AccessConfigs":[{"Type":"X"}]}}}`,
			"Value 'X' at 'selfManagedKafkaEventSourceConfig.schemaRegistryConfig.accessConfigs.1.member.type' failed to satisfy constraint: "},
		{"POST /2015-03-31/functions/f!/policy?Qualifier=a!", `{"StatementId":"s!","Action":"x","Principal":"*"}`, "4 validation errors detected: Value 'f!' at 'functionName' "},
		{"DELETE /2015-03-31/functions/f/policy/s!?Qualifier=a!", "", "2 validation errors detected: Value 'a!' at 'qualifier' "},
		{"POST /2015-03-31/functions/f!/aliases", `{"Name":"1"}`, "3 validation errors detected: Value 'f!' at 'functionName' "},
		{"PUT /2015-03-31/functions/f!/aliases/1", `{"FunctionVersion":"x"}`, "3 validation errors detected: "},
		{"POST /2015-03-31/functions/f!/versions", `{"Description":"` + strings.Repeat("d", 257) + `"}`, "2 validation errors detected: "},
		{"POST /2015-03-31/functions/f!/invocations\nX-Amz-Log-Type: x\nX-Amz-Invocation-Type: y", "", "3 validation errors detected: Value 'f!' at 'functionName' "},
		{"GET /2015-03-31/functions?MasterRegion=x&FunctionVersion=y&MaxItems=0", "", "3 validation errors detected: "},
		{"POST /2018-10-31/layers/l/versions", `{"Content":{"S3Bucket":"bu"}}`, "Value 'bu' at 'content.s3Bucket' "},
	} {
		answer := exchange(c.request + "\n\n" + c.body)
		_, body, _ := strings.Cut(answer, "\n\n")
		var said struct{ Message string }
		if err := json.Unmarshal([]byte(body), &said); err != nil || !strings.HasPrefix(answer, "400\n") || !strings.Contains(answer, "ValidationException") {
			t.Errorf("%s %s: %s", c.request, c.body, answer)
		}
		if !strings.Contains(said.Message, c.want) || strings.Contains(said.Message, "secret") {
			t.Errorf("%s %s:\ngot  %s\nwant %s", c.request, c.body, said.Message, c.want)
		}
	}
}

// TestObjectBesideZip has any part of an object's name be one: package function refuses it
// beside a zip file.
func TestObjectBesideZip(t *testing.T) {
	given := "x"
	for _, in := range []code{{bucket: &given}, {key: &given}, {version: &given}} {
		in.zip = []byte("PK")
		if o := in.object(); o == nil || o.Bucket+o.Key+o.Version != given || in.err() != nil {
			t.Errorf("%+v: %+v, %v", in, o, in.err())
		}
	}
	if in := (code{zip: []byte("PK")}); in.object() != nil {
		t.Error("a zip file alone is an object")
	}
}

func TestBucketNames(t *testing.T) {
	for name, want := range map[string]bool{"bucket": true, "a.b-c_D9": true, "bucket.": false, "a b": false, "é": false} {
		if isBucket(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

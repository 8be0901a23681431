package function_test

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestSettingsRefused wants each setting that is out of bounds to be named.
func TestSettingsRefused(t *testing.T) {
	s := newService(t, function.Config{})
	active(t, s, "there", packGuest(t, "echo"))
	const validation, invalid = fault.Validation, fault.InvalidParameterValue
	for _, c := range []struct {
		name    string
		set     func(*function.Settings)
		code    fault.Code
		message string
	}{
		{"description", func(in *function.Settings) { in.Description = ptr(strings.Repeat("d", 257)) }, validation, "at 'description' failed to satisfy constraint: Member must have length less than or equal to 256"},
		{"role", func(in *function.Settings) { in.Role = ptr("r") }, validation, `1 validation error detected: Value 'r' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`},
		{"description in another script", func(in *function.Settings) { in.Description = ptr(strings.Repeat("é", 257)) }, validation, "at 'description' failed to satisfy constraint: Member must have length less than or equal to 256"},
		{"long handler", func(in *function.Settings) { in.Handler = ptr(strings.Repeat("h", 129)) }, validation, "at 'handler' failed to satisfy constraint: Member must have length less than or equal to 128"},
		{"handler with a space", func(in *function.Settings) { in.Handler = ptr("a b") }, validation, `Value 'a b' at 'handler' failed to satisfy constraint: Member must satisfy regular expression pattern: [^\s]+`},
		{"timeout 0", func(in *function.Settings) { in.Timeout = ptr(0) }, validation, "Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"timeout 901", func(in *function.Settings) { in.Timeout = ptr(901) }, validation, "Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900"},
		{"memory 127", func(in *function.Settings) { in.MemorySize = ptr(127) }, validation, "Value '127' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128"},
		{"memory 10241", func(in *function.Settings) { in.MemorySize = ptr(10241) }, validation, "Value '10241' at 'memorySize' failed to satisfy constraint: Member must have value less than or equal to 10240"},
		{"memory 32769", func(in *function.Settings) { in.MemorySize = ptr(32769) }, validation, "Value '32769' at 'memorySize' failed to satisfy constraint: Member must have value less than or equal to 32768"},
		{"tmp 511", func(in *function.Settings) { in.EphemeralMB = ptr(511) }, validation, "'ephemeralStorage.size'"},
		{"tmp 10241", func(in *function.Settings) { in.EphemeralMB = ptr(10241) }, validation, "'ephemeralStorage.size'"},
		{"two at once", func(in *function.Settings) { in.Timeout, in.MemorySize = ptr(0), ptr(0) }, validation, "2 validation errors detected: Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1; Value '0' at 'memorySize'"},
		{"runtime", func(in *function.Settings) { in.Runtime = ptr("cobol") }, invalid, "Value cobol at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [nodejs20.x, "},
		{"retired runtime", func(in *function.Settings) { in.Runtime = ptr("nodejs14.x") }, invalid,
			"The runtime parameter of nodejs14.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions."},
		{"snap start of another runtime", func(in *function.Settings) {
			in.Runtime, in.SnapStart = ptr("python3.11"), ptr("PublishedVersions")
		}, invalid, "python3.11 is not supported for SnapStart enabled functions."},
		{"image", func(in *function.Settings) { in.PackageType = ptr("Image") }, invalid, "not container images"},
		{"package type", func(in *function.Settings) { in.PackageType = ptr("Tar") }, validation, "Value 'Tar' at 'packageType'"},
		{"tracing", func(in *function.Settings) { in.TracingMode = ptr("Often") }, validation, "Value 'Often' at 'tracingConfig.mode' failed to satisfy constraint: Member must satisfy enum value set: [Active, PassThrough]"},
		{"snap start", func(in *function.Settings) { in.SnapStart = ptr("invalidOption") }, validation, "1 validation error detected: Value 'invalidOption' at 'snapStart.applyOn' failed to satisfy constraint: Member must satisfy enum value set: [PublishedVersions, None]"},
		{"key", func(in *function.Settings) { in.KMSKeyARN = ptr("key") }, validation, "Value 'key' at 'kMSKeyArn'"},
		{"two architectures", func(in *function.Settings) { in.Architectures = []string{"x86_64", "arm64"} }, validation, "Value '[x86_64, arm64]' at 'architectures' failed to satisfy constraint: Member must have length less than or equal to 1"},
		{"no architecture", func(in *function.Settings) { in.Architectures = []string{} }, validation, "Value '[]' at 'architectures' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"other architecture", func(in *function.Settings) { in.Architectures = []string{"riscv"} }, validation,
			"1 validation error detected: Value '[riscv]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]"},
		{"no ARN of dead letters", func(in *function.Settings) { in.DeadLetterARN = ptr("q") }, validation,
			"Value 'q' at 'deadLetterConfig.targetArn' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()"},
		{"a layer", func(in *function.Settings) { in.Layers = []string{"arn:aws:lambda:us-east-1:000000000000:layer:l:1"} }, invalid, "Layer version arn:aws:lambda:us-east-1:000000000000:layer:l:1 does not exist."},
		{"six layers", func(in *function.Settings) { in.Layers = make([]string, 6) }, invalid, "Cannot reference more than 5 layers."},
		{"dead letters", func(in *function.Settings) { in.DeadLetterARN = ptr("arn:aws:sqs:us-east-1:000000000000:q") }, invalid, "DeadLetterConfig.TargetArn is"},
		{"log format", func(in *function.Settings) { in.Logging = &function.Logging{Format: "XML"} }, validation, "Value 'XML' at 'loggingConfig.logFormat'"},
		{"log level", func(in *function.Settings) { in.Logging = &function.Logging{Format: "JSON", SystemLevel: "TRACE"} }, validation, "Value 'TRACE' at 'loggingConfig.systemLogLevel' failed to satisfy constraint: Member must satisfy enum value set: [DEBUG, INFO, WARN]"},
		{"log level of text", func(in *function.Settings) { in.Logging = &function.Logging{ApplicationLevel: "INFO"} }, invalid, "for LogFormat JSON only"},
		{"log group", func(in *function.Settings) { in.Logging = &function.Logging{Group: "a b"} }, validation, "Value 'a b' at 'loggingConfig.logGroup'"},
		{"security group", func(in *function.Settings) { in.VPC = &function.VPC{SecurityGroupIDs: []string{"g"}} }, validation,
			"1 validation error detected: Value '[g]' at 'vpcConfig.securityGroupIds' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: sg-[0-9a-zA-Z]*]"},
		{"variable", func(in *function.Settings) { in.Environment = map[string]string{"1": "x", "a-b": "y"} }, validation, "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]"},
		{"reserved", func(in *function.Settings) {
			in.Environment = map[string]string{"_HANDLER": "x", "AWS_REGION": "y", "LAMBENT_X": "z", "MINE": ""}
		}, invalid,
			"Reserved keys used in this request: AWS_REGION, LAMBENT_X, _HANDLER"},
		{"NUL", func(in *function.Settings) { in.Environment = map[string]string{"AB": "x\x00"} }, invalid, "AB holds a NUL"},
		{"4 KB", func(in *function.Settings) { in.Environment = map[string]string{"AB": strings.Repeat("x", 4096-8)} }, invalid,
			`have provided exceeded the 4KB limit. String measured: {"AB":"xxx`},
	} {
		in := settings()
		c.set(&in)
		_, err := s.Create(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "echo"), Settings: in})
		wantFault(t, c.name+": create", err, c.code, c.message)
		var change function.Settings
		c.set(&change)
		_, err = s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: function.Ref{Name: "there"}, Settings: change})
		wantFault(t, c.name+": update", err, c.code, c.message)
	}
	if _, err := s.Get(t.Context(), function.Ref{Name: "f"}); err == nil {
		t.Error("a function that was refused is there")
	}
}

// TestCreateRefused wants to be told what is missing, and what cannot run.
func TestCreateRefused(t *testing.T) {
	s := newService(t, function.Config{})
	active(t, s, "there", packGuest(t, "echo"))
	const invalid = fault.InvalidParameterValue
	for _, c := range []struct {
		name    string
		set     func(*function.CreateInput)
		code    fault.Code
		message string
	}{
		{"no name", func(in *function.CreateInput) { in.Name = "" }, fault.Validation, "Value '' at 'functionName'"},
		{"no role", func(in *function.CreateInput) { in.Role = nil }, fault.Validation, "1 validation error detected: Value null at 'role' failed to satisfy constraint: Member must not be null"},
		{"no runtime", func(in *function.CreateInput) { in.Runtime = nil }, invalid, "Runtime and Handler are mandatory parameters"},
		{"taken", func(in *function.CreateInput) { in.Name = "there" }, fault.ResourceConflict, "Function already exist: there"},
		{"tag", func(in *function.CreateInput) { in.Tags = map[string]string{"aws:x": "y"} }, invalid, `The tag key "aws:x" is not allowed`},
		{"long tag", func(in *function.CreateInput) { in.Tags = map[string]string{"x": strings.Repeat("y", 257)} }, invalid, `The value of tag "x" has 257 bytes`},
		{"no code", func(in *function.CreateInput) { in.Zip = nil }, invalid, "Please provide a source for function code."},
		{"no zip", func(in *function.CreateInput) { in.Zip = []byte("hello") }, invalid, "Could not unzip uploaded file. Please check your file, then try to upload again."},
		{"node", func(in *function.CreateInput) {
			in.Runtime, in.Zip = ptr("nodejs22.x"), pack(t, "index.mjs", "export const handler = async () => 1")
		}, invalid, "The zip file holds no WebAssembly module, and Lambent does not run nodejs22.x sources yet. What runs today is a module: a file named bootstrap that is one, or a single *.wasm, whatever the Runtime. `lambent build` makes such a zip file."},
		{"two modules", func(in *function.CreateInput) { in.Zip = pack(t, "a.wasm", "", "b.wasm", "") }, invalid, "which module?"},
		{"no module", func(in *function.CreateInput) { in.Zip = pack(t, "a.wasm", "hello") }, invalid, "The module a.wasm cannot be run: "},
		{"no entry", func(in *function.CreateInput) { in.Zip = pack(t, "a.wasm", "\x00asm\x01\x00\x00\x00") }, invalid, "not a function: missing export"},
		{"unknown import", func(in *function.CreateInput) { in.Zip = pack(t, "a.wasm", string(importing("gone"))) }, invalid, "The module a.wasm cannot be run: unknown import env.gone"},
		{"long import", func(in *function.CreateInput) {
			in.Zip = pack(t, "a.wasm", string(importing(strings.Repeat("g", 9999))))
		}, invalid, "ggg…"},
		{"path", func(in *function.CreateInput) { in.Zip = pack(t, "../a.wasm", "") }, invalid, "leads out of the package"},
	} {
		in := function.CreateInput{Name: "f", Zip: packGuest(t, "echo"), Settings: settings()}
		c.set(&in)
		_, err := s.Create(t.Context(), in)
		wantFault(t, c.name, err, c.code, c.message)
		if err != nil && len(err.Error()) > 3000 {
			t.Errorf("%s: its message has %d bytes", c.name, len(err.Error()))
		}
	}
	_, err := s.Get(t.Context(), function.Ref{Name: "f"})
	wantFault(t, "afterwards", err, fault.ResourceNotFound, "Function not found")
}

// TestSettingsKept gives every setting, and then changes some.
func TestSettingsKept(t *testing.T) {
	s := newService(t, function.Config{})
	given := function.Settings{
		Description: ptr("what it does"), Runtime: ptr("python3.13"), Handler: ptr("a.b"), Role: ptr("arn:aws:iam::123456789012:role/service/x"),
		Timeout: ptr(900), MemorySize: ptr(10_240), EphemeralMB: ptr(10_240),
		Environment: map[string]string{"AB": "1"}, Architectures: []string{"arm64"}, PackageType: ptr("Zip"), TracingMode: ptr("Active"),
		KMSKeyARN: ptr("arn:aws:kms:us-east-1:123456789012:key/x"), SnapStart: ptr("PublishedVersions"), DeadLetterARN: ptr(""), Layers: []string{},
		Logging: &function.Logging{Format: "JSON", ApplicationLevel: "DEBUG", Group: "/mine"},
		VPC:     &function.VPC{SubnetIDs: []string{"subnet-1"}, SecurityGroupIDs: []string{"sg-1"}, IPv6: true},
	}
	if _, err := s.Create(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "echo"), Settings: given}); err != nil {
		t.Fatal(err)
	}
	want := function.Configuration{
		Name: "f", ARN: "arn:aws:lambda:us-east-1:000000000000:function:f", Version: "$LATEST", Description: "what it does", Runtime: "python3.13", Handler: "a.b",
		Role: "arn:aws:iam::123456789012:role/service/x", Timeout: 900, MemorySize: 10_240, EphemeralMB: 10_240, Environment: map[string]string{"AB": "1"},
		Architectures: []string{"arm64"}, PackageType: "Zip", TracingMode: "Active", KMSKeyARN: "arn:aws:kms:us-east-1:123456789012:key/x", SnapStart: "PublishedVersions",
		Logging: function.Logging{Format: "JSON", ApplicationLevel: "DEBUG", SystemLevel: "INFO", Group: "/mine"},
		VPC:     &function.VPC{SubnetIDs: []string{"subnet-1"}, SecurityGroupIDs: []string{"sg-1"}, IPv6: true},
		State:   function.Status{Is: "Active"}, Update: function.Status{Is: "Successful"},
	}
	compare := func() {
		t.Helper()
		got := settle(t, s, "f")
		want.CodeSHA256, want.CodeSize, want.LastModified, want.RevisionID = got.CodeSHA256, got.CodeSize, got.LastModified, got.RevisionID
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	compare()
	change := func(in function.Settings) {
		t.Helper()
		if _, err := s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: function.Ref{Name: "f"}, Settings: in}); err != nil {
			t.Fatal(err)
		}
		compare()
	}
	want.MemorySize = 128
	change(function.Settings{MemorySize: ptr(128)})
	want.Environment = map[string]string{} // cleared is not absent
	change(function.Settings{Environment: map[string]string{}})
	want.Logging = function.Logging{Format: "Text", Group: "/mine"}
	change(function.Settings{Logging: &function.Logging{Format: "Text"}})
	want.Logging = function.Logging{Format: "JSON", Group: "/mine", ApplicationLevel: "INFO", SystemLevel: "DEBUG"}
	change(function.Settings{Logging: &function.Logging{Format: "JSON", SystemLevel: "DEBUG"}})
	want.VPC = &function.VPC{SubnetIDs: []string{}, SecurityGroupIDs: []string{}}
	change(function.Settings{VPC: &function.VPC{SubnetIDs: []string{}, SecurityGroupIDs: []string{}}})
	change(function.Settings{}) // nothing

	// What AWS fills in.
	minimal := active(t, s, "minimal", packGuest(t, "echo"))
	if got := minimal; got.MemorySize != 128 || got.EphemeralMB != 512 || got.Environment != nil || got.SnapStart != "None" || got.TracingMode != "PassThrough" ||
		got.Logging != (function.Logging{Format: "Text", Group: "/aws/lambda/minimal"}) || got.VPC != nil || got.Layers != nil || !reflect.DeepEqual(got.Architectures, []string{"x86_64"}) {
		t.Errorf("defaults: %+v", got)
	}
	env := map[string]string{"AB": strings.Repeat("x", 4096-9)} // 4,096 bytes as JSON
	in := settings()
	in.Environment = env
	if _, err := s.Create(t.Context(), function.CreateInput{Name: "large-env", Zip: packGuest(t, "echo"), Settings: in}); err != nil {
		t.Error(err)
	}
	if got := settle(t, s, "large-env"); got.State.Is != function.Active || !maps.Equal(got.Environment, env) {
		t.Errorf("with 4 KB of environment: %+v", got.State)
	}
}

// TestMeasuredOrder has the variables of a message in the order that was recorded.
func TestMeasuredOrder(t *testing.T) {
	s := newService(t, function.Config{})
	in := settings()
	in.Environment = map[string]string{"LARGE_VAR": strings.Repeat("x", 4096), "SMALL_VAR": "ok", "MINE": `"<`}
	_, err := s.Create(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "echo"), Settings: in})
	wantFault(t, "too much", err, fault.InvalidParameterValue, `String measured: {"SMALL_VAR":"ok",`)
	wantFault(t, "escaped", err, fault.InvalidParameterValue, `"MINE":"\"<"`)
}

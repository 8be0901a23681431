package function

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Limits of settings, those of AWS Lambda.
const (
	minTimeout, maxTimeout          = 1, 900 // seconds
	minMemory, maxMemory            = 128, 10_240
	modelMemory                     = 32_768 // what the service model has for functions of other kinds
	minEphemeral, maxEphemeral      = 512, 10_240
	maxDescription, maxHandler      = 256, 128
	maxLayers, maxTags              = 5, 50
	maxSubnets, maxSecurityGroups   = 16, 5
	maxTagKey, maxTagValue          = 128, 256
	maxLogGroup                     = 512
	defaultTimeout                  = 3
	defaultMemory, defaultEphemeral = 128, 512
)

var (
	handlerPattern = regexp.MustCompile(`^\S+$`)
	rolePattern    = regexp.MustCompile(`^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$`)
	kmsPattern     = regexp.MustCompile(`^((arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|())$`)
	groupPattern   = regexp.MustCompile(`^[.\-_/#A-Za-z0-9]+$`)
	keyIDPattern   = regexp.MustCompile(`^[0-9a-zA-Z-]*$`)
)

// Violations says what the service model has against the settings: one text for each
// rule that one of them breaks.
func (in *Settings) Violations() []string {
	var c constraints
	c.length(in.Description, "description", 0, maxDescription)
	c.pattern(in.Role, "role", rolePattern, `arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`)
	c.length(in.Handler, "handler", 0, maxHandler)
	c.pattern(in.Handler, "handler", handlerPattern, `[^\s]+`)
	c.between(in.Timeout, "timeout", minTimeout, maxTimeout)
	if in.MemorySize != nil && *in.MemorySize > modelMemory {
		c.refuse(*in.MemorySize, "memorySize", fault.MostValue(modelMemory))
	} else {
		c.between(in.MemorySize, "memorySize", minMemory, maxMemory)
	}
	c.between(in.EphemeralMB, "ephemeralStorage.size", minEphemeral, maxEphemeral)
	c.oneOf(in.PackageType, "packageType", "Image", "Zip")
	c.oneOf(in.TracingMode, "tracingConfig.mode", "Active", "PassThrough")
	c.oneOf(in.SnapStart, "snapStart.applyOn", publishedVersions, "None")
	c.pattern(in.KMSKeyARN, "kMSKeyArn", kmsPattern, `(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()`)
	c.pattern(in.DeadLetterARN, "deadLetterConfig.targetArn", kmsPattern, `(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()`)
	c.environment(in.Environment)
	c.architectures(in.Architectures)
	c.logging(in.Logging)
	c.vpc(in.VPC)
	c.layers(in.Layers)
	return c
}

// check refuses settings that no function can have. The texts of errors are
// those of AWS where AWS has the same limit.
func (in *Settings) check() error {
	if err := constraints(in.Violations()).err(); err != nil {
		return err
	}
	if in.Runtime != nil {
		if err := checkRuntime(*in.Runtime); err != nil {
			return err
		}
	}
	if err := in.checkLacking(); err != nil {
		return err
	}
	return checkEnvironment(in.Environment)
}

// checkLacking refuses what would promise something that is not done.
func (in *Settings) checkLacking() error {
	switch {
	case in.PackageType != nil && *in.PackageType == "Image":
		return invalid("PackageType is Image, but Lambent runs WebAssembly modules, not container images. Use a zip file.")
	case len(in.Layers) > maxLayers:
		return invalid("Cannot reference more than %d layers.", maxLayers)
	case in.DeadLetterARN != nil && *in.DeadLetterARN != "":
		return invalid("DeadLetterConfig.TargetArn is %q, but Lambent has no dead-letter queues yet. Leave it out.", *in.DeadLetterARN)
	case in.Logging != nil && in.Logging.Format != "JSON" && (in.Logging.ApplicationLevel != "" || in.Logging.SystemLevel != ""):
		return invalid("LoggingConfig has log levels, which are for LogFormat JSON only.")
	}
	return nil
}

func (c *constraints) architectures(list []string) {
	shown := "[" + strings.Join(list, ", ") + "]"
	switch {
	case list == nil:
	case len(list) > 1:
		c.refuse(shown, "architectures", fault.MostLength(1))
	case len(list) < 1:
		c.refuse(shown, "architectures", fault.LeastLength(1))
	case !slices.Contains(architectures, list[0]):
		c.refuse(shown, "architectures", "Member must satisfy constraint: [%s, %s]", fault.OneOf(architectures), fault.NotNull)
	}
}

func (c *constraints) logging(l *Logging) {
	if l == nil {
		return
	}
	given := func(s string) *string { // empty means that it was left out
		if s == "" {
			return nil
		}
		return &s
	}
	c.oneOf(given(l.Format), "loggingConfig.logFormat", "JSON", "Text")
	c.oneOf(given(l.ApplicationLevel), "loggingConfig.applicationLogLevel", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
	c.oneOf(given(l.SystemLevel), "loggingConfig.systemLogLevel", "DEBUG", "INFO", "WARN")
	c.length(given(l.Group), "loggingConfig.logGroup", 1, maxLogGroup)
	c.pattern(given(l.Group), "loggingConfig.logGroup", groupPattern, `[\.\-_/#A-Za-z0-9]+`)
}

func (c *constraints) vpc(v *VPC) {
	if v == nil {
		return
	}
	ids := func(list []string, field, prefix string, most int) {
		if len(list) > most {
			c.refuse("["+strings.Join(list, ", ")+"]", field, "Member must have length less than or equal to %d", most)
		}
		for _, id := range list {
			if rest, ok := strings.CutPrefix(id, prefix); !ok || len(id) > 1024 || !keyIDPattern.MatchString(rest) {
				c.refuse("["+strings.Join(list, ", ")+"]", field, "Member must satisfy constraint: [Member must have length less than or equal to 1024, "+
					"Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: %s[0-9a-zA-Z]*]", prefix)
				return
			}
		}
	}
	ids(v.SubnetIDs, "vpcConfig.subnetIds", "subnet-", maxSubnets)
	ids(v.SecurityGroupIDs, "vpcConfig.securityGroupIds", "sg-", maxSecurityGroups)
}

// checkTags refuses tags that AWS would.
func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return invalid("Number of tags exceeds resource tag limit.")
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		switch {
		case key == "" || len(key) > maxTagKey || strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalid("The tag key %q is not allowed: a key has 1 to %d bytes and does not begin with aws:.", key, maxTagKey)
		case len(tags[key]) > maxTagValue:
			return invalid("The value of tag %q has %d bytes; at most %d are allowed.", key, len(tags[key]), maxTagValue)
		}
	}
	return nil
}

// defaults is the configuration of a function of which nothing but the name was
// given.
func defaults(name string) Configuration {
	return Configuration{
		Name:          name,
		Timeout:       defaultTimeout,
		MemorySize:    defaultMemory,
		EphemeralMB:   defaultEphemeral,
		Architectures: []string{"x86_64"},
		PackageType:   "Zip",
		TracingMode:   "PassThrough",
		Logging:       Logging{Format: "Text", Group: "/aws/lambda/" + name},
		SnapStart:     "None",
	}
}

// apply changes the parts of a configuration that were given.
func (in *Settings) apply(c *Configuration) {
	set(&c.Description, in.Description)
	set(&c.Runtime, in.Runtime)
	set(&c.Handler, in.Handler)
	set(&c.Role, in.Role)
	set(&c.Timeout, in.Timeout)
	set(&c.MemorySize, in.MemorySize)
	set(&c.EphemeralMB, in.EphemeralMB)
	set(&c.Fuel, in.Fuel)
	set(&c.PackageType, in.PackageType)
	set(&c.TracingMode, in.TracingMode)
	set(&c.KMSKeyARN, in.KMSKeyARN)
	set(&c.SnapStart, in.SnapStart)
	if in.Environment != nil {
		c.Environment = maps.Clone(in.Environment)
	}
	if in.Layers != nil {
		c.Layers = slices.Clone(in.layers)
	}
	if in.Architectures != nil {
		c.Architectures = slices.Clone(in.Architectures)
	}
	if in.Logging != nil {
		in.Logging.apply(&c.Logging)
	}
	if in.VPC != nil {
		vpc := *in.VPC
		c.VPC = &vpc
	}
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// apply changes the parts that were given. As recorded from AWS, levels are INFO
// unless given and exist only with JSON.
func (in *Logging) apply(l *Logging) {
	given := func(field *string, value string) {
		if value != "" {
			*field = value
		}
	}
	given(&l.Format, in.Format)
	given(&l.Group, in.Group)
	given(&l.ApplicationLevel, in.ApplicationLevel)
	given(&l.SystemLevel, in.SystemLevel)
	if l.Format != "JSON" {
		l.ApplicationLevel, l.SystemLevel = "", ""
		return
	}
	l.ApplicationLevel = cmp.Or(l.ApplicationLevel, "INFO")
	l.SystemLevel = cmp.Or(l.SystemLevel, "INFO")
}

package api

import (
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// settings reads the members that CreateFunction and
// UpdateFunctionConfiguration share. What their values may be is checked by
// package function, for its other callers too.
type settings struct {
	function.Settings
	verify  []function.SampleEvent
	lacking []string   // members given that Lambent has nothing for
	broken  violations // of what Settings cannot hold
}

// check adds what the service model has against them.
func (in *settings) check(v *violations) {
	*v = append(append(*v, in.broken...), in.Violations()...)
}

// required notes that a member, which has been read if it was given, is missing.
func (in *settings) required(s *scanner, path string, given bool) {
	if !given && s.err == nil {
		in.broken.null(path)
	}
}

// member reads the value of a member and reports whether it is one of these.
func (in *settings) member(s *scanner, name string) bool {
	switch name {
	case "Description":
		s.string(name, &in.Description)
	case "Runtime":
		s.string(name, &in.Runtime)
	case "Handler":
		s.string(name, &in.Handler)
	case "Role":
		s.string(name, &in.Role)
	case "Timeout":
		s.integer(name, &in.Timeout)
	case "MemorySize":
		s.integer(name, &in.MemorySize)
	case "KMSKeyArn":
		s.string(name, &in.KMSKeyARN)
	case "Layers":
		s.strings(name, &in.Layers)
	case "EphemeralStorage":
		if s.null() {
			break
		}
		in.only(s, name, "Size", func(m string) { s.integer(m, &in.EphemeralMB) })
		in.required(s, "ephemeralStorage.size", in.EphemeralMB != nil)
	case "TracingConfig":
		in.only(s, name, "Mode", func(m string) { s.string(m, &in.TracingMode) })
	case "DeadLetterConfig":
		in.only(s, name, "TargetArn", func(m string) { s.string(m, &in.DeadLetterARN) })
	case "SnapStart":
		in.only(s, name, "ApplyOn", func(m string) { s.string(m, &in.SnapStart) })
	case "Environment":
		in.environment(s)
	case "Lambent":
		ownMember(s, &in.Fuel, &in.verify)
	case "LoggingConfig":
		in.logging(s)
	case "VpcConfig":
		in.vpc(s)
	case "FileSystemConfigs", "ImageConfig", "CapacityProviderConfig", "DurableConfig":
		lack(s, name, &in.lacking)
	default:
		return false
	}
	return true
}

// only reads a structure of which one member is of interest.
func (in *settings) only(s *scanner, name, member string, read func(string)) {
	if s.null() {
		return
	}
	s.object(name, func(m string) {
		if m == member {
			read(name + "." + m)
		} else {
			s.skip()
		}
	})
}

func (in *settings) environment(s *scanner) {
	if s.null() {
		return
	}
	in.Environment = map[string]string{}
	in.only(s, "Environment", "Variables", func(m string) { s.stringMap(m, &in.Environment) })
}

func (in *settings) logging(s *scanner) {
	if s.null() {
		return
	}
	var format, application, system, group *string
	s.object("LoggingConfig", func(m string) {
		switch m {
		case "LogFormat":
			s.string(m, &format)
		case "ApplicationLogLevel":
			s.string(m, &application)
		case "SystemLogLevel":
			s.string(m, &system)
		case "LogGroup":
			s.string(m, &group)
		default:
			s.skip()
		}
	})
	if group != nil && *group == "" { // which is one that was left out, in a Logging
		in.broken.tooShort("loggingConfig.logGroup", "", 1)
	}
	in.Logging = &function.Logging{Format: value(format), ApplicationLevel: value(application), SystemLevel: value(system), Group: value(group)}
}

func (in *settings) vpc(s *scanner) {
	if s.null() {
		return
	}
	in.VPC = &function.VPC{}
	s.object("VpcConfig", func(m string) {
		switch m {
		case "SubnetIds":
			s.strings(m, &in.VPC.SubnetIDs)
		case "SecurityGroupIds":
			s.strings(m, &in.VPC.SecurityGroupIDs)
		case "Ipv6AllowedForDualStack":
			s.boolean(m, &in.VPC.IPv6)
		default:
			s.skip()
		}
	})
}

// lack reads a value that Lambent has nothing for, and notes its member unless
// the value says nothing either.
func lack(s *scanner, member string, lacking *[]string) {
	s.peek()
	begin := s.pos
	s.skip()
	if s.err != nil {
		return
	}
	switch strings.Join(strings.Fields(string(s.data[begin:s.pos])), "") {
	case "null", "[]", "{}", `""`:
	default:
		*lacking = append(*lacking, member)
	}
}

// refuse is the error of members that Lambent has nothing for: to take them in
// silence would be to promise what they ask for.
func refuse(lacking []string) *fault.Error {
	if len(lacking) == 0 {
		return nil
	}
	return fault.New(fault.InvalidParameterValue, "Lambent does not support %s yet; leave it out.", strings.Join(lacking, ", "))
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

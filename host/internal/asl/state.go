package asl

import (
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl/path"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// state builds one state.
func (b *builder) state(name string, v any, location string, depth int, options Options) *State {
	f, ok := b.object(v, location, b.language)
	if !ok || !f.required("Type") {
		return nil
	}
	s := &State{Name: name, location: location, QueryLanguage: b.language}
	s.Type = StateType(f.choice("Type", stateTypes...))
	allowed := fieldsOf[s.Type]
	if allowed == nil {
		return nil
	}
	if f.has("QueryLanguage") {
		s.QueryLanguage = JSONata
		if f.choice("QueryLanguage", string(JSONPath), string(JSONata)) == string(JSONPath) {
			s.QueryLanguage = JSONPath
		}
		if s.QueryLanguage == JSONPath && b.language == JSONata {
			b.schema(location, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
		}
	}
	f.language, f.of = s.QueryLanguage, s.Type
	f.only(allowed...)
	s.Comment = f.text("Comment")
	f.flow(s)
	f.data(s)
	switch s.Type {
	case TypeTask:
		f.task(s, options)
	case TypePass:
		s.result, s.hasResult = f.object.Get("Result")
		f.warnStaticResult(s.result)
	case TypeChoice:
		f.choices(s)
	case TypeWait:
		f.wait(s)
	case TypeFail:
		s.fail = &failFields{error: f.failText("Error"), cause: f.failText("Cause")}
	case TypeParallel:
		f.parallel(s, depth, options)
	case TypeMap:
		f.mapping(s, depth, options)
	}
	return s
}

// flow builds Next and End.
func (f fields) flow(s *State) {
	switch s.Type {
	case TypeChoice, TypeSucceed, TypeFail:
		return
	}
	s.Next, s.End = f.text("Next"), f.boolean("End")
	f.oneOf("Next", "End")
	switch {
	case !f.has("Next") && !f.has("End"):
		f.oneNeeded("Next", "End")
	case f.has("End") && !s.End:
		f.schema(f.at("End"), "The field 'End' must be true")
	case f.has("Next") && s.Next == "":
		f.schema(f.at("Next"), "Value cannot be empty")
	}
}

// data builds the fields that most types share.
func (f fields) data(s *State) {
	if f.language == JSONPath {
		s.inputPath, s.outputPath = f.path("InputPath"), f.path("OutputPath")
		s.resultPath = f.resultPath()
		s.parameters, s.resultSelector = f.template("Parameters"), f.template("ResultSelector")
	} else {
		s.arguments, s.output = f.template("Arguments"), f.template("Output")
	}
	s.assign = f.assignments()
	s.retry, s.Catch = f.retriers(), f.catchers()
}

func (f fields) resultPath() pathField {
	p := f.path("ResultPath")
	if p.path != nil && (!p.path.IsReference() || p.path.Root() != path.Input) {
		f.schema(f.at("ResultPath"), "Value is not a Reference Path")
	}
	return p
}

// assignments builds Assign.
func (f fields) assignments() *template {
	if !f.has("Assign") {
		return nil
	}
	object, ok := f.builder.object(mustGet(f.object, "Assign"), f.at("Assign"), "")
	if !ok {
		return nil
	}
	for name := range object.object.Keys() {
		if f.language == JSONPath {
			name = strings.TrimSuffix(name, ".$")
		}
		if !path.IsVariableName(name) || name == "states" {
			f.schema(f.at("Assign"), "The variable name '%s' is invalid", name)
		}
	}
	return f.template("Assign")
}

func (f fields) warnStaticResult(result any) {
	found := false
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			found = found || dynamicTemplate("", v) != nil && len(v) > 1
		case []any:
			for _, item := range v {
				walk(item)
			}
		case *jsonata.Object:
			for _, value := range v.All() {
				walk(value)
			}
		}
	}
	if walk(result); found {
		f.find(Warning, codeStaticResult, f.at("Result"), "The result of a Pass state is static: paths in it are used as text")
	}
}

// wait builds a Wait state.
func (f fields) wait(s *State) {
	w := &waitFields{}
	s.wait = w
	names := []string{"Seconds", "SecondsPath", "Timestamp", "TimestampPath"}
	there := 0
	for _, name := range names {
		if f.has(name) {
			there++
		}
	}
	if there != 1 {
		f.schema(f.location, "Exactly one of the following fields is required: [%s]", strings.Join(names, ", "))
		return
	}
	switch {
	case f.has("Seconds"), f.has("SecondsPath"):
		w.seconds = f.numberField("Seconds", bounds{0, 99_999_999, true})
	case f.has("TimestampPath"):
		w.timestampPath = f.reference("TimestampPath", true)
	default:
		w.timestamp = f.text("Timestamp")
		if f.language == JSONata && looksLikeExpression(w.timestamp) {
			w.timestampExpr = f.expression(w.timestamp, f.site("Timestamp"))
		} else if _, ok := parseTimestamp(w.timestamp); !ok {
			f.schema(f.at("Timestamp"), "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: %s", w.timestamp)
		}
	}
}

// maxTimestamp is how long a timestamp may be, in bytes: digits of a second's
// fraction, which there may be any number of, take time to parse.
const maxTimestamp = 128

// parseTimestamp parses RFC 3339 as the States language has it: with an upper
// case T, and Z or an offset.
func parseTimestamp(s string) (time.Time, bool) {
	if len(s) < 20 || len(s) > maxTimestamp || s[10] != 'T' || strings.HasSuffix(s, "z") {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return t, err == nil
}

// givesText are the intrinsic functions that ErrorPath and CausePath may call.
var givesText = map[string]bool{
	"States.Format": true, "States.JsonToString": true, "States.ArrayGetItem": true, "States.Base64Encode": true,
	"States.Base64Decode": true, "States.Hash": true, "States.UUID": true,
}

// failText builds Error or Cause, or the path in its stead.
func (f fields) failText(name string) *textField {
	f.oneOf(name, name+"Path")
	switch {
	case f.has(name):
		text := f.text(name)
		field := &textField{name: name, literal: text}
		if f.language == JSONPath && strings.HasPrefix(text, "$.") && dynamicTemplate("", text) != nil {
			f.find(Warning, codeNoPath, f.at(name), "The value of the field '%s' looks like a path, but the name of the field does not end with 'Path'", name)
		}
		if f.language == JSONata && looksLikeExpression(text) {
			field.value = &template{expr: f.expression(text, f.site(name))}
		}
		return field
	case f.has(name + "Path"):
		field := &textField{name: name + "Path"}
		source, _ := mustGet(f.object, name+"Path").(string)
		field.value = dynamicTemplate(name+"Path", source)
		if field.value == nil || field.value.path != nil && !field.value.path.IsReference() || field.value.call != nil && !givesText[field.value.call.Name()] {
			f.schema(f.at(name+"Path"), "Value is not a Reference Path or a valid intrinsic function call")
			field.value = &template{}
		}
		return field
	}
	return nil
}

// parallel builds a Parallel state.
func (f fields) parallel(s *State, depth int, options Options) {
	if !f.required("Branches") {
		return
	}
	items := f.array("Branches")
	if items != nil && len(items) == 0 {
		f.schema(f.at("Branches"), "Value cannot be empty")
	}
	for i, item := range items {
		location := f.at("Branches") + indexed(i)
		inner, ok := f.builder.object(item, location, "")
		if !ok {
			continue
		}
		inner.only("Comment", "StartAt", "States")
		if branch := inner.branch(location, depth+1, options); branch != nil {
			s.Branches = append(s.Branches, branch)
		}
	}
}

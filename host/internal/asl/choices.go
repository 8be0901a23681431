package asl

import (
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/asl/path"
)

// comparison is a node of a rule: a combination of others, or a test of what a
// path finds.
type comparison struct {
	op       string // "And", "Or", "Not", or an operator
	inner    []*comparison
	variable *path.Path
	value    any        // what the operator compares with
	other    *path.Path // the same, of an operator ending in Path
}

// operators are the tests, with the type of what they compare with; those that
// compare take a path too, as StringEqualsPath.
var operators = map[string]string{
	"StringEquals": "String", "StringLessThan": "String", "StringGreaterThan": "String",
	"StringLessThanEquals": "String", "StringGreaterThanEquals": "String", "StringMatches": "String",
	"NumericEquals": "Number", "NumericLessThan": "Number", "NumericGreaterThan": "Number",
	"NumericLessThanEquals": "Number", "NumericGreaterThanEquals": "Number", "BooleanEquals": "Boolean",
	"TimestampEquals": "Timestamp", "TimestampLessThan": "Timestamp", "TimestampGreaterThan": "Timestamp",
	"TimestampLessThanEquals": "Timestamp", "TimestampGreaterThanEquals": "Timestamp",
	"IsNull": "Boolean", "IsPresent": "Boolean", "IsNumeric": "Boolean", "IsString": "Boolean",
	"IsBoolean": "Boolean", "IsTimestamp": "Boolean",
}

// choices builds a Choice state.
func (f fields) choices(s *State) {
	s.Default = f.text("Default")
	if !f.required("Choices") {
		return
	}
	items := f.array("Choices")
	if items != nil && len(items) == 0 {
		f.schema(f.at("Choices"), "Value cannot be empty")
	}
	for i, item := range items {
		r, ok := f.within(item, "Choices"+indexed(i))
		if !ok {
			continue
		}
		rule := &Rule{Next: r.text("Next"), Comment: r.text("Comment")}
		r.required("Next")
		rule.assign = r.assignments()
		if f.language == JSONata {
			r.only("Comment", "Next", "Condition", "Output", "Assign")
			rule.output = r.template("Output")
			r.condition(rule)
		} else {
			rule.condition = r.comparison(0)
			rule.Label = shorten(rule.condition.label(0))
		}
		s.Choices = append(s.Choices, rule)
	}
}

func (f fields) condition(rule *Rule) {
	if !f.required("Condition") {
		return
	}
	switch v := mustGet(f.object, "Condition").(type) {
	case bool:
		rule.constant = v
		rule.Label = strconv.FormatBool(v)
	case string:
		rule.expr = f.expression(v, f.site("Condition"))
		if rule.expr != nil {
			rule.Label = shorten(rule.expr.source)
		}
	default:
		f.schema(f.at("Condition"), "Expected value of type Boolean or a JSONata expression")
	}
}

// comparison builds a node of a rule; nested ones have no Next.
func (f fields) comparison(depth int) *comparison {
	if depth > maxNested {
		f.find(Error, codeNested, f.location, "Choice rules may be nested at most %d deep", maxNested)
		return nil
	}
	c := &comparison{}
	for name, v := range f.object.All() {
		switch name {
		case "Comment", "Variable":
			continue
		case "Next", "Assign":
			if depth > 0 {
				f.schema(f.location, "Field '%s' is not supported", name)
			}
			continue
		}
		if c.op != "" {
			f.schema(f.location, "There should only be one of the following fields: [%s, %s]", c.op, name)
			return c
		}
		c.op = name
		switch name {
		case "And", "Or":
			items := f.array(name)
			if items != nil && len(items) == 0 {
				f.schema(f.at(name), "Value cannot be empty")
			}
			for i, item := range items {
				c.combine(f, item, name+indexed(i), depth)
			}
		case "Not":
			c.combine(f, v, name, depth)
		default:
			f.operator(c, name, v)
		}
	}
	switch {
	case c.op == "":
		f.schema(f.location, "A Choice rule needs And, Or, Not or a comparison operator")
	case c.op == "And", c.op == "Or", c.op == "Not":
		if f.has("Variable") {
			f.schema(f.location, "There should only be one of the following fields: [Variable, %s]", c.op)
		}
	case f.required("Variable"):
		c.variable = f.reference("Variable", true)
	}
	return c
}

func (c *comparison) combine(f fields, v any, field string, depth int) {
	if inner, ok := f.within(v, field); ok {
		if built := inner.comparison(depth + 1); built != nil {
			c.inner = append(c.inner, built)
		}
	}
}

func (f fields) operator(c *comparison, name string, v any) {
	if short, ok := strings.CutSuffix(name, "Path"); ok && operators[short] != "" && !strings.HasPrefix(short, "Is") && short != "StringMatches" {
		c.other = f.reference(name, true)
		return
	}
	kind := operators[name]
	c.value = v
	ok := false
	switch kind {
	case "":
		f.schema(f.location, "Field '%s' is not supported", name)
		return
	case "String":
		_, ok = v.(string)
	case "Number":
		_, ok = v.(float64)
	case "Boolean":
		_, ok = v.(bool)
	case "Timestamp":
		s, _ := v.(string)
		_, ok = parseTimestamp(s)
	}
	if !ok {
		f.schema(f.at(name), "Expected value of type %s", kind)
	}
}

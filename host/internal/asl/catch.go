package asl

// errorAll is the name that stands for every error that can be caught.
const errorAll = "States.ALL"

func (f fields) retriers() []*retrier {
	items := f.array("Retry")
	var all []*retrier
	for i, item := range items {
		r, ok := f.within(item, "Retry"+indexed(i))
		if !ok {
			continue
		}
		r.only("Comment", "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy")
		built := &retrier{
			errorEquals:     r.errorEquals(i == len(items)-1),
			intervalSeconds: r.number("IntervalSeconds", 1, bounds{1, 99_999_999, true}),
			maxAttempts:     int(r.number("MaxAttempts", 3, bounds{0, 99_999_999, true})),
			backoffRate:     r.number("BackoffRate", 2, bounds{1, 1e6, false}),
			maxDelaySeconds: r.number("MaxDelaySeconds", 0, bounds{1, 31_622_399, true}),
			fullJitter:      r.choice("JitterStrategy", "FULL", "NONE") == "FULL",
		}
		all = append(all, built)
	}
	return all
}

func (f fields) catchers() []*Catcher {
	items := f.array("Catch")
	var all []*Catcher
	for i, item := range items {
		c, ok := f.within(item, "Catch"+indexed(i))
		if !ok {
			continue
		}
		c.caught = true
		c.only("Comment", "ErrorEquals", "Next", "ResultPath", "Output", "Assign")
		c.required("Next")
		built := &Catcher{ErrorEquals: c.errorEquals(i == len(items)-1), Next: c.text("Next"), Comment: c.text("Comment")}
		if c.language == JSONPath {
			built.resultPath = c.resultPath()
		} else {
			built.output = c.template("Output")
		}
		built.assign = c.assignments()
		all = append(all, built)
	}
	return all
}

// errorEquals builds a list of error names. States.ALL must stand alone, in the
// last list.
func (f fields) errorEquals(last bool) []string {
	if !f.required("ErrorEquals") {
		return nil
	}
	items := f.array("ErrorEquals")
	if items != nil && len(items) == 0 {
		f.schema(f.at("ErrorEquals"), "Value cannot be empty")
	}
	names := make([]string, 0, len(items))
	for i, item := range items {
		name, ok := item.(string)
		switch {
		case !ok:
			f.schema(f.at("ErrorEquals")+indexed(i), "Expected value of type String")
		case name == errorAll && (len(items) > 1 || !last):
			f.schema(f.location, "'%s' must appear alone and in the last element", errorAll)
		}
		names = append(names, name)
	}
	return names
}

// matches reports whether a list of error names names the failure. States.TaskFailed
// stands for every error but a timeout.
func (f *failure) matches(names []string) bool {
	for _, candidate := range names {
		switch {
		case candidate == errorAll, candidate == f.name && !f.noName,
			candidate == "States.TaskFailed" && f.name != errTimeout,
			candidate == errHeartbeat && f.heartbeat:
			return true
		}
	}
	return false
}

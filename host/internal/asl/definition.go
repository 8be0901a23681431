package asl

import (
	"github.com/lambent-dev/lambent/host/internal/asl/path"
)

// QueryLanguage is how a state looks into its data.
type QueryLanguage string

// The query languages. A machine is JSONPath unless it says otherwise.
const (
	JSONPath QueryLanguage = "JSONPath"
	JSONata  QueryLanguage = "JSONata"
)

// Definition is a state machine, parsed and valid. It is immutable: one
// Definition serves any number of executions at once.
type Definition struct {
	Branch
	Comment       string
	QueryLanguage QueryLanguage
	// TimeoutSeconds is how long an execution may take; 0 if there is no bound.
	TimeoutSeconds int64

	weight int
}

// Weight is about how many bytes the definition takes in memory, no fewer than
// it does.
func (d *Definition) Weight() int { return d.weight }

// Branch is a set of states of which one is the first: a state machine, a
// branch of a Parallel state or what a Map state does to each item.
type Branch struct {
	StartAt string
	States  map[string]*State
	// Names are the names of the states in the order they were written.
	Names []string
}

// StateType is the value of a state's field Type.
type StateType string

// The types of states.
const (
	TypeTask     StateType = "Task"
	TypePass     StateType = "Pass"
	TypeChoice   StateType = "Choice"
	TypeWait     StateType = "Wait"
	TypeSucceed  StateType = "Succeed"
	TypeFail     StateType = "Fail"
	TypeParallel StateType = "Parallel"
	TypeMap      StateType = "Map"
)

// State is one state of a machine. The exported fields are what a drawing
// needs; how data flows through it is the interpreter's.
type State struct {
	Name          string
	Type          StateType
	Comment       string
	QueryLanguage QueryLanguage
	// Next is the state that follows; "" if the state is terminal or a Choice.
	Next string
	// End says that the branch is over after this state.
	End bool
	// Resource is a Task's; "" for other types.
	Resource string
	// Choices are the rules of a Choice, Default what follows if none holds.
	Choices []*Rule
	Default string
	Catch   []*Catcher
	// Branches are those of a Parallel state.
	Branches []*Branch
	// Processor is what a Map state does to each item.
	Processor *Branch
	// Distributed says that each item of a Map state gets an execution of its
	// own.
	Distributed bool

	location string

	inputPath, outputPath  pathField
	resultPath             pathField
	parameters, arguments  *template
	resultSelector, output *template
	assign                 *template
	retry                  []*retrier
	result                 any // of a Pass state
	hasResult              bool
	task                   *taskFields
	wait                   *waitFields
	fail                   *failFields
	mapping                *mapFields
}

// pathField is a field that holds a path, or null. The zero value is a field
// that is not there.
type pathField struct {
	path *path.Path
	null bool
}

// numberField is a field that holds a number, an expression, or, with another
// name, a path to one.
type numberField struct {
	name   string
	set    bool
	number float64
	expr   *expression
	path   *path.Path
}

type taskFields struct {
	resource           resource
	timeout, heartbeat numberField
	credentials        *template
}

type waitFields struct {
	seconds       numberField
	timestamp     string
	timestampExpr *expression
	timestampPath *path.Path
}

// failFields are texts that are literal, expressions, paths or calls.
type failFields struct{ error, cause *textField }

type textField struct {
	name    string // of the field, as "ErrorPath"
	literal string
	value   *template // nil if literal
}

type mapFields struct {
	itemsPath           *path.Path
	items               *template
	itemSelector        *template
	maxConcurrency      numberField
	toleratedCount      numberField
	toleratedPercentage numberField
	expressChildren     bool
	label               string
	reader              *readerFields
	writer              *writerFields
	batcher             *batcherFields
}

type readerFields struct {
	resource  string
	arguments *template
	maxItems  numberField
	config    map[string]any
}

type writerFields struct {
	resource  string
	arguments *template
	config    map[string]any
}

type batcherFields struct {
	maxItems, maxBytes numberField
	input              *template
}

// Rule is one of a Choice state's rules.
type Rule struct {
	Next    string
	Comment string
	// Label says what the rule asks, for drawings.
	Label string

	condition *comparison // JSONPath
	expr      *expression // JSONata
	constant  bool        // JSONata, if expr is nil
	output    *template
	assign    *template
}

// Catcher says where an execution goes on after an error.
type Catcher struct {
	ErrorEquals []string
	Next        string
	Comment     string

	resultPath pathField
	output     *template
	assign     *template
}

type retrier struct {
	errorEquals     []string
	intervalSeconds float64
	maxAttempts     int
	backoffRate     float64
	maxDelaySeconds float64 // 0 if there is no bound
	fullJitter      bool
}

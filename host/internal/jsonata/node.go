package jsonata

// nodeKind is the kind of a node of the syntax tree.
type nodeKind uint8

const (
	endNode nodeKind = iota
	pathNode
	binaryNode
	negateNode
	arrayNode
	objectNode
	nameNode
	stringNode
	numberNode
	valueNode
	wildcardNode
	descendantNode
	parentNode
	conditionNode
	blockNode
	bindNode
	regexNode
	callNode
	partialNode
	variableNode
	lambdaNode
	applyNode
	transformNode
	sortNode
	operatorNode // "and", "or", "in" used as names, and the "?" of a partial application
)

// String is the name that error messages use.
func (k nodeKind) String() string {
	return [...]string{"(end)", "path", "binary", "unary", "unary", "unary", "name", "string", "number",
		"value", "wildcard", "descendant", "parent", "condition", "block", "bind", "regex", "function",
		"partial", "variable", "lambda", "apply", "transform", "sort", "operator"}[k]
}

// node is a node of the syntax tree. The parser makes a tree of the operators
// as they bind; resolving turns it into the tree that is evaluated, in which
// the operators ".", "[", "{", "^", "@", "#", ":=" and "~>" have become paths
// of steps with stages, groups, bindings and so on.
type node struct {
	kind  nodeKind
	text  string  // the operator, name, string, variable; of a function call "("
	num   float64 // of a number
	value any     // of true, false, null
	regex *regex
	pos   int // in the source; noPosition for nodes that are made of several

	lhs, rhs *node      // operands; pattern and update of a transform; condition and its "then"
	other    *node      // "else" of a condition; "delete" of a transform; what a call calls; body of a lambda
	list     []*node    // steps, items, expressions, arguments, parameters
	pairs    [][2]*node // of an object
	terms    []sortTerm

	predicates []stage // of a node that is no step of a path
	stages     []stage // of a step
	group      *grouping

	focus, index  string // variables that a step binds by "@" and "#"
	ancestor      *slot  // what the step remembers for a "%" further on
	slot          *slot  // of "%"
	seeking       *seeking
	signature     *signature
	keepArray     bool // marked by "[]"
	keepSingleton bool // of a path: one of its steps is marked by "[]"
	consArray     bool // an array in a path that must not be flattened
	tuple         bool // the step makes tuples, or the path is to hand on its own
	thunk         bool // a tail call, wrapped in a lambda
}

const noPosition = -1

// sortTerm is one term of an order-by clause.
type sortTerm struct {
	descending bool
	expr       *node
}

// stage is a predicate, or binds the position of items to a variable.
type stage struct {
	filter *node
	index  string
}

// grouping is an object that groups what it is applied to.
type grouping struct {
	pairs [][2]*node
	pos   int
}

// slot is where the ancestor that a "%" refers to is kept: a binding named
// label in the tuples of the step found by walking level steps back.
type slot struct {
	label string
	level int
}

// seeking is a list of slots whose step has not been found. Nodes may share
// one: what is added for one of them is then added for all.
type seeking struct{ slots []*slot }

// value of a node as errors report it.
func (n *node) literal() any {
	switch n.kind {
	case numberNode:
		return n.num
	case valueNode:
		return n.value
	}
	return n.text
}

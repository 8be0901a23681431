package jsonata

const (
	// maxSource is the longest source, in UTF-16 units.
	maxSource = 1 << 20
	// maxTokens is how many tokens a source may have: each takes some hundred
	// bytes once it is parsed.
	maxTokens = 250_000
	// maxExpressionDepth is how deep an expression may be nested.
	maxExpressionDepth = 1_000
	// maxChain is how many operators may follow each other on one level.
	maxChain = 10_000
)

// bindingPower tells how strongly an infix operator binds; operators that are
// not here end an expression.
var bindingPower = map[string]int{
	"(": 80, "[": 80, "@": 80, "#": 80, ".": 75, "{": 70, "*": 60, "/": 60, "%": 60,
	"+": 50, "-": 50, "&": 50, "=": 40, "<": 40, ">": 40, "^": 40, "!=": 40, "<=": 40, ">=": 40,
	"~>": 40, "in": 40, "and": 30, "or": 25, "?": 20, ":=": 10,
}

// parser is a top-down operator precedence parser (Pratt).
type parser struct {
	lexer  lexer
	cur    token
	depth  int
	tokens int // read so far
}

const (
	// bytesPerToken and bytesPerInstruction are what a token of an expression,
	// and an instruction of a regular expression, take once they are parsed.
	bytesPerToken       = 400
	bytesPerInstruction = 200
)

// parse parses and resolves an expression. The cost of doing so is in steps:
// regular expressions may be large for their length. weight is about how many
// bytes the tree takes.
func parse(source string) (root *node, cost, weight int, err *Error) {
	p := &parser{lexer: lexer{units: toUnits(normalize(source))}}
	if root, err = p.whole(); err == nil {
		root, err = resolve(root)
	}
	size := p.lexer.regexSize
	return root, len(source) + size, len(source) + p.tokens*bytesPerToken + size*bytesPerInstruction, err
}

func (p *parser) whole() (*node, *Error) {
	if n := len(p.lexer.units); n > maxSource {
		return nil, limitError("the expression has %d characters, %d are allowed", n, maxSource)
	}
	if err := p.advance(false); err != nil {
		return nil, err
	}
	root, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.cur.kind != endToken {
		return nil, p.unexpected(newError("S0201"))
	}
	return root, nil
}

// unexpected makes an error one about the current token.
func (p *parser) unexpected(err *Error) *Error {
	err.at(p.cur.pos, p.cur.text)
	switch p.cur.kind {
	case numberToken:
		err.shown = numberString(p.cur.number)
	case valueToken:
		err.shown = p.cur.text
	case endToken:
	default:
		err.shown = string(appendQuoted(nil, p.cur.text)) // also if it is empty
	}
	return err
}

// advance moves to the next token; infix says that an operator is expected, so
// that "/" divides.
func (p *parser) advance(infix bool) *Error {
	t, err := p.lexer.next(infix)
	if err != nil {
		return err
	}
	if t.kind == operatorToken && (t.text == "!" || t.text == "~") {
		return newError("S0204").at(t.pos, t.text)
	}
	p.cur = t
	if p.tokens++; p.tokens > maxTokens {
		return limitError("the expression has more than %d tokens", maxTokens).at(t.pos, t.text)
	}
	return nil
}

// is reports whether the current token is an operator.
func (p *parser) is(op string) bool { return p.cur.kind == operatorToken && p.cur.text == op }

// expect moves over an operator that has to be there.
func (p *parser) expect(op string, infix bool) *Error {
	if !p.is(op) {
		code := "S0202"
		if p.cur.kind == endToken {
			code = "S0203"
		}
		return p.unexpected(valueError(code, op))
	}
	return p.advance(infix)
}

func (p *parser) expression(power int) (*node, *Error) {
	if p.depth++; p.depth > maxExpressionDepth {
		return nil, limitError("the expression is nested deeper than %d", maxExpressionDepth).at(p.cur.pos, p.cur.text)
	}
	defer func() { p.depth-- }()
	t := p.cur
	if err := p.advance(true); err != nil {
		return nil, err
	}
	left, err := p.prefix(t)
	for chain := 0; err == nil && p.cur.kind == operatorToken && power < bindingPower[p.cur.text]; chain++ {
		if chain > maxChain {
			return nil, limitError("more than %d operators follow each other", maxChain).at(p.cur.pos, p.cur.text)
		}
		t = p.cur
		if err := p.advance(false); err != nil {
			return nil, err
		}
		left, err = p.infix(t, left)
	}
	return left, err
}

// prefix parses what a token begins.
func (p *parser) prefix(t token) (*node, *Error) {
	n := &node{pos: t.pos, text: t.text}
	switch t.kind {
	case endToken:
		n.kind = endNode
	case nameToken:
		n.kind = nameNode
	case variableToken:
		n.kind = variableNode
	case stringToken:
		n.kind = stringNode
	case numberToken:
		n.kind, n.num = numberNode, t.number
	case valueToken:
		n.kind, n.value = valueNode, t.value
	case regexToken:
		n.kind, n.regex = regexNode, t.regex
	case operatorToken:
		return p.prefixOperator(n)
	}
	return n, nil
}

func (p *parser) prefixOperator(n *node) (*node, *Error) {
	var err *Error
	switch n.text {
	case "and", "or", "in":
		n.kind = operatorNode
	case "*":
		n.kind = wildcardNode
	case "**":
		n.kind = descendantNode
	case "%":
		n.kind = parentNode
	case "-":
		n.kind = negateNode
		n.lhs, err = p.expression(70)
	case "(":
		err = p.block(n)
	case "[":
		err = p.array(n)
	case "{":
		n.kind = objectNode
		err = p.object(n)
	case "|":
		err = p.transform(n)
	default:
		return nil, newError("S0211").at(n.pos, n.text)
	}
	return n, err
}

func (p *parser) block(n *node) *Error {
	n.kind = blockNode
	for !p.is(")") {
		part, err := p.expression(0)
		if err != nil {
			return err
		}
		n.list = append(n.list, part)
		if !p.is(";") {
			break
		}
		if err := p.advance(false); err != nil {
			return err
		}
	}
	return p.expect(")", true)
}

func (p *parser) array(n *node) *Error {
	n.kind = arrayNode
	for !p.is("]") || len(n.list) > 0 {
		item, err := p.expression(0)
		if err != nil {
			return err
		}
		if p.is("..") {
			item = &node{kind: binaryNode, text: "..", pos: p.cur.pos, lhs: item}
			if err := p.advance(false); err != nil {
				return err
			}
			if item.rhs, err = p.expression(0); err != nil {
				return err
			}
		}
		n.list = append(n.list, item)
		if !p.is(",") {
			break
		}
		if err := p.advance(false); err != nil {
			return err
		}
	}
	return p.expect("]", true)
}

// object parses the pairs of an object behind its brace.
func (p *parser) object(n *node) *Error {
	for !p.is("}") || len(n.pairs) > 0 {
		key, err := p.expression(0)
		if err != nil {
			return err
		}
		if err := p.expect(":", false); err != nil {
			return err
		}
		value, err := p.expression(0)
		if err != nil {
			return err
		}
		n.pairs = append(n.pairs, [2]*node{key, value})
		if !p.is(",") {
			break
		}
		if err := p.advance(false); err != nil {
			return err
		}
	}
	return p.expect("}", true)
}

func (p *parser) transform(n *node) (err *Error) {
	n.kind = transformNode
	if n.lhs, err = p.expression(0); err != nil {
		return err
	}
	if err = p.expect("|", false); err != nil {
		return err
	}
	if n.rhs, err = p.expression(0); err != nil {
		return err
	}
	if p.is(",") {
		if err = p.advance(false); err != nil {
			return err
		}
		if n.other, err = p.expression(0); err != nil {
			return err
		}
	}
	return p.expect("|", false)
}

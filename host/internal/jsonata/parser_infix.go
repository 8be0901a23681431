package jsonata

import (
	"strings"
)

// infix parses what follows an infix operator.
func (p *parser) infix(t token, left *node) (n *node, err *Error) {
	n = &node{kind: binaryNode, text: t.text, pos: t.pos, lhs: left}
	switch t.text {
	case "(":
		return n, p.call(n, left)
	case "[":
		return p.predicate(n, left)
	case "{":
		return n, p.object(n)
	case "^":
		return n, p.orderBy(n)
	case "?":
		n.kind = conditionNode
		if n.rhs, err = p.expression(0); err != nil || !p.is(":") {
			return n, err
		}
		if err = p.advance(false); err == nil {
			n.other, err = p.expression(0)
		}
		return n, err
	case ":=":
		if left.kind != variableNode {
			return nil, newError("S0212").at(left.pos, left.text)
		}
		n.rhs, err = p.expression(bindingPower[":="] - 1) // binds to the right
		return n, err
	case "@", "#":
		if n.rhs, err = p.expression(bindingPower[t.text]); err != nil {
			return nil, err
		}
		if n.rhs.kind != variableNode {
			return nil, newError("S0214").at(n.rhs.pos, t.text)
		}
		return n, nil
	}
	n.rhs, err = p.expression(bindingPower[t.text])
	return n, err
}

func (p *parser) predicate(n, left *node) (*node, *Error) {
	if !p.is("]") {
		var err *Error
		if n.rhs, err = p.expression(0); err != nil {
			return nil, err
		}
		return n, p.expect("]", true)
	}
	step := left
	for step.kind == binaryNode && step.text == "[" {
		step = step.lhs
	}
	step.keepArray = true
	return left, p.advance(false)
}

func (p *parser) orderBy(n *node) *Error {
	if err := p.expect("(", false); err != nil {
		return err
	}
	for {
		term := sortTerm{descending: p.is(">")}
		if p.is("<") || p.is(">") {
			if err := p.advance(false); err != nil {
				return err
			}
		}
		var err *Error
		if term.expr, err = p.expression(0); err != nil {
			return err
		}
		n.terms = append(n.terms, term)
		if !p.is(",") {
			return p.expect(")", false)
		}
		if err := p.advance(false); err != nil {
			return err
		}
	}
}

// call parses the arguments of a call, or the definition of a function.
func (p *parser) call(n, left *node) *Error {
	n.kind, n.lhs, n.other = callNode, nil, left
	for !p.is(")") || len(n.list) > 0 {
		if p.is("?") {
			n.kind = partialNode
			n.list = append(n.list, &node{kind: operatorNode, text: "?", pos: p.cur.pos})
			if err := p.advance(false); err != nil {
				return err
			}
		} else {
			arg, err := p.expression(0)
			if err != nil {
				return err
			}
			n.list = append(n.list, arg)
		}
		if !p.is(",") {
			break
		}
		if err := p.advance(false); err != nil {
			return err
		}
	}
	if err := p.expect(")", true); err != nil {
		return err
	}
	if left.kind == nameNode && (left.text == "function" || left.text == "λ") {
		return p.lambda(n)
	}
	return nil
}

func (p *parser) lambda(n *node) (err *Error) {
	for i, param := range n.list {
		if param.kind != variableNode {
			return valueError("S0208", float64(i+1)).at(param.pos, param.text)
		}
	}
	n.kind = lambdaNode
	if p.is("<") {
		if err = p.signature(n); err != nil {
			return err
		}
	}
	if err = p.expect("{", false); err != nil {
		return err
	}
	if n.other, err = p.expression(0); err != nil {
		return err
	}
	return p.expect("}", false)
}

// signature collects the tokens up to the ">" that closes the signature.
func (p *parser) signature(n *node) *Error {
	start, depth := p.cur.pos, 1
	var text strings.Builder
	text.WriteByte('<')
	for depth > 0 && !p.is("{") && p.cur.kind != endToken {
		if err := p.advance(false); err != nil {
			return err
		}
		if p.is(">") {
			depth--
		} else if p.is("<") {
			depth++
		}
		text.WriteString(p.cur.text)
	}
	if err := p.expect(">", false); err != nil {
		return err
	}
	var err *Error
	if n.signature, err = parseSignature(text.String()); err != nil {
		err.Position += start
	}
	return err
}

package jsonata

import "strings"

// signature is the declared parameters of a function.
type signature struct{ params []param }

// param is one parameter of a signature.
type param struct {
	allow   symbols // what an argument may be
	choice  string  // its symbol, or the choice in parentheses
	subtype string  // of arrays, what the items must be; "" if not declared
	many    bool    // one or more
	maybe   bool    // may be left out
	lazy    bool    // takes as few arguments as it can
	context bool    // the context takes its place when it is left out
	typed   bool    // subtype was declared
}

// symbols is a set of the letters that stand for types in signatures.
type symbols uint16

const allSymbols = "asnblfomjx"

func symbolBit(c byte) symbols {
	if i := strings.IndexByte(allSymbols, c); i >= 0 {
		return 1 << i
	}
	return 0
}

func symbolSet(letters string) (set symbols) {
	for i := range len(letters) {
		set |= symbolBit(letters[i])
	}
	return set
}

// closing returns the offset of the bracket that closes the one at start, or
// the length if none does.
func closing(text string, start int, opens, closes byte) int {
	depth := 1
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case closes:
			if depth--; depth == 0 {
				return i
			}
		case opens:
			depth++
		}
	}
	return len(text)
}

// parseSignature parses "<s-n?:s>". Positions of errors are offsets in text.
func parseSignature(text string) (*signature, *Error) {
	sig := &signature{}
	var none param
	prev := &none
	add := func(p param) {
		sig.params = append(sig.params, p)
		prev = &sig.params[len(sig.params)-1]
	}
	for i := 1; i < len(text) && text[i] != ':'; i++ {
		switch c := text[i]; c {
		case 's', 'n', 'b', 'l', 'o':
			add(param{allow: symbolBit(c) | symbolBit('m'), choice: text[i : i+1]})
		case 'a', 'x':
			add(param{allow: symbolSet("asnblfom"), choice: text[i : i+1]})
		case 'f':
			add(param{allow: symbolBit(c), choice: "f"})
		case 'j':
			add(param{allow: symbolSet("asnblom"), choice: "j"})
		case '-':
			prev.context, prev.maybe = true, true
		case '?':
			prev.lazy = prev.maybe || prev.many
			prev.maybe = prev.maybe || !prev.many
		case '+':
			prev.many = true
		case '(':
			end := closing(text, i, '(', ')')
			choice := text[min(i+1, end):end]
			if strings.Contains(choice, "<") {
				return nil, valueError("S0402", choice).at(i, "")
			}
			add(param{allow: symbolSet(choice) | symbolBit('m'), choice: "(" + choice + ")"})
			i = end
		case '<':
			if prev.choice != "a" && prev.choice != "f" {
				err := newError("S0401").at(i, "")
				if prev.choice != "" {
					err.Value = prev.choice
				}
				return nil, err
			}
			end := closing(text, i, '<', '>')
			prev.subtype, prev.typed = text[min(i+1, end):end], true
			i = end
		}
	}
	return sig, nil
}

// symbolOf is the letter of a value's type; "m" for missing.
func symbolOf(v any) byte {
	switch v := v.(type) {
	case nil:
		return 'l'
	case bool:
		return 'b'
	case float64:
		return 'n'
	case string:
		return 's'
	case []any, *list:
		return 'a'
	case *Function:
		if v.callable() {
			return 'f'
		}
	case UndefinedValue:
		return 'm'
	}
	return 'o'
}

// match finds how many arguments each parameter takes, each as many as leave
// enough for the following (a lazy one as few). If whole is false, arguments
// may remain.
func matchParams(params []param, args []symbols, whole bool) ([]int, bool) {
	// possible[i][j]: the parameters from i can take the arguments from j.
	n, m := len(params), len(args)
	possible := make([][]bool, n+1)
	for i := n; i >= 0; i-- {
		possible[i] = make([]bool, m+1)
		for j := m; j >= 0; j-- {
			switch {
			case i == n:
				possible[i][j] = !whole || j == m
			default:
				p := &params[i]
				fits := j < m && args[j]&p.allow != 0
				possible[i][j] = p.maybe && possible[i+1][j] || fits && (possible[i+1][j+1] || p.many && possible[i][j+1])
			}
		}
	}
	if !possible[0][0] {
		return nil, false
	}
	counts := make([]int, n)
	j := 0
	for i := range params {
		p := &params[i]
		limit := 1
		if p.many {
			limit = m
		}
		fewest := 1
		if p.maybe {
			fewest = 0
		}
		best := -1
		for c := 0; c <= limit && j+c <= m; c++ {
			if c > 0 && args[j+c-1]&p.allow == 0 {
				break
			}
			if c >= fewest && possible[i+1][j+c] {
				if best = c; p.lazy {
					break
				}
			}
		}
		counts[i] = best
		j += best
	}
	return counts, true
}

// validate checks arguments and completes them: the context in place of an
// argument that was left out, an array around what should be one.
func (s *signature) validate(args []any, context any) ([]any, *Error) {
	if s.simple(args) {
		return args, nil
	}
	kinds := make([]symbols, len(args))
	for i, arg := range args {
		kinds[i] = symbolBit(symbolOf(arg))
	}
	counts, ok := matchParams(s.params, kinds, true)
	if !ok {
		return nil, s.mismatch(args, kinds)
	}
	valid := make([]any, 0, max(len(args), len(s.params)))
	at := 0
	for i := range s.params {
		p := &s.params[i]
		first := argument(args, at)
		switch {
		case counts[i] == 0 && p.context:
			if symbolBit(symbolOf(context))&p.allow == 0 {
				err := valueError("T0411", context)
				err.index = at + 1
				return nil, err
			}
			valid = append(valid, context)
		case counts[i] == 0:
			valid = append(valid, first)
			at++
		case p.choice != "a":
			for range counts[i] { // all of them get the first, as in the reference
				valid = append(valid, first)
				at++
			}
		default:
			for k := range counts[i] {
				arg, err := p.array(args[at], at, args[at-k:at-k+counts[i]])
				if err != nil {
					return nil, err
				}
				valid = append(valid, arg)
				at++
			}
		}
	}
	return valid, nil
}

// simple recognises, without allocating, arguments that need no completion: as
// many as parameters, each of its plain type.
func (s *signature) simple(args []any) bool {
	if len(args) != len(s.params) {
		return false
	}
	for i := range args {
		p := &s.params[i]
		symbol := symbolOf(args[i])
		if p.many || p.lazy || symbolBit(symbol)&p.allow == 0 || p.choice == "a" && (symbol != 'a' || p.typed) {
			return false
		}
	}
	return true
}

func argument(args []any, i int) any {
	if i < len(args) {
		return args[i]
	}
	return Undefined
}

// array makes an argument an array and checks its items.
func (p *param) array(arg any, at int, all []any) (any, *Error) {
	symbol := symbolOf(arg)
	if symbol == 'm' {
		return Undefined, nil
	}
	if p.typed && !p.itemsFit(arg, symbol, all) {
		err := valueError("T0412", arg)
		err.index, err.want = at+1, p.subtype
		return nil, err
	}
	if symbol != 'a' {
		return []any{arg}, nil
	}
	return arg, nil
}

// itemsFit checks what the reference checks: that items are all of the type
// whose letter comes first in the subtype, or that a value that stands for an
// array is of the subtype.
func (p *param) itemsFit(arg any, symbol byte, all []any) bool {
	if symbol != 'a' {
		return len(all) == 1 && p.subtype == string(symbol)
	}
	items, _ := itemsOf(arg)
	for _, item := range items {
		if p.subtype == "" || symbolOf(item) != p.subtype[0] {
			return false
		}
	}
	return true
}

// mismatch finds the first argument that no parameter takes.
func (s *signature) mismatch(args []any, kinds []symbols) *Error {
	good := 0
	for i := range s.params {
		counts, ok := matchParams(s.params[:i+1], kinds, false)
		if !ok {
			break
		}
		good = 0
		for _, c := range counts {
			good += c
		}
	}
	err := valueError("T0410", argument(args, good))
	err.index = good + 1
	return err
}

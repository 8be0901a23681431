package oracle

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator makes random inputs and expressions that have something to do with
// them.
type generator struct {
	*rand.Rand
	vars []string // variables in scope
}

func (g *generator) pick(options ...string) string { return options[g.IntN(len(options))] }

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

// input is JSON text.
func (g *generator) input(depth int) string {
	if depth == 0 || g.chance(25) {
		return g.pick("1", "2", "3", "0", "-1", "2.5", "10", "1e3", `"x"`, `"y"`, `"ab"`, `""`, `"a b,c"`, `"12"`,
			`"λé"`, `"😀z"`, "true", "false", "null")
	}
	var parts []string
	if g.chance(45) {
		for range g.IntN(4) {
			parts = append(parts, g.input(depth-1))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	if g.chance(30) { // records of one shape, to filter, sort and group
		for range 2 + g.IntN(3) {
			parts = append(parts, fmt.Sprintf(`{"a":%s,"b":%q,"c":%s}`, g.pick("1", "2", "3", "5.5"), g.pick("x", "y", "z"), g.input(depth-1)))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	for _, key := range []string{"a", "b", "c", "d"} {
		if g.chance(60) {
			parts = append(parts, fmt.Sprintf("%q:%s", key, g.input(depth-1)))
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func (g *generator) object() string {
	var parts []string
	for _, key := range []string{"a", "b", "c", "d"} {
		parts = append(parts, fmt.Sprintf("%q:%s", key, g.input(3)))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func (g *generator) name() string { return g.pick("a", "b", "c", "d", "a", "b", "c", "e") }

func (g *generator) variable() string {
	if len(g.vars) > 0 && g.chance(70) {
		return "$" + g.vars[g.IntN(len(g.vars))]
	}
	return g.pick("$", "$$", "$u", "$")
}

// expression is an expression, or a text that was one before it was damaged.
func (g *generator) expression() string {
	text := []rune(g.expr(1 + g.IntN(4)))
	if g.chance(80) {
		return string(text)
	}
	for range 1 + g.IntN(2) {
		at := g.IntN(len(text) + 1)
		piece := []rune(g.pick("", "", "(", ")", "[", "]", "{", "}", ".", ",", ";", ":", "?", "@", "#", "%", "^", "~>", ":=", "|", "!", "$",
			"\"", "'", "`", "/", "*", "**", "..", "1", "-", "+", "a", " ", "function", "and", "in", "/*", "*/", "\\u00e9", "1e999", "λ", "<", ">"))
		text = append(text[:at:at], append(piece, text[min(at+g.IntN(3), len(text)):]...)...)
	}
	return string(text)
}

func (g *generator) literal() string {
	return g.pick("1", "2", "3", "0", "-1", "0.5", "1.5", "10", `"x"`, `"y"`, `"a"`, `""`, `"b,c"`, "'ab'", "true",
		"false", "null", "[]", "{}", "[1,2,3]", `["x","y"]`, "[3,1,2]", `{"a":1}`, `{"a":1,"b":[2,3]}`, `[{"a":1},{"a":2}]`)
}

// expr is any expression, of at most some depth.
func (g *generator) expr(depth int) string {
	if depth <= 0 {
		switch g.IntN(5) {
		case 0:
			return g.literal()
		case 1:
			return g.variable()
		default:
			return g.name()
		}
	}
	d := depth - 1
	switch g.IntN(26) {
	case 0, 1, 2, 3, 4:
		return g.path(d)
	case 5:
		return fmt.Sprintf("%s %s %s", g.operand(d), g.pick("+", "-", "*", "/", "%"), g.operand(d))
	case 6:
		return fmt.Sprintf("%s %s %s", g.operand(d), g.pick("=", "!=", "<", "<=", ">", ">=", "in"), g.operand(d))
	case 7:
		return fmt.Sprintf("%s %s %s", g.operand(d), g.pick("and", "or", "&", "&"), g.operand(d))
	case 8:
		return fmt.Sprintf("%s ? %s : %s", g.operand(d), g.expr(d), g.expr(d))
	case 9:
		return g.array(d)
	case 10:
		return g.braces(d)
	case 11, 12:
		return g.block(d)
	case 13, 14, 15, 16, 17:
		return g.call(d)
	case 18, 19:
		return g.higherOrder(d)
	case 20:
		return fmt.Sprintf("%s ~> %s", g.operand(d), g.applied(d))
	case 21:
		return fmt.Sprintf("%s ~> |%s|%s%s|", g.operand(d), g.expr(d), g.braces(d), g.pick("", "", `,"a"`, `,["a","b"]`))
	case 22:
		return "-" + g.operand(d)
	case 23:
		return fmt.Sprintf("%s(%s)", g.lambda(2, d), g.args(1+g.IntN(2), d))
	case 24:
		return g.strings(d)
	default:
		return g.operand(d)
	}
}

// operand is an expression that can stand beside an operator.
func (g *generator) operand(depth int) string {
	if depth <= 0 {
		return g.expr(0)
	}
	return "(" + g.expr(depth) + ")"
}

func (g *generator) array(depth int) string {
	var items []string
	for range g.IntN(4) {
		if g.chance(10) {
			items = append(items, g.pick("1..3", "2..2", "3..1", "-1..1", g.operand(depth-1)+".."+g.operand(depth-1)))
		} else {
			items = append(items, g.expr(depth-1))
		}
	}
	return "[" + strings.Join(items, ",") + "]"
}

// braces is an object constructor.
func (g *generator) braces(depth int) string {
	var pairs []string
	for i := range g.IntN(3) {
		key := g.pick(`"a"`, `"b"`, `"k`+fmt.Sprint(i)+`"`, "b", "$string(a)", g.operand(depth-1))
		pairs = append(pairs, key+":"+g.expr(depth-1))
	}
	return "{" + strings.Join(pairs, ",") + "}"
}

// step is one step of a path, with what may follow it.
func (g *generator) step(depth int, first bool) string {
	var s string
	switch g.IntN(14) {
	case 0:
		s = "*"
	case 1:
		s = g.pick("**", "*")
	case 2:
		s = "(" + g.expr(depth-1) + ")"
	case 3:
		s = "[" + g.expr(depth-1) + "]"
	case 4:
		s = g.braces(depth - 1)
	case 5:
		s = g.variable()
	case 6:
		s = "$" + g.pick("string", "count", "keys", "sum", "type", "uppercase", "exists") + "(" + g.pick("", "$", g.name()) + ")"
	case 7:
		if !first {
			return g.pick("%", "%.%", "%."+g.name(), g.name()+".%."+g.name())
		}
		s = g.name()
	default:
		s = g.name()
	}
	if g.chance(8) && !strings.HasPrefix(s, "%") {
		s += "@$" + g.bind(g.pick("v", "w"))
	}
	if g.chance(8) {
		s += "#$" + g.bind(g.pick("i", "j"))
	}
	for g.chance(25) {
		s += "[" + g.predicate(depth-1) + "]"
	}
	if g.chance(8) {
		s += "[]"
	}
	if g.chance(7) {
		s += "^(" + g.pick("", "<", ">") + g.pick("a", "b", "$", g.expr(depth-1)) + g.pick("", ",>b", ",a") + ")"
	}
	return s
}

func (g *generator) bind(name string) string {
	g.vars = append(g.vars, name)
	return name
}

func (g *generator) predicate(depth int) string {
	switch g.IntN(6) {
	case 0, 1:
		return g.pick("0", "1", "-1", "2", "0.9", "[0,1]", "-2")
	case 2:
		return g.pick("a", "b", "c") + g.pick("=", "!=", "<", ">") + g.pick("1", "2", `"x"`, "$", "%.a", "a")
	case 3:
		return g.pick("true", "false", "a", "b", "$", "%.b", "$exists(a)", "$ > 1", `$type($)="number"`)
	default:
		return g.expr(depth)
	}
}

func (g *generator) path(depth int) string {
	scope := len(g.vars)
	steps := []string{g.step(depth, true)}
	for range g.IntN(4) {
		steps = append(steps, g.step(depth, false))
	}
	p := strings.Join(steps, ".")
	if g.chance(10) {
		p += g.braces(depth - 1)
	}
	g.vars = g.vars[:scope]
	return p
}

func (g *generator) block(depth int) string {
	scope := len(g.vars)
	var parts []string
	for range 1 + g.IntN(3) {
		if g.chance(60) {
			value := g.expr(depth - 1)
			if g.chance(20) {
				value = g.lambda(1+g.IntN(2), depth-1)
			}
			name := g.pick("v", "w", "x", "f")
			parts = append(parts, "$"+name+" := "+value)
			g.bind(name)
		} else {
			parts = append(parts, g.expr(depth-1))
		}
	}
	parts = append(parts, g.expr(depth-1))
	g.vars = g.vars[:scope]
	s := "(" + strings.Join(parts, "; ") + ")"
	if g.chance(15) {
		s += g.pick("[0]", "[]", "[-1]", "[$ > 1]")
	}
	return s
}

// lambda has n parameters.
func (g *generator) lambda(n, depth int) string {
	scope := len(g.vars)
	params := []string{"$p", "$q", "$r"}[:n]
	for _, p := range params {
		g.bind(p[1:])
	}
	body := g.expr(depth - 1)
	signature := ""
	if g.chance(12) {
		signature = g.pick("<n:n>", "<s:s>", "<x-:x>", "<a:a>", "<nn:n>", "<n?:n>", "<a<n>:n>", "<(ns)-x?:x>", "<j+:x>", "<o:o>", "<n+:n>", "<x-n?:x>")
	}
	g.vars = g.vars[:scope]
	return g.pick("function", "λ") + "(" + strings.Join(params, ", ") + ")" + signature + "{" + body + "}"
}

func (g *generator) args(n, depth int) string {
	var out []string
	for range n {
		out = append(out, g.expr(depth-1))
	}
	return strings.Join(out, ", ")
}

// functions that are the same whenever they are called, by their number of
// parameters.
var functions = []struct {
	name     string
	from, to int
}{
	{"sum", 1, 1}, {"count", 1, 1}, {"max", 1, 1}, {"min", 1, 1}, {"average", 1, 1}, {"string", 0, 2}, {"substring", 2, 3},
	{"substringBefore", 1, 2}, {"substringAfter", 1, 2}, {"lowercase", 0, 1}, {"uppercase", 0, 1}, {"length", 0, 1},
	{"trim", 0, 1}, {"join", 1, 2}, {"number", 0, 1}, {"floor", 1, 1}, {"ceil", 1, 1}, {"round", 1, 2}, {"abs", 1, 1},
	{"sqrt", 1, 1}, {"power", 2, 2}, {"boolean", 0, 1}, {"not", 0, 1}, {"zip", 1, 3}, {"keys", 0, 1}, {"lookup", 1, 2},
	{"append", 2, 2}, {"exists", 1, 1}, {"spread", 0, 1}, {"merge", 1, 1}, {"reverse", 1, 1}, {"type", 1, 1},
	{"sort", 1, 1}, {"distinct", 1, 1}, {"clone", 0, 1}, {"contains", 1, 2}, {"split", 2, 3}, {"replace", 3, 4},
	{"formatBase", 1, 2}, {"encodeUrlComponent", 0, 1}, {"encodeUrl", 1, 1}, {"decodeUrl", 1, 1}, {"error", 0, 1},
	{"assert", 1, 2}, {"single", 1, 1}, {"eval", 1, 2},
}

func (g *generator) call(depth int) string {
	f := functions[g.IntN(len(functions))]
	n := f.from + g.IntN(f.to-f.from+1)
	if g.chance(4) {
		n = g.IntN(4)
	}
	if g.chance(4) {
		return g.partial(depth)
	}
	return fmt.Sprintf("$%s(%s)", f.name, g.args(n, depth))
}

// partial is a partially applied function, with arguments it can use: the
// reference does not check the types of others but lets JavaScript make
// something of them.
func (g *generator) partial(depth int) string {
	switch g.IntN(5) {
	case 0:
		return fmt.Sprintf("$substring(?, %s)(%s)", g.pick("0", "1", "-2", "1, 2"), g.pick(`"hello"`, `"λ😀"`, `""`))
	case 1:
		return fmt.Sprintf(`$map(["a","bc"], $%s(?, %s))`, g.pick("substringBefore", "contains", "split", "substringAfter"), g.pick(`"b"`, `"a"`, `"x"`))
	case 2:
		return fmt.Sprintf("$append(?, %s)(%s)", g.expr(depth-1), g.expr(depth-1))
	case 3:
		return fmt.Sprintf("$reduce(?, %s)([1,2,3])", g.lambda(2, depth))
	default:
		return fmt.Sprintf("%s(?, %s)(%s)", g.lambda(2, depth), g.expr(depth-1), g.expr(depth-1))
	}
}

func (g *generator) higherOrder(depth int) string {
	array := g.expr(depth - 1)
	switch g.IntN(7) {
	case 0:
		return fmt.Sprintf("$map(%s, %s)", array, g.function(depth))
	case 1:
		return fmt.Sprintf("$filter(%s, %s)", array, g.function(depth))
	case 2:
		return fmt.Sprintf("$reduce(%s, %s%s)", array, g.lambda(2+g.IntN(2), depth), g.pick("", "", ", 0", `, "x"`, ", []"))
	case 3:
		return fmt.Sprintf("$single(%s, %s)", array, g.function(depth))
	case 4:
		return fmt.Sprintf("$sort(%s, function($p, $q){%s})", array, g.pick("$p > $q", "$p.a > $q.a", "$p.b < $q.b", "$string($p) > $string($q)"))
	case 5:
		return fmt.Sprintf("$each(%s, %s)", array, g.function(depth))
	default:
		return fmt.Sprintf("$sift(%s, %s)", array, g.function(depth))
	}
}

func (g *generator) function(depth int) string {
	if g.chance(30) {
		return "$" + g.pick("string", "boolean", "not", "uppercase", "count", "type", "sum", "length", "keys", "exists", "append(?, 1)", "append")
	}
	return g.lambda(1+g.IntN(3), depth)
}

// applied is what may stand behind "~>".
func (g *generator) applied(depth int) string {
	switch g.IntN(4) {
	case 0:
		return "$" + g.pick("sum", "count", "string", "reverse", "keys", "type", "uppercase") + "()"
	case 1:
		return "$" + g.pick("sum", "count", "string", "reverse", "keys", "type", "uppercase")
	case 2:
		return g.lambda(1, depth)
	default:
		return "$" + g.pick("append", "lookup", "join", "split", "round") + "(" + g.expr(depth-1) + ")"
	}
}

// strings is a call of a function that works on text, mostly with arguments it
// can use.
func (g *generator) strings(depth int) string {
	text := g.pick(`"ababcXyz 12, 3"`, `"hello world"`, `"aλb😀c"`, `"2024-05-17"`, `"x-y_z"`, g.operand(depth-1))
	regex := g.pick("/a/", "/[a-c]+/", "/(a)(b)?/i", `/\d+/`, `/\s/`, `/\w+$/`, "/^h/", "/o|l/", `/([a-z])(\d)?/`, "/[^a-z]/m", `/x*/`, `/\bw/`, "/./", `/[\w-]+/`)
	number := g.pick("0", "1", "2", "-3", "1234.5678", "0.125", "-0.5", "1e10", "12345678", "99.5", "a", "1e-7", "2.5", "-1234567.891")
	switch g.IntN(12) {
	case 0:
		return fmt.Sprintf("$match(%s, %s%s)", text, regex, g.pick("", "", ",1", ",0"))
	case 1:
		pattern, byFunction := regex, g.pick("function($m){$uppercase($m.match)}", "function($m){$m.start}")
		if g.chance(40) { // a function that is to replace a string is written into the result by the reference
			pattern, byFunction = g.pick(`"a"`, `"l"`), "e"
		}
		return fmt.Sprintf("$replace(%s, %s, %s%s)", text, pattern, g.pick(byFunction, byFunction, `"-"`, `"[$0]"`, `"$1$2"`, `"$$"`, `"$x"`, `"$12"`), g.pick("", "", ",1", ",2"))
	case 2:
		return fmt.Sprintf("$split(%s, %s%s)", text, g.pick(regex, regex, `""`, `"a"`, `" "`), g.pick("", "", ",2", ",0"))
	case 3:
		return fmt.Sprintf("$contains(%s, %s)", text, g.pick(regex, `"a"`))
	case 4:
		return fmt.Sprintf("$pad(%s, %s%s)", text, g.pick("20", "-20", "3", "0", "25"), g.pick("", `, "*"`, `, "ab"`, `, "λ😀"`, `, ""`))
	case 5, 6:
		return fmt.Sprintf("$formatNumber(%s, %s%s)", number, g.pick(`"#,##0.00"`, `"0"`, `"#"`, `"000.0#"`, `"0.###"`, `"#,##,##0"`, `"0%"`, `"0.0‰"`, `"0;(0)"`, `"$#,##0.0;-#"`, `"#.#"`, `"##,##.0,0"`, `"a0b"`, `"0.0.0"`, `"#0#"`, `",0"`, `"0,"`), g.pick("", "", `, {"decimal-separator":",","grouping-separator":"."}`, `, {"zero-digit":"٠"}`, `, {"minus-sign":"~"}`))
	case 7:
		return fmt.Sprintf("$formatInteger(%s, %s)", number, g.pick(`"0"`, `"000"`, `"#,##0"`, `"w"`, `"Ww"`, `"W;o"`, `"w;o"`, `"a"`, `"A"`, `"0;o"`, `"#.##0,00"`, `"٠"`, `"#0:00"`, `"x"`))
	case 8:
		return fmt.Sprintf("$parseInteger(%s, %s)", g.pick(`"12"`, `"1,234"`, `"MCMXC"`, `"xii"`, `"twenty-three"`, `"one hundred and five"`, `"ab"`, `"21st"`, `"x"`, `""`), g.pick(`"0"`, `"#,##0"`, `"I"`, `"i"`, `"w"`, `"a"`, `"0;o"`, `"w;o"`))
	case 9:
		return fmt.Sprintf("$fromMillis(%s%s)", g.pick("0", "1715950800123", "-1", "951782400000", "1104537600000", "253402300799999", "-62135596800000", "1609459199999"), g.pick("", "", fmt.Sprintf(", %q", g.picture()), fmt.Sprintf(", %q, %q", g.picture(), g.pick("+0100", "-0530", "0000", "+1245", "-0800"))))
	case 10:
		return fmt.Sprintf("$toMillis(%s)", g.pick(`"2024"`, `"2024-05"`, `"2024-05-17"`, `"2024-05-17T10:20:30Z"`, `"2024-05-17T10:20:30.5+02:00"`, `"x"`, `"2024-02-29T23:59:59.999Z"`, `"17.05.2024"`))
	default:
		picture := g.pick("[Y]-[M]-[D]", "[D01].[M01].[Y0001]", "[H]:[m]:[s]", "[D1o] [MNn] [Y]", "[Y][M01][D01]", "[h]:[m] [P]", "[Y]-[d]", "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01][Z]")
		return fmt.Sprintf("$toMillis(%s, %q)", g.pick(`"2024-5-17"`, `"17.05.2024"`, `"3rd March 2020"`, `"20240517"`, `"2024-100"`, `"2024-05-17T10:20:30+01:00"`), picture)
	}
}

func (g *generator) picture() string {
	var b strings.Builder
	for range 1 + g.IntN(4) {
		b.WriteString("[" + g.pick("Y", "M", "D", "d", "F", "W", "w", "X", "x", "H", "h", "P", "m", "s", "f", "Z", "z", "C", "E") +
			g.pick("", "", "01", "1", "0001", "1o", "Nn", "N", "n", "I", "i", "w", "Ww", "a", "01:01", "0", "#1", "Nn,3-3", ",2", ",*-2", "0101", "001") + "]" + g.pick("", "-", " ", "[[", "]]", "T"))
	}
	return b.String()
}

package oracle

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"
)

// reference is JSONata's reference implementation, in a JavaScript engine.
type reference struct {
	vm   *goja.Runtime
	eval goja.Callable
}

// fetch installs the reference implementation with npm. Without npm, or
// without a way to its registry, the test is skipped.
func fetch(t *testing.T) string {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("npm is missing: it fetches the reference implementation, jsonata@2.0.6")
	}
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "jsonata@2.0.6")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("npm cannot fetch jsonata@2.0.6: %v\n%s", err, out)
	}
	source, err := os.ReadFile(filepath.Join(dir, "node_modules", "jsonata", "jsonata.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// parallel is where the reference evaluates the members of arrays and objects
// at once. Which of several errors comes first then depends on how deep they
// are; here, as in package jsonata, the first member's does.
var parallel = regexp.MustCompile(`Promise\.all\(([\w.()]+)\s*\.map\(async`)

// The reference adds an item to an empty array that an object constructor is
// applied to, and so changes its input.
const (
	changesInput = "input.push(undefined);"
	changesCopy  = "input = createSequence(undefined);"
)

const harness = `
async function sequential(list, f) {
	const out = [];
	for (let i = 0; i < list.length; i++) out.push(await f(list[i], i));
	return out;
}
function portable(key, v) {
	if (typeof v === 'function' || v && (v._jsonata_lambda === true || v._jsonata_function === true)) return '<function>';
	if (typeof v === 'number' && !isFinite(v)) return '<' + v + '>';
	return v;
}
function run(expr, input) {
	const out = {};
	const fail = err => {
		out.failed = true;
		out.code = err.code;
		out.message = String(err.message);
		out.position = err.position;
		out.token = err.token === undefined ? '' : String(err.token);
	};
	try {
		jsonata(expr).evaluate(JSON.parse(input), {}).then(v => {
			try { out.value = v === undefined ? 'undefined' : JSON.stringify(v, portable); } catch (err) { fail(err); }
			out.done = true;
		}, fail);
	} catch (err) { fail(err); }
	return out;
}`

func newReference(t *testing.T, source string) *reference {
	t.Helper()
	patched := parallel.ReplaceAllString(source, "sequential($1, (async")
	if patched == source || !strings.Contains(source, changesInput) {
		t.Fatal("the reference implementation is not as expected: is it 2.0.6?")
	}
	patched = strings.Replace(patched, changesInput, changesCopy, 1)
	vm := goja.New()
	vm.SetMaxCallStackSize(2000)
	if _, err := vm.RunString("var module = {exports: {}}; var exports = module.exports; var global = {};" + harness); err != nil {
		t.Fatal(err)
	}
	if _, err := vm.RunString(patched + "\n;var jsonata = module.exports;"); err != nil {
		t.Fatal(err)
	}
	eval, ok := goja.AssertFunction(vm.Get("run"))
	if !ok {
		t.Fatal("the harness has no function run")
	}
	return &reference{vm, eval}
}

// outcome is what an evaluation gave: JSON, "undefined", or an error.
type outcome struct {
	value    string
	failed   bool
	code     string // "" for an error of JavaScript itself
	message  string
	position int
	token    string
}

// run evaluates an expression. ok is false if it did not come to an end.
func (r *reference) run(expr, input string) (o outcome, ok bool) {
	timer := time.AfterFunc(20*time.Second, func() { r.vm.Interrupt("too long") })
	defer func() {
		timer.Stop()
		r.vm.ClearInterrupt()
	}()
	v, err := r.eval(goja.Undefined(), r.vm.ToValue(expr), r.vm.ToValue(input))
	if err != nil {
		return o, false
	}
	obj := v.ToObject(r.vm)
	text := func(key string) string {
		if v := obj.Get(key); v != nil && !goja.IsUndefined(v) {
			return v.String()
		}
		return ""
	}
	o = outcome{value: text("value"), failed: text("failed") == "true", code: text("code"), message: text("message"), token: text("token"), position: -1}
	if p := obj.Get("position"); p != nil && !goja.IsUndefined(p) {
		o.position = int(p.ToInteger())
	}
	return o, o.failed || text("done") == "true"
}

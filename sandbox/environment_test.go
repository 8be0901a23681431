package sandbox_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// environmentGuest answers the bytes of its environment, each variable ending
// in NUL.
func environmentGuest() []byte {
	var b wb.Builder
	i32 := func(n int) wb.Types { return slices.Repeat(wb.Types{wb.I32}, n) }
	two := b.Type(i32(2), i32(1))
	sizes := b.ImportFunc("wasi_snapshot_preview1", "environ_sizes_get", two)
	get := b.ImportFunc("wasi_snapshot_preview1", "environ_get", two)
	write := b.ImportFunc("lambent_v1", "response_write", two)
	b.Memory(4, 4)
	b.ExportMemory()
	const size, table, text = 4, 64, 65536
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32(1)), nil,
		wb.I32Const(0), wb.I32Const(size), wb.Call(sizes), wb.Drop,
		wb.I32Const(table), wb.I32Const(text), wb.Call(get), wb.Drop,
		wb.I32Const(text), wb.I32Const(size), wb.I32Load(0), wb.Call(write), wb.Drop,
		wb.I32Const(0)))
	return b.Bytes()
}

// printingEnvironment is a program that answers the same.
func printingEnvironment() []byte {
	var b wb.Builder
	i32 := func(n int) wb.Types { return slices.Repeat(wb.Types{wb.I32}, n) }
	two := b.Type(i32(2), i32(1))
	sizes := b.ImportFunc("wasi_snapshot_preview1", "environ_sizes_get", two)
	get := b.ImportFunc("wasi_snapshot_preview1", "environ_get", two)
	write := b.ImportFunc("wasi_snapshot_preview1", "fd_write", b.Type(i32(4), i32(1)))
	b.Memory(4, 4)
	b.ExportMemory()
	const size, vector, table, text = 4, 16, 64, 65536
	b.ExportFunc("_start", b.Func(b.Type(nil, nil), nil,
		wb.I32Const(0), wb.I32Const(size), wb.Call(sizes), wb.Drop,
		wb.I32Const(table), wb.I32Const(text), wb.Call(get), wb.Drop,
		wb.I32Const(vector), wb.I32Const(text), wb.I32Store(0),
		wb.I32Const(vector), wb.I32Const(size), wb.I32Load(0), wb.I32Store(4),
		wb.I32Const(1), wb.I32Const(vector), wb.I32Const(1), wb.I32Const(8), wb.Call(write), wb.Drop))
	return b.Bytes()
}

// TestEnvironment compares all that a guest sees with what it may see.
func TestEnvironment(t *testing.T) {
	t.Setenv("LAMBENT_TEST_SECRET", "of the host")
	box := newBox(t, environmentGuest(), sandbox.Config{
		Name: "greeter", Version: "3", Region: "eu-west-1", Handler: "main.handle",
		Limits: sandbox.Limits{Memory: 65 << 20},
		Env:    map[string]string{"COLOUR": "blue=green", "EMPTY": "", "TZ": "Europe/Zurich"},
	})
	res, err := box.Do(t.Context(), sandbox.Request{LogStream: "stream"})
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for line := range strings.SplitSeq(strings.TrimSuffix(string(res.Response), "\x00"), "\x00") {
		name, value, _ := strings.Cut(line, "=")
		got[name] = value
	}
	want := map[string]string{
		"COLOUR": "blue=green", "EMPTY": "", "TZ": "Europe/Zurich",
		"PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin", "LANG": "en_US.UTF-8", "PWD": "/var/task",
		"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1", "AWS_EXECUTION_ENV": "AWS_Lambda_provided.al2023",
		"AWS_LAMBDA_FUNCTION_NAME": "greeter", "AWS_LAMBDA_FUNCTION_VERSION": "3", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "65",
		"AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/greeter", "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
		"AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "LAMBDA_TASK_ROOT": "/var/task", "LAMBDA_RUNTIME_DIR": "/var/runtime",
		"_HANDLER": "main.handle",
	}
	if !maps.Equal(got, want) {
		t.Errorf("the guest sees\n%v, want\n%v", got, want)
	}
}

// TestEnvironmentIsCopied changes the embedder's map after New.
func TestEnvironmentIsCopied(t *testing.T) {
	env := map[string]string{"COLOUR": "blue"}
	box := newBox(t, environmentGuest(), sandbox.Config{Env: env})
	env["COLOUR"], env["LAMBENT_REQUEST_ID"] = "red", "forged"
	if got := run(t, box, ""); !strings.Contains(got, "COLOUR=blue\x00") || strings.Contains(got, "forged") {
		t.Errorf("the guest sees %q", got)
	}
}

func TestEnvironmentRefuses(t *testing.T) {
	tiny := guest(t, "c/tiny")
	for _, name := range []string{
		"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
		"AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "LAMBENT_", "LAMBENT_REQUEST_ID", "LAMBENT_ANYTHING",
	} {
		_, err := sandbox.New(t.Context(), testEngine(t), tiny, sandbox.Config{Env: map[string]string{name: "x"}})
		if !errors.Is(err, sandbox.ErrConfig) || !strings.Contains(err.Error(), name+" is reserved") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, value := range map[string]string{"": "x", "A=B": "x", "A\x00B": "x", "A": "x\x00LAMBENT_REQUEST_ID=y"} {
		_, err := sandbox.New(t.Context(), testEngine(t), tiny, sandbox.Config{Env: map[string]string{name: value}})
		if !errors.Is(err, sandbox.ErrConfig) || !strings.Contains(err.Error(), "Env: ") {
			t.Errorf("%q=%q: %v", name, value, err)
		}
	}
}

// TestEnvironmentSize is exact: what AWS Lambda measures is the compact JSON.
func TestEnvironmentSize(t *testing.T) {
	tiny := guest(t, "c/tiny")
	const frame = len(`{"A":"","B":"<&>"}`)
	for _, c := range []struct {
		bytes, limit int
		fits         bool
	}{{4096, 0, true}, {4097, 0, false}, {100, 100, true}, {101, 100, false}} {
		config := sandbox.Config{
			Env:    map[string]string{"A": strings.Repeat("x", c.bytes-frame), "B": "<&>"},
			Limits: sandbox.Limits{Environment: c.limit},
		}
		box, err := sandbox.New(t.Context(), testEngine(t), tiny, patient(config))
		if err == nil {
			box.Close()
		}
		switch want := fmt.Sprintf("Env takes %d bytes as JSON", c.bytes); {
		case c.fits && err != nil:
			t.Errorf("%d bytes: %v", c.bytes, err)
		case !c.fits && (!errors.Is(err, sandbox.ErrConfig) || !strings.Contains(err.Error(), want)):
			t.Errorf("%d bytes: %v, want %q", c.bytes, err, want)
		}
	}
}

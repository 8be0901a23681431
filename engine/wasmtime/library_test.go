//go:build wasmtime && cgo && linux && amd64

package wasmtime

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// headers is the folder of wasmtime's headers.
func headers(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bytecodealliance/wasmtime-go/v39").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "build", "include")
}

// compiler runs the C compiler that cgo uses.
func compiler(t *testing.T, args ...string) {
	t.Helper()
	cc, err := exec.Command("go", "env", "CC").Output()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(strings.TrimSpace(string(cc)), args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestLibrary compiles our C with wasmtime's headers in place of library.h.
func TestLibrary(t *testing.T) {
	for _, file := range []string{"cells.c", "engine.c", "guest.c", "switch.c"} {
		compiler(t, "-std=gnu17", "-Wall", "-Werror", "-fsyntax-only",
			"-I", headers(t), "-DLAMBENT_LIBRARY_H", "-include", "wasmtime.h", file)
	}
}

// TestLayouts compares the structs of library.h with those of the headers.
func TestLayouts(t *testing.T) {
	layouts := func(include ...string) string {
		var b strings.Builder
		b.WriteString("#include <stddef.h>\n#include <stdio.h>\nint main(void) {\n")
		for _, typ := range []string{
			"wasm_byte_vec_t", "wasm_valtype_vec_t", "wasm_frame_vec_t", "wasmtime_instance_t", "wasmtime_func_t",
			"wasmtime_memory_t", "wasmtime_global_t", "wasmtime_extern_t", "wasmtime_val_t", "wasmtime_val_raw_t",
			"wasmtime_linear_memory_t", "wasmtime_memory_creator_t",
		} {
			fmt.Fprintf(&b, "printf(\"%s %%zu %%zu\\n\", sizeof(%s), _Alignof(%s));\n", typ, typ, typ)
		}
		for _, field := range []string{
			"wasm_byte_vec_t, data", "wasm_frame_vec_t, data", "wasmtime_func_t, __private", "wasmtime_memory_t, __private1",
			"wasmtime_memory_t, __private2", "wasmtime_global_t, __private3", "wasmtime_extern_t, of.func", "wasmtime_extern_t, of.global",
			"wasmtime_extern_t, of.memory", "wasmtime_val_t, of.i32", "wasmtime_val_t, of.i64", "wasmtime_val_raw_t, i64",
			"wasmtime_linear_memory_t, env", "wasmtime_linear_memory_t, get_memory", "wasmtime_linear_memory_t, grow_memory",
			"wasmtime_memory_creator_t, new_memory", "wasmtime_memory_creator_t, finalizer",
		} {
			fmt.Fprintf(&b, "printf(\"%s %%zu\\n\", offsetof(%s));\n", field, field)
		}
		for _, constant := range []string{
			"WASMTIME_I32", "WASMTIME_I64", "WASMTIME_F32", "WASMTIME_F64",
			"WASMTIME_EXTERN_FUNC", "WASMTIME_EXTERN_GLOBAL", "WASMTIME_EXTERN_MEMORY",
		} {
			fmt.Fprintf(&b, "printf(\"%s %%d\\n\", %s);\n", constant, constant)
		}
		b.WriteString("}\n")
		dir := t.TempDir()
		source, program := filepath.Join(dir, "layouts.c"), filepath.Join(dir, "layouts")
		if err := os.WriteFile(source, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		compiler(t, append(include, "-o", program, source)...)
		out, err := exec.Command(program).Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	here, err := filepath.Abs("library.h")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := layouts("-include", here), layouts("-I", headers(t), "-include", "wasmtime.h"); got != want || len(got) < 500 {
		t.Errorf("ours:\n%s\nwasmtime's:\n%s", got, want)
	}
}

// TestVersionIsThatOfGoMod: what the engine says it is, is what is linked.
func TestVersionIsThatOfGoMod(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(mod), "github.com/bytecodealliance/wasmtime-go/v39 ")
	want, _, _ := strings.Cut(rest, " ")
	eng, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	if got := eng.Name(); got != "wasmtime "+want {
		t.Errorf("Name is %q, go.mod requires %q", got, want)
	}
}

package server

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Programs are the paths of those that were built.
type Programs struct {
	Lambent string
	Hello   string // the bare server of folder hello
}

// compared are the modules whose versions are published.
var compared = []string{"github.com/valyala/fasthttp", "github.com/tetratelabs/wazero", "github.com/ncruces/go-sqlite3"}

// Build builds them into dir, Lambent with more flags of the Go command's. versions
// are those of modules in Lambent.
func Build(ctx context.Context, dir string, flags ...string) (p Programs, versions map[string]string, err error) {
	p = Programs{filepath.Join(dir, "lambent"), filepath.Join(dir, "hello")}
	// Lambent as its own go.mod has it.
	args := append([]string{"build", "-C", ".."}, flags...)
	if err := Run(ctx, nil, "go", append(args, "-o", p.Lambent, "./cmd/lambent")...); err != nil {
		return p, nil, err
	}
	if err := Run(ctx, nil, "go", "build", "-o", p.Hello, "./hello"); err != nil {
		return p, nil, err
	}
	if versions, err = Versions(p.Lambent, compared...); err != nil {
		return p, nil, err
	}
	hello, err := Versions(p.Hello, compared[0])
	if err == nil && hello[compared[0]] != versions[compared[0]] {
		err = fmt.Errorf("%s is %s in lambent and %s in hello: go mod tidy comes first", compared[0], versions[compared[0]], hello[compared[0]])
	}
	return p, versions, err
}

// Versions returns those of modules that a program was built with.
func Versions(path string, modules ...string) (map[string]string, error) {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return nil, err
	}
	versions := make(map[string]string)
	for _, want := range modules {
		for _, m := range info.Deps {
			if m.Path == want {
				versions[want] = m.Version
			}
		}
	}
	return versions, nil
}

// Run runs a command that must succeed.
func Run(ctx context.Context, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w\n%s", cmd, err, out)
	}
	return nil
}

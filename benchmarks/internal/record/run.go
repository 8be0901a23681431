package record

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Run is when, where and how a benchmark ran. Results embed it.
type Run struct {
	Date     time.Time
	Command  string
	Seed     uint64
	Commit   string // of Lambent
	Modified bool   // whether Lambent's files differed from that commit
	Versions map[string]string
	Machine  Machine

	LoadBefore, LoadAfter string // of the machine, over 1, 5 and 15 minutes
}

// Begin notes what is known before anything is measured. versions are those of
// modules that matter to the results. It is called in the folder of the benchmarks.
func Begin(ctx context.Context, command string, seed uint64, versions map[string]string) Run {
	r := Run{
		Date:       time.Now().UTC().Truncate(time.Second),
		Command:    command,
		Seed:       seed,
		Versions:   versions,
		Machine:    thisMachine(),
		LoadBefore: loadAverage(),
	}
	r.Commit, r.Modified = commit(ctx)
	return r
}

// End notes what is known after.
func (r *Run) End() { r.LoadAfter = loadAverage() }

// Heading is the Markdown that reports begin with.
func (r *Run) Heading() string {
	m := r.Machine
	changed := ""
	if r.Modified {
		changed = " with changes"
	}
	return fmt.Sprintf("`%s`\n\n%s, commit %s%s; %s, %d cores, %s %s, %s/%s; load average %s before, %s after\n\n",
		r.Command, r.Date.Format(time.DateOnly), cmp.Or(r.Commit, "unknown"), changed,
		cmp.Or(m.CPU, "unknown processor"), m.Cores, m.OS, m.Kernel, m.Go, m.Arch,
		cmp.Or(r.LoadBefore, "unknown"), cmp.Or(r.LoadAfter, "unknown"))
}

// commit returns the commit that is checked out, and whether files of Lambent
// itself differ from it. Without git it is empty.
func commit(ctx context.Context) (hash string, modified bool) {
	out, err := exec.CommandContext(ctx, "git", "rev-parse", "HEAD").Output()
	if err != nil {
		return "", false
	}
	status, err := exec.CommandContext(ctx, "git", "status", "--porcelain", "--", "..", ":!.").Output()
	return strings.TrimSpace(string(out)), err != nil || len(status) > 0
}

// CheckOutput refuses a path for results that is not below this folder: it is
// published with them. No path at all is accepted.
func CheckOutput(path string) error {
	if path != "" && !filepath.IsLocal(path) {
		return fmt.Errorf("-o is %q; it must be a path below this folder, as it is published with the results", path)
	}
	return nil
}

// Write writes results to a file as JSON, and makes its folder if need be.
func Write(path string, results any) error {
	b, err := json.Marshal(results)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}

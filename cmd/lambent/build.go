package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

func buildCommand() *cobra.Command {
	var (
		out    string
		asJSON bool
	)
	c := &cobra.Command{
		Use:   "build DIR",
		Short: "Build a function into a zip file",
		Long: `Build compiles the function in DIR to WebAssembly and packs it as a zip file,
together with the folder's lambent.json if there is one. The same sources and
compiler give the same bytes.`,
		Example: `  lambent build ./sdk/go/examples/hello -o hello.zip
  lambent run hello.zip --event '{"name":"Ada"}'`,
		Args: oneArgument,
		RunE: func(c *cobra.Command, args []string) error {
			if out == "" {
				dir, err := filepath.Abs(args[0])
				if err != nil {
					return err
				}
				out = filepath.Base(dir) + ".zip"
			}
			built, err := build(c, args[0], out)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(built)
			}
			_, err = fmt.Fprintf(c.ErrOrStderr(), "%s: %s, %d bytes zipped, module of %d bytes by %s\n",
				built.File, built.Model, built.ZippedBytes, built.ModuleBytes, built.Compiler)
			return err
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "the zip `file` to write (default: the folder's name with .zip)")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON object that describes the zip file")
	return c
}

// built is what lambent build prints.
type built struct {
	File        string `json:"file"`
	Model       string `json:"model"`
	Compiler    string `json:"compiler"`
	ZippedBytes int    `json:"zippedBytes"`
	ModuleBytes int    `json:"moduleBytes"`
}

func build(c *cobra.Command, dir, out string) (built, error) {
	if err := checkOutput("--output", out); err != nil {
		return built{}, err
	}
	progress := newProgress(c.ErrOrStderr())
	zipped, made, err := buildFolder(c.Context(), dir, progress)
	if err != nil {
		return built{}, err
	}
	// What would be refused at deployment is refused here.
	pkg, err := sandbox.ReadPackage(zipped, sandbox.PackageLimits{})
	if err != nil {
		return built{}, err
	}
	if _, err := engine.Check(pkg.Module, engine.ModuleLimits{}); err != nil {
		return built{}, err
	}
	if err := writeFile(out, zipped); err != nil {
		return built{}, err
	}
	return built{out, string(made.Model), made.Compiler, len(zipped), len(pkg.Module)}, nil
}

// checkOutput says, before the seconds that building may take, that no file can
// be written at path.
func checkOutput(flag, path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("%s %s: that is a folder; name the file to write", flag, path)
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("%s %s: %w", flag, path, err)
	}
	return nil
}

// writeFile writes a file whole or not at all. Symbolic links stay, and so does
// what is no file: a device or a pipe is written to.
func writeFile(path string, content []byte) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(path, content, 0)
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	if _, err := f.Write(content); err != nil {
		f.Close()
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

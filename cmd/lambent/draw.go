package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/host"
)

func drawCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "draw FILE",
		Short: "Draw a state machine as SVG",
		Long: `Draw reads a definition in Amazon States Language from FILE, or from standard
input if FILE is -, and writes a drawing of it. Nothing is run. The drawing is
light or dark as its viewer prefers, and the same definition gives the same bytes.`,
		Example: `  lambent draw machine.asl.json > machine.svg
  lambent draw machine.asl.json -o machine.svg`,
		Args: oneArgument,
		RunE: func(c *cobra.Command, args []string) error {
			definition, err := readDefinition(c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			var drawn bytes.Buffer
			if err := host.Draw(&drawn, string(definition)); err != nil {
				return explainDefinition(args[0], string(definition), false, err)
			}
			if out != "" {
				return writeFile(out, drawn.Bytes())
			}
			_, err = c.OutOrStdout().Write(drawn.Bytes())
			return err
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "the SVG `file` to write (default: standard output)")
	return c
}

// maxDefinitionFile is where reading stops, in bytes: far beyond what a
// definition may have, so that the error can say how long it is.
const maxDefinitionFile = 64 << 20

// readDefinition reads a file, or standard input for "-".
func readDefinition(stdin io.Reader, path string) ([]byte, error) {
	in := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	definition, err := io.ReadAll(io.LimitReader(in, maxDefinitionFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(definition) > maxDefinitionFile {
		return nil, fmt.Errorf("%s has more than %d bytes; a definition may have 1048576", path, maxDefinitionFile)
	}
	return definition, nil
}

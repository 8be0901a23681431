package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// This file answers command lines that cannot be: with what was seen, and what to
// type instead.

func noArguments(c *cobra.Command, args []string) error {
	if len(args) != 0 {
		return fmt.Errorf("%s takes no argument, not %q; usage: %s", c.Name(), args[0], c.UseLine())
	}
	return nil
}

func oneArgument(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s takes one argument, not %d; usage: %s", c.Name(), len(args), c.UseLine())
	}
	return nil
}

func atMostOneArgument(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("%s takes at most one argument, not %d; usage: %s", c.Name(), len(args), c.UseLine())
	}
	return nil
}

func someArguments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%s takes at least one argument; usage: %s", c.Name(), c.UseLine())
	}
	return nil
}

// oneOfItsCommands refuses what is none of the commands of c.
func oneOfItsCommands(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if c.SuggestionsMinimumDistance <= 0 {
		c.SuggestionsMinimumDistance = 2 // as cobra has it
	}
	hint := c.CommandPath() + " --help lists them"
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return fmt.Errorf("unknown command %q for %q; %s", args[0], c.CommandPath(), hint)
}

// exclusive lets only one of two flags be given.
func exclusive(c *cobra.Command, one, other string) {
	c.PreRunE = func(c *cobra.Command, _ []string) error {
		if c.Flags().Changed(one) && c.Flags().Changed(other) {
			return fmt.Errorf("--%s and --%s say the same; give one of them", one, other)
		}
		return nil
	}
}

// flagError turns the error of a flag that is not there, or of another type.
func flagError(c *cobra.Command, err error) error {
	said, _, _ := strings.Cut(err.Error(), ": strconv.")
	number, ok := errors.AsType[*strconv.NumError](err)
	switch {
	case !ok:
		return fmt.Errorf("%w; %s --help lists the flags", err, c.CommandPath())
	case errors.Is(err, strconv.ErrRange):
		return fmt.Errorf("%s: it is out of range", said)
	case number.Func == "ParseBool":
		return fmt.Errorf("%s: it must be true or false", said)
	case number.Func == "ParseFloat":
		return fmt.Errorf("%s: it must be a number", said)
	case number.Func == "ParseUint":
		return fmt.Errorf("%s: it must be a whole number that is not negative", said)
	}
	return fmt.Errorf("%s: it must be a whole number", said)
}

package host_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host"
)

// childVariable makes the test binary be one of children instead of running tests.
const childVariable = "LAMBENT_TEST_CHILD"

// children are what a test binary can be; the arguments are the command's.
var children = map[string]func(args []string) error{
	"compile": func(args []string) error { return host.CompileWorker(args[0], os.Stdin, os.Stdout) },
	"die":     func([]string) error { os.Exit(3); return nil },
	"sleep":   func([]string) error { time.Sleep(time.Hour); return nil },
	"mute":    func([]string) error { return nil },
	"deploy":  deployForever,
}

func TestMain(m *testing.M) {
	if name := os.Getenv(childVariable); name != "" {
		if err := children[name](os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

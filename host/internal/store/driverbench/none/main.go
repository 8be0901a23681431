// Command none is the workload's program without a driver: what to subtract from
// the size of the others.
package main

import (
	"errors"

	"github.com/lambent-dev/lambent/host/internal/store/driverbench/workload"
)

func main() {
	workload.Main(func(string) (workload.Conn, error) { return nil, errors.New("this program has no driver") })
}

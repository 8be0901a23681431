// A function that answers the credentials in the environment of its event, and
// what the init phase found of them.
package main

import (
	"os"

	lambent "github.com/lambent-dev/lambent/sdk/go"
)

const unset = "(unset)"

var atInit = variable("AWS_ACCESS_KEY_ID") // package level, before main

// Answer has the members that c/credentials has, too.
type Answer struct {
	ID     string `json:"id"`
	Secret string `json:"secret"`
	Token  string `json:"token"`
	Init   string `json:"init"`
}

func main() {
	lambent.Start(func() (Answer, error) {
		return Answer{variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"), variable("AWS_SESSION_TOKEN"), atInit}, nil
	})
}

func variable(name string) string {
	if value, ok := os.LookupEnv(name); ok {
		return value
	}
	return unset
}

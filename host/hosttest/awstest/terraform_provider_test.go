package awstest

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// provider calls AWS Lambda as Terraform's provider for AWS does, in its order, with
// what it waits for and when it tries again, and takes of the answers what that
// takes.
type provider struct {
	t *testing.T
	c *lambda.Client
}

func (p *provider) ok(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// is reports whether err is of a modelled type, such as ResourceNotFoundException.
func is[T error](err error) bool {
	var typed T
	return errors.As(err, &typed)
}

func saying[T error](text string) func(error) bool {
	return func(err error) bool { return is[T](err) && strings.Contains(err.Error(), text) }
}

// retry calls until that works, as long as the errors are such.
func retry[T any](p *provider, such func(error) bool, call func() (T, error)) T {
	p.t.Helper()
	for {
		answer, err := call()
		if err == nil {
			return answer
		}
		if !such(err) {
			p.t.Fatal(err)
		}
		p.pause()
	}
}

// pause is where the provider waits for longer.
func (p *provider) pause() {
	select {
	case <-p.t.Context().Done():
	case <-time.After(20 * time.Millisecond):
	}
}

// same wants what was read to be what was said: else Terraform would plan to change
// it, for ever.
func same(t *testing.T, what string, read, said any) {
	t.Helper()
	if !reflect.DeepEqual(read, said) {
		t.Errorf("%s is\n\t%+v, and should be\n\t%+v", what, read, said)
	}
}

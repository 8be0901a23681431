// Package hosttest runs a Lambent for the length of a test, for tests of your own
// functions and of programs that call them through AWS's API:
//
//	func TestGreet(t *testing.T) {
//		h := hosttest.New(t)
//		_, err := h.Deploy(t.Context(), host.Deployment{Name: "greet", Zip: zip})
//		...
//		res, err := h.Invoke(t.Context(), host.Invocation{Function: "greet", Event: []byte(`{}`)})
//	}
//
// A program of which the configuration comes from the environment finds it with
// Environ:
//
//	c := exec.Command("./my-program")
//	c.Env = append(os.Environ(), h.Environ()...)
//
// For AWS's SDK for Go, which this package does not import:
//
//	client := lambda.New(lambda.Options{
//		BaseEndpoint: aws.String(h.Endpoint),
//		Region:       h.Region,
//		Credentials:  credentials.NewStaticCredentialsProvider(h.AccessKeyID, h.SecretAccessKey, ""),
//	})
//
// Everything is in a temporary directory and is gone when the test ends. The logs
// of functions are the test's.
package hosttest

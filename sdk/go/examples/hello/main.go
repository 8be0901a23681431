// Hello is the smallest useful function: it takes a name, logs a structured
// line and answers with a greeting.
//
//	{"name":"Ada"} → {"message":"Hello, Ada!"}
package main

import (
	"context"
	"errors"
	"log/slog"

	lambent "github.com/lambent-dev/lambent/sdk/go"
)

type request struct {
	Name string `json:"name"`
}

type response struct {
	Message string `json:"message"`
}

func greet(ctx context.Context, in request) (response, error) {
	if in.Name == "" {
		return response{}, errors.New("name is missing")
	}
	slog.InfoContext(ctx, "greeting", "name", in.Name)
	return response{Message: "Hello, " + in.Name + "!"}, nil
}

func main() {
	slog.SetDefault(slog.New(lambent.LogHandler(nil)))
	lambent.StartFunc(greet)
}

// Package greet is the handler that the Go guests share, the one of json.h:
//
//	{"name":"Ada","n":41}  →  {"message":"Hello, Ada!","n":42}
package greet

import "encoding/json"

// Event is what the handler is given.
type Event struct {
	Name string `json:"name"`
	N    int64  `json:"n"`
}

// Answer is what it returns.
type Answer struct {
	Message string `json:"message"`
	N       int64  `json:"n"`
}

// Greet is the handler.
func Greet(e Event) Answer {
	return Answer{Message: "Hello, " + e.Name + "!", N: e.N + 1}
}

// JSON is Greet for guests whose library does not do the encoding.
func JSON(event []byte) ([]byte, error) {
	var e Event
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, err
	}
	return json.Marshal(Greet(e))
}

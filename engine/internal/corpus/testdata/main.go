package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"slices"
)

func main() {
	var event map[string]any
	if err := json.NewDecoder(os.Stdin).Decode(&event); err != nil {
		panic(err)
	}
	keys := []string{}
	for k := range event {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	fmt.Printf("%v %x\n", keys, sha256.Sum256(fmt.Append(nil, event)))
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		_ = keys[len(keys)]
	}()
	os.Exit(len(keys))
}

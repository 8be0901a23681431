// A function that does nothing.
package main

import lambent "github.com/lambent-dev/lambent/sdk/go"

func main() { lambent.Start(func() {}) }

// Package corpus finds and builds modules that tests are made of: those that wazero
// carries, of the specification's tests and of toolchains, and a program in Go. It
// is for tests; it runs no module, and does not say which are valid.
package corpus

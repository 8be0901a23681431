package sandbox

import "github.com/lambent-dev/lambent/sandbox/internal/abi"

// Manifest is lambent.json at the root of a package: which file is the module
// and how it is entered. The zero value lets the module decide. For the fields,
// see: go doc sandbox/internal/abi.Manifest
type Manifest = abi.Manifest

// Model is how a module is entered.
type Model = abi.Model

// The models that run today.
const (
	Reactor = abi.Reactor // exports lambent_handle
	Stdio   = abi.Stdio   // _start; event on stdin, result on stdout
)

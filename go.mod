module github.com/lambent-dev/lambent

go 1.26.0

require (
	github.com/rogpeppe/go-internal v1.16.0 // testscript: the command's tests are sessions at a terminal
	github.com/spf13/cobra v1.10.2 // commands, flags and help as Go users know them
	github.com/tetratelabs/wazero v1.12.0 // the default engine, pure Go
)

require (
	github.com/inconshreveable/mousetrap v1.1.0 // indirect; by cobra
	github.com/spf13/pflag v1.0.9 // indirect; by cobra
	golang.org/x/sys v0.44.0 // indirect; by wazero
	golang.org/x/tools v0.26.0 // indirect; by go-internal
)

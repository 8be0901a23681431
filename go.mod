module github.com/lambent-dev/lambent

go 1.26.0

require (
	github.com/bytecodealliance/wasmtime-go/v39 v39.0.1 // the second engine, by cgo: only with -tags wasmtime, and what embeds Lambent never downloads it
	github.com/ncruces/go-sqlite3 v0.36.0 // SQLite without cgo: fewest modules, fastest reads, a VFS of ours for faults; see host/internal/store/driverbench
	github.com/rogpeppe/go-internal v1.16.0 // testscript: the command's tests are sessions at a terminal
	github.com/spf13/cobra v1.10.2 // commands, flags and help as Go users know them
	github.com/tetratelabs/wazero v1.12.0 // the default engine, pure Go
	github.com/valyala/fasthttp v1.77.0 // HTTP/1.1 for the gateway, which decides by a request's header before its body is read
	go.yaml.in/yaml/v3 v3.0.6 // YAML, for files of test cases; the fork that the YAML organisation keeps
	golang.org/x/sys v0.49.0 // what package syscall lacks: memfd, madvise and PAGEMAP_SCAN for images, flock on some systems
)

require (
	github.com/inconshreveable/mousetrap v1.1.0 // indirect; by cobra
	github.com/klauspost/compress v1.20.3 // indirect; by fasthttp
	github.com/molecule-man/go-brrr v1.3.0 // indirect; by fasthttp
	github.com/ncruces/go-sqlite3-wasm/v6 v6.4.35401 // indirect; by go-sqlite3: SQLite itself, translated to Go
	github.com/ncruces/julianday v1.0.0 // indirect; by go-sqlite3
	github.com/spf13/pflag v1.0.9 // by cobra
	github.com/valyala/bytebufferpool v1.0.0 // indirect; by fasthttp
	golang.org/x/tools v0.52.0 // indirect; by go-internal
)

module github.com/lambent-dev/lambent/benchmarks

go 1.26.0

// Of this repository, at the same commit.
replace github.com/lambent-dev/lambent => ../

require (
	github.com/bytecodealliance/wasmtime-go/v39 v39.0.1 // a peer
	github.com/extism/go-sdk v1.7.1 // a peer
	github.com/lambent-dev/lambent v0.0.0 // what is measured
	github.com/tetratelabs/wazero v1.12.0 // a peer, by itself
	github.com/valyala/fasthttp v1.77.0 // what the gateway is compared with, as Lambent has it
	golang.org/x/sys v0.49.0 // the processor time of a thread
)

require (
	github.com/dylibso/observe-sdk/go v0.0.0-20240819160327-2d926c5d788a // indirect
	github.com/gobwas/glob v0.2.3 // indirect
	github.com/ianlancetaylor/demangle v0.0.0-20240805132620-81f5be970eca // indirect
	github.com/klauspost/compress v1.20.3 // indirect
	github.com/molecule-man/go-brrr v1.3.0 // indirect
	github.com/tetratelabs/wabin v0.0.0-20230304001439-f6f874872834 // indirect
	github.com/valyala/bytebufferpool v1.0.0 // indirect
	go.opentelemetry.io/proto/otlp v1.3.1 // indirect
	google.golang.org/protobuf v1.34.2 // indirect
)

module github.com/lambent-dev/lambent/host/hosttest/awstest

go 1.26.0

// Of this repository, at the same commit.
replace github.com/lambent-dev/lambent => ../../../

// Its archive cannot be downloaded from the module proxy.
exclude github.com/aws/aws-sdk-go-v2 v1.47.8

require (
	github.com/aws/aws-sdk-go-v2 v1.47.7 // a client
	github.com/aws/aws-sdk-go-v2/service/lambda v1.114.3 // its Lambda
	github.com/aws/smithy-go v1.28.8 // its errors
	github.com/lambent-dev/lambent v0.0.0-00010101000000-000000000000 // what is driven
)

require (
	github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream v1.7.26 // indirect
	github.com/aws/aws-sdk-go-v2/internal/configsources v1.5.11 // indirect
	github.com/aws/aws-sdk-go-v2/internal/endpoints/v2 v2.8.11 // indirect
	github.com/klauspost/compress v1.20.3 // indirect
	github.com/molecule-man/go-brrr v1.3.0 // indirect
	github.com/ncruces/go-sqlite3 v0.36.0 // indirect
	github.com/ncruces/go-sqlite3-wasm/v6 v6.4.35401 // indirect
	github.com/ncruces/julianday v1.0.0 // indirect
	github.com/tetratelabs/wazero v1.12.0 // indirect
	github.com/valyala/bytebufferpool v1.0.0 // indirect
	github.com/valyala/fasthttp v1.77.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

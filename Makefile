# Lambent. Everything here is also a plain command; nothing needs make.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.PHONY: help build test wasmtime differ race vet fuzz guests bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build ./lambent
	go build -o lambent ./cmd/lambent

test: ## run every test
	go test ./...

wasmtime: ## vet and test the second engine, by itself and in lambent: needs cgo and a C compiler
	CGO_ENABLED=1 go vet -tags wasmtime ./engine/... ./cmd/...
	CGO_ENABLED=1 LAMBENT_DIFFER=$(DIFFER) go test -tags wasmtime -timeout 30m ./engine/wasmtime
	CGO_ENABLED=1 go test -tags wasmtime -short ./sandbox
	CGO_ENABLED=1 go test -tags wasmtime -run 'TestScripts/(engine|run|failures|serve)$$' ./cmd/lambent
	CGO_ENABLED=1 go test -tags wasmtime -race -short ./engine/wasmtime

# A thousand take ten seconds on two cores that have nothing else to do.
DIFFER ?= 1000
differ: ## compare the engines on DIFFER random modules of each kind, a tenth as many of binaryen's
	CGO_ENABLED=1 LAMBENT_DIFFER=$(DIFFER) go test -tags wasmtime -run TestDiffer -timeout 0 -v ./engine/wasmtime

# Where nothing runs side by side the detector takes minutes and finds nothing:
# packages that only compute, and tests that compare one instance with another.
RACE := ./engine ./engine/internal/image ./engine/internal/stored ./engine/wazero \
	./sandbox ./sandbox/internal/wasi ./sandbox/network \
	./host ./host/gateway ./host/hosttest ./host/internal/api ./host/internal/asl/driver ./host/internal/auth/... \
	./host/internal/bucket ./host/internal/function ./host/internal/store ./host/internal/workflow
ALONE := Credentials|EveryCallFailsWhileClosing|FlippedBits|GoRestored|Interpreter|Killed|LayersOfFunctionRefused|MachinesCallFunctions|PackagesAreForgotten|ProofsInterpreter|ProofScripts|Specification|GoProgram|RewrittenModulesValidate|GoRandom.*|BadGuests|HostCallsCharge|ReadPackage.*

race: ## run the packages with concurrency under the race detector
	go test -race -short -skip '^Test($(ALONE))$$' $(RACE)

vet: ## go vet and gofmt
	go vet ./...
	GOOS=wasip1 GOARCH=wasm go vet ./sdk/go/...
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }

# A number of inputs: with a duration, Go reports what it was doing at the end as a failure.
FUZZTIME ?= 3000x
fuzz: ## fuzz each target with FUZZTIME inputs
	@go list -f '{{.Dir}} {{join .TestGoFiles " "}} {{join .XTestGoFiles " "}}' ./... | while read -r dir files; do \
		for target in $$(cd "$$dir" && cat $$files /dev/null | sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p'); do \
			echo "$$target"; (cd "$$dir" && go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x . 2>&1 | tail -20; exit $${PIPESTATUS[0]}) || exit 1; \
		done; done

guests: ## rebuild the C and AssemblyScript test guests and compare them with what is committed
	sandbox/testdata/guests/rebuild --check
	benchmarks/meter/guests/rebuild --check

bench: ## measure Lambent and its peers in one interleaved run
	cd benchmarks && go run .

clean: ## remove what build made
	rm -f lambent

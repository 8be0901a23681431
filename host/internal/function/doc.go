// Package function owns functions: their code and configuration, the states
// they pass through, and the synchronous path of an invocation.
//
// It never speaks HTTP and never SQL. What AWS calls a field has that name
// here, but shapes on the wire are package api's business and rows are package
// store's.
//
// # A deployment
//
//	Create, UpdateCode, …          the caller waits          package.go settings.go
//	  check settings, unzip, check the module               400, or
//	  keep the code, commit the record                      201: Pending, or InProgress
//	worker                         in the background         queue.go deploy.go
//	  compile, make a sandbox, run its init phase
//	  have engines agree on sample events, if asked to        verify.go
//	  put it in the place of the old one                    live.go
//	  commit: Active and Successful, or Failed and why
//
// A record in an update holds two deployments: the one that is described, and the
// one that answers until the update has settled. Whatever ends the process in
// between, the next Service finds the record unsettled and goes on; so the code of
// both must stay: the row names the one, and the store is told of the other
// (layer_use.go), as the Services of other accounts sweep it, too.
//
// # An invocation
//
//	Invoke → the function's slot in the table of live sandboxes; if there is none,
//	         one goroutine makes it, and all wait for that: of the code and the
//	         image on disk, else of the package in the store    ready.go contents.go
//	       → the credentials of its role, if there are any             identity.go
//	       → sandbox.Do, on the calling goroutine
//	       → the payload, the log's tail
//
// A slot belongs to one deployment. See live.go for why an old one never answers
// for a new one.
//
// # Versions, aliases and what else a function has
//
//	Ref         a function's name and a qualifier: "" is the function, $LATEST and
//	            digits a version, other words an alias (target.go)
//	record      the function's row: $LATEST, tags, and every setting that only whole
//	            functions have; add a field for another one. Service.alter changes
//	            it, together with rows of the same function, in one transaction
//	deployed    the row of a version: what $LATEST was when it was published
//	attachment  of the store: what each qualifier may have one of, such as its policy,
//	            by kind; it goes with its function, and most kinds with the version or
//	            alias that they are for (attached.go)
//
// What an operation takes only of functions it refuses with Ref.unqualified; what is
// described of any qualifier is read with Service.named. An invocation reads no row
// but for the first of its target: where aliases lead is remembered (route.go,
// memo.go), and whoever changes a row that is remembered forgets it before answering.
//
// # Layers
//
// A layer is a zip file whose files functions find below /opt (layer.go). What a
// function uses is in its configuration, found once (layer_use.go) and kept by its
// digest: deleting the layer, or taking a permission back, changes nothing there. The
// store knows which row names which content, and sweeps none that is named. In memory
// there is one content of each layer for all functions, and of it what guests read
// (layer_files.go). Who may use a layer of another account its policy says
// (layer_permission.go), and package api asks it.
//
// # Rest
//
// A function that nobody invokes gives up its instances and then its sandbox
// (idle.go). Those that were used last when a Service ended are loaded by the next
// (preload.go).
package function

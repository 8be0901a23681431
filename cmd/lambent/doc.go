// Command lambent runs functions compiled to WebAssembly, each event in a
// pristine instance.
//
//	lambent run ./my-function --event '{"name":"Ada"}'
//	lambent build ./my-function -o my-function.zip
//	lambent dev ./my-function
//	lambent bench ./my-function --event '{"name":"Ada"}'
//
//	lambent serve --data ./data
//	lambent deploy ./my-function
//	lambent invoke my-function --event '{"name":"Ada"}'
//
//	lambent draw machine.asl.json > machine.svg
//	lambent sfn run machine.asl.json --input '{"order":7}'
//	lambent sfn test cases.yaml
//
// Results go to standard output, everything else to standard error. The exit
// status is 0 on success, 1 if the function failed, 2 if it could not be run
// at all: a mistake in the arguments, a program that does not compile, a module
// that is refused, a Lambent that does not answer.
package main

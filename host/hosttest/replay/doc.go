// Package replay has nothing but tests: it sends the calls that were recorded from
// AWS Lambda to a Lambent with an address, in their order, and compares what is
// answered with what AWS answered, member by member.
//
// testdata/cases.json has the recordings, NOTICE says where they are from. What
// AWS's other services answered within a case comes from the recording; a function
// of WebAssembly stands in for each recorded one: it answers its event. A case passes
// if every recorded answer is the same, but for what a recorded function computed. Which cases pass is in testdata/passing.txt: one that passed
// once and fails later is a failure of the test.
package replay

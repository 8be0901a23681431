// Package enginetest holds the suite that every engine passes. An engine's own
// test calls Run for each of its ways of working:
//
//	func TestSuite(t *testing.T) {
//		enginetest.Run(t, func(t *testing.T) engine.Engine { … })
//	}
//
// The guests are assembled in the tests by package wasmbuild; no toolchain is
// needed. No test depends on how fast the machine is: guests that are to be
// interrupted say themselves when they have begun.
package enginetest

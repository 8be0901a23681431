// Package codecache keeps a folder of compiled code within bounds: what engines
// that keep code on disk do alike.
//
// It does not know what the files hold. What is found in them is trusted as the
// program itself is, so nobody else may write there.
package codecache

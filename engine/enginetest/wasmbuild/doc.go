// Package wasmbuild assembles small WebAssembly modules for tests, without a
// toolchain and without checking: a wrong index, a wrong type or a body cut
// short is written as told, because tests need those too.
//
//	var b wasmbuild.Builder
//	add := b.Func(b.Type(wasmbuild.Types{I32, I32}, wasmbuild.Types{I32}), nil,
//		wasmbuild.LocalGet(0), wasmbuild.LocalGet(1), wasmbuild.I32Add)
//	b.ExportFunc("add", add)
//	wasm := b.Bytes()
//
// It is only for tests and never part of a program.
package wasmbuild

package wazero

import "syscall"

// advise asks for small pages: a guest that touches a byte should not take
// 2 MiB. Kernels without huge pages refuse, which is as good.
func advise(b []byte) { _ = syscall.Madvise(b, syscall.MADV_NOHUGEPAGE) }

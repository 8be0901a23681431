package lambent

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// restored is what an instance that goes on from an image needs at once. It is
// part of the image.
var restored struct {
	random   *generator // nil: not found
	was, now variables  // the environment that package os knows of, and where it is read to
}

// prepareRestore gets ready for images. A program whose randomness could not be
// renewed does not let one be made of it: Lambent makes none of an instance that
// has a file open, and initialises one for every event instead.
func prepareRestore() error {
	var err error
	if restored.random, err = findGenerator(); err != nil {
		fmt.Fprintf(os.Stderr, "lambent: %v: each event will go through initialisation\n", err)
		if _, err := syscall.Open("/tmp", syscall.O_RDONLY|syscall.O_DIRECTORY, 0); err != nil {
			return fmt.Errorf("%w, and /tmp cannot be opened: %w", errNoGenerator, err)
		}
	}
	if err := restored.was.read(); err != nil {
		return err
	}
	// What is done for the first time takes longer, and would with every event.
	// So set a variable to what it is.
	if n := len(restored.was.text); n > 1 {
		restored.was.text[n-2] ^= 1
	}
	return refreshEnvironment()
}

// lambentAfterRestore makes an instance that goes on from an image differ from
// the others that do. The host calls it before each event.
//
// The randomness comes first: whatever lets another goroutine run lets it draw.
//
//go:wasmexport lambent_after_restore
//go:nosplit
func lambentAfterRestore() int32 {
	if restored.random == nil {
		return report(initFailure(errNoGenerator))
	}
	err := restored.random.renew()
	if err == nil {
		err = refreshEnvironment()
	}
	if err != nil {
		return report(initFailure(fmt.Errorf("lambent_after_restore: %w", err)))
	}
	return resultOK
}

// refreshEnvironment passes on what the host says differently of the
// environment, which Go's runtime asks for once. What the program itself has set
// stays.
func refreshEnvironment() error {
	if err := restored.now.read(); err != nil {
		return err
	}
	if bytes.Equal(restored.now.text, restored.was.text) {
		return nil // as it mostly is
	}
	if err := restored.now.update(&restored.was, os.Setenv, os.Unsetenv); err != nil {
		return err
	}
	restored.was, restored.now = restored.now, restored.was
	return nil
}

// read reads the environment. It allocates if v has too little room.
func (v *variables) read() error {
	var count, size uint32
	if errno := wasiEnvironSizesGet(unsafe.Pointer(&count), unsafe.Pointer(&size)); errno != 0 {
		return syscall.Errno(errno)
	}
	v.room(int(count), int(size))
	if errno := wasiEnvironGet(unsafe.Pointer(unsafe.SliceData(v.table)), unsafe.Pointer(unsafe.SliceData(v.text))); errno != 0 {
		return syscall.Errno(errno)
	}
	return nil
}

//go:wasmimport wasi_snapshot_preview1 random_get
//go:noescape
func wasiRandomGet(p unsafe.Pointer, n uint32) uint32

//go:wasmimport wasi_snapshot_preview1 environ_sizes_get
//go:noescape
func wasiEnvironSizesGet(count, size unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 environ_get
//go:noescape
func wasiEnvironGet(table, text unsafe.Pointer) uint32

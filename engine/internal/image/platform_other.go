//go:build !linux

package image

import "sync"

// detect returns what there is: nothing but copying.
var detect = sync.OnceValue(func() *platform {
	return &platform{methods: Methods{Mapped: canMap}}
})

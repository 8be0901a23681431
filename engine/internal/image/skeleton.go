package image

import (
	"encoding/binary"
	"errors"

	"github.com/lambent-dev/lambent/engine/internal/stored"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// skeletonSection is the custom section that tells skeletons apart.
const skeletonSection = "lambent skeleton"

// emptyBody is the body of every function of a skeleton: its size, no locals,
// unreachable, end.
var emptyBody = []byte{3, 0, 0, 0x0b}

var errSkeleton = errors.New("image: the sections of the rewritten module cannot be read")

// Skeleton returns Module without what its functions do: all that an engine has
// to know of a module whose code is compiled already, in a hundredth of the size.
// Two modules that differ in nothing but code have the same skeleton, but for
// identity, which it holds.
func (p *Program) Skeleton(identity []byte) ([]byte, error) {
	if len(p.Module) < headerSize {
		return nil, errSkeleton
	}
	out := append([]byte(nil), p.Module[:headerSize]...)
	for rest := p.Module[headerSize:]; len(rest) > 0; {
		content, after, ok := sized(rest[1:])
		if !ok {
			return nil, errSkeleton
		}
		if rest[0] != byte(wasm.SectionCode) {
			out = append(out, rest[:len(rest)-len(after)]...)
			rest = after
			continue
		}
		n, _, ok := number(content)
		if !ok || n > uint64(len(content)) {
			return nil, errSkeleton
		}
		bodies := binary.AppendUvarint(nil, n)
		for range n {
			bodies = append(bodies, emptyBody...)
		}
		out = stored.AppendBytes(append(out, byte(wasm.SectionCode)), bodies)
		rest = after
	}
	custom := append(stored.AppendBytes(nil, skeletonSection), identity...)
	return stored.AppendBytes(append(out, byte(wasm.SectionCustom)), custom), nil
}

// headerSize is the size of what comes before the sections of a module.
const headerSize = 8

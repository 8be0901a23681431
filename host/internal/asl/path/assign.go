package path

import (
	"fmt"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// Assign returns root with value at the place the path names, as ResultPath
// does: objects on the way are made where they are missing, everything else
// stays. The path must be a Reference Path. root is not changed; the result
// shares with it what stays as it was.
func (p *Path) Assign(root, value any) (any, error) {
	if !p.IsReference() {
		return nil, fmt.Errorf("path %s is not a Reference Path", p.text)
	}
	return assign(root, true, p.segments, value)
}

func assign(v any, exists bool, segments []segment, value any) (any, error) {
	if len(segments) == 0 {
		return value, nil
	}
	s := &segments[0]
	if s.kind == index {
		items, ok := v.([]any)
		if !ok {
			return nil, fmt.Errorf("there is no array for index %d", s.indices[0])
		}
		i := s.indices[0]
		if i < 0 {
			i += len(items)
		}
		if i < 0 || i >= len(items) {
			return nil, fmt.Errorf("index %d is outside an array of %d items", s.indices[0], len(items))
		}
		changed, err := assign(items[i], true, segments[1:], value)
		if err != nil {
			return nil, err
		}
		copied := append([]any(nil), items...)
		copied[i] = changed
		return copied, nil
	}
	object, ok := v.(*jsonata.Object)
	if !ok && exists {
		return nil, fmt.Errorf("there is no object for member %q", s.names[0])
	}
	copied := jsonata.NewObject()
	if object != nil {
		for key, member := range object.All() {
			copied.Set(key, member)
		}
	}
	old, exists := copied.Get(s.names[0])
	changed, err := assign(old, exists, segments[1:], value)
	if err != nil {
		return nil, err
	}
	copied.Set(s.names[0], changed)
	return copied, nil
}

package function

import (
	"cmp"
	"crypto/sha256"
	"slices"
)

// sized is what a slot's sandbox says of the memory that it keeps.
type sized interface {
	Digest() [sha256.Size]byte
	Size() (code, own int64)
}

// keeping is what the ready slots of the table keep, at a moment.
type keeping struct {
	slots []kept
	bytes int64
	code  map[[sha256.Size]byte]int // how many have each module's code, which is in memory once
	// The same of layers.
	layers map[*layerFiles]held
}

// held is how many slots have a layer, and how many bytes are counted of it.
type held struct {
	slots int
	bytes int64
}

// kept is one of them.
type kept struct {
	*slot
	idle      bool
	used      int64
	code, own int64
	digest    [sha256.Size]byte
}

// keeping counts the ready slots; others' functions may not even exist. l.mu is
// held.
func (l *live) keeping() keeping {
	k := keeping{code: make(map[[sha256.Size]byte]int), layers: make(map[*layerFiles]held)}
	for _, s := range l.slots {
		if !s.isReady() {
			continue
		}
		one := kept{slot: s, idle: s.refs.Load() == 1, used: s.used.Load()}
		if s.size != nil {
			one.digest = s.size.Digest()
			one.code, one.own = s.size.Size()
		}
		k.slots = append(k.slots, one)
		if k.code[one.digest]++; k.code[one.digest] == 1 {
			k.bytes += one.code
		}
		k.bytes += one.own
		for _, f := range s.layers {
			h := k.layers[f]
			if h.slots++; h.slots == 1 {
				h.bytes = f.size()
				k.bytes += h.bytes
			}
			k.layers[f] = h
		}
	}
	return k
}

// without no longer counts one of them.
func (k *keeping) without(one *kept) {
	if k.code[one.digest]--; k.code[one.digest] == 0 {
		k.bytes -= one.code
	}
	k.bytes -= one.own
	for _, f := range one.layers {
		h := k.layers[f]
		if h.slots--; h.slots == 0 {
			k.bytes -= h.bytes
		}
		k.layers[f] = h
	}
}

// evict takes ready slots out of the table until no more than most are in it,
// idle ones first, then those that were not used for longest; and idle ones until
// they keep no more than bytes. Slots that are in use would only be loaded again
// beside themselves; the one that was used last stays in any case, so that one
// that is larger than bytes is not loaded for each event. l.mu is held; the caller
// releases what is returned.
func (l *live) evict() (out []*slot) {
	k := l.keeping()
	n := len(k.slots)
	if n <= l.most && k.bytes <= l.bytes {
		return nil
	}
	slices.SortFunc(k.slots, func(a, b kept) int {
		if a.idle != b.idle {
			if a.idle {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.used, b.used)
	})
	for i := range k.slots {
		s := &k.slots[i]
		tooMany := n > l.most
		tooLarge := k.bytes > l.bytes && s.idle && i < len(k.slots)-1
		if s.pinned || s.slot.kept || !tooMany && !tooLarge {
			continue
		}
		delete(l.slots, s.name)
		k.without(s)
		n--
		out = append(out, s.slot)
	}
	return out
}

// trim makes room again for what slots came to keep since they were loaded: idle
// instances.
func (l *live) trim() {
	l.mu.Lock()
	out := l.evict()
	k := l.keeping()
	var busy []*slot
	if k.bytes > l.bytes {
		for _, s := range k.slots {
			s.refs.Add(1)
			busy = append(busy, s.slot)
		}
	}
	l.mu.Unlock()
	for _, s := range busy {
		if s.box != nil {
			s.box.Shed(1)
		}
	}
	l.release(append(out, busy...)...)
}

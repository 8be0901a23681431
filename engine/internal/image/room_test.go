package image

import (
	"testing"
	"unsafe"
)

// TestRoom: a memory in a room grows, is restored and stays where it is, and its
// room goes with it.
func TestRoom(t *testing.T) {
	if !Supported().Mapped {
		t.Skip("nothing can be mapped here")
	}
	room := Room{Before: 2 * pageSize, Size: 16 * pageSize}
	content := make([]byte, pageSize)
	content[100] = 7
	i, err := Freeze(content)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	m, err := i.within(room, 4*pageSize)
	if err != nil {
		t.Fatal(err)
	}
	around := unsafe.Slice((*byte)(unsafe.Add(m.Start(), -int(room.Before))), room.Before+room.Size)
	if !isMapped(around) {
		t.Error("not all of the room is the memory's")
	}
	for range 3 {
		m.Watch()
		if m.Bytes()[100] != 7 || m.Bytes()[99] != 0 {
			t.Fatalf("the memory begins with %d", m.Bytes()[99:101])
		}
		m.Bytes()[100] = 8
		if !m.Grow(4*pageSize) || m.Grow(5*pageSize) {
			t.Error("it does not grow to its limit, or beyond")
		}
		m.Bytes()[4*pageSize-1] = 9
		if m.Start() != unsafe.Pointer(&m.Bytes()[0]) {
			t.Error("it moved")
		}
		m.Settle()
		if err := m.Restore(); err != nil {
			t.Fatal(err)
		}
		if err := m.Verify(); err != nil {
			t.Error(err)
		}
	}
	if err := m.Release(); err != nil {
		t.Fatal(err)
	}
	if isMapped(around[:pageSize]) || isMapped(around[len(around)-pageSize:]) {
		t.Error("a memory that was released left some of its room")
	}
}

// TestEmptyRoom: a memory that can have no byte has a room all the same.
func TestEmptyRoom(t *testing.T) {
	m, err := newMemory(detect(), 0, 0, Room{Size: pageSize})
	if !Supported().Mapped {
		if err == nil {
			t.Error("there is a room where nothing can be mapped")
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer m.Release()
	if m.Start() == nil || len(m.Bytes()) != 0 {
		t.Errorf("it has %d bytes at %v", len(m.Bytes()), m.Start())
	}
}

func TestRoomTooSmall(t *testing.T) {
	for _, room := range []Room{{Size: pageSize}, {Size: 2*pageSize + 1}, {Before: 1, Size: 2 * pageSize}, {Size: 1 << 63}, {Before: 1 << 63, Size: 2 * pageSize}} {
		if m, err := newMemory(detect(), 0, 2*pageSize, room); err == nil {
			m.Release()
			t.Errorf("a memory of two pages fits %+v", room)
		}
	}
	without := &platform{}
	if m, err := newMemory(without, 0, pageSize, Room{Size: pageSize}); err == nil {
		m.Release()
		t.Error("there is room where nothing can be mapped")
	}
}

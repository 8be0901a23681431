package peers

import "fmt"

// exchange is the host's side of guests/c/bare.h for one event.
type exchange struct {
	event    []byte
	response []byte
}

// read answers event_read: it copies what fits into what the guest offers and
// returns the full length.
func (x *exchange) read(memory []byte, to, room uint32) (uint32, error) {
	into, err := span(memory, to, room)
	if err != nil {
		return 0, err
	}
	copy(into, x.event)
	return uint32(len(x.event)), nil
}

// write answers response_write.
func (x *exchange) write(memory []byte, from, length uint32) error {
	part, err := span(memory, from, length)
	x.response = append(x.response, part...)
	return err
}

// span returns a range of a guest's memory.
func span(memory []byte, at, length uint32) ([]byte, error) {
	end := uint64(at) + uint64(length)
	if end > uint64(len(memory)) {
		return nil, fmt.Errorf("the guest names bytes %d to %d of a memory of %d", at, end, len(memory))
	}
	return memory[at:end], nil
}

// handled turns the result of handle into an error.
func handled(status uint32) error {
	if status != 0 {
		return fmt.Errorf("handle returned %d", status)
	}
	return nil
}

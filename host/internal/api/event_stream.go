package api

import (
	"encoding/binary"
	"hash/crc32"
)

// A message of an event stream (application/vnd.amazon.eventstream), numbers
// big-endian:
//
//	 0        4         8       12
//	+--------+---------+-------+---------+---------+-------+
//	| length | of the  | CRC32 | headers | payload | CRC32 |
//	| of all | headers | of 0–7|         |         | of all before
//	+--------+---------+-------+---------+---------+-------+
//
// A header is a byte with the length of its name, the name, a 7 for text, two bytes
// with the length of the value, and the value.
const (
	preludeBytes = 12
	crcBytes     = 4
	textHeader   = 7
)

// maxPayload is the most of one message, as AWS's clients take it.
const maxPayload = 1 << 20

// appendMessage adds an event to a stream. The type is short and without NUL.
func appendMessage(b []byte, event, contentType string, payload []byte) []byte {
	begin := len(b)
	b = append(b, make([]byte, preludeBytes)...)
	for _, header := range [...][2]string{{":event-type", event}, {":content-type", contentType}, {":message-type", "event"}} {
		b = append(b, byte(len(header[0])))
		b = append(b, header[0]...)
		b = append(b, textHeader)
		b = binary.BigEndian.AppendUint16(b, uint16(len(header[1])))
		b = append(b, header[1]...)
	}
	headers := len(b) - begin - preludeBytes
	b = append(b, payload...)
	message := b[begin:]
	binary.BigEndian.PutUint32(message, uint32(len(message)+crcBytes))
	binary.BigEndian.PutUint32(message[4:], uint32(headers))
	binary.BigEndian.PutUint32(message[8:], crc32.ChecksumIEEE(message[:8]))
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(message))
}

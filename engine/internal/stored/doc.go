// Package stored reads what Lambent itself wrote to disk: numbers and byte
// strings, one after the other, as package encoding/binary appends them, and seals
// that tell whether they are whole.
//
// What comes from a disk may be damaged, so a [Reader] trusts no length and
// allocates nothing: byte strings are views, and a count is bounded by the bytes
// that are left.
//
// It owns no format but that of the seal, see [Seal]: what follows what is up to its
// users.
package stored

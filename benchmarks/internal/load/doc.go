// Package load is a client that costs little beside the servers it measures: it
// sends bytes that were made before, and compares each answer with the one that
// is right. It speaks as much HTTP/1.1 as that takes, and follows no redirect,
// no chunked answer and no answer beyond 16 KiB.
package load

// Package bucket fetches objects from a store that speaks Amazon S3's protocol:
// deployment packages that a request names instead of bringing them.
//
// It reads and never writes, asks the one endpoint that the host was configured
// with, signs with the host's own credentials, and connects to nothing but that
// endpoint: a redirect to another address is refused.
package bucket

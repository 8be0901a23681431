// Package peers runs a handler in Lambent and on what it is compared with, each
// event in an instance, or a process, that is made for it and destroyed with it, or
// in Lambent's case restored. It measures nothing.
package peers

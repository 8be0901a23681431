// Package peers runs a handler on what Lambent is compared with, each event in an
// instance, or a process, that is made for it and destroyed with it. It measures
// nothing.
package peers

// Package embedded runs a handler in Lambent, in this process, as a program that
// embeds it does. It measures nothing.
package embedded

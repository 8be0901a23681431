// Package command is what the commands of this module have in common: how they
// start and end, what they are told, and what becomes of their results. It
// measures nothing.
package command

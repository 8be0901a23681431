// Package record holds what every benchmark writes down of a run, so that it can
// be done again, and the statistics they share. It measures nothing itself.
package record

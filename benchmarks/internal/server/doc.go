// Package server builds the servers that are measured and runs them as child
// processes: programs as users have them, with nothing in them that measures.
package server

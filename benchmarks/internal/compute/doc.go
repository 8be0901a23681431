// Package compute has programs that compute, in C, AssemblyScript and Go, and
// measures how long contenders take for them. Which contenders there are, and what
// their times are compared with, is its users' to say.
package compute

// Package verify gives a function's sample events to several engines before any
// other event reaches it, and compares all that can be seen of what they come to:
// compilers are large programs, and some of their mistakes are known to nobody until
// a second opinion differs.
//
// The first engine is the one that the function will run on. What the host answers
// there (clocks, randomness, the calls that the function makes) is recorded, and the
// others are given the same. So what a function calls is called once for each event,
// and what it answers may depend on the time.
//
// The package decides nothing but whether engines agree. Which functions are
// verified, and what becomes of one that is not alike everywhere, is its caller's
// business.
package verify

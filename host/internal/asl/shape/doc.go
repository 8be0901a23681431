// Package shape knows what operations of AWS services answer, so that a mocked
// answer can be checked before a state is tested with it. It is pure; what it
// knows is in the folder models.
//
// Services it does not know are not checked.
package shape

// Package storetest is what every store.Store must pass, whatever database is
// beneath it. It looks only through the interface; what is peculiar to one store,
// its files and its failures, is tested beside that store.
package storetest

// Package store keeps what a host must not lose: functions with their versions,
// aliases and attachments, layers, the code they name, event source mappings, state
// machines, and the keys, roles and policies of accounts. It holds the one interface,
// Store, and SQLite, which implements it; the suite storetest and the migrations
// (package schema) are written for PostgreSQL too.
//
// # On disk
//
//	DIR/lambent.lock        held by the one process that uses DIR; holds its pid
//	DIR/lambent.db          SQLite: WAL, synchronous=FULL, a checksum in every page
//	DIR/lambent.db-wal -shm SQLite's own
//	DIR/code/HEX            one code package or layer each, named by the sha256 of its content
//	DIR/tmp/*               packages being written; emptied when the store is opened
//
// Folders are created with mode 0700, files with 0600.
//
// # Promises
//
//   - A method that changes something returns nil only after its transaction is on
//     stable storage. A read that begins afterwards sees it.
//   - A row never names code that is not there: the code is durable before the row
//     commits, and Sweep decides between transactions.
//   - A failing disk gives ErrUnavailable and loses nothing acknowledged; the store
//     serves again by itself when the cause is gone. A change answered with
//     ErrUnavailable is in doubt: it may be found to have happened, whole, once the
//     database has been opened anew.
//   - Flipped bits in a database page or a package are detected when it is read from
//     disk, never served. Pages that are still in the write-ahead log are guarded by
//     the log's own checksums, which are looked at only when the log is recovered.
//
// # What belongs to a function
//
// A version, an alias and an attachment belong to one function: they are written in
// a transaction of that function, ChangeFunction, and go with it. An attachment is
// anything that the service keeps for a function or for one of its qualifiers and
// that nothing else has to be looked up by: its kind is a word of the service's, its
// content what the service makes of it.
//
// # How writes flow
//
// One goroutine owns the one writing connection. It takes all the writes that wait,
// runs them in one transaction, each in a savepoint so that one that fails does not
// hurt the others, commits (one fsync), and only then answers any of them. Readers
// have connections of their own and never wait for the writer.
//
// # What it never does
//
// It does not know what a configuration says, what state may follow which, or when
// to try again: that is for its callers. It starts nothing by itself; even Sweep
// is called.
package store

// Package schema holds the tables as migrations: SQL that SQLite and PostgreSQL
// both take once a few placeholders for types are filled in. A migration that has
// been released is never edited; the next change is the next number.
//
// It never speaks to a database: each store applies the migrations itself, one
// transaction each, and records them in the table that Record describes.
package schema

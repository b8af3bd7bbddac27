// Package schema turns the names and types of what files hold into one JSON Schema.
//
// A file of rows is an object for each row, whose properties are its columns in their
// order; a JSON file is the Go type that is encoded into it. Nothing here is a copy:
// writers hand over the columns and types that they write with.
package schema

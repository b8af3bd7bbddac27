// Package genlog reads the general query log of MySQL and MariaDB: bytes of a
// log file in, records out, every byte accounted for.
//
// A record begins on a line with a header (time, connection id, command) and
// reaches to the next header; statements keep their newlines, so a record may
// have many lines. Servers print headers in several forms (header.go), write a
// banner each time they open the file (banner.go), and escape nothing.
//
// The log is read in chunks that end where a record ends (split.go), so that
// chunks can be scanned side by side and no record is held in pieces.
package genlog

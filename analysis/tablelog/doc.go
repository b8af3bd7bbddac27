// Package tablelog reads dumps of the table mysql.general_log, the general query
// log of a server with log_output=TABLE: bytes of a dump in, rows out, every
// byte accounted for.
//
// A dump is text with a row per entry, in one of these layouts (layout.go):
//
//	mysql --batch                 TAB, backslash escapes, a header
//	SELECT ... INTO OUTFILE       TAB or comma, backslash escapes, no header
//	general_log.CSV               the data folder's own file: comma, quotes, backslash escapes
//	exports of other programs     RFC 4180: quotes are doubled, fields may hold lines; a header
//
// The layout is found from the head of the file (recognise.go), never from its
// name. From then on the file can be cut between rows (split.go), and the pieces
// be read side by side (scan.go).
package tablelog

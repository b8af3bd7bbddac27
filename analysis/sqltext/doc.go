// Package sqltext turns the bytes of a MySQL or MariaDB statement into tokens,
// once, and these into its action (the verb) and the tables it names, its digest,
// its shape, the text that templates are mined from, and lines for reading.
//
// The bytes come from a general query log and are therefore hostile: they may
// be cut anywhere, hold NULs, invalid UTF-8, open quotes and comments, or be a
// gigabyte long. Every function here accepts any bytes, runs in linear time,
// keeps no state between calls and does not recurse with the input.
//
// The lexer follows the server's own (sql/sql_lex.cc, in its default SQL mode):
//
//   - a backslash escapes inside '...' and "...", not inside `...`;
//   - identifiers hold letters, digits, _, $ and every byte from 0x80 on, and
//     may begin with a digit; a word behind a dot is never a keyword;
//   - "--" opens a comment only in front of a space, a control byte or the end;
//   - the content of /*!50000 ... */ and /*M!100100 ... */ is code, whatever
//     the number, except for numbers that no server reaches (99999, 990000 and
//     up), whose content is a comment everywhere.
//
// What depends on the server's settings is decided in one way: "..." is lexed
// as a string and accepted as a name where only a table is possible (ANSI_QUOTES);
// NO_BACKSLASH_ESCAPES and multi-byte client character sets whose trailing bytes
// include the backslash (gbk, sjis) are not considered.
package sqltext

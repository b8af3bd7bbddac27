package fact

import "sqleuth/analysis/sqltext"

// AppendLiteralClasses appends to dst what Of reads of the literals and comments of a
// statement, in order, so that statements of one normalised text and with the same
// classes have the same facts. Rows and lists of the same kind of literal give the
// same however long they are. cacheable is false where facts rest on more.
func AppendLiteralClasses(dst []byte, t *sqltext.Tokens) (out []byte, cacheable bool) {
	return dst, false
}

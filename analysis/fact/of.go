package fact

import "sqleuth/analysis/sqltext"

// Of adds the facts of a statement that was sent with a command to b, which is
// reset before. It reports whether a fact rests on the value of a number: the same
// statement with other digits could have other facts.
func Of(command []byte, t *sqltext.Tokens, st *sqltext.Statement, b *Builder) (valued bool) {
	b.Reset()
	return false
}

package sqltext

// EndState returns what is open at the end of a text, as Tokens.Open, for callers
// that need no more of it. A log entry that ends inside a quote or a comment was cut,
// or the header of the entry behind it was written by a client.
func EndState(sql []byte) State {
	var l Lexer
	l.Reset(sql)
	return l.finish()
}

// finish reads what is left of the text.
func (l *Lexer) finish() State {
	for {
		if _, ok := l.Next(); !ok {
			return l.State()
		}
	}
}

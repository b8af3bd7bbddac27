package sqltext

// EndState tells what is open at the end of a text, for those who need no more of
// it: what Tokens have as Open. A log entry that ends inside a quote or a comment was
// cut, or the header of the entry behind it was written by a client.
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

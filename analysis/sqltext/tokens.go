package sqltext

// Tokens is a statement cut into its tokens, once for all that reads it. The zero
// value is the empty text; Lex uses its memory again.
type Tokens struct {
	SQL  []byte
	List []Token // comments and the marks of version comments among them
	Open State   // what is open behind the last one
}

// Lex cuts sql into tokens. It keeps sql, which must not change while t is used.
func (t *Tokens) Lex(sql []byte) {
	var l Lexer
	l.Reset(sql)
	t.SQL, t.List = sql, t.List[:0]
	for {
		token, ok := l.Next()
		if !ok {
			t.Open = l.State()
			return
		}
		t.List = append(t.List, token)
	}
}

// Text returns the bytes of token i.
func (t *Tokens) Text(i int) []byte { return t.SQL[t.List[i].Start:t.List[i].End] }

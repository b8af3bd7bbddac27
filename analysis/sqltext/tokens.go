package sqltext

// MaxTokens is how many tokens of a text Tokens lists. A statement may have
// millions of them; those behind are lexed by each Reader anew.
const MaxTokens = 1 << 14

// Tokens is a text of one or more statements cut into its tokens, once for all
// that reads it. The zero value is the empty text; Lex uses its memory again.
type Tokens struct {
	SQL []byte
	// List is the tokens from the start of the text, at most MaxTokens, comments
	// and the marks of version comments among them. A Reader reads all there are.
	List []Token
	More bool  // there are tokens behind those in List; see LexBehind
	Open State // what is open at the end of the text
	// Cut is set by callers after Lex where the statement goes on behind the text, so
	// that Open means nothing.
	Cut bool

	rest Lexer // behind List; of the empty text where there is nothing
}

// Lex cuts sql into tokens. It keeps sql, which must not change while t is used.
func (t *Tokens) Lex(sql []byte) {
	t.SQL, t.Cut = sql, false
	t.rest.Reset(sql)
	if t.list(); !t.More {
		t.Open = t.rest.State()
		t.rest = Lexer{}
		return
	}
	rest := t.rest
	t.Open = rest.finish()
}

// LexBehind lists the tokens behind those that head lists, MaxTokens at most again;
// false if there are none. head may be t itself.
func (t *Tokens) LexBehind(head *Tokens) bool {
	if !head.More {
		return false
	}
	t.SQL, t.Open, t.Cut, t.rest = head.SQL, head.Open, head.Cut, head.rest
	if t.list(); !t.More {
		t.rest = Lexer{}
	}
	return len(t.List) > 0
}

// list fills List from where rest is.
func (t *Tokens) list() {
	t.List, t.More = t.List[:0], false
	for {
		token, ok := t.rest.Next()
		if !ok {
			return
		}
		t.List = append(t.List, token)
		if len(t.List) == MaxTokens {
			t.More = true
			return
		}
	}
}

// Text returns the bytes of a token.
func (t *Tokens) Text(token Token) []byte { return t.SQL[token.Start:token.End] }

// Reader returns a reader at the first token.
func (t *Tokens) Reader() Reader { return Reader{sql: t.SQL, list: t.List, behind: t.rest} }

// Reader reads tokens in order. A copy of it goes on from the same place.
type Reader struct {
	sql    []byte
	list   []Token // what is left of the list
	behind Lexer
}

// Next returns the next token, false at the end.
func (r *Reader) Next() (Token, bool) {
	if len(r.list) > 0 {
		t := r.list[0]
		r.list = r.list[1:]
		return t, true
	}
	return r.behind.Next()
}

package sqltext

// AppendShape appends to dst the text of t with a mark of its kind in place of each
// literal and comment. Texts of one shape have the same tokens but for the contents
// of these, and so the same digest and the same AppendCollapsed finds; Parse finds
// the same unless Statement.DoubleQuoted. ok is false for texts without a shape:
// those with more than MaxTokens tokens or with a NUL among them.
func AppendShape(dst []byte, t *Tokens) (shape []byte, ok bool) {
	if t.More {
		return dst, false
	}
	copied := 0
	var last Token // of code
	for i, token := range t.List {
		switch token.Kind {
		case String, Number, HexLiteral, BitLiteral, Placeholder, Comment:
		case DoubleQuoted:
			if t.mayName(last, i+1) {
				last = token
				continue
			}
		case Other:
			if t.SQL[token.Start] == 0 {
				return dst, false
			}
			fallthrough
		default:
			if token.isCode() {
				last = token
			}
			continue
		}
		dst = append(dst, t.SQL[copied:token.Start]...)
		dst = append(dst, 0, byte(token.Kind))
		copied = token.End
		if token.Kind != Comment {
			last = token
		}
	}
	dst = append(dst, t.SQL[copied:]...)
	return append(dst, 0, byte(t.Open)), true
}

// mayName reports whether "..." may be a name to a digest, between the token of
// code that is last and those from i on.
func (t *Tokens) mayName(last Token, i int) bool {
	if last.Kind == Punct && t.SQL[last.Start] == '.' || last.key != 0 && namesTable[last.key] {
		return true
	}
	for ; i < len(t.List); i++ {
		if token := t.List[i]; token.isCode() {
			return token.Kind == Punct && t.SQL[token.Start] == '.'
		}
	}
	return false
}

package fact

import (
	"bytes"

	"sqleuth/analysis/sqltext"
)

// comments adds the kinds of comments and whether the last one cuts off a rest.
func (r *reader) comments() {
	for i := range r.t.List {
		if c := commentClass(r.t, i); c != noComment {
			r.b.Add(Comments, commentNames[c&commentKind])
			if c&betweenWords != 0 {
				r.b.Add(Comments, "between_words")
			}
		}
	}
	if cut := commentCut(r.t); cut != "" {
		r.b.Add(CommentCut, cut)
	}
}

// The classes of comments.
const (
	noComment = iota
	lineComment
	hashComment
	blockComment
	hintComment
	versionComment
	commentKind  = 7
	betweenWords = 8
)

var commentNames = [...]string{lineComment: "line", hashComment: "hash", blockComment: "block", hintComment: "hint", versionComment: "version"}

// commentClass returns the class of token i, noComment for what is none.
func commentClass(t *sqltext.Tokens, i int) uint8 {
	token := t.List[i]
	switch {
	case token.Kind == sqltext.VersionOpen:
		return versionComment
	case token.Kind != sqltext.Comment:
		return noComment
	}
	raw := t.Text(i)
	switch {
	case raw[0] == '#':
		return hashComment
	case raw[0] == '-':
		return lineComment
	case len(raw) > 2 && raw[2] == '+':
		return hintComment
	}
	if i > 0 && i+1 < len(t.List) && t.List[i-1].End == token.Start && t.List[i+1].Start == token.End && len(raw) <= 32 &&
		bytes.IndexByte(raw, ' ') < 0 && code(t.List[i-1].Kind) && code(t.List[i+1].Kind) {
		return blockComment | betweenWords
	}
	return blockComment
}

func code(k sqltext.Kind) bool {
	return k == sqltext.Word || k == sqltext.Number || k == sqltext.QuotedIdent || k == sqltext.String || k == sqltext.Punct
}

// commentCut classifies a comment that is the last of the text, on the line of the
// code before it: "empty" with nothing to read in it, "code" with the rest of a
// statement, "words" otherwise; "open" is a block comment without an end.
func commentCut(t *sqltext.Tokens) string {
	n := len(t.List)
	if n < 2 || t.List[n-1].Kind != sqltext.Comment {
		return ""
	}
	if t.Open == sqltext.OpenComment {
		return "open"
	}
	raw := t.Text(n - 1)
	if raw[0] == '/' || bytes.IndexByte(t.SQL[t.List[n-2].End:t.List[n-1].Start], '\n') >= 0 {
		return ""
	}
	if t.List[n-1].End < len(bytes.TrimRight(t.SQL, " \t\r\n")) { // the line goes on behind the comment
		return ""
	}
	text := bytes.TrimSpace(bytes.TrimLeft(raw, "-#"))
	switch {
	case restOfStatement(text):
		return "code"
	case bytes.IndexByte(text, ' ') < 0 && len(text) <= 6:
		return "empty"
	}
	return "words"
}

// restWords begin what a comment has cut off.
var restWords = []string{"and ", "or ", "order by", "limit ", "group by", "where ", "having ", "union ", "from ", "values", "select ", "(", "'", "\"", ")", "%", ",", ";"}

// restOfStatement reports whether the text of a comment goes on with a statement: a
// quote, a bracket or the next clause.
func restOfStatement(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	head := bytes.ToLower(text[:min(len(text), 400)])
	for _, w := range restWords {
		if bytes.HasPrefix(head, []byte(w)) {
			return true
		}
	}
	return bytes.Count(head, []byte("'"))%2 == 1 || bytes.HasSuffix(text, []byte("')")) || bytes.Contains(head, []byte("select ")) || bytes.Contains(head, []byte("union"))
}

// openEnd adds what is open at the end.
func (r *reader) openEnd() {
	switch r.t.Open {
	case sqltext.OpenString:
		r.b.Add(Open, "string")
	case sqltext.OpenDoubleQuoted:
		r.b.Add(Open, "double")
	case sqltext.OpenIdent:
		r.b.Add(Open, "name")
	case sqltext.OpenComment, sqltext.OpenVersionComment:
		r.b.Add(Open, "comment")
	}
}

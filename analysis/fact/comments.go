package fact

import (
	"bytes"

	"sqleuth/analysis/sqltext"
)

// remark is a comment or the head of a version comment.
type remark struct {
	kind     uint8
	from, to int
	// behind: code ends right in front of a comment without blanks; between: code
	// begins right behind it too.
	behind, between bool
}

// The kinds of comments.
const (
	lineComment uint8 = iota
	hashComment
	blockComment
	hintComment
	versionComment
)

var commentNames = [...]string{"line", "hash", "block", "hint", "version"}

// maxRemarks is how many comments are kept; those behind are of the same kinds, or
// the last, which takes the place of the one before it.
const maxRemarks = 1 << 10

// remark notes a comment.
func (ws *words) remark(t sqltext.Token) {
	m := remarkOf(ws.sql, t)
	m.behind = m.kind <= blockComment && len(ws.list) > 0 && ws.last.End == t.Start && narrow(ws.sql[t.Start:t.End]) && partedByComment(ws.last.Kind) &&
		(m.kind == blockComment || ws.sql[t.Start-1] != ',')
	if len(ws.remarks) == maxRemarks {
		ws.remarks = ws.remarks[:maxRemarks-1]
	}
	ws.remarks = append(ws.remarks, m)
}

// remarkOf returns a comment with its kind.
func remarkOf(sql []byte, t sqltext.Token) remark {
	m := remark{kind: blockComment, from: t.Start, to: t.End}
	raw := sql[t.Start:t.End]
	switch {
	case t.Kind == sqltext.VersionOpen:
		m.kind = versionComment
	case raw[0] == '#':
		m.kind = hashComment
	case raw[0] == '-':
		m.kind = lineComment
	case len(raw) > 2 && raw[2] == '+':
		m.kind = hintComment
	}
	return m
}

// narrow reports whether a comment is one that someone writes for a blank.
func narrow(raw []byte) bool { return len(raw) <= 32 && bytes.IndexByte(raw, ' ') < 0 }

// beside notes that code follows, which may begin right behind a comment.
func (ws *words) beside(t sqltext.Token) {
	ws.last = t
	n := len(ws.remarks) - 1
	if n < 0 || !ws.remarks[n].behind || !partedByComment(t.Kind) {
		return
	}
	m := &ws.remarks[n]
	m.between = m.between || m.to+b2i(m.kind != blockComment) == t.Start
}

// partedByComment reports whether tokens of a kind may have a comment between them in
// place of a blank.
func partedByComment(k sqltext.Kind) bool {
	return k == sqltext.Word || k == sqltext.Number || k == sqltext.QuotedIdent || k == sqltext.String || k == sqltext.Punct
}

// comments adds the kinds of comments and whether the last one cuts off a rest.
func (r *reader) comments() {
	for _, m := range r.remarks {
		r.b.Add(Comments, commentNames[m.kind])
		if m.between {
			r.b.Add(Comments, "between_words")
		}
	}
	if cut := r.cut(); cut != "" {
		r.b.Add(CommentCut, cut)
	}
}

// cut classifies the last comment, see cutOf.
func (ws *words) cut() string {
	if len(ws.remarks) == 0 || len(ws.list) == 0 || ws.partial {
		return ""
	}
	return cutOf(ws.sql, ws.remarks[len(ws.remarks)-1], ws.last.End)
}

// cutOf classifies a comment that is the last of the text, on the line of the code
// before it, which ends at codeEnd: "empty" with nothing to read in it, "code" with
// the rest of a statement, "words" otherwise; "open" is a block comment without an
// end. It is empty for other comments. On a line of its own a comment is mostly a
// remark or a clause that somebody took out, and counts only where it closes what the
// code before it has not opened.
func cutOf(sql []byte, m remark, codeEnd int) string {
	if m.from < codeEnd || m.kind == versionComment || m.kind == hintComment {
		return ""
	}
	raw := sql[m.from:m.to]
	if m.kind == blockComment {
		if m.to == len(sql) && (len(raw) < 4 || !bytes.HasSuffix(raw, []byte("*/"))) {
			return "open"
		}
		return ""
	}
	text := bytes.TrimSpace(bytes.TrimLeft(raw, "-# "))
	if bytes.IndexByte(sql[codeEnd:m.from], '\n') >= 0 {
		if leftOpen(text) {
			return "code"
		}
		return ""
	}
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
	head := text[:min(len(text), 400)]
	return beginsWith(head, restWords...) || bytes.Count(head, []byte("'"))%2 == 1 || bytes.HasSuffix(text, []byte("')")) ||
		containsFold(head, "select ") || containsFold(head, "union")
}

// leftOpen reports whether the text of a comment begins with what closes a literal or a
// bracket and goes on as a statement does behind it. A clause that was taken out is
// whole.
func leftOpen(text []byte) bool {
	rest := bytes.TrimLeft(text, "'\"%) ")
	switch closed := text[:len(text)-len(rest)]; {
	case !bytes.ContainsAny(closed, "'\")"):
		return false
	case len(rest) == 0, rest[0] == ',', rest[0] == ';':
		return true
	}
	return letter(rest[0]) && beginsWith(rest, restWords...)
}

// openEnd adds what is open at the end.
func (r *reader) openEnd() {
	if r.t.Open != sqltext.Closed {
		r.b.Add(Open, openNames[r.t.Open])
	}
}

var openNames = [...]string{sqltext.OpenString: "string", sqltext.OpenDoubleQuoted: "double", sqltext.OpenIdent: "name",
	sqltext.OpenComment: "comment", sqltext.OpenVersionComment: "comment"}

package statement

import (
	"github.com/charmbracelet/lipgloss"

	"sqleuth/analysis/sqltext"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// style is how a token looks; themes give it colours.
type style uint8

const (
	plain style = iota
	keyword
	identifier
	quoted
	number
	comment
)

func (s style) of(t *theme.Theme) *lipgloss.Style {
	switch s {
	case keyword:
		return &t.Keyword
	case identifier:
		return &t.Identifier
	case quoted:
		return &t.String
	case number:
		return &t.Number
	case comment:
		return &t.Comment
	}
	return &t.Text
}

// styleOf chooses a token's style.
func styleOf(p sqltext.Piece) style {
	switch p.Kind {
	case sqltext.Word:
		if p.Keyword {
			return keyword
		}
		return identifier
	case sqltext.QuotedIdent, sqltext.Variable:
		return identifier
	case sqltext.String, sqltext.DoubleQuoted:
		return quoted
	case sqltext.Number, sqltext.HexLiteral, sqltext.BitLiteral, sqltext.Placeholder:
		return number
	case sqltext.Comment, sqltext.VersionOpen, sqltext.VersionClose:
		return comment
	}
	return plain
}

// IsSQL reports whether the text of a command is SQL.
func IsSQL(command string) bool {
	return command == "Query" || command == "Prepare" || command == "Execute"
}

// piece is a token of a statement's head, with its style.
type piece struct {
	start, end uint16 // in the head
	kind       style
	space      bool // a blank is in front of it
}

// pieces cuts the head of a statement into tokens on one line. White space
// between them is a single blank: the pane shows the text as it was sent.
func pieces(head []byte) []piece {
	var out []piece
	for i, line := range sqltext.Format(head, 0) {
		for k, p := range line.Pieces {
			out = append(out, piece{
				start: uint16(p.Start), end: uint16(p.End), kind: styleOf(p),
				space: p.Space || i > 0 && k == 0,
			})
		}
	}
	return out
}

// spans draws a head by its pieces.
func spans(t *theme.Theme, head string, list []piece) []widget.Span {
	if list == nil {
		list = []piece{{end: uint16(len(head))}}
	}
	out := make([]widget.Span, 0, len(list))
	for _, p := range list {
		if p.space {
			out = append(out, widget.Span{Text: " "})
		}
		out = append(out, widget.Span{Text: head[p.start:p.end], Style: p.kind.of(t)})
	}
	return out
}

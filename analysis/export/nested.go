package export

import (
	"io"
	"math"
	"strconv"
	"strings"

	"sqleuth/analysis/redact"
	"sqleuth/analysis/visible"
)

// nestedLines writes rows as JSON objects, a line each, in which the dots of a column's
// name lead through objects. What a row has no value for is left out. Columns below one
// object must follow each other.
type nestedLines struct {
	jsonLines
	paths [][]string // by column: the objects that its name leads through
	open  []string   // objects that are open in the line
	comma bool       // the object that is open has a member
}

func newNestedLines(w io.Writer, r *redact.Redactor) *nestedLines {
	return &nestedLines{jsonLines: jsonLines{out: w, redact: r}}
}

func (n *nestedLines) header(names []string) error {
	for _, name := range names {
		path := strings.Split(name, ".")
		last := len(path) - 1
		n.paths = append(n.paths, path[:last])
		n.names = append(n.names, strconv.Quote(path[last])+":")
	}
	return nil
}

// member begins the value of the column that is next.
func (n *nestedLines) member() {
	if len(n.line) == 0 {
		n.line = append(n.line, '{')
	}
	path := n.paths[n.next]
	same := 0
	for same < len(path) && same < len(n.open) && path[same] == n.open[same] {
		same++
	}
	for range n.open[same:] {
		n.line, n.comma = append(n.line, '}'), true
	}
	for _, name := range path[same:] {
		n.separate()
		n.line, n.comma = append(append(n.line, strconv.Quote(name)...), ':', '{'), false
	}
	n.open = path
	n.separate()
	n.line, n.comma = append(n.line, n.names[n.next]...), true
	n.next++
}

func (n *nestedLines) separate() {
	if n.comma {
		n.line = append(n.line, ',')
	}
}

func (n *nestedLines) none() { n.next++ }

func (n *nestedLines) AppendField(cell string) {
	if cell == "" {
		n.none()
		return
	}
	n.member()
	n.quote(cell)
}

func (n *nestedLines) text(cell string)      { n.redacted(n.redact.Phrase(cell)) }
func (n *nestedLines) statement(cell string) { n.redacted(n.redact.Statement(cell)) }

func (n *nestedLines) redacted(cell string) {
	if cell == "" {
		n.none()
		return
	}
	n.member()
	n.quote(visible.JSON(cell))
}

func (n *nestedLines) AppendInt(v int64) {
	n.member()
	n.line = strconv.AppendInt(n.line, v, 10)
}

func (n *nestedLines) flag(is bool) {
	n.member()
	n.line = strconv.AppendBool(n.line, is)
}

func (n *nestedLines) AppendFloat(x float64) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		n.none()
		return
	}
	n.member()
	n.line = strconv.AppendFloat(n.line, x, 'g', -1, 64)
}

func (n *nestedLines) list(words []string) {
	if len(words) == 0 {
		n.none()
		return
	}
	n.member()
	n.array(words)
}

func (n *nestedLines) texts(list []string) { n.list(n.shown(list)) }
func (n *nestedLines) tags(list []string)  { n.texts(list) }

// EndRow writes the line.
func (n *nestedLines) EndRow() error {
	if len(n.line) == 0 {
		n.line = append(n.line, '{')
	}
	for range n.open {
		n.line = append(n.line, '}')
	}
	n.open, n.comma = nil, false
	return n.jsonLines.EndRow()
}

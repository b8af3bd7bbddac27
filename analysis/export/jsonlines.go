package export

import (
	"encoding/json"
	"io"
	"math"
	"strconv"

	"sqleuth/analysis/redact"
	"sqleuth/analysis/visible"
)

// jsonLines writes rows as JSON objects, a line each, whose names are those of the
// columns. Texts of log origin are kept as they are, but for bytes that are not UTF-8
// (visible.JSON), and every character beyond printable ASCII is an escape.
type jsonLines struct {
	out    io.Writer
	names  []string // each as `"name":`
	next   int
	line   []byte
	redact *redact.Redactor
}

func newJSONLines(w io.Writer, r *redact.Redactor) *jsonLines { return &jsonLines{out: w, redact: r} }

func (j *jsonLines) header(names []string) error {
	for _, n := range names {
		j.names = append(j.names, strconv.Quote(n)+":")
	}
	return nil
}

// name begins the next value.
func (j *jsonLines) name() {
	between := byte(',')
	if j.next == 0 {
		between = '{'
	}
	j.line = append(append(j.line, between), j.names[j.next]...)
	j.next++
}

func (j *jsonLines) quote(text string) {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string always can be
	}
	j.line = appendASCII(j.line, b)
}

func (j *jsonLines) text(cell string)        { j.redacted(j.redact.Phrase(cell)) }
func (j *jsonLines) statement(cell string)   { j.redacted(j.redact.Statement(cell)) }
func (j *jsonLines) redacted(cell string)    { j.name(); j.quote(visible.JSON(cell)) }
func (j *jsonLines) AppendField(cell string) { j.name(); j.quote(cell) }
func (j *jsonLines) AppendInt(n int64)       { j.name(); j.line = strconv.AppendInt(j.line, n, 10) }
func (j *jsonLines) flag(is bool)            { j.name(); j.line = strconv.AppendBool(j.line, is) }
func (j *jsonLines) none()                   { j.name(); j.line = append(j.line, "null"...) }

func (j *jsonLines) AppendFloat(x float64) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		j.none()
		return
	}
	j.name()
	j.line = strconv.AppendFloat(j.line, x, 'g', -1, 64)
}

func (j *jsonLines) tags(list []string) { j.texts(list) }

func (j *jsonLines) list(words []string) {
	j.name()
	j.array(words)
}

func (j *jsonLines) array(words []string) {
	j.line = append(j.line, '[')
	for i, w := range words {
		if i > 0 {
			j.line = append(j.line, ',')
		}
		j.quote(w)
	}
	j.line = append(j.line, ']')
}

func (j *jsonLines) texts(list []string) { j.list(j.shown(list)) }

// shown are texts of log origin, redacted, as JSON can hold them.
func (j *jsonLines) shown(list []string) []string {
	shown := make([]string, len(list))
	for i, text := range list {
		shown[i] = visible.JSON(j.redact.Phrase(text))
	}
	return shown
}

// EndRow writes the line.
func (j *jsonLines) EndRow() error {
	_, err := j.out.Write(append(j.line, "}\n"...))
	j.line, j.next = j.line[:0], 0
	return err
}

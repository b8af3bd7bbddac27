package pipeline

import (
	"bytes"
	"fmt"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/drain"
	"sqleuth/analysis/reading"
)

// remembered is what the recorder has found out about a record that a parser
// remembers.
type remembered struct {
	group   group
	fact    uint32
	digest  uint32
	command string
	held    drain.Held
	row     uint32
	open    bool // ends inside a quote or comment

	// text is what is mined of the record that was taken in: for the miner to look at
	// again, and for logins.
	text []byte

	// Of one from which known ones may differ in digits (varies): the bytes that the
	// parser remembers, of the record that was mined last. It may have other digits
	// than the one that was added; own: it has not. Once it was asked (decided),
	// decisive is where records must have the same digits to be given the same
	// answer by the miner, and loose: others may differ. telling: its text may be
	// the end of a name or a comment.
	varies, own    bool
	telling        bool
	decided, loose bool
	tail           []byte
	decisive       []int32
}

// rereader reads records again whose parser did not read them.
type rereader struct {
	parser     *reading.Parser
	text       []byte
	at, digits []int32
}

// take remembers a record that its parser has taken in.
func (m *remembered) take(text []byte, b *batch, rec *parsed) {
	m.text, m.tail, m.decided = append(m.text[:0], text...), m.tail[:0], false
	if m.varies = rec.flags&varies != 0; m.varies {
		m.own, m.tail, m.telling = true, append(m.tail, b.tailOf(rec)...), connection.Telling(text)
	}
}

// toldBy returns the text of a known record that varies, as the tracker must see
// it. Another core has read the record, so that even a look at it takes long: unless
// its digits matter the text is that of the record that was taken in.
func (r *recorder) toldBy(m *remembered, b *batch, rec *parsed) []byte {
	switch {
	case !r.tracker.ReadsAll():
		return nil // it chooses no database: parsers know each such statement apart
	case m.telling:
		return r.textAgain(m, b, rec)
	}
	return m.text
}

// answered reports whether the miner's answer to m, should it still hold, is one to
// a known record.
func (r *recorder) answered(m *remembered, b *batch, rec *parsed) bool {
	if !m.varies || m.own && rec.flags&varied == 0 {
		return true
	}
	tail := b.tailOf(rec)
	if !m.decided {
		// In a log's first entries most answers do not hold for long.
		if !r.miner.Holds(m.held) {
			return false
		}
		m.decided, m.loose = true, r.decide(m, r.textAgain(m, b, rec), tail)
	}
	if !m.loose {
		return bytes.Equal(tail, m.tail)
	}
	for _, at := range m.decisive {
		if tail[at] != m.tail[at] {
			return false
		}
	}
	return true
}

// mineAgain takes a known record to the miner.
func (r *recorder) mineAgain(m *remembered, b *batch, rec *parsed, i int) (row uint32) {
	if !m.varies {
		return r.mine(m, m.text, i)
	}
	m.own, m.decided = rec.flags&varied == 0, false
	m.tail = append(m.tail[:0], b.tailOf(rec)...)
	return r.mine(m, r.textAgain(m, b, rec), i)
}

// textAgain reads the text that is mined of a record, a statement.
func (r *recorder) textAgain(m *remembered, b *batch, rec *parsed) []byte {
	text := r.rawText(m, b, rec)
	mined, changed := r.again.parser.AppendMined(r.again.text[:0], &reading.Record{Command: []byte(m.command), Text: text})
	if !changed {
		return text
	}
	r.again.text = mined
	return mined
}

// rawText returns the argument of a known record, a statement.
func (r *recorder) rawText(m *remembered, b *batch, rec *parsed) []byte {
	if rec.flags&decoded != 0 {
		return b.tailOf(rec)[len(m.command)+len("\t"):]
	}
	text, ok := r.again.parser.Text(b.data[rec.start:rec.end], false)
	if !ok {
		panic(fmt.Sprintf("the record at byte %d cannot be read again", rec.offset))
	}
	return text
}

// decide finds the digits that the miner's answer to m rests on, by a record that
// differs from it in digits at most: its text, and the bytes that the parser
// remembers. It returns false where only the whole text can decide.
func (r *recorder) decide(m *remembered, text, tail []byte) bool {
	m.decisive = m.decisive[:0]
	var ok bool
	if r.again.at, ok = r.miner.Decisive(r.again.at[:0], m.held, text); !ok || len(r.again.at) == 0 {
		return ok
	}
	// The text has been cut out of tail, and white space may have been changed,
	// but its digits are in order.
	r.again.digits = r.again.parser.AppendMinedDigits(r.again.digits[:0], tail)
	digits, at := r.again.digits, r.again.at
	for p, c := range text {
		if c < '0' || c > '9' {
			continue
		}
		if len(digits) == 0 || tail[digits[0]] != c {
			return false
		}
		if len(at) > 0 && int(at[0]) == p {
			m.decisive = append(m.decisive, digits[0])
			at = at[1:]
		}
		digits = digits[1:]
	}
	return len(digits) == 0
}

// Package textmap maps text that was taken out of something else (a prefix before
// every line, values of JSON documents, UTF-16) back to the bytes of the log that
// it comes from: byte of the text in, offset in the log out.
//
// Maps compose while they are made: what appends to a map names bytes of the text
// it read, by that text's own map, so that a map always leads to the log itself.
package textmap

import (
	"math"
	"math/bits"
	"sort"
)

// A Map holds for each byte of a text its offset in the decompressed log, and for
// any stretch of it how many bytes of the log it comes from. The zero value is the
// map of an empty text. A Map remembers where it was asked last, so one goroutine
// uses it at a time.
type Map struct {
	spans []span
	text  int   // bytes of text
	raw   int64 // bytes of the log that they come from
	led   bool  // the next byte has a lead
	lead  int64 // then the offset it leads to
	near  int   // the span that was asked for last
}

// span is a stretch of text whose bytes come from the log in the same way. It ends
// where the next span begins.
type span struct {
	raw  int64 // offset of the first byte
	text int32 // index of the first byte
	size int32 // bytes of the log that all of the span comes from
	lead int32 // bytes before raw to which the first byte leads
	unit uint8 // bytes of the log for each byte of text; together: see As; paired: see Paired
	// pairs has a bit for each byte of text of a paired span, the first one the lowest.
	pairs uint64
}

// together is the unit of a span whose bytes come from bytes of the log only as a
// whole; for accounts, those of the log belong to the first byte of the text.
const together = 0

// paired is the unit of a span of at most MaxPaired bytes that come from one byte of
// the log or from two.
const paired = math.MaxUint8

// MaxPaired is how many bytes of text Paired takes at a time.
const MaxPaired = 64

// at returns the offset of byte i of a span.
func (s *span) at(i int) int64 {
	switch s.unit {
	case together:
		return s.raw
	case paired:
		return s.raw + int64(i) + int64(bits.OnesCount64(s.pairs&(1<<i-1)))
	}
	return s.raw + int64(i)*int64(s.unit)
}

// bytes returns how many bytes of the log the bytes from <= i < to of a span come from.
func (s *span) bytes(from, to int) int64 {
	switch {
	case s.unit == paired:
		return int64(to-from) + int64(bits.OnesCount64(s.pairs>>from&(1<<(to-from)-1)))
	case s.unit != together:
		return int64(to-from) * int64(s.unit)
	case from == 0:
		return int64(s.size)
	}
	return 0
}

// maxSpan bounds what one span comes from, so that it can be counted in 32 bits.
const maxSpan = math.MaxInt32 / 2

// Len returns the bytes of text.
func (m *Map) Len() int { return m.text }

// Raw returns how many bytes of the log the whole text comes from.
func (m *Map) Raw() int64 { return m.raw }

// maxKept is how many spans an empty map has memory for: more than those of a block
// with a line every ten bytes.
const maxKept = 1 << 17

// Reset makes m the map of an empty text and keeps its memory, unless that is much.
func (m *Map) Reset() {
	spans := m.spans[:0]
	if cap(spans) > maxKept {
		spans = nil
	}
	*m = Map{spans: spans}
}

// Add appends n bytes of text, each of which comes from unit bytes of the log;
// the first of those is at offset raw.
func (m *Map) Add(n int, raw int64, unit uint8) {
	for n > 0 {
		part := min(n, maxSpan/int(unit))
		m.add(part, raw, int64(part)*int64(unit), unit)
		n, raw = n-part, raw+int64(part)*int64(unit)
	}
}

// add appends a span, or what it holds to the last one.
func (m *Map) add(n int, raw, size int64, unit uint8) {
	if !m.led && unit != together && unit != paired && len(m.spans) > 0 {
		last := &m.spans[len(m.spans)-1]
		if last.unit == unit && last.raw+int64(last.size) == raw && int64(last.size)+size <= maxSpan {
			last.size += int32(size)
			m.text, m.raw = m.text+n, m.raw+size
			return
		}
	}
	s := span{raw: raw, text: int32(m.text), size: int32(size), unit: unit}
	if m.led {
		s.lead = int32(min(max(0, raw-m.lead), math.MaxInt32))
		m.led = false
	}
	m.spans = append(m.spans, s)
	m.text, m.raw = m.text+n, m.raw+size
}

// Paired appends n bytes of text, at most MaxPaired. They come from the bytes of the
// log from offset raw on, one each, or two where the bit in pairs is set, of the first
// byte the lowest.
func (m *Map) Paired(n int, raw int64, pairs uint64) {
	if pairs == 0 {
		m.add(n, raw, int64(n), 1)
		return
	}
	m.add(n, raw, int64(n+bits.OnesCount64(pairs)), paired)
	m.spans[len(m.spans)-1].pairs = pairs
}

// Flat returns the offset of the text's first byte if the text is a stretch of the log
// as it is.
func (m *Map) Flat() (raw int64, ok bool) {
	if len(m.spans) != 1 || m.spans[0].unit != 1 || m.spans[0].lead != 0 {
		return 0, false
	}
	return m.spans[0].raw, true
}

// Run appends the bytes from <= i < to of another text as they are.
func (m *Map) Run(src *Map, from, to int) {
	if from == to {
		return
	}
	k := src.find(from)
	if s := &src.spans[k]; s.unit == 1 && from > int(s.text) && to <= src.endOf(k) {
		m.add(to-from, s.raw+int64(from-int(s.text)), int64(to-from), 1)
		return
	}
	for ; from < to; k++ {
		s := &src.spans[k]
		begin, end := int(s.text), src.endOf(k)
		part := min(to, end) - from
		if from == begin && s.lead > 0 && !m.led {
			m.led, m.lead = true, s.raw-int64(s.lead)
		}
		if within := from - begin; s.unit == paired {
			m.Paired(part, s.at(within), s.pairs>>within&(1<<part-1))
		} else { // the first of bytes together has taken what all of them come from
			m.add(part, s.at(within), s.bytes(within, within+part), s.unit)
		}
		from += part
	}
}

// As appends n bytes of text, one or more, that together come from the bytes from
// <= i < to, one or more, of another text.
func (m *Map) As(src *Map, n, from, to int) {
	s := &src.spans[src.find(from)]
	if s.unit == 1 && to <= src.endOf(src.near) {
		m.add(n, s.raw+int64(from-int(s.text)), int64(to-from), together)
		return
	}
	m.add(n, s.at(from-int(s.text)), src.Bytes(from, to), together)
}

// Together appends n bytes of text, one or more, that together are size bytes of
// the log from offset raw on.
func (m *Map) Together(n int, raw int64, size int) {
	m.add(n, raw, int64(size), together)
}

// Lead lets the next byte that is appended lead to where byte at of another text
// does: to the prefix of its line, or to the quote before it.
func (m *Map) Lead(src *Map, at int) { m.LeadTo(src.At(at)) }

// LeadTo lets the next byte that is appended lead to an offset of the log.
func (m *Map) LeadTo(offset int64) { m.led, m.lead = true, offset }

// At returns the offset that byte i of the text leads to: its own, or that of the
// prefix or the quote before it.
func (m *Map) At(i int) int64 {
	s := &m.spans[m.find(i)]
	if i == int(s.text) {
		return s.raw - int64(s.lead)
	}
	return s.at(i - int(s.text))
}

// End returns the offset behind the bytes that the text comes from, 0 where there
// is no text.
func (m *Map) End() int64 {
	if len(m.spans) == 0 {
		return 0
	}
	s := &m.spans[len(m.spans)-1]
	return s.raw + int64(s.size)
}

// Bytes returns how many bytes of the log the text from <= i < to comes from;
// those of a prefix and the like are not among them.
func (m *Map) Bytes(from, to int) (n int64) {
	if from >= to {
		return 0
	}
	for k := m.find(from); from < to; k++ {
		s := &m.spans[k]
		part := min(to, m.endOf(k)) - from
		n += s.bytes(from-int(s.text), from-int(s.text)+part)
		from += part
		m.near = k
	}
	return n
}

// Fit returns how much of the start of the text comes from at most n bytes of the log.
func (m *Map) Fit(n int64) int {
	return sort.Search(m.text, func(i int) bool { return m.Bytes(0, i+1) > n })
}

// Cut takes the text from byte n on out of m and makes it that of rest.
func (m *Map) Cut(n int, rest *Map) {
	rest.Reset()
	rest.Run(m, n, m.text)
	rest.led, rest.lead, m.led = m.led, m.lead, false
	m.truncate(n)
}

// Drop takes the bytes from <= i < to out of the text.
func (m *Map) Drop(from, to int) {
	if from == 0 {
		m.shift(to)
		return
	}
	var rest Map
	rest.Run(m, to, m.text)
	rest.led, rest.lead = m.led, m.lead
	m.led = false
	m.truncate(from)
	m.Run(&rest, 0, rest.text)
	m.led, m.lead = rest.led, rest.lead
}

// shift takes the first n bytes off the text.
func (m *Map) shift(n int) {
	m.raw = m.Bytes(n, m.text) // most often little is left
	k := len(m.spans)
	if n < m.text {
		k = m.find(n)
		if s := &m.spans[k]; int(s.text) < n {
			gone := n - int(s.text)
			s.raw, s.size = s.at(gone), s.size-int32(s.bytes(0, gone))
			s.text, s.lead, s.pairs = int32(n), 0, s.pairs>>gone
		}
	}
	m.spans = append(m.spans[:0], m.spans[k:]...)
	for i := range m.spans {
		m.spans[i].text -= int32(n)
	}
	m.text, m.near = m.text-n, 0
}

// Truncate keeps the first n bytes of the text.
func (m *Map) Truncate(n int) {
	m.led = false
	m.truncate(n)
}

func (m *Map) truncate(n int) {
	m.raw -= m.Bytes(n, m.text)
	k := len(m.spans)
	if n < m.text {
		k = m.find(n)
		if s := &m.spans[k]; int(s.text) < n {
			s.size = int32(s.bytes(0, n-int(s.text)))
			s.pairs &= 1<<(n-int(s.text)) - 1
			k++
		}
	}
	m.spans, m.text, m.near = m.spans[:k], n, 0
}

// endOf returns the end of span k in the text.
func (m *Map) endOf(k int) int {
	if k+1 < len(m.spans) {
		return int(m.spans[k+1].text)
	}
	return m.text
}

// steps is how many spans are tried in a row before the right one is searched.
const steps = 16

// find returns the span that byte i of the text is in, the last where i is behind
// all of them.
func (m *Map) find(i int) int {
	k := m.near
	if k >= len(m.spans) || int(m.spans[k].text) > i {
		k = 0
	}
	if len(m.spans) == 1 {
		m.near = 0
		return 0
	}
	for range steps {
		if k+1 >= len(m.spans) || int(m.spans[k+1].text) > i {
			m.near = k
			return k
		}
		k++
	}
	m.near = sort.Search(len(m.spans), func(k int) bool { return int(m.spans[k].text) > i }) - 1
	return m.near
}

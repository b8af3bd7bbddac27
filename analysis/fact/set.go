package fact

import (
	"bytes"
	"iter"
	"slices"
	"strings"
)

// Set is the facts of a statement in one canonical text: for each value the byte
// of its field, the value and a NUL, sorted, each once. The empty Set is that of
// what is no statement.
type Set string

// Values yields the values of a field, sorted.
func (s Set) Values(f Field) iter.Seq[string] {
	return func(yield func(string) bool) {
		for field, value := range s.All() {
			if field == f && !yield(value) || field > f {
				return
			}
		}
	}
}

// All yields the facts in order of fields.
func (s Set) All() iter.Seq2[Field, string] {
	return func(yield func(Field, string) bool) {
		for len(s) > 0 {
			end := strings.IndexByte(string(s), 0)
			if end < 1 || !yield(Field(s[0]), string(s[1:end])) {
				return
			}
			s = s[end+1:]
		}
	}
}

// Has reports whether a field has one of some values.
func (s Set) Has(f Field, values ...string) bool {
	for v := range s.Values(f) {
		if slices.Contains(values, v) {
			return true
		}
	}
	return false
}

// String returns the facts for reading, "field=value" a line.
func (s Set) String() string {
	var out strings.Builder
	for f, v := range s.All() {
		out.WriteString(f.String() + "=" + v + "\n")
	}
	return out.String()
}

// Builder collects facts. The zero Builder is empty; its memory and that of Of are
// used again. One goroutine uses it at a time.
type Builder struct {
	buf   []byte
	facts []span
	out   []byte
	read  reader
	meant *meant // see reader.slip; nil until one is looked for

	literals []int // see Literals
}

// span is the bytes of a fact in Builder.buf, its field first.
type span struct{ from, to int }

// Reset forgets all facts.
func (b *Builder) Reset() { b.buf, b.facts, b.literals = b.buf[:0], b.facts[:0], b.literals[:0] }

// Add adds a value to a field. A NUL, which ends values, becomes a question mark.
func (b *Builder) Add(f Field, value string) {
	from := b.begin(f)
	b.buf = append(b.buf, value...)
	b.end(from)
}

// has reports whether a value was added to a field.
func (b *Builder) has(f Field, value []byte) bool {
	for _, s := range b.facts {
		if s.to-s.from == len(value)+1 && b.buf[s.from] == byte(f) && bytes.Equal(b.buf[s.from+1:s.to], value) {
			return true
		}
	}
	return false
}

// hasField reports whether a value was added to a field.
func (b *Builder) hasField(f Field) bool {
	return slices.ContainsFunc(b.facts, func(s span) bool { return b.buf[s.from] == byte(f) })
}

// fact returns a fact by its bytes.
func (b *Builder) fact(s span) (f Field, value string) {
	return Field(b.buf[s.from]), string(b.buf[s.from+1 : s.to])
}

// CutOff reports whether a comment at the end cuts off the rest of a statement, rather
// than holding a remark.
func (b *Builder) CutOff() bool {
	return b.hasField(CommentCut) && !b.has(CommentCut, []byte("words"))
}

// begin begins a fact, whose value is appended to b.buf before end is called.
func (b *Builder) begin(f Field) (from int) {
	b.buf = append(b.buf, byte(f))
	return len(b.buf) - 1
}

func (b *Builder) end(from int) {
	for value := b.buf[from+1:]; ; {
		i := bytes.IndexByte(value, 0)
		if i < 0 {
			break
		}
		value[i], value = '?', value[i+1:]
	}
	b.facts = append(b.facts, span{from, len(b.buf)})
}

func (b *Builder) bytes(s span) []byte { return b.buf[s.from:s.to] }

// Set returns what was added.
func (b *Builder) Set() Set {
	slices.SortFunc(b.facts, func(x, y span) int { return bytes.Compare(b.bytes(x), b.bytes(y)) })
	b.out = b.out[:0]
	for i, s := range b.facts {
		if i == 0 || !bytes.Equal(b.bytes(b.facts[i-1]), b.bytes(s)) {
			b.out = append(append(b.out, b.bytes(s)...), 0)
		}
	}
	return Set(b.out)
}

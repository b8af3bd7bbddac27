package fact

import (
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

// Has reports whether a field has a value.
func (s Set) Has(f Field, value string) bool {
	for v := range s.Values(f) {
		if v == value {
			return true
		}
	}
	return false
}

// Builder collects facts. The zero Builder is empty.
type Builder struct{ list []string }

// Reset forgets all facts.
func (b *Builder) Reset() { b.list = b.list[:0] }

// Add adds a value to a field. A NUL, which ends values, becomes a question mark.
func (b *Builder) Add(f Field, value string) {
	if strings.IndexByte(value, 0) >= 0 {
		value = strings.ReplaceAll(value, "\x00", "?")
	}
	b.list = append(b.list, string(rune(f))+value)
}

// Set returns what was added.
func (b *Builder) Set() Set {
	slices.Sort(b.list)
	b.list = slices.Compact(b.list)
	var out strings.Builder
	for _, v := range b.list {
		out.WriteString(v)
		out.WriteByte(0)
	}
	return Set(out.String())
}

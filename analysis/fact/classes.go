package fact

import (
	"cmp"
	"encoding/binary"
	"slices"

	"sqleuth/analysis/sqltext"
)

// AppendLiteralClasses appends to dst what Of reads of each of a statement's literals and
// comments by itself. Statements of one shape (sqltext.AppendShape) with equal classes and
// with equal texts of the literals that Builder.Literals lists have equal facts. Most
// statements have no classes: only what is not ordinary is written, with the number of its
// token. ok is false for statements that are too long for it.
func AppendLiteralClasses(dst []byte, t *sqltext.Tokens) (classes []byte, ok bool) {
	if len(t.SQL) > longestClassed || t.More {
		return dst, false
	}
	codeEnd := 0
	for i, token := range t.List {
		switch token.Kind {
		case sqltext.String, sqltext.DoubleQuoted, sqltext.HexLiteral:
			if class := classOf(wordKinds[token.Kind], t.Text(token)); class != 0 {
				dst = binary.AppendUvarint(dst, uint64(i))
				dst = binary.LittleEndian.AppendUint16(dst, uint16(class))
			}
		case sqltext.Comment:
			m := remarkOf(t.SQL, token)
			dst = binary.AppendUvarint(dst, uint64(i))
			dst = append(dst, m.kind, byte(b2i(narrow(t.Text(token)))))
			dst = append(dst, cutOf(t.SQL, m, codeEnd)...)
			continue
		case sqltext.VersionOpen, sqltext.VersionClose:
			continue
		}
		codeEnd = token.End
	}
	return dst, true
}

// longestClassed is the longest statement that has classes.
const longestClassed = 1 << 16

// Literals returns the literals and comments on whose texts facts rest, beyond their
// classes, by the numbers of their tokens, each once: constants that are compared, names
// and paths in quotes. The slice is overwritten by the next call of Of.
func (b *Builder) Literals() []int { return b.literals }

// noteLiterals fills b.literals from where their tokens start.
func (b *Builder) noteLiterals(t *sqltext.Tokens, starts []int32) {
	slices.Sort(starts)
	for _, start := range slices.Compact(starts) {
		i, _ := slices.BinarySearchFunc(t.List, int(start), func(token sqltext.Token, start int) int { return cmp.Compare(token.Start, start) })
		b.literals = append(b.literals, i)
	}
}

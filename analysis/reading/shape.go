package reading

import (
	"bytes"
	"encoding/binary"
	"slices"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/sqltext"
)

// Statements that differ in literals only are what remains of a log once equal
// records are known. All that is found in them rests on their shape, and facts on
// the classes of their literals and on the texts of a few too; so a parser lexes a
// statement, and finds the rest under its shape.
const (
	// keptShapes bounds the bytes that a parser keeps. Where there is no more room all
	// are forgotten: a log has some hundreds of shapes, unless someone wants it to
	// have more.
	keptShapes = 8 << 20
	// longestShape is the longest one that is kept.
	longestShape = 1 << 14
)

// asked is what a statement asks for.
type asked struct {
	action string
	names  []byte // of its tables, each with a separator behind it; the main one first
	table  int    // length of the main one's, 0 for none
	facts  fact.Set
	digest string
	valued bool // a fact rests on the text of a literal
	listed bool // false: AppendMined has nothing to do, as far as is known

	// texts, where there are any, makes this no answer but the way to it: it is kept
	// under a key that goes on with the texts of the tokens of these numbers.
	texts []int
}

// size returns about how many bytes are kept for it under a key.
func (a *asked) size(key []byte) int {
	return len(key) + len(a.names) + len(a.facts) + len(a.digest) + 8*len(a.texts) + 256
}

// shapes keeps what statements ask for.
type shapes struct {
	kept map[string]*asked
	size int

	// Of the statement that was looked up last: its key, empty for none, and the tokens
	// whose texts are in it.
	key   []byte
	texts []int
}

func newShapes() *shapes { return &shapes{kept: map[string]*asked{}} }

// find returns what a statement asks for that was sent with a command, nil where
// that is not known.
func (s *shapes) find(command []byte, t *sqltext.Tokens) *asked {
	key := append(append(s.key[:0], command...), 0)
	s.key = key[:0]
	key, ok := sqltext.AppendShape(key, t)
	if !ok {
		return nil
	}
	shape := len(key)
	if key, ok = fact.AppendLiteralClasses(key, t); !ok {
		return nil
	}
	s.key, s.texts = binary.LittleEndian.AppendUint32(key, uint32(shape)), s.texts[:0]
	for len(s.key) <= longestShape {
		a := s.kept[string(s.key)]
		if a == nil || len(a.texts) == 0 {
			return a
		}
		s.goOn(t, a.texts)
	}
	s.key = s.key[:0]
	return nil
}

// goOn makes the key go on with the texts of tokens of t.
func (s *shapes) goOn(t *sqltext.Tokens, texts []int) {
	end := len(s.key)
	for _, i := range texts {
		text := t.Text(t.List[i])
		s.key = append(binary.AppendUvarint(s.key, uint64(len(text))), text...)
	}
	s.key = binary.LittleEndian.AppendUint32(s.key, uint32(end)|textsFollow)
	s.texts = append(s.texts, texts...)
}

// textsFollow marks, at the end of a key that goes on, where it did, so that no two are
// the same.
const textsFollow = 1 << 31

// mostTexts is how many texts a key may have.
const mostTexts = 64

// add notes what the statement t that was looked up last asks for. Its facts rest on the
// texts of some literals.
func (s *shapes) add(a *asked, t *sqltext.Tokens, literals []int) (kept *asked) {
	if len(s.key) == 0 || len(literals) > mostTexts {
		return a
	}
	further := make([]int, 0, len(literals))
	for _, i := range literals {
		if !slices.Contains(s.texts, i) {
			further = append(further, i)
		}
	}
	if len(further) > 0 {
		s.keep(&asked{texts: further})
		if s.goOn(t, further); len(s.key) > longestShape {
			return a
		}
	}
	kept = new(asked)
	*kept = *a
	kept.names = bytes.Clone(a.names)
	s.keep(kept)
	return kept
}

func (s *shapes) keep(a *asked) {
	if s.size += a.size(s.key); s.size > keptShapes {
		clear(s.kept)
		s.size = a.size(s.key)
	}
	s.kept[string(s.key)] = a
}

// cutMark ends the digest of a statement of which a comment cuts off the rest: what was
// made of another one so is not known because that one is.
const cutMark = " #"

// maxCommands bounds the commands whose facts are kept.
const maxCommands = 1 << 8

// asks returns what a statement asks for, whose tokens p has.
func (p *Parser) asks(command, argument []byte) *asked {
	if p.shapes != nil {
		if a := p.shapes.find(command, &p.tokens); a != nil {
			return a
		}
	}
	p.tokens.Parse(&p.parsed)
	a := &p.asked
	*a = asked{action: p.parsed.Action.String(), names: a.names[:0], listed: true}
	for i, t := range p.parsed.Tables {
		a.names = append(t.AppendName(a.names, argument), separator...)
		if i == 0 {
			a.table = len(a.names) - len(separator)
		}
	}
	if !p.Facts {
		return a
	}
	fact.Of(command, &p.tokens, &p.parsed, &p.builder)
	a.valued = len(p.builder.Literals()) > 0
	a.facts = p.builder.Set()
	p.digest = sqltext.AppendDigest(p.digest[:0], &p.tokens)
	if p.builder.CutOff() {
		p.digest = append(p.digest, cutMark...)
	}
	a.digest = string(p.digest)
	if p.shapes == nil || p.parsed.DoubleQuoted {
		return a
	}
	return p.shapes.add(a, &p.tokens, p.builder.Literals())
}

// commandFacts returns the facts of a command that sends no statement.
func (p *Parser) commandFacts(command []byte) fact.Set {
	if !p.Facts {
		return ""
	}
	if set, ok := p.commands[string(command)]; ok {
		return set
	}
	p.tokens.Lex(nil)
	p.parsed = sqltext.Statement{Tables: p.parsed.Tables[:0], Next: -1}
	fact.Of(command, &p.tokens, &p.parsed, &p.builder)
	set := p.builder.Set()
	if p.commands == nil {
		p.commands = map[string]fact.Set{}
	}
	if len(p.commands) < maxCommands {
		p.commands[string(command)] = set
	}
	return set
}

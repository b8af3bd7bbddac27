package detect

import (
	"strings"

	"sqleuth/analysis/sqltext"
)

// Mark is what a statement asks for as far as rules care: facts that are equal
// for two statements exactly if their marks are. A log's reader that keeps
// statements of different marks in different clusters lets no template hide
// from the rules what one of its statements asked for. The zero Mark is that of
// a statement that was not judged.
type Mark uint64

// The bits of a Mark: kinds of questions, backup signs, flags, three bits a
// statement rule, its severity plus one, and three for what is dormant.
const (
	markKinds   = 20
	markBackup  = markKinds
	markWhole   = markBackup + 2
	markDump    = markWhole + 1
	markRules   = markDump + 1
	markPerRule = 3
	markDormant = markRules + len(marked)*markPerRule
	judged      = Mark(1) << 63
)

// marked are the rules that single statements are enough for, in the order in
// which marks hold them.
var marked = [...]ruleIndex{credentialRead, fileRead, fileWrite, libraryLoad, accountChange, logTampering, timeBased, destruction, replication}

func (f *facts) mark() Mark {
	m := judged | Mark(f.kinds) | Mark(f.backup)<<markBackup | Mark(f.dormant)<<markDormant
	if f.whole != "" {
		m |= 1 << markWhole
	}
	if f.marker {
		m |= 1 << markDump
	}
	for _, h := range f.hits {
		for k, rule := range marked {
			if h.rule == rule {
				m |= Mark(h.severity+1) << (markRules + k*markPerRule)
			}
		}
	}
	return m
}

// facts gives back what mark was given; the words are those of f where it has
// the same, else the rule's name. table is the main table of the statements.
func (m Mark) facts(f facts, table string) facts {
	out := facts{kinds: uint32(m) & (1<<markKinds - 1), backup: backupSign(m>>markBackup) & 3, marker: m>>markDump&1 != 0}
	if m>>markWhole&1 != 0 {
		if out.whole = f.whole; out.whole == "" {
			out.whole = strings.ReplaceAll(table, "`", "")
		}
	}
	for k, rule := range marked {
		bits := m >> (markRules + k*markPerRule) & (1<<markPerRule - 1)
		if bits == 0 {
			continue
		}
		h := hit{rule, Severity(bits - 1), "for " + rules[rule].Name}
		for _, t := range f.hits {
			if t.rule == rule {
				h.what = t.what
			}
		}
		out.hits = append(out.hits, h)
	}
	return out
}

// Marker marks statements. Statements repeat but for their literals, so it
// remembers the marks of those it has seen lately by what stands between the
// literals; one goroutine uses it at a time.
type Marker struct {
	marks  map[string]Mark
	tables map[string]bool // whether statements on a table are worth judging
	key    []byte
	lexer  sqltext.Lexer
}

// NewMarker returns a Marker that has seen nothing.
func NewMarker() *Marker {
	return &Marker{marks: map[string]Mark{}, tables: map[string]bool{}}
}

const (
	maxRemembered = 1 << 13 // statements, and tables
	longestMarked = 1 << 12 // bytes
)

// Mark returns the mark of a statement that was sent with a command and has a
// main table, "-" for none. To be cheap it judges only what templates hide and
// rules need most: statements up to longestMarked bytes without a table or on tables of
// people, of accounts or of the server. Others, and what is no statement, have
// mark 0.
func (m *Marker) Mark(command, table, text []byte) Mark {
	mark, _ := m.Judge(command, table, text)
	return mark
}

// Judge is Mark, and says whether the mark rests on the values of literals: the
// same statement with other numbers could have another one.
func (m *Marker) Judge(command, table, text []byte) (mark Mark, valued bool) {
	if string(command) != "Query" && string(command) != "Execute" || len(text) > longestMarked || !m.worthJudging(table) {
		return 0, false
	}
	if !m.outline(table, text) {
		f := judge(text, string(table), "")
		return f.mark(), true
	}
	mark, ok := m.marks[string(m.key)]
	if !ok {
		if len(m.marks) == maxRemembered {
			clear(m.marks)
		}
		f := judge(text, string(table), "")
		mark = f.mark()
		m.marks[string(m.key)] = mark
	}
	return mark, false
}

// outline puts into m.key what rules see of a statement: its tokens, of literals
// only the kind. It returns false where a literal's value matters: in what is not
// a plain query or change of rows, and beside the functions and clauses whose
// arguments rules read.
func (m *Marker) outline(table, text []byte) bool {
	m.key = append(append(m.key[:0], table...), 0)
	m.lexer.Reset(text)
	first := true
	for {
		t, ok := m.lexer.Next()
		if !ok {
			return true
		}
		raw := text[t.Start:t.End]
		switch t.Kind {
		case sqltext.Comment:
			continue
		case sqltext.String, sqltext.DoubleQuoted:
			m.key = append(m.key, '\'', ' ')
			continue
		case sqltext.Number, sqltext.HexLiteral, sqltext.BitLiteral, sqltext.Placeholder:
			m.key = append(m.key, '0', ' ')
			continue
		case sqltext.Word:
			if first && !contains(plainVerbs, strings.ToLower(string(raw))) || !first && readsValues(raw) {
				return false
			}
			first = false
		}
		m.key = append(append(m.key, raw...), ' ')
	}
}

var (
	plainVerbs = []string{"select", "insert", "update", "delete", "replace"}
	valueWords = []string{"sleep", "benchmark", "outfile", "dumpfile"}
)

// readsValues says whether rules read the literal that follows a word.
func readsValues(word []byte) bool {
	for _, v := range valueWords {
		if len(v) == len(word) && strings.EqualFold(v, string(word)) {
			return true
		}
	}
	return false
}

func (m *Marker) worthJudging(table []byte) bool {
	if len(table) == 1 && table[0] == '-' {
		return true
	}
	worth, ok := m.tables[string(table)]
	if !ok {
		if len(m.tables) == maxRemembered {
			clear(m.tables)
		}
		t := strings.ToLower(string(table))
		schema, _, qualified := strings.Cut(t, ".")
		worth = UserTable(t) || serverAccounts("mysql."+t) || qualified && (schema == "mysql" || systemSchema(schema))
		m.tables[string(table)] = worth
	}
	return worth
}

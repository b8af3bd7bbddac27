package detect

import (
	"strings"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/store"
)

// rowJudge finds what rows ask for. Nothing is evaluated twice: rows of one template and
// table share their facts.
type rowJudge struct {
	*run
	rows   []store.Row   // without regard to facts and digests
	of     []uint32      // by row, index into rows
	kinds  []commandKind // by store.Key.Command
	seen   map[rowKey]int32
	tables map[string]uint32 // of dumps, by name
	texts  int               // how many may still be read
}

// rowKey is what the facts of a row depend on.
type rowKey struct {
	template int32
	table    uint32
	kind     commandKind
	mark     Mark
	database string
}

// judgeRows finds out what each distinct row asks for.
func (r *run) judgeRows() {
	j := rowJudge{run: r, kinds: make([]commandKind, len(r.Commands)), seen: map[rowKey]int32{}, tables: map[string]uint32{}, texts: r.opt.Texts}
	j.rows, j.of = store.Merge(r.Rows)
	for i, c := range r.Commands {
		j.kinds[i] = kindOf(c)
	}
	r.factOf = make([]int32, len(r.Rows))
	for i := range r.Rows {
		r.factOf[i] = j.fact(i, "")
	}
	j.rowsInSchemas()
}

// fact returns the index of what row i asks for in a database, -1 for nothing.
func (j *rowJudge) fact(i int, database string) int32 {
	row := j.rows[j.of[i]]
	k := rowKey{j.TemplateOf[row.Cluster], row.Table, j.kinds[row.Command], j.mark(row.Cluster), database}
	at, ok := j.seen[k]
	if !ok {
		at = -1
		if f := j.row(i, k.kind, k.mark, database); !f.empty() {
			at = int32(len(j.facts))
			f.table = number(j.tables, strings.ToLower(f.whole))
			j.facts = append(j.facts, f)
		}
		j.seen[k] = at
	}
	return at
}

func (r *run) mark(cluster int32) Mark {
	if r.Marks == nil {
		return 0
	}
	return Mark(r.Marks[cluster])
}

func number(index map[string]uint32, text string) uint32 {
	n, ok := index[text]
	if !ok {
		n = uint32(len(index))
		index[text] = n
	}
	return n
}

// commandKind sorts commands by what their text is.
type commandKind uint8

const (
	otherCommand     commandKind = iota
	statementCommand             // SQL that was sent to be run
	fieldListCommand             // a table whose columns are asked for
	binlogCommand                // a replica asks for the binary log
	cloneCommand
	dropCommand // of a database
)

func kindOf(command string) commandKind {
	switch c := strings.ToLower(command); {
	case c == "query", c == "execute", c == "bulk_execute":
		return statementCommand
	case strings.HasPrefix(c, "field"):
		return fieldListCommand
	case strings.HasPrefix(c, "binlog"), strings.HasPrefix(c, "register"), strings.HasPrefix(c, "table dump"):
		return binlogCommand
	case c == "clone":
		return cloneCommand
	case c == "drop db":
		return dropCommand
	}
	return otherCommand
}

// row judges row i by its mark or, where it has none, by its template. The text of
// its first and last entry, of which texts more may be read, is asked where
// wildcards leave a doubt.
func (j *rowJudge) row(i int, kind commandKind, mark Mark, database string) facts {
	row := j.rows[j.of[i]]
	switch kind {
	case otherCommand:
		return facts{}
	case fieldListCommand:
		return facts{kinds: columnKind}
	case binlogCommand:
		return facts{hits: []hit{{replication, High, "for the binary log (" + j.Commands[row.Command] + ")"}}}
	case cloneCommand:
		return facts{hits: []hit{{replication, High, "for a clone of the server"}}}
	case dropCommand:
		return facts{hits: []hit{{destruction, High, "DROP DATABASE"}}}
	}
	template := j.Templates[j.TemplateOf[row.Cluster]].Text
	table := j.Tables[row.Table]
	f := judge([]byte(template), table, database)
	wildcards := strings.Contains(template, drain.Wildcard)
	if mark != 0 {
		// Marks were made without the database: of that the statements tell.
		if wildcards && (database != "" || f.mark() != mark && mark != judged) {
			if text, ok := j.text(row.First); ok {
				f = judge(text, table, database)
			}
		}
		if database != "" {
			return f
		}
		return mark.facts(f, table)
	}
	if len(f.hits) == 0 && f.whole == "" || !wildcards || !f.vague && !strings.ContainsAny(template, `'"`) {
		return f
	}
	for _, entry := range []int{row.First, row.Last} {
		if text, ok := j.text(entry); ok {
			f = f.confirm(judge(text, table, database))
		}
		if row.First == row.Last {
			break
		}
	}
	return f
}

// text reads the text of an entry, if there is any way to it and one of texts
// left.
func (j *rowJudge) text(entry int) ([]byte, bool) {
	if j.readText == nil || j.texts == 0 {
		return nil, false
	}
	j.texts--
	text, err := j.readText(entry)
	return text, err == nil // without it the template has to do
}

// confirm keeps of the facts of a template what a text bears out, in the words
// that the text gives.
func (f facts) confirm(text facts) facts {
	kept := f
	kept.hits = nil
	for _, h := range f.hits {
		for _, t := range text.hits {
			if t.rule == h.rule {
				kept.hits = append(kept.hits, t)
			}
		}
	}
	if text.whole == "" {
		kept.whole = ""
	}
	return kept
}

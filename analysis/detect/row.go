package detect

import (
	"strings"

	"sqleuth/analysis/drain"
)

// judgeRows finds out what each distinct row asks for. Nothing is judged twice:
// rows of one template and table share their facts.
func (r *run) judgeRows() {
	type key struct {
		template int32
		table    uint32
		kind     commandKind
		mark     Mark
	}
	kinds := make([]commandKind, len(r.Commands))
	for i, c := range r.Commands {
		kinds[i] = kindOf(c)
	}
	seen := map[key]int32{}
	tables := map[string]uint32{}
	texts := r.opt.Texts
	r.factOf = make([]int32, len(r.Rows))
	for i, row := range r.Rows {
		k := key{r.TemplateOf[row.Cluster], row.Table, kinds[row.Command], r.mark(row.Cluster)}
		at, ok := seen[k]
		if !ok {
			at = -1
			if f := r.judgeRow(i, k.kind, k.mark, &texts); !f.empty() {
				at = int32(len(r.facts))
				f.table = number(tables, strings.ToLower(f.whole))
				r.facts = append(r.facts, f)
			}
			seen[k] = at
		}
		r.factOf[i] = at
	}
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

// judgeRow judges row i by its mark or, where it has none, by its template. The
// text of its first and last entry, of which texts more may be read, is asked
// where wildcards leave a doubt.
func (r *run) judgeRow(i int, kind commandKind, mark Mark, texts *int) facts {
	row := r.Rows[i]
	switch kind {
	case otherCommand:
		return facts{}
	case fieldListCommand:
		return facts{kinds: columnKind}
	case binlogCommand:
		return facts{hits: []hit{{replication, High, "for the binary log (" + r.Commands[row.Command] + ")"}}}
	case cloneCommand:
		return facts{hits: []hit{{replication, High, "for a clone of the server"}}}
	case dropCommand:
		return facts{hits: []hit{{destruction, High, "DROP DATABASE"}}}
	}
	template := r.Templates[r.TemplateOf[row.Cluster]].Text
	table := r.Tables[row.Table]
	f := judge([]byte(template), table)
	wildcards := strings.Contains(template, drain.Wildcard)
	if mark != 0 {
		if wildcards && f.mark() != mark && mark != judged {
			if text, ok := r.text(row.First, texts); ok {
				f = judge(text, table)
			}
		}
		return mark.facts(f, table)
	}
	if len(f.hits) == 0 && f.whole == "" || !wildcards || !f.vague && !strings.ContainsAny(template, `'"`) {
		return f
	}
	for _, entry := range []int{row.First, row.Last} {
		if text, ok := r.text(entry, texts); ok {
			f = f.confirm(judge(text, table))
		}
		if row.First == row.Last {
			break
		}
	}
	return f
}

// text reads the text of an entry, if there is any way to it and one of texts
// left.
func (r *run) text(entry int, texts *int) ([]byte, bool) {
	if r.readText == nil || *texts == 0 {
		return nil, false
	}
	*texts--
	text, err := r.readText(entry)
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

package pipeline

import (
	"context"
	"strings"
	"testing"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/reading"
)

// In the default reading the length of a list makes no template of its own, in
// entries that are remembered too; the text of the entries stays what it is.
func TestListsCollapseForTemplates(t *testing.T) {
	statements := []string{
		"SELECT a FROM t WHERE b IN (1) AND c = 'x'",
		"SELECT a FROM t WHERE b IN (1, 2) AND c = 'x'",
		"SELECT a FROM t WHERE b IN (1, 2) AND c = 'x'",
		"SELECT a FROM t WHERE b IN (1, 2) AND c = 'x'",
		"SELECT a FROM t WHERE b IN (1, 2, 3, 4, 5, 6) AND c = 'x'",
	}
	var text strings.Builder
	for _, sql := range statements {
		text.WriteString("2025-03-11T05:53:05.006361Z\t    3 Query\t" + sql + "\n")
	}
	text.WriteString("2025-03-11T05:53:05.006362Z\t    3 Quit\t\n") // the notebook loses the last one
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		set := openText(t, text.String())
		cfg := DefaultConfig()
		cfg.Reading = r
		rec, err := load(context.Background(), cfg, set, func(*recorder) {})
		if err != nil {
			t.Fatal(err)
		}
		l := rec.log()
		l.Files = files(set)
		templates := map[string]bool{}
		if err := NewText(set).Replay(context.Background(), &l, func(i int, rec *reading.Record) error {
			if i >= len(statements) {
				return nil
			}
			if string(rec.Text) != statements[i] {
				t.Errorf("%v: entry %d reads %q", r, i, rec.Text)
			}
			template := l.TemplateOf[l.Rows[l.Entries.Row(i)].Key.Cluster]
			templates[l.Templates[template].Text] = true
			if r == reading.Correct {
				_, list, _ := strings.Cut(statements[i], "(")
				list, _, _ = strings.Cut(list, ")")
				if p := drain.Parameters(l.Templates[template].Text, statements[i]); len(p) != 1 || p[0] != list {
					t.Errorf("entry %d has parameters %q", i, p)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		switch {
		case r == reading.Correct && (len(templates) != 1 || !templates["SELECT a FROM t WHERE b IN ("+drain.Wildcard+") AND c = 'x'"]):
			t.Errorf("templates %v", templates)
		case r == reading.Notebook && len(templates) != 3:
			t.Errorf("the notebook's reading has %d templates: %v", len(templates), templates)
		}
	}
}

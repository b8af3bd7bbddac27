package pipeline

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/feature"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
)

// set returns the facts of "field=value" each.
func set(facts ...string) fact.Set {
	var b fact.Builder
	for _, f := range facts {
		name, value, _ := strings.Cut(f, "=")
		i := slices.IndexFunc(fact.Fields(), func(f fact.Field) bool { return f.String() == name })
		b.Add(fact.Fields()[i], value)
	}
	return b.Set()
}

// shape makes up what a statement asks for and its digest.
type shape func(text string) (fact.Set, string)

// loadShaped reads a log with made-up facts and digests: chunks of a few entries, by
// as many parsers in turn.
func loadShaped(t *testing.T, workers int, text string, of shape) loaded.Log {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Workers = workers
	rec, err := newRecorder(cfg)
	if err != nil {
		t.Fatal(err)
	}
	parsers := make([]*parser, workers)
	for w := range parsers {
		parsers[w] = newParser(w, cfg.Reading)
		parsers[w].parser = reading.NewParser(cfg.Reading) // or it would know records
	}
	var b batch
	turn := 0
	cut := newCutter(cfg.Reading, make(chan []byte), func(c chunk) error {
		p := parsers[turn*turn%workers]
		turn++
		p.parse(c, &b)
		for k := range b.records {
			facts, digest := of(string(b.textOf(&b.records[k])))
			b.records[k].fact, b.records[k].digest = p.text(&b, factSets, string(facts)), p.text(&b, digests, digest)
		}
		for v, dict := range p.words {
			b.words[v].known = dict.Texts()
		}
		rec.record(&b)
		return nil
	})
	const block = 1 << 12
	for at := 0; at < len(text); at += block {
		if err := cut.add(0, int64(at), []byte(text[at:min(at+block, len(text))])); err != nil {
			t.Fatal(err)
		}
	}
	if err := cut.end(); err != nil {
		t.Fatal(err)
	}
	return rec.log()
}

// logOf is a log of statements, one a line.
func logOf(statements ...string) string {
	var log strings.Builder
	for i, s := range statements {
		log.WriteString(plainLine(i, i%7, "Query", s))
	}
	return log.String()
}

// However many kinds of statements come before, that one of them writes a file is
// still seen; the log lists what it did not distinguish, whatever parsed it.
func TestFloodHidesNoFact(t *testing.T) {
	if testing.Short() {
		t.Skip("70,000 statements, for two numbers of workers")
	}
	const flood = 70_000 // more than digests, and than both bounds of facts together
	list := make([]string, flood, flood+2)
	for i := range list {
		list[i] = fmt.Sprintf("SELECT a FROM t WHERE b%d = 1", i)
	}
	outfile := "SELECT a FROM t WHERE b = 1 INTO OUTFILE '/var/www/x.php'"
	text := logOf(append(list, outfile, list[0])...)
	kinds := shape(func(text string) (fact.Set, string) {
		name := strings.Fields(text)[5]
		facts := []string{"statement.verb=select", "statement.columns=" + name, "statement.order=" + name}
		if strings.Contains(text, "OUTFILE") {
			facts = append(facts, "statement.files=write script")
		}
		return set(facts...), text
	})
	var first loaded.Log
	for _, workers := range []int{1, 3} {
		l := loadShaped(t, workers, text, kinds)
		if got := l.Facts[l.Key(flood).Fact]; !got.Has(fact.Files, "write script") || !got.Has(fact.Verb, "select") || got.Has(fact.Columns, "b") {
			t.Errorf("%d workers: of the statement that writes a file %q is left", workers, got)
		}
		if got := l.Digest(flood); got != store.Others {
			t.Errorf("%d workers: the digest beyond the bound is %q", workers, got)
		}
		if l.Digest(flood+1) != list[0] || l.Facts[l.Key(flood+1).Fact] != l.Facts[l.Key(0).Fact] {
			t.Errorf("%d workers: a statement from before the bound is not known behind it", workers)
		}
		if !slices.Contains(l.Full, "facts") || !slices.Contains(l.Full, "digests") {
			t.Errorf("%d workers: full are %q", workers, l.Full)
		}
		if n := len(l.Facts); n > factBounds[0].sets+factBounds[1].sets+8 {
			t.Errorf("%d workers: %d sets of facts", workers, n)
		}
		if workers == 1 {
			first = l
			continue
		}
		for _, part := range []struct {
			name      string
			got, want any
		}{{"facts", l.Facts, first.Facts}, {"digests", l.Digests, first.Digests}, {"rows", l.Rows, first.Rows}} {
			if !reflect.DeepEqual(part.got, part.want) {
				t.Errorf("%d workers number other %s", workers, part.name)
			}
		}
	}
}

// Facts and digests are bounded in bytes too.
func TestLongFactsAndDigests(t *testing.T) {
	d := newFactDict()
	long := strings.Repeat("x", factBounds[0].bytes/4)
	for i := range 4 {
		d.Intern(string(set("statement.verb=select", fmt.Sprintf("statement.tables=%d%s", i, long))))
	}
	if !d.full || len(d.sets) != 5 || d.sets[4] != set("statement.verb=select") {
		t.Errorf("full %v, %d sets, the last %.80q", d.full, len(d.sets), d.sets[len(d.sets)-1])
	}
}

// What a log's figures are does not depend on facts and digests: rows split, and
// counts, templates and models see them merged.
func TestFactsChangeNoFigure(t *testing.T) {
	var list []string
	for i := range 5000 {
		list = append(list, fmt.Sprintf([]string{"SELECT a FROM t%d WHERE b = '%d'", "UPDATE u%d SET a = '%d'", "SELECT c, d FROM t%d ORDER BY %d"}[i%3], i%11, i))
	}
	text := logOf(list...)
	n := 0
	split := shape(func(string) (fact.Set, string) {
		n++
		return set(fmt.Sprintf("statement.limit=%d", n*n%19)), fmt.Sprint("digest ", n*n%23)
	})
	a := loadShaped(t, 1, text, func(string) (fact.Set, string) { return "", "" })
	b := loadShaped(t, 1, text, split)
	if len(b.Rows) <= 2*len(a.Rows) {
		t.Fatalf("%d rows split to %d only", len(a.Rows), len(b.Rows))
	}
	merged, _ := store.Merge(b.Rows)
	ea, eb := encode(&a), encode(&b)
	for _, part := range []struct {
		name      string
		got, want any
	}{
		{"merged rows", merged, a.Rows}, {"templates", b.Templates, a.Templates}, {"matrix", eb.Matrix, ea.Matrix},
		{"classes", eb.Classes, ea.Classes}, {"counts", eb.Count, ea.Count}, {"first entries", eb.First, ea.First},
	} {
		if !reflect.DeepEqual(part.got, part.want) {
			t.Errorf("other %s:\n got %v\nwant %v", part.name, part.got, part.want)
		}
	}
	row := func(e *feature.Encoding, l *loaded.Log, i int) int32 { return e.Of[l.Entries.Row(i)] }
	for i := range a.Len() {
		if got, want := row(eb, &b, i), row(ea, &a, i); got != want {
			t.Fatalf("entry %d has row %d of the matrix, want %d", i, got, want)
		}
	}
}

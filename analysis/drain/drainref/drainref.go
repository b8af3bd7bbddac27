// Package drainref compares package drain with answers of logparser's own Drain:
// a folder of reference files goes in, the number of comparisons and the first
// difference come out.
//
// A folder holds
//
//	settings.json            depth, st, maxChild, regex; without it the notebook's
//	content.txt[.gz]         a message per line; without it the column Content of
//	structured.csv[.gz]      at least LineId, EventId, EventTemplate, ParameterList
//	templates.csv[.gz]       EventId, EventTemplate, Occurrences
//	truth.csv[.gz]           LineId, EventId, optional: the groups made by hand
//
// With a truth, settings.json holds the accuracy, F1, precision and recall that
// logparser's evaluator gave.
package drainref

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/pandascsv"
)

// A Difference is a value that is not the reference's.
type Difference struct {
	File   string
	Line   int    // of content, or row of the file, from 1; 0 for the file as a whole
	Column string // of the file
	Want   string
	Got    string
}

func (d *Difference) Error() string {
	return fmt.Sprintf("%s: line %d, %s:\n want %q\n  got %q", d.File, d.Line, d.Column, d.Want, d.Got)
}

// Compare mines the content of a reference folder and compares every EventId,
// EventTemplate and ParameterList, the bytes of templates.csv, and against a truth
// the evaluator's four figures. It returns how many comparisons were made, and at
// the first difference an error that is a [*Difference].
func Compare(dir string) (comparisons int, err error) {
	c := comparison{dir: dir}
	err = c.run()
	if err != nil {
		var d *Difference
		if !errors.As(err, &d) {
			err = fmt.Errorf("drainref: compare %s: %w", dir, err)
		}
	}
	return c.made, err
}

type settings struct {
	Regex                           []string
	Depth, MaxChild                 int
	St                              float64
	Accuracy, F1, Precision, Recall float64
}

type comparison struct {
	dir      string
	made     int
	settings settings
	content  []string
	ids      []int32       // by line: cluster
	events   []drain.Event // in order of appearance
	eventOf  []int32       // by cluster
}

func (c *comparison) run() error {
	steps := []func() error{c.readSettings, c.readContent, c.mine, c.compareLines, c.compareTemplates, c.compareTruth}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// equal counts one comparison.
func (c *comparison) equal(file string, line int, column, want, got string) error {
	c.made++
	if want != got {
		return &Difference{filepath.Join(c.dir, file), line, column, want, got}
	}
	return nil
}

func (c *comparison) readSettings() error {
	def := drain.DefaultConfig()
	c.settings = settings{Regex: def.Masks, Depth: def.Depth, MaxChild: def.MaxChildren, St: def.Similarity}
	data, err := c.read("settings.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	c.settings.Regex = nil // a list in the file shall not be mixed with the default
	if err := json.Unmarshal(data, &c.settings); err != nil {
		return fmt.Errorf("settings.json: %w", err)
	}
	return nil
}

func (c *comparison) readContent() error {
	data, err := c.read("content.txt")
	if errors.Is(err, fs.ErrNotExist) {
		t, err := c.table("structured.csv")
		if err != nil {
			return err
		}
		c.content, err = t.column("Content")
		return err
	}
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(data)) {
		c.content = append(c.content, strings.TrimSuffix(line, "\n"))
	}
	return nil
}

func (c *comparison) mine() error {
	m, err := drain.New(drain.Config{
		Depth:       c.settings.Depth,
		Similarity:  c.settings.St,
		MaxChildren: c.settings.MaxChild,
		Masks:       c.settings.Regex,
	})
	if err != nil {
		return err
	}
	for _, line := range c.content {
		c.ids = append(c.ids, m.Add([]byte(line)))
	}
	c.events, c.eventOf = m.Snapshot().Events()
	return nil
}

// event returns the final event of line i.
func (c *comparison) event(i int) drain.Event { return c.events[c.eventOf[c.ids[i]]] }

func (c *comparison) compareLines() error {
	const file = "structured.csv"
	t, err := c.table(file)
	if err != nil {
		return err
	}
	columns := []string{"LineId", "EventId", "EventTemplate", "ParameterList"}
	var want [4][]string
	for k, name := range columns {
		if want[k], err = t.column(name); err != nil {
			return err
		}
	}
	if err := c.equal(file, 0, "number of rows", strconv.Itoa(len(want[0])), strconv.Itoa(len(c.content))); err != nil {
		return err
	}
	extractors := make([]*drain.Extractor, len(c.events))
	var written bytes.Buffer
	w := pandascsv.NewWriter(&written)
	if err := w.Row(columns...); err != nil {
		return err
	}
	for i, line := range c.content {
		e := c.event(i)
		x := &extractors[c.eventOf[c.ids[i]]]
		if *x == nil {
			*x = drain.NewExtractor(e.Template)
		}
		list := (*x).AppendPyRepr(nil, []byte(line))
		got := []string{strconv.Itoa(i + 1), e.ID, e.Template, string(list)}
		for k, name := range columns {
			if err := c.equal(file, i+1, name, want[k][i], got[k]); err != nil {
				return err
			}
		}
		if err := w.Row(got...); err != nil {
			return err
		}
	}
	if len(t.header) > len(columns) { // the log's own columns are between ours
		return nil
	}
	return c.equalBytes(file, t.raw, written.Bytes())
}

func (c *comparison) compareTemplates() error {
	const file = "templates.csv"
	raw, err := c.read(file)
	if err != nil {
		return err
	}
	var written bytes.Buffer
	w := pandascsv.NewWriter(&written)
	if err := w.Row("EventId", "EventTemplate", "Occurrences"); err != nil {
		return err
	}
	for _, e := range c.events {
		if err := w.Row(e.ID, e.Template, strconv.FormatInt(e.Occurrences, 10)); err != nil {
			return err
		}
	}
	return c.equalBytes(file, raw, written.Bytes())
}

// equalBytes compares files line by line.
func (c *comparison) equalBytes(file string, want, got []byte) error {
	for line := 1; len(want) > 0 || len(got) > 0; line++ {
		var w, g []byte
		w, want, _ = bytes.Cut(want, []byte("\n"))
		g, got, _ = bytes.Cut(got, []byte("\n"))
		if err := c.equal(file, line, "text", string(w), string(g)); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) compareTruth() error {
	t, err := c.table("truth.csv")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	truth, err := t.column("EventId")
	if err != nil {
		return err
	}
	if err := c.equal("truth.csv", 0, "number of rows", strconv.Itoa(len(truth)), strconv.Itoa(len(c.content))); err != nil {
		return err
	}
	parsed := make([]string, len(c.content))
	for i := range parsed {
		parsed[i] = c.event(i).ID
	}
	got := Agree(parsed, truth)
	want := Agreement{c.settings.Accuracy, c.settings.F1, c.settings.Precision, c.settings.Recall}
	for _, v := range []struct {
		name      string
		want, got float64
	}{
		{"accuracy", want.Accuracy, got.Accuracy},
		{"precision", want.Precision, got.Precision},
		{"recall", want.Recall, got.Recall},
		{"f1", want.F1, got.F1},
	} {
		text := func(f float64) string { return string(pandascsv.AppendFloat(nil, f)) }
		if err := c.equal("settings.json", 0, v.name, text(v.want), text(v.got)); err != nil {
			return err
		}
	}
	return nil
}

// read returns a file of the folder, or its compressed form unpacked.
func (c *comparison) read(name string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(c.dir, name))
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return data, err
	}
	f, err := os.Open(filepath.Join(c.dir, name+".gz"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s.gz: %w", name, err)
	}
	data, err = io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("%s.gz: %w", name, err)
	}
	return data, nil
}

// A table is a CSV file.
type table struct {
	name   string
	raw    []byte
	header []string
	rows   [][]string
}

func (c *comparison) table(name string) (*table, error) {
	raw, err := c.read(name)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(raw))
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: no header", name)
	}
	return &table{name, raw, rows[0], rows[1:]}, nil
}

func (t *table) column(name string) ([]string, error) {
	for k, have := range t.header {
		if have != name {
			continue
		}
		cells := make([]string, len(t.rows))
		for i, row := range t.rows {
			cells[i] = row[k]
		}
		return cells, nil
	}
	return nil, fmt.Errorf("%s: no column %s", t.name, name)
}

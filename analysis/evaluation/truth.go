package evaluation

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/label"
)

// Truth is what is known about a log.
type Truth struct {
	Stage   map[uint32]string // of the connections that are no normal ones, by index: the stage, or the class where none is given
	Class   map[uint32]string // of the same connections
	LeftOut map[uint32]bool   // connections that are neither
	Entries map[int]bool      // indices of the entries that are no normal ones; nil where entries are not labelled
	Unknown int               // ids that the log does not hold
}

// ReadConnections takes labels of connections: CSV whose header has id, class and
// perhaps stage. A bare id names all its connections; class normal is no label.
func (t *Truth) ReadConnections(r io.Reader, v connection.View) error {
	t.Stage, t.Class = map[uint32]string{}, map[uint32]string{}
	find := finder(v)
	return table(r, []string{"id", "class"}, func(cell func(string) string) error {
		class := cell("class")
		if class == label.Normal || class == "" {
			return nil
		}
		found, err := find(cell("id"))
		if err != nil {
			return err
		}
		if len(found) == 0 {
			t.Unknown++
		}
		stage := cell("stage")
		if stage == "" {
			stage = class
		}
		for _, c := range found {
			t.Stage[c], t.Class[c] = stage, class
		}
		return nil
	})
}

// ReadLeftOut takes connections that count neither as normal nor as an attack: CSV
// whose header has id.
func (t *Truth) ReadLeftOut(r io.Reader, v connection.View) error {
	t.LeftOut = map[uint32]bool{}
	find := finder(v)
	return table(r, []string{"id"}, func(cell func(string) string) error {
		found, err := find(cell("id"))
		for _, c := range found {
			t.LeftOut[c] = true
		}
		return err
	})
}

// ReadEntries takes the numbers of entries, from 1, that are no normal ones: CSV
// whose header has entry and class. n is how many entries the log has.
func (t *Truth) ReadEntries(r io.Reader, n int) error {
	t.Entries = map[int]bool{}
	return table(r, []string{"entry", "class"}, func(cell func(string) string) error {
		if cell("class") == label.Normal {
			return nil
		}
		i, err := strconv.Atoi(cell("entry"))
		if err != nil || i < 1 || i > n {
			return fmt.Errorf("entry %q: want a number from 1 to %d", cell("entry"), n)
		}
		t.Entries[i-1] = true
		return nil
	})
}

// finder returns a function that finds the connections of an id.
func finder(v connection.View) func(text string) ([]uint32, error) {
	of := map[label.Ref]uint32{}
	for i := range v.Len() {
		of[v.Ref(i)] = uint32(i)
	}
	epochs := v.Epochs()
	return func(text string) (found []uint32, err error) {
		ref, err := label.ParseRef(text)
		if err != nil {
			return nil, err
		}
		for _, e := range epochs(ref.ID) {
			if ref.Epoch == 0 || ref.Epoch == e {
				found = append(found, of[label.Ref{Epoch: e, ID: ref.ID}])
			}
		}
		return found, nil
	}
}

// table calls row for each row of a CSV file with a function that gives the cell
// of a column, empty for a column that the file lacks.
func table(r io.Reader, needed []string, row func(cell func(column string) string) error) error {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("line 1: the file is empty; the first line names the columns %s", strings.Join(needed, ", "))
	}
	if err != nil {
		return err
	}
	for _, n := range needed {
		if !slices.Contains(header, n) {
			return fmt.Errorf("line 1: no column %q; the first line names the columns %s", n, strings.Join(needed, ", "))
		}
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := in.FieldPos(0)
		err = row(func(column string) string {
			if i := slices.Index(header, column); i >= 0 && i < len(cells) {
				return strings.TrimSpace(cells[i])
			}
			return ""
		})
		if err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}

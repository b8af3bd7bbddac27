package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	"sqleuth/analysis/forest"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
)

// matrix is a log as the models see it, in the notebook's reading: the distinct
// rows, and the row and class of each entry.
type matrix struct {
	forest  forest.Matrix
	rows    []uint32 // by entry
	classes []uint8  // by entry, model.Anomaly or model.Normal
}

// encode analyses a log and returns its matrix.
func encode(ctx context.Context, l log) (*matrix, error) {
	f, err := os.Open(l.labels)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	labels, err := label.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.labels, err)
	}
	set, err := logfile.Open([]string{l.gzip}, logfile.Options{})
	if err != nil {
		return nil, err
	}
	defer set.Close()
	cfg := pipeline.DefaultConfig()
	cfg.Reading = reading.Notebook
	s, err := pipeline.Run(ctx, cfg, set, func(s *pipeline.Snapshot) (label.Set, error) {
		book := label.NewBook(label.Set{})
		records, _ := labels.Resolve(s.Connections.Epochs())
		_, err := book.Import(records)
		return book.Set(), err
	}, func(pipeline.Event) {})
	if err != nil {
		return nil, err
	}
	m := &matrix{forest: s.Encoding.Matrix, rows: make([]uint32, s.Len()), classes: make([]uint8, s.Len())}
	for i := range m.rows {
		m.rows[i] = uint32(s.EncodedRow(i))
		m.classes[i] = model.Normal
		if s.Truth.Anomaly(s.Entries.At(i).Connection) {
			m.classes[i] = model.Anomaly
		}
	}
	return m, nil
}

// The files in which the matrix goes to the script beside this file: arrays of
// little-endian numbers without a head.
const (
	valuesFile  = "values.i32"
	rowsFile    = "rows.u32"
	classesFile = "classes.u8"
)

func (m *matrix) write(dir string) error {
	for name, array := range map[string]any{valuesFile: m.forest.Values, rowsFile: m.rows, classesFile: m.classes} {
		var b bytes.Buffer
		if err := binary.Write(&b, binary.LittleEndian, array); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// readArray reads such a file.
func readArray[T uint8 | uint32 | float64](dir, name string) ([]T, error) {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	var one T
	array := make([]T, len(b)/binary.Size(one))
	if _, err := binary.Decode(b, binary.LittleEndian, array); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return array, nil
}

package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/schema"
	"sqleuth/analysis/wholefile"
)

// selected is how files of chosen entries are called.
const selected = "selected"

// EntryFormats are the forms in which chosen entries can be written, by the extension of
// a file without its dot: rows as in the evidence, or the bytes of the log.
var EntryFormats = []schema.Format{schema.CSV, schema.JSONLines, schema.LogLines}

// FormatOf returns the form of a file by its extension, false for none of EntryFormats.
func FormatOf(path string) (schema.Format, bool) {
	for _, f := range EntryFormats {
		if strings.EqualFold(filepath.Ext(path), "."+string(f)) {
			return f, true
		}
	}
	return "", false
}

// WriteEntries writes entries in order of the log, as rows with the columns of the
// evidence or as the bytes of the log. want is asked for each entry, in ascending order;
// of opt Raw counts.
func WriteEntries(ctx context.Context, w io.Writer, format schema.Format, s *pipeline.Snapshot, text pipeline.Text, opt Options, want func(i int) bool) error {
	return entryFile(ctx, format, s, text, opt, func() (func(i int) bool, error) { return want, nil }).write(w)
}

// entryFile is a file of the entries that a function wants, which is made when the file
// is written.
func entryFile(ctx context.Context, format schema.Format, s *pipeline.Snapshot, text pipeline.Text, opt Options, wanted func() (func(i int) bool, error)) file {
	name := selected + "." + string(format)
	list := func(add func(*exhibit) error) error {
		want, err := wanted()
		if err != nil {
			return err
		}
		return eachExhibit(ctx, s, text, want, add)
	}
	switch format {
	case schema.CSV:
		return csvFile(name, opt.cellText(), exhibitColumns(s, opt.redactor), list)
	case schema.JSONLines:
		return jsonlFile(name, opt.cellText(), exhibitColumns(s, opt.redactor), list)
	}
	return file{schema.File{Name: name, Format: schema.LogLines}, func(w io.Writer) error {
		want, err := wanted()
		if err != nil {
			return err
		}
		return text.Statements(&s.Log).Copy(ctx, want, w)
	}, nil}
}

// Select returns what a filter's text selects of a log. The error explains what is wrong
// with the text, or is that of reading or of ctx.
func Select(ctx context.Context, term string, s *pipeline.Snapshot, text pipeline.Text) (*filter.Selection, error) {
	parsed, err := filter.Parse(term)
	if err != nil {
		return nil, err
	}
	program, err := filter.Compile(ctx, parsed, s.Subject(s.Truth.Labels, text.Statements(&s.Log)))
	if err != nil {
		return nil, err
	}
	return program.Run(ctx, func(*filter.Selection) {})
}

// selectedFiles lists the files of the entries that Options.Filter selects.
func selectedFiles(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, opt Options) (list []file) {
	wanted := func() (func(i int) bool, error) {
		sel, err := Select(ctx, opt.Filter, s, text)
		if err != nil {
			return nil, err
		}
		return sel.Contains, nil
	}
	for _, f := range EntryFormats {
		if f == schema.LogLines && opt.redactor != nil {
			continue // the bytes of the log hide nothing
		}
		list = append(list, entryFile(ctx, f, s, text, opt, wanted))
	}
	return list
}

// WriteFile writes entries to a file, in the form of its extension. One that is there
// is replaced only with opt.Force, and none of opt.Reads ever; a file is there when it
// is whole.
func WriteFile(ctx context.Context, path string, s *pipeline.Snapshot, text pipeline.Text, opt Options, want func(i int) bool) (err error) {
	defer func() {
		if err != nil && ctx.Err() == nil {
			err = fmt.Errorf("write %q: %w", path, err)
		}
	}()
	format, ok := FormatOf(path)
	if !ok {
		return errors.New("name a file that ends in .csv, .jsonl or .log")
	}
	target := wholefile.Target{Path: path, Force: opt.Force, Reads: opt.Reads}
	err = target.Write(func(w io.Writer) error { return WriteEntries(ctx, w, format, s, text, opt, want) })
	if errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	return err
}

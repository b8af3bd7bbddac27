package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/export"
	"sqleuth/analysis/handover"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/redact"
	"sqleuth/analysis/report"
	"sqleuth/analysis/wording"
)

// analysed is a log with its whole analysis.
type analysed struct {
	set      *logfile.Set
	snapshot *pipeline.Snapshot
	notices  []string // what became of a labels file
	options  []export.Option
	about    handover.Case
	hidden   *redact.Redactor
}

func (a *analysed) text() pipeline.Text { return pipeline.NewText(a.set) }

func (a *analysed) Close() error { return a.set.Close() }

// print writes something of the log to standard output, and then to standard error what
// is missing of it.
func (a *analysed) print(cmd *cobra.Command, std stdio, write reportFormat) error {
	w := bufio.NewWriterSize(std.out, 1<<18)
	if err := write(cmd.Context(), w, a); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	a.warn(cmd, std.err)
	return nil
}

// analyse reads and analyses logs without a terminal. The caller closes the result.
func (f *analysisFlags) analyse(ctx context.Context, cfg pipeline.Config, opts logfile.Options, in io.Reader, logs givenLogs, p *progress) (_ *analysed, err error) {
	opts.Stdin, opts.Servers = in, logs.servers
	set, err := logfile.Open(logs.paths, opts)
	if err != nil {
		return nil, err
	}
	a := &analysed{set: set, notices: slices.Clone(f.notices), options: f.options(cfg)}
	defer func() {
		if err != nil {
			set.Close()
		}
	}()
	// A labels file that cannot be read is reported before the log is read.
	var file *label.File
	if f.labels != "" {
		if file, err = readLabels(f.labels); err != nil {
			return nil, err
		}
	}
	defer p.done()
	cfg.Unwatched = true
	a.snapshot, err = pipeline.Run(ctx, cfg, set, func(s *pipeline.Snapshot) (label.Set, error) {
		book := label.NewBook(label.Set{})
		if f.useCase {
			if err := fromCase(book, set); err != nil {
				return label.Set{}, err
			}
		}
		if file != nil {
			notices, err := fromFile(book, *file, s)
			if err != nil {
				return label.Set{}, fmt.Errorf("labels %q: %w", f.labels, err)
			}
			a.notices = append(a.notices, notices...)
		}
		return book.Set(), nil
	}, p.event)
	if err != nil {
		return nil, named(ctx, err, cfg.Reading, set, logs.paths)
	}
	if logs.chosen {
		if err := confirmChosen(set); err != nil {
			return nil, err
		}
	}
	a.notices = append(a.notices, report.BaselineNotices(a.snapshot)...)
	a.notices = append(a.notices, report.ModelNotices(a.snapshot)...)
	if a.snapshot.Left != "" {
		a.notices = append(a.notices, a.snapshot.Left)
	}
	return a, nil
}

// analyseAll checks the flags and analyses the logs that a command names, those that flags
// name too, with progress. The caller closes the result.
func (f *analysisFlags) analyseAll(cmd *cobra.Command, io stdio, plain []string) (*analysed, error) {
	logs, err := f.logs(plain)
	if err != nil {
		return nil, err
	}
	return f.analyseGiven(cmd, io, logs)
}

// analyseGiven is analyseAll of logs that are known already.
func (f *analysisFlags) analyseGiven(cmd *cobra.Command, io stdio, logs givenLogs) (*analysed, error) {
	cfg, files, err := f.config(cmd)
	if err != nil {
		return nil, err
	}
	p, err := newProgress(io.err, f.progress)
	if err != nil {
		return nil, err
	}
	return f.analyse(cmd.Context(), cfg, files, io.in, logs, p)
}

// named returns the error of a log that the notebook's reading knows no entry in,
// and other errors as they are.
func named(ctx context.Context, err error, r reading.Reading, set *logfile.Set, paths []string) error {
	if errors.Is(err, pipeline.ErrNotALog) && r == reading.Notebook && !pipeline.Wrapped(set) && otherwiseALog(ctx, set) {
		return fmt.Errorf("%q: no entry that the notebook would read: its reading knows only ISO times that end in Z, as MySQL 5.7 and later write them; leave --notebook away to read this log", paths[0])
	}
	return err
}

// headSize is how much of a log is looked at to know whether it is one.
const headSize = 1 << 20

// otherwiseALog reports whether the default reading finds entries at the beginning
// of a log that was read in vain.
func otherwiseALog(ctx context.Context, set *logfile.Set) bool {
	head := make([]byte, headSize)
	n, _ := set.ReadAt(head, 0)
	again, err := logfile.OpenBytes("head", head[:n], logfile.Options{})
	if err != nil {
		return false
	}
	defer again.Close()
	s, err := pipeline.Run(ctx, pipeline.DefaultConfig(), again, nil, func(pipeline.Event) {})
	return err == nil && s.Len() > 0
}

func readLabels(path string) (*label.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("labels %q: %w; name a CSV file whose header has id and class", path, wording.Pathless(err))
	}
	defer f.Close()
	file, err := label.Read(f)
	if err != nil {
		return nil, fmt.Errorf("labels %q: %w", path, wording.Pathless(err))
	}
	return &file, nil
}

// fromFile labels the connections that a labels file names, and returns what became
// of its rows.
func fromFile(book *label.Book, file label.File, s *pipeline.Snapshot) (notices []string, err error) {
	records, resolution := file.Resolve(s.Connections.Epochs())
	if _, err := book.Import(records); err != nil {
		return nil, err
	}
	return resolution.Notices(), nil
}

// fromCase takes over labels and notes of the case file, if there is one.
func fromCase(book *label.Book, set *logfile.Set) error {
	dir, err := casefile.DefaultDir()
	if err != nil {
		return err
	}
	key, err := keyOf(dir, set)
	if err != nil {
		return err
	}
	_, c, err := casefile.Open(dir, key)
	if err != nil {
		return err
	}
	book.Absorb(label.Set{}, c.Labels)
	return nil
}

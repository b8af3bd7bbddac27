// Command tables measures how many statements of a log get their main table,
// and prints beside it what the notebook's expressions name for the same
// statements.
//
//	tables [LOG...]
//
// Measured are the SELECT, INSERT, UPDATE, DELETE and REPLACE entries that need
// a table (sqltext.NeedsTable), as the default reading takes them: prepared
// statements count when they are executed.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/visible"
)

const defaultLog = "testdata/wordpress-bruteforce/general.log.gz"

func main() {
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "usage: tables [LOG...]\nwithout LOG: %s\n", defaultLog)
	}
	flag.Parse()
	paths := flag.Args()
	if len(paths) == 0 {
		paths = []string{defaultLog}
	}
	if err := run(context.Background(), paths, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "tables:", visible.Unicode.Text(err.Error()))
		os.Exit(1)
	}
}

// run measures the logs, which are one timeline, and prints the figures.
func run(ctx context.Context, paths []string, out io.Writer) error {
	set, err := logfile.Open(paths, logfile.Options{})
	if err != nil {
		return err
	}
	defer set.Close()
	m := newMeasure()
	if err := read(ctx, set, m.add); err != nil {
		return fmt.Errorf("read %q: %w", paths, err)
	}
	w := bufio.NewWriter(out)
	for _, f := range set.Files() {
		fmt.Fprintf(w, "%s: %d bytes of text\n", visible.Unicode.Text(f.Name), f.Size)
		for _, d := range f.Damage {
			fmt.Fprintf(w, "  DAMAGED: %s\n", visible.Unicode.Text(d.String()))
		}
	}
	m.print(w)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print the figures: %w", err)
	}
	return nil
}

// read calls record for each entry of a set, in order. It holds as much text as
// the longest entry has.
func read(ctx context.Context, set *logfile.Set, record func(*genlog.Record)) error {
	var (
		cov   genlog.Coverage
		split genlog.Splitter
		chunk = genlog.Chunk{First: true}
		file  int
	)
	scan := func(n int, last bool) {
		rest := chunk.Data[n:]
		chunk.Data, chunk.Last, chunk.State = chunk.Data[:n], last, split.State()
		genlog.Scan(chunk, &cov, genlog.Handler{Record: record})
		split.Cut(chunk.Data)
		chunk.Data = append(chunk.Data[:0], rest...)
		chunk.Offset += int64(n)
		chunk.First = false
	}
	err := set.Read(ctx, func(b *logfile.Block) error {
		defer b.Release()
		if b.File != file {
			scan(len(chunk.Data), true)
			file = b.File
			chunk.First, split = true, genlog.Splitter{}
		}
		chunk.Data = append(chunk.Data, b.Data...)
		if at := split.LastStart(chunk.Data, false); at > 0 {
			scan(at, false)
		}
		return nil
	})
	if err != nil {
		return err
	}
	scan(len(chunk.Data), true)
	return nil
}

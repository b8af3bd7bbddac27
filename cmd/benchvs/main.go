// Benchvs measures sqleuth against the tools that an analyst would use instead,
// side by side in one run, and prints Markdown for the README:
//
//	sqleuth report, gz and plain, both readings   against   zcat FILE.gz | wc -l
//	both forests on the encoded log               against   scikit-learn, with equal results
//
// and how many statements Drain takes in a second on one core. Reports are
// measured on two logs: a repeated one, whose strings come again in every round
// of the incident that it is made of, and a diverse one, whose strings do not
// (biglog -diverse). A real log is between them.
//
// Reports get labels, so that both models are trained. The programs of a
// comparison run in turn, again and again, so that whatever else the machine
// does falls on all of them; figures are medians. It builds sqleuth and biglog
// into a temporary folder and makes the logs there; both are removed in the end.
//
//	benchvs [-runs 5] [-n 1000000] [-large]
//
// The forests are compared where a Python with scikit-learn is found; anything
// but equal results is an error.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
)

func main() {
	var o options
	flag.IntVar(&o.runs, "runs", 5, "measure everything this many `times` and print medians")
	flag.IntVar(&o.entries, "n", 1_000_000, "`entries` of the log")
	flag.BoolVar(&o.large, "large", false, "also measure a log of ten times the entries, and the growth")
	flag.BoolVar(&o.forests, "forests", true, "compare the forests with scikit-learn where it is installed")
	flag.StringVar(&o.sqleuth, "sqleuth", "", "measure this `PROGRAM` instead of building one")
	flag.StringVar(&o.python, "python", "", "`PROGRAM` that has scikit-learn (default: python3, or the system's)")
	flag.StringVar(&o.dir, "dir", "", "make the temporary folder in `DIR`; 10 million entries take 3 GB")
	flag.Parse()
	if flag.NArg() > 0 || o.runs < 1 || o.entries < 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, o, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchvs:", err)
		os.Exit(1)
	}
}

type options struct {
	runs, entries  int
	large, forests bool
	sqleuth        string
	python         string
	dir            string
}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	dir, err := os.MkdirTemp(o.dir, "benchvs-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	biglog, err := build(ctx, dir, "biglog")
	if err != nil {
		return err
	}
	if o.sqleuth == "" {
		if o.sqleuth, err = build(ctx, dir, "sqleuth"); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%s; medians of %d runs in turn.\n", machine(), o.runs)
	tools := programs{biglog: biglog, sqleuth: o.sqleuth, dir: dir}
	small, err := tools.measureReports(ctx, o.entries, o.runs, out)
	if err != nil {
		return err
	}
	if o.large {
		large, err := tools.measureReports(ctx, 10*o.entries, o.runs, out)
		if err != nil {
			return err
		}
		for _, m := range large {
			if err := m.log.remove(); err != nil {
				return err
			}
		}
		writeGrowth(out, small, large)
	}
	for _, m := range small {
		if err := measureDrain(m.log, o.runs, out); err != nil {
			return fmt.Errorf("mine the statements: %w", err)
		}
	}
	if !o.forests {
		return nil
	}
	// The forests come last, behind Drain: a child's peak RSS begins with that of
	// the process that starts it, and the matrix would be in it.
	return compareForests(ctx, o, dir, small[0].log, out)
}

// build builds a command of this module into dir and returns its path.
func build(ctx context.Context, dir, name string) (string, error) {
	path := filepath.Join(dir, name)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "sqleuth/cmd/"+name)
	if msg, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s (from a folder of the repository?): %w\n%s", name, err, msg)
	}
	return path, nil
}

// programs are what makes logs, and what is measured on them.
type programs struct{ biglog, sqleuth, dir string }

// measureReports makes the logs of one size, measures reports on them and writes
// the table. The logs stay.
func (p programs) measureReports(ctx context.Context, entries, runs int, out io.Writer) ([]measured, error) {
	var all []measured
	for _, kind := range []string{repeated, diverse} {
		l, err := makeLog(ctx, p.biglog, p.dir, kind, entries)
		if err != nil {
			return nil, err
		}
		results, err := compareReports(p.sqleuth, l).measure(ctx, runs)
		if err != nil {
			return nil, err
		}
		all = append(all, measured{l, results})
	}
	writeReports(out, all)
	return all, nil
}

// Kinds of logs.
const (
	repeated = "repeated"
	diverse  = "diverse"
)

// log is one generated log, in both containers, with its labels.
type log struct {
	kind                string
	entries             int
	plain, gzip, labels string
	plainSize, gzipSize int64
}

func makeLog(ctx context.Context, biglog, dir, kind string, entries int) (log, error) {
	base := filepath.Join(dir, kind+strconv.Itoa(entries))
	l := log{kind: kind, entries: entries, plain: base + ".log", gzip: base + ".log.gz", labels: base + ".csv"}
	for _, out := range []struct {
		path string
		size *int64
	}{{l.plain, &l.plainSize}, {l.gzip, &l.gzipSize}} {
		cmd := exec.CommandContext(ctx, biglog, "-n", strconv.Itoa(entries), "-diverse="+strconv.FormatBool(kind == diverse),
			"-o", out.path, "-labels", l.labels)
		if msg, err := cmd.CombinedOutput(); err != nil {
			return l, fmt.Errorf("make a log of %d entries: %w\n%s", entries, err, msg)
		}
		info, err := os.Stat(out.path)
		if err != nil {
			return l, err
		}
		*out.size = info.Size()
	}
	return l, nil
}

func (l log) remove() error {
	return errors.Join(os.Remove(l.plain), os.Remove(l.gzip), os.Remove(l.labels))
}

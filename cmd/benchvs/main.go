// Benchvs measures sqleuth against the tools that an analyst would use instead,
// side by side in one run, and prints Markdown for the README:
//
//	sqleuth report FILE.gz, both readings   against   zcat FILE.gz | wc -l
//	sqleuth report FILE, both readings      against   wc -l FILE
//	both forests on the encoded log         against   scikit-learn, with equal results
//
// and how many statements Drain takes in a second on one core.
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
	sizes := []int{o.entries}
	if o.large {
		sizes = append(sizes, 10*o.entries)
	}
	fmt.Fprintf(out, "%s; medians of %d runs in turn.\n", machine(), o.runs)
	var bySize [][]result
	var first log
	for _, n := range sizes {
		l, err := makeLog(ctx, biglog, dir, n)
		if err != nil {
			return err
		}
		var results []result
		for _, c := range comparisons(o.sqleuth, l) {
			r, err := c.measure(ctx, o.runs)
			if err != nil {
				return err
			}
			results = append(results, r...)
		}
		writeReports(out, l, results)
		bySize = append(bySize, results)
		if first.entries == 0 {
			first = l
		} else if err := l.remove(); err != nil {
			return err
		}
	}
	if o.large {
		writeGrowth(out, sizes, bySize)
	}
	if err := measureDrain(first.plain, o.runs, out); err != nil {
		return fmt.Errorf("mine the statements: %w", err)
	}
	if !o.forests {
		return nil
	}
	// The forests come last, behind Drain: a child's peak RSS begins with that of
	// the process that starts it, and the matrix would be in it.
	return compareForests(ctx, o, dir, first, out)
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

// log is one generated log, in both containers, with its labels.
type log struct {
	entries             int
	plain, gzip, labels string
	plainSize, gzipSize int64
}

func makeLog(ctx context.Context, biglog, dir string, entries int) (log, error) {
	base := filepath.Join(dir, strconv.Itoa(entries))
	l := log{entries: entries, plain: base + ".log", gzip: base + ".log.gz", labels: base + ".csv"}
	for _, out := range []struct {
		path string
		size *int64
	}{{l.plain, &l.plainSize}, {l.gzip, &l.gzipSize}} {
		cmd := exec.CommandContext(ctx, biglog, "-n", strconv.Itoa(entries), "-o", out.path, "-labels", l.labels)
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

// Biglog writes a large general log of MySQL 5.7 that is shaped like a real
// one, for benchmarks: the built-in incident, played again and again until the
// log has the entries asked for.
//
//	biglog -n 10000000 -o big.log.gz -labels big.csv
//
// It keeps, in every round: the order of the entries, their commands and texts
// (statements of many lines and bytes that are not UTF-8 included), the hours
// of the day, the gaps between entries, and which entries belong to one
// connection. The first round is the incident with its restart.
//
// It changes:
//
//   - Times move on by whole days, so that each round begins after the end of
//     the one before.
//   - Ids move on. Between two rounds the ids of a day that was not logged are
//     used up, tens of thousands, so they reach six digits. Now and then the
//     server restarts at the place where it did in the incident: a banner, and
//     ids from the lowest again. In the other rounds it goes on there, as if
//     the Shutdown had been refused.
//   - Each number of one to four digits in a statement is drawn anew with
//     probability 0.2, with as many digits, so that distinct statements grow
//     with the log. Parts of names, dates, times and addresses are not numbers
//     (number.go). Lengths that a text states of itself, as PHP's serialised
//     arrays do, become wrong by that, which no reader of the log can see.
//   - Dates inside statements stay as they are.
//
// Played so, strings come again in every round, which no busy server's log does,
// and a reader that remembers what it read has it too easy. With -diverse each
// word of the strings and numbers in statements becomes another one of the same
// length and form in every round, identifiers of sessions and mail addresses in
// every connection (literal.go), while the statements without their literals are
// as many as in the incident. Dates, times, addresses
// and what SET and SHOW are given stay.
//
// With -connections the entries are spread over as many connections (to one in a
// hundred): sessions are cut between two statements by a Quit and a new login
// (spread.go).
//
// The bytes depend on the flags only, and without -connections a shorter log is
// the beginning of a longer one. Memory does not grow with the log: the incident is held once.
//
// With -labels it also writes the labels of the attack's connections, as
// id@epoch because ids come again after a restart.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"

	"sqleuth/testdata"
)

func main() {
	var o options
	flag.Int64Var(&o.entries, "n", 1_000_000, "write this many `entries`")
	flag.StringVar(&o.log, "o", "-", "write the log to this `FILE`; - is standard output")
	flag.BoolVar(&o.gzip, "gzip", false, "compress the log, as for a FILE that ends in .gz")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of all that is drawn")
	flag.BoolVar(&o.diverse, "diverse", false, "make strings and numbers in statements differ in every round")
	flag.Int64Var(&o.connections, "connections", 0, "spread the entries over this many `connections` (0: as recorded)")
	flag.StringVar(&o.labels, "labels", "", "write the labels to this `FILE`")
	flag.Parse()
	if flag.NArg() > 0 || o.entries < 0 || o.connections < 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "biglog:", err)
		os.Exit(1)
	}
}

// gzipLevel is the level at which this compressor makes files as small as
// gzip(1) does at its default; readers of a larger one would have more to read.
const gzipLevel = 8

type options struct {
	entries     int64
	connections int64
	diverse     bool
	log, labels string
	gzip        bool
	seed        uint64
}

// generator returns the generator of the log that is asked for.
func (o options) generator(c *capture) (*generator, error) {
	g := newGenerator(c, o.seed)
	if o.diverse {
		g.cipher = &cipher{}
	}
	if o.connections > 0 {
		s, err := newSpread(c, o.entries, o.connections)
		if err != nil {
			return nil, err
		}
		g.spread = s
	}
	return g, nil
}

func run(o options) (err error) {
	c, err := readCapture(testdata.Incident)
	if err != nil {
		return err
	}
	g, err := o.generator(c)
	if err != nil {
		return err
	}
	log, err := create(o.log)
	if err != nil {
		return fmt.Errorf("log: %w", err)
	}
	defer func() { err = errors.Join(err, log.end(err)) }()
	labels := io.Discard
	if o.labels != "" {
		f, err := create(o.labels)
		if err != nil {
			return fmt.Errorf("labels: %w", err)
		}
		defer func() { err = errors.Join(err, f.end(err)) }()
		labels = f
	}
	w := bufio.NewWriterSize(log, 1<<20)
	text := io.Writer(w)
	var z *gzip.Writer
	if o.gzip || strings.HasSuffix(o.log, ".gz") {
		if z, err = gzip.NewWriterLevel(w, gzipLevel); err != nil {
			return fmt.Errorf("compress: %w", err)
		}
		text = z
	}
	if err := g.write(text, labels, o.entries); err != nil {
		return err
	}
	if z != nil {
		if err := z.Close(); err != nil {
			return fmt.Errorf("compress: %w", err)
		}
	}
	return w.Flush()
}

// output is a file that does not survive a failure, so that a log cut short is
// never taken for a whole one.
type output struct{ *os.File }

func create(path string) (output, error) {
	if path == "-" {
		return output{os.Stdout}, nil
	}
	f, err := os.Create(path)
	return output{f}, err
}

func (o output) end(failed error) error {
	err := o.Close()
	if failed == nil && err == nil {
		return nil
	}
	if info, statErr := os.Stat(o.Name()); statErr == nil && info.Mode().IsRegular() {
		os.Remove(o.Name())
	}
	return err
}

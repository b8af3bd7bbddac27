package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/genlog"
)

// measureDrain mines the statements of a log with the default masks, one after
// the other on one goroutine. Nothing is remembered between statements but the
// templates.
func measureDrain(l log, runs int, out io.Writer) error {
	data, err := os.ReadFile(l.plain)
	if err != nil {
		return err
	}
	var cov genlog.Coverage
	var statements [][]byte
	genlog.Scan(genlog.Chunk{Data: data, First: true, Last: true}, &cov, genlog.Handler{Record: func(r *genlog.Record) {
		statements = append(statements, r.Argument)
	}})
	if len(statements) == 0 {
		return fmt.Errorf("%s: no statement to mine", l.plain)
	}
	var times []time.Duration
	templates := 0
	for range runs {
		m, err := drain.New(drain.DefaultConfig())
		if err != nil {
			return err
		}
		began := time.Now()
		for _, s := range statements {
			m.Add(s)
		}
		times = append(times, time.Since(began))
		templates = m.Len()
	}
	took := medianOf(times, func(d time.Duration) time.Duration { return d })
	fmt.Fprintf(out, "\nDrain on one core, %s log, %s statements, %d clusters: %s, **%.2f million statements/s**.\n",
		l.kind, thousands(len(statements)), templates, seconds(took), float64(len(statements))/took.Seconds()/1e6)
	return nil
}

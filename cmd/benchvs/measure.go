package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// program is a command line that is measured: one process, or several that hand
// their output on.
type program struct {
	name    string
	input   string // "gz" or "plain"
	reading string // of a report, empty for other programs
	pipe    [][]string
}

// comparison is a yardstick and the programs that are measured by it.
type comparison struct {
	yardstick program
	programs  []program
}

// compareReports returns the comparison of the reports on a log, and of what only
// reads its plain file, with decompressing it and counting its lines.
func compareReports(sqleuth string, l log) comparison {
	report := []string{sqleuth, "report", "--progress", "never", "--labels", l.labels}
	c := comparison{yardstick: program{name: "zcat \\| wc -l", input: "gz", pipe: [][]string{{"zcat", l.gzip}, {"wc", "-l"}}}}
	for _, in := range []struct{ name, path string }{{"gz", l.gzip}, {"plain", l.plain}} {
		c.programs = append(c.programs,
			program{"sqleuth report", in.name, "default", [][]string{slices.Concat(report, []string{in.path})}},
			program{"sqleuth report", in.name, "notebook", [][]string{slices.Concat(report, []string{"--notebook", in.path})}})
	}
	c.programs = append(c.programs, program{name: "wc -l", input: "plain", pipe: [][]string{{"wc", "-l", l.plain}}})
	return c
}

// sample is what one run of a program cost.
type sample struct {
	wall time.Duration
	cpu  time.Duration // user and system, of all processes
	peak int64         // resident bytes of the largest process at its largest; 0 where the system does not report it
}

// result is a program's cost beside that of its yardstick.
type result struct {
	program                    program
	cost                       sample  // medians, each figure on its own
	ratio, lowRatio, highRatio float64 // of the wall times to the yardstick's: of the medians; least and most of one turn
	cpuRatio                   float64 // of the medians
}

// measure runs the programs in turn. A first turn, which brings files and
// programs into the cache, does not count. The first result is the yardstick's.
func (c comparison) measure(ctx context.Context, runs int) ([]result, error) {
	all := append([]program{c.yardstick}, c.programs...)
	samples := make([][]sample, len(all))
	for turn := range runs + 1 {
		for i, p := range all {
			s, err := p.run(ctx)
			if err != nil {
				return nil, err
			}
			if turn > 0 {
				samples[i] = append(samples[i], s)
			}
		}
	}
	var results []result
	for i, p := range all {
		results = append(results, compare(p, samples[i], samples[0]))
	}
	return results, nil
}

func compare(p program, samples, by []sample) result {
	r := result{program: p, cost: medians(samples)}
	yardstick := medians(by)
	r.ratio = float64(r.cost.wall) / float64(yardstick.wall)
	r.cpuRatio = float64(r.cost.cpu) / float64(yardstick.cpu)
	for turn, s := range samples {
		ratio := float64(s.wall) / float64(by[turn].wall)
		if turn == 0 || ratio < r.lowRatio {
			r.lowRatio = ratio
		}
		r.highRatio = max(r.highRatio, ratio)
	}
	return r
}

func medians(samples []sample) sample {
	return sample{
		wall: medianOf(samples, func(s sample) time.Duration { return s.wall }),
		cpu:  medianOf(samples, func(s sample) time.Duration { return s.cpu }),
		peak: medianOf(samples, func(s sample) int64 { return s.peak }),
	}
}

// medianOf returns the median of a figure, the mean of the middle two where
// there is an even number.
func medianOf[S any, T time.Duration | int64 | float64](samples []S, figure func(S) T) T {
	values := make([]T, len(samples))
	for i, s := range samples {
		values[i] = figure(s)
	}
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// run runs a program once. Its output goes nowhere.
func (p program) run(ctx context.Context) (sample, error) {
	var s sample
	commands := make([]*exec.Cmd, len(p.pipe))
	complaints := make([]bytes.Buffer, len(p.pipe))
	var ends []*os.File
	closeEnds := func() {
		for _, f := range ends {
			f.Close()
		}
	}
	for i, argv := range p.pipe {
		commands[i] = exec.CommandContext(ctx, argv[0], argv[1:]...)
		commands[i].Stderr = &complaints[i]
		if i > 0 {
			r, w, err := os.Pipe()
			if err != nil {
				closeEnds()
				return s, fmt.Errorf("connect %s: %w", p.name, err)
			}
			commands[i-1].Stdout, commands[i].Stdin = w, r
			ends = append(ends, r, w)
		}
	}
	start := time.Now()
	started := 0
	var failed error
	for ; started < len(commands) && failed == nil; started++ {
		if failed = commands[started].Start(); failed != nil {
			break
		}
	}
	closeEnds() // the children have them; ours would keep the last from seeing the end
	for i, cmd := range commands[:started] {
		if err := cmd.Wait(); err != nil && failed == nil {
			failed = fmt.Errorf("%w: %s", err, strings.TrimSpace(complaints[i].String()))
		}
	}
	s.wall = time.Since(start)
	if failed != nil {
		return s, fmt.Errorf("run %s: %w", strings.Join(p.pipe[0], " "), failed)
	}
	for _, cmd := range commands {
		s.cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		s.peak = max(s.peak, peak(cmd.ProcessState))
	}
	return s, nil
}

package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// table is a Markdown table. Columns of figures are aligned to the right.
type table struct {
	header  []string
	figures int // the last columns that hold figures
	rows    [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(w io.Writer) {
	line := func(cells []string) { fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")) }
	fmt.Fprintln(w)
	line(t.header)
	rule := make([]string, len(t.header))
	for i := range rule {
		rule[i] = "---"
		if i >= len(rule)-t.figures {
			rule[i] = "--:"
		}
	}
	line(rule)
	for _, r := range t.rows {
		line(r)
	}
}

// measured is what was measured on a log.
type measured struct {
	log     log
	results []result
}

// writeReports writes what was measured on the logs of one size.
func writeReports(w io.Writer, logs []measured) {
	fmt.Fprintf(w, "\n%s entries.", thousands(logs[0].log.entries))
	for _, m := range logs {
		fmt.Fprintf(w, " %s: %s plain, %s gz.", m.log.kind, megabytes(m.log.plainSize), megabytes(m.log.gzipSize))
	}
	fmt.Fprintln(w, " Ratios are to the yardstick on the same log.")
	t := table{
		header:  []string{"log", "program", "file", "reading", "wall", "ratio", "in turns", "user+sys", "ratio", "entries/s", "peak RSS", "per entry"},
		figures: 8,
	}
	for _, m := range logs {
		for _, r := range m.results {
			t.add(m.log.kind, "`"+r.program.name+"`", r.program.input, r.program.reading,
				seconds(r.cost.wall), fmt.Sprintf("**%.2f**", r.ratio), fmt.Sprintf("%.2f to %.2f", r.lowRatio, r.highRatio),
				seconds(r.cost.cpu), fmt.Sprintf("%.2f", r.cpuRatio),
				thousands(int(math.Round(float64(m.log.entries)/r.cost.wall.Seconds()))),
				fmt.Sprintf("%.1f MiB", float64(r.cost.peak)/(1<<20)), fmt.Sprintf("%.1f B", float64(r.cost.peak)/float64(m.log.entries)))
		}
	}
	t.write(w)
}

// writeGrowth compares the logs of the smallest with those of the largest size,
// which are of the same kinds.
func writeGrowth(w io.Writer, small, large []measured) {
	few, many := small[0].log.entries, large[0].log.entries
	fmt.Fprintf(w, "\nGrowth from %s to %s entries (%d times).\n", thousands(few), thousands(many), many/few)
	t := table{header: []string{"log", "program", "file", "reading", "wall", "user+sys", "peak RSS per further entry"}, figures: 3}
	for i, m := range small {
		for j, r := range m.results {
			l := large[i].results[j]
			t.add(m.log.kind, "`"+r.program.name+"`", r.program.input, r.program.reading,
				fmt.Sprintf("%.2f", l.cost.wall.Seconds()/r.cost.wall.Seconds()),
				fmt.Sprintf("%.2f", l.cost.cpu.Seconds()/r.cost.cpu.Seconds()),
				fmt.Sprintf("%.1f B", float64(l.cost.peak-r.cost.peak)/float64(many-few)))
		}
	}
	t.write(w)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// thousands writes a number of at least 0 with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// machine names the machine by its cores and its memory.
func machine() string {
	s := fmt.Sprintf("%d cores", runtime.NumCPU())
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return s
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kib int64
		if n, _ := fmt.Sscanf(lines.Text(), "MemTotal: %d kB", &kib); n == 1 {
			return fmt.Sprintf("%s, %.0f GiB of memory", s, float64(kib)/(1<<20))
		}
	}
	return s
}

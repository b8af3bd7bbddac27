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

// writeReports writes the comparisons of one log.
func writeReports(w io.Writer, l log, results []result) {
	fmt.Fprintf(w, "\n%s entries: %s plain, %s gz.\n", thousands(l.entries), megabytes(l.plainSize), megabytes(l.gzipSize))
	t := table{
		header: []string{"program", "reading", "yardstick", "wall", "its wall", "ratio", "in turns", "user+sys", "its user+sys",
			"entries/s", "peak RSS", "per entry"},
		figures: 9,
	}
	for _, r := range results {
		t.add("`"+r.program.name+"`", r.program.reading, "`"+r.yardstick.name+"`",
			seconds(r.cost.wall), seconds(r.yardstickCost.wall), fmt.Sprintf("**%.2f**", r.ratio),
			fmt.Sprintf("%.2f to %.2f", r.lowRatio, r.highRatio), seconds(r.cost.cpu), seconds(r.yardstickCost.cpu),
			thousands(int(math.Round(float64(l.entries)/r.cost.wall.Seconds()))),
			fmt.Sprintf("%.1f MiB", float64(r.cost.peak)/(1<<20)), fmt.Sprintf("%.1f B", float64(r.cost.peak)/float64(l.entries)))
	}
	t.write(w)
}

// writeGrowth compares the smallest with the largest log.
func writeGrowth(w io.Writer, sizes []int, bySize [][]result) {
	few, many := sizes[0], sizes[len(sizes)-1]
	fmt.Fprintf(w, "\nGrowth from %s to %s entries (%d times).\n", thousands(few), thousands(many), many/few)
	t := table{header: []string{"program", "reading", "against", "wall", "user+sys", "peak RSS per further entry"}, figures: 3}
	for i, small := range bySize[0] {
		large := bySize[len(bySize)-1][i]
		t.add("`"+small.program.name+"`", small.program.reading, "`"+small.yardstick.name+"`",
			fmt.Sprintf("%.2f", large.cost.wall.Seconds()/small.cost.wall.Seconds()),
			fmt.Sprintf("%.2f", large.cost.cpu.Seconds()/small.cost.cpu.Seconds()),
			fmt.Sprintf("%.1f B", float64(large.cost.peak-small.cost.peak)/float64(many-few)))
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

package ui

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/klauspost/compress/gzip"

	"sqleuth/analysis/export"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/theme"
)

// hidden is what only the last entry of a real-shaped log holds.
const hidden = "needle in the haystack"

// realShaped writes a log of n entries like those of a real host, compressed if the
// name ends so, and behind them one that holds the hidden text.
func realShaped(b *testing.B, name string, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), name)
	if out, err := exec.Command("go", "run", "sqleuth/cmd/biglog", "-n", fmt.Sprint(n-1), "-o", path).CombinedOutput(); err != nil {
		b.Fatalf("write a large log: %v\n%s", err, out)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	const last = "2038-01-01T00:00:00.000000Z\t999999 Query\tSELECT '" + hidden + "'\n"
	if strings.HasSuffix(name, ".gz") {
		w := gzip.NewWriter(f)
		w.Write([]byte(last))
		err = w.Close()
	} else {
		_, err = f.WriteString(last)
	}
	if err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func openLog(b *testing.B, path string) Analysis {
	b.Helper()
	set, err := logfile.Open([]string{path}, logfile.Options{TempDir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { set.Close() })
	return NewAnalysis(set, pipeline.DefaultConfig(), export.Options{})
}

// loadedLog reads a log, without its models.
func loadedLog(b *testing.B, a Analysis) *pipeline.Snapshot {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var s *pipeline.Snapshot
	if _, err := a.Run(ctx, pipeline.DefaultParams(), nil, func(e pipeline.Event) {
		if f, ok := e.(pipeline.StageFinished); ok && f.Stage == pipeline.Load {
			s = f.Snapshot
			cancel()
		}
	}); s == nil {
		b.Fatal(err)
	}
	return s
}

// lookFor runs filters as the investigator does, and returns when their first
// hits were there and when all were. With stop it is cancelled that long after
// it began.
func lookFor(b *testing.B, s *pipeline.Snapshot, a Analysis, text string, stop time.Duration) (first, all time.Duration, hits int) {
	b.Helper()
	f, err := filter.Parse(text)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	q := query{snapshot: s, layers: []layer{{title: text, filter: f, on: true}}, text: a.Statements(&s.Log)}
	to, seen := make(chan tea.Msg, 1), make(chan struct{})
	began := time.Now()
	go func() {
		defer close(seen)
		for m := range to {
			if first == 0 && m.(filterFound).rows.Entries.Len() > 0 {
				first = time.Since(began)
			}
		}
	}()
	if stop > 0 {
		time.AfterFunc(stop, cancel)
	}
	last, err := q.run(ctx, to)
	all = time.Since(began)
	close(to)
	<-seen
	if err != nil && stop == 0 {
		b.Fatal(err)
	}
	if hits = last.rows.Entries.Len(); first == 0 && hits > 0 {
		first = all
	}
	return first, all, hits
}

// BenchmarkTextFilter looks for texts and expressions in real-shaped logs, plain
// and compressed, one five times as long as the other: how long it takes to the
// first hits, through the whole log, and from a cancel until the search has
// ended. What is frequent must be there as soon in the long log; the one hit of
// "last" is behind all other entries.
func BenchmarkTextFilter(b *testing.B) {
	for _, name := range []string{"general.log", "general.log.gz"} {
		for _, n := range []int{200_000, 1_000_000} {
			a := openLog(b, realShaped(b, name, n))
			s := loadedLog(b, a)
			if s.Len() != n {
				b.Fatalf("%d entries, want %d", s.Len(), n)
			}
			for _, c := range []struct{ name, text string }{
				{"frequent", "wp_options"},
				{"last", `"` + hidden + `"`},
				{"last-of-selects", `action:select "` + hidden + `"`},
				{"expression", `/user_(login|pass)\s*=/`},
				{"slow-expression", `/[a-z]+_[0-9]{3,}/i`},
			} {
				b.Run(fmt.Sprintf("%s/%d/%s", name, n, c.name), func(b *testing.B) {
					var first, all time.Duration
					for b.Loop() {
						f, whole, hits := lookFor(b, s, a, c.text, 0)
						if hits == 0 {
							b.Fatal("no hit")
						}
						first, all = first+f, all+whole
					}
					stop := all / time.Duration(2*b.N)
					late := make([]time.Duration, 5)
					for k := range late {
						_, ended, _ := lookFor(b, s, a, c.text, stop)
						late[k] = max(0, ended-stop)
					}
					slices.Sort(late)
					per := float64(b.N)
					b.ReportMetric(first.Seconds()*1e3/per, "ms-to-first-hit")
					b.ReportMetric(all.Seconds()*1e3/per, "ms-whole")
					b.ReportMetric(float64(all.Nanoseconds())/per/float64(n), "ns/entry")
					b.ReportMetric(late[len(late)/2].Seconds()*1e3, "ms-from-cancel")
					b.ReportMetric(0, "ns/op")
				})
			}
			b.Run(fmt.Sprintf("%s/%d/slash", name, n), func(b *testing.B) { searchAll(b, s, a) })
		}
	}
}

// searchAll looks with / for the text of the last entry.
func searchAll(b *testing.B, s *pipeline.Snapshot, a Analysis) {
	d := &driver{app: newApp(b.Context(), Config{Analysis: a, Theme: theme.Plain()}), answers: make(chan tea.Msg)}
	d.app.Update(tea.WindowSizeMsg{Width: 160, Height: 50})
	d.app.labels.book = label.NewBook(label.Set{})
	d.hear(message.Snapshot{Snapshot: s})
	d.pressed(globalKeys.Jump.Keys()[message.Entries])
	for b.Loop() {
		d.pressed("g")
		d.press("/")
		d.types(hidden)
		d.pressed("enter")
		if at := d.app.places.focus().Target.Text; !strings.Contains(at, "999999") {
			b.Fatalf("the search ended at %s", at)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(s.Len()), "ns/entry")
}

// BenchmarkColumnFilter runs filters that need no text over ten million entries
// as the investigator does, which beside the entries collects the connections:
// 100 ms are promised to the first hits.
func BenchmarkColumnFilter(b *testing.B) {
	s := grown(10_000_000)
	for _, text := range []string{columnFilter, "cmd:Query", "id:99990", "user:root cmd:Connect"} {
		b.Run(text, func(b *testing.B) {
			var first, all time.Duration
			for b.Loop() {
				f, whole, hits := lookFor(b, s, silent{}, text, 0)
				if hits == 0 {
					b.Fatal("no hit")
				}
				first, all = first+f, all+whole
			}
			b.ReportMetric(first.Seconds()*1e3/float64(b.N), "ms-to-first-hit")
			b.ReportMetric(all.Seconds()*1e3/float64(b.N), "ms-whole")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkKeyWhileFiltering measures how late a goroutine runs that wants to
// run every two milliseconds, as that of keys does, while all processors look
// through the text of a log: the median and the 99th percentile.
func BenchmarkKeyWhileFiltering(b *testing.B) {
	const every = 2 * time.Millisecond
	a := openLog(b, realShaped(b, "general.log", 200_000))
	s := loadedLog(b, a)
	for _, text := range []string{"wp_options", `/[a-z]+_[0-9]{3,}/i`} {
		b.Run(text, func(b *testing.B) {
			var late []time.Duration
			for b.Loop() {
				done := make(chan struct{})
				go func() {
					defer close(done)
					lookFor(b, s, a, text, 0)
				}()
				for running := true; running; {
					began := time.Now()
					select {
					case <-done:
						running = false
					case <-time.After(every):
						late = append(late, time.Since(began)-every)
					}
				}
			}
			slices.Sort(late)
			b.ReportMetric(late[len(late)/2].Seconds()*1e3, "late-ms")
			b.ReportMetric(late[(len(late)-1)*99/100].Seconds()*1e3, "late-p99-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

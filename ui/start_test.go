package ui

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/theme"
)

// screenful notes when the first picture, and the first one that counts entries,
// reach a terminal.
type screenful struct {
	began          time.Time
	mu             sync.Mutex
	written        strings.Builder
	frame, entries time.Duration
	counted        chan struct{} // closed when there are entries
}

var someEntries = regexp.MustCompile(`\b[1-9][0-9,]* entr(y|ies)\b`)

func (s *screenful) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries > 0 {
		return len(p), nil
	}
	s.written.Write(p)
	text := s.written.String()
	if s.frame == 0 && strings.Contains(text, "[Overview]") {
		s.frame = time.Since(s.began)
	}
	if someEntries.MatchString(text) {
		s.entries = time.Since(s.began)
		close(s.counted)
	}
	return len(p), nil
}

// BenchmarkStart starts the investigator on a compressed log, and measures how
// long it takes until the first picture is drawn and until one counts entries,
// the medians: 100 and 200 ms from the start of the process are promised, of
// which main takes a few before this. Neither may depend on the length of the
// log.
func BenchmarkStart(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		path := realShaped(b, "general.log.gz", n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var frame, entries []time.Duration
			for b.Loop() {
				f, e := start(b, path)
				frame, entries = append(frame, f), append(entries, e)
			}
			slices.Sort(frame)
			slices.Sort(entries)
			b.ReportMetric(frame[len(frame)/2].Seconds()*1e3, "ms-to-first-frame")
			b.ReportMetric(entries[len(entries)/2].Seconds()*1e3, "ms-to-first-entries")
			b.ReportMetric(0, "ns/op") // with the end of the run
		})
	}
}

func start(b *testing.B, path string) (frame, entries time.Duration) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	out := &screenful{began: time.Now(), counted: make(chan struct{})}
	in, keys := io.Pipe()
	defer keys.Close()
	a := newApp(ctx, Config{Analysis: openLog(b, path), Params: pipeline.DefaultParams(), Theme: theme.Plain(), Names: []string{path}})
	defer a.runs.wait()
	defer cancel()
	p := tea.NewProgram(a, tea.WithContext(ctx), tea.WithAltScreen(), tea.WithInput(in), tea.WithOutput(out))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.Run()
	}()
	p.Send(tea.WindowSizeMsg{Width: 120, Height: 40}) // a pipe has no size
	select {
	case <-out.counted:
	case <-time.After(patience):
		b.Fatal("no entries are shown")
	}
	p.Kill()
	<-ended
	return out.frame, out.entries
}

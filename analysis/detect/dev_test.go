package detect_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/reading"
)

func TestDev(t *testing.T) {
	log := capture(t)
	if p := os.Getenv("DEVLOG"); p != "" {
		log, _ = os.ReadFile(p)
	}
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		in := load(t, log, r)
		n := 0
		text := in.Text
		in.Text = func(i int) ([]byte, error) { n++; return text(i) }
		began := time.Now()
		found := run(t, in)
		fmt.Println(r, in.Entries.Len(), len(in.Templates), len(in.Rows), time.Since(began), "texts", n)
		for _, d := range found {
			nm := names(in, d.Connections)
			if len(nm) > 6 {
				nm = append(nm[:6:6], "...")
			}
			fmt.Println(time.UnixMicro(d.Time).UTC().Format("02 15:04:05"), d.Rule.ID, d.Severity, d.Count, nm, d.Summary)
		}
		for _, s := range detect.Stories(found) {
			fmt.Println("STORY", s.Host, s.Users, len(s.Steps), len(s.Connections))
		}
	}
}

package report

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
)

// TestStatementsOfIncidents holds that the text names the files and values that statements of
// an incident have, of a long one its end too, and nothing that a terminal acts on.
func TestStatementsOfIncidents(t *testing.T) {
	var log strings.Builder
	entry := func(second, id int, command, text string) {
		fmt.Fprintf(&log, "2024-05-01T08:01:%02d.000000Z\t%5d %s\t%s\n", second, id, command, text)
	}
	for i := range 20 {
		entry(i, 100+i, "Connect", "root@192.0.2.7 on  using TCP/IP")
		entry(i, 100+i, "Connect", "Access denied for user 'root'@'192.0.2.7' (using password: YES)")
	}
	entry(30, 200, "Connect", "root@192.0.2.7 on  using TCP/IP")
	entry(31, 200, "Query", "SELECT LOAD_FILE('/etc/pas\x1b[2J\u202eswd')")
	entry(32, 200, "Query", "SELECT 0x"+strings.Repeat("7f454c46", 100)+" INTO DUMPFILE '/usr/lib/mysql/plugin/udf.so'")
	entry(33, 200, "Query", "DROP TABLE "+strings.Repeat("ü", 200))
	entry(34, 200, "Quit", "")
	set, err := logfile.OpenBytes("general.log", []byte(log.String()), logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	s, err := pipeline.Run(context.Background(), pipeline.DefaultConfig(), set, nil, func(pipeline.Event) {})
	if err != nil || len(s.Incidents) != 1 {
		t.Fatalf("%d incidents, error %v", len(s.Incidents), err)
	}
	incidents := func(opt Options) string {
		got := text(t, s, opt)
		got = got[strings.Index(got, "Incidents: "):strings.Index(got, "Detections in order")]
		return strings.Join(strings.Fields(got), " ")
	}
	got := incidents(Options{Text: pipeline.NewText(set)})
	for _, want := range []string{`/etc/pas␛[2J\u202eswd`, "INTO DUMPFILE '/usr/lib/mysql/plugin/udf.so'"} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing has %q in %s", want, got)
		}
	}
	if strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }) {
		t.Errorf("not printable: %q", got)
	}
	if without := incidents(Options{}); strings.Contains(without, "udf.so") || !strings.Contains(without, "SELECT ? INTO DUMPFILE ?") {
		t.Errorf("without the text of the log there is %s", without)
	}
}

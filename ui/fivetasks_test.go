package ui

import (
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"testing"
	"time"

	"sqleuth/analysis/export"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/testdata"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/widget"
)

// task is a question of a responder. Its keys are pressed on the Overview, as it is when
// the log has been read, in a window of 80x24; then the patterns are on the screen.
type task struct {
	question string
	most     int // keys
	keys     map[string][]string
	seen     map[string][]string // regular expressions, by log
}

// The logs, and what is true of them: see the README of each.
const (
	wordpress = "wordpress-bruteforce"
	webapp    = "webapp-sqli"
	exposed   = "exposed-root"
	insider   = "slow-insider-and-noise"
)

// same are the same keys for all logs.
func same(keys ...string) map[string][]string {
	return map[string][]string{wordpress: keys, webapp: keys, exposed: keys, insider: keys}
}

var fiveTasks = []task{
	{"who got in", 1, same("enter"), map[string][]string{
		wordpress: {`Incident A, critical: root@127\.0\.0\.66, got in with 6 of 316 logins`},
		webapp:    {`Incident A, critical: velo_web@127\.0\.0\.40, SQL injection`},
		exposed:   {`Incident A, critical: root@127\.94\.33\.150, got in with 1 of 2 logins`},
		insider:   {`Incident A, critical: payroll_job from 5 hosts, got in with 15 of 106 logins`},
	}},
	{"when, and from where", 1, same("enter"), map[string][]string{
		wordpress: {`access +03-12 13:10:35`, `127\.0\.0\.66`},
		webapp:    {`injection +11-20 19:22:48`, `127\.0\.0\.40`},
		exposed:   {`access +02-08 22:14:00`, `127\.94\.33\.150`},
		insider:   {`access +06-19 16:46:08`, `payroll_job@127\.20\.3\.41 refused 2, in 7`},
	}},
	{"what was taken or destroyed", 3, same("enter", "end", "enter"), map[string][]string{
		wordpress: {`8 of 126,590 only incident:\w+/collection`, `03-12 13:16:28.* select \* from wp_users`, `select user_login, user_pass`, `mysql\.user`},
		webapp:    {`518 of 68,134 only incident:\w+/collection`, `11-20 19:32:39.* customers`},
		exposed:   {`10 of 35,936 only incident:\w+/destruction`, `DROP TABLE IF EXISTS .fleetbook.\..ap`, `DROP TABLE IF EXISTS .telemetry`},
		insider:   {`11 of 71,104 only incident:\w+/collection`, `select login,pw_hash`},
	}},
	{"which accounts were tried how often", 3, map[string][]string{
		wordpress: {"enter", "a"}, webapp: {"a"}, exposed: {"a"}, insider: {"enter", "a"},
	}, map[string][]string{
		wordpress: {`310 of 316 tries refused, 17 users, 1 host`, `root +55 +49 +6`, `wordpress +50 +50 +0`},
		webapp:    {`1 of 4,443 tries refused`, `velo_web +3,864 +0 +3,864`},
		exposed:   {`255 of 2,803 tries refused`, `root +205 +190 +14`, `mysql +23 +23 +0`},
		insider:   {`91 of 106 tries refused, 19 users, 5 hosts`, `incident A: 91 refused logins at 19 users from 5 hosts`, `payroll_job +28 +13 +15`},
	}},
	{"hand over the evidence", 5, same("1", "e", "enter"), map[string][]string{
		wordpress: {`files written to`, `316 labelled`}, webapp: {`files written to`, `685 labelled`},
		exposed: {`files written to`, `2 labelled`}, insider: {`files written to`, `106 labelled`},
	}},
}

// TestTheFiveTasks are done with few keys on logs that the program was not made for.
func TestTheFiveTasks(t *testing.T) {
	t.Parallel()
	for _, task := range fiveTasks {
		for name, keys := range task.keys {
			if len(keys) > task.most {
				t.Errorf("%s, %s: %d keys, at most %d", name, task.question, len(keys), task.most)
			}
		}
	}
	for _, name := range []string{wordpress, webapp, exposed, insider} {
		if testing.Short() && name != webapp {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doTasks(t, name)
		})
	}
}

func doTasks(t *testing.T, name string) {
	log := testdata.Incident
	if name != wordpress {
		var err error
		if log, err = os.ReadFile(filepath.Join("..", "testdata", name, "general.log.gz")); err != nil {
			t.Fatal(err)
		}
	}
	set, err := logfile.OpenBytes("general.log.gz", log, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	analysis := pipeline.DefaultConfig()
	analysis.Params.Keep = export.KeptTrees
	cfg := config(t)
	cfg.Params, cfg.Output, cfg.CaseDir = analysis.Params, io.Discard, ""
	cfg.Now = func() time.Time { return time.Date(2025, 6, 20, 9, 0, 0, 0, time.UTC) }
	cfg.Analysis = NewAnalysis(set, analysis, export.Options{Version: "test", Files: export.Evidence})
	s := begin(t, cfg, 80, 24)
	s.until(func(a *app) bool {
		return a.places.snapshot != nil && a.places.snapshot.Incidents != nil && a.places.snapshot.Ranking != nil && a.runs.cancel == nil
	})
	dir := filepath.Join(t.TempDir(), "evidence")
	for _, task := range fiveTasks {
		s.program.Send(message.Goto{Screen: message.Overview})
		for _, k := range task.keys[name] {
			if task.question == "hand over the evidence" && k == "enter" { // not into the folder of the test
				s.press(widget.PromptKeys().EraseLine)
				s.types(dir)
			}
			s.program.Send(screentest.Key(k))
		}
		for _, pattern := range task.seen[name] {
			s.shows(task.question, regexp.MustCompile(pattern))
		}
	}
	f, err := os.Open(filepath.Join(dir, "labels.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if want := map[string]int{wordpress: 316, webapp: 685, exposed: 2, insider: 106}[name]; err != nil || len(rows) != want+1 {
		t.Errorf("labels.csv has %d lines (%v), want %d", len(rows), err, want+1)
	}
	if _, err := os.Stat(filepath.Join(dir, "report.html")); err != nil {
		t.Error(err)
	}
	s.ends()
}

// shows waits until a pattern is on the screen.
func (s *story) shows(question string, pattern *regexp.Regexp) {
	s.Helper()
	var view string
	defer func() {
		if s.Failed() {
			s.Logf("%s: %q does not appear on\n%s", question, pattern, view)
		}
	}()
	s.until(func(a *app) bool {
		view = a.View()
		return pattern.MatchString(view)
	})

}

package filter

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
)

func completionLog(tb testing.TB) *Subject {
	tracker := connection.NewTracker()
	for i, login := range []string{"root@10.0.0.1 on shop", "Robot@10.0.0.2 on shop", "my user@::1 on ", "\x1b[2J@x on *"} {
		tracker.Observe(i, uint64(i+1), "Connect", []byte(login))
	}
	log := &Subject{Detections: []Detection{{Rule: "dump"}, {Rule: "dump"}}, Log: &loaded.Log{
		Commands: []string{"-", "Query", "Init DB"}, Actions: []string{"-", "SELECT", "SET"}, Templates: templates("3f2a", "beef"),
		Tables: []string{"-"}, Digests: []string{"-", "SELECT a FROM t WHERE b = ?", "root"}, Connections: tracker.View(),
	}}
	for i := range maxValues + 100 {
		log.Tables = append(log.Tables, fmt.Sprintf("t%05d", i))
	}
	log.Tables[5] = strings.Repeat("t", maxValueLength+1)
	return log
}

func TestComplete(t *testing.T) {
	c := NewCompleter(completionLog(t))
	for _, check := range []struct {
		text string
		want []string
	}{
		{"u", []string{"user:"}},
		{"T", []string{"table:", "template:", "time:"}},
		{"x (not -ifo", []string{"x (not -iforest>"}},
		{"a", []string{"action:", "anomaly>", "and "}},
		{"user:", []string{"user:-", `user:"\x1b[2J"`, `user:"my user"`, "user:Robot", "user:root"}[1:]},
		{"user:RO", []string{"user:Robot", "user:root"}},
		{"x or (-user:ro", []string{"x or (-user:Robot", "x or (-user:root"}},
		{`user:"my`, []string{`user:"my user"`}},
		{`user:"my user"`, nil},
		{"user:r*", nil},
		{"user:nobody", nil},
		{"nosuch:", nil},
		{"host::", []string{"host:::1"}},
		{"db:", []string{"db:-", `db:"*"`, "db:shop"}},
		{"cmd:i", []string{`cmd:"Init DB"`}},
		{"action:s", []string{"action:SELECT", "action:SET"}},
		{"template:3", []string{"template:3f2a"}},
		{"digest:select", []string{`digest:"SELECT a FROM t WHERE b = ?"`}},
		{"digest:48", []string{"digest:4813494d137e"}},
		{"label:", []string{"label:-", "label:attack", "label:get_user_table", "label:login_attack", "label:normal"}},
		{"detection:", []string{"detection:dump"}},
		{"table:t0009", []string{"table:t00090", "table:t00091", "table:t00092", "table:t00093", "table:t00094", "table:t00095", "table:t00096", "table:t00097", "table:t00098", "table:t00099"}},
		{"zzz", nil},
		{`"quoted us`, nil},
		{`"quoted" us`, []string{`"quoted" user:`}},
		{`"quoted"`, nil},
		{"/re us", nil},
		{"/re/i us", []string{"/re/i user:"}},
	} {
		got := c.Complete(check.text)
		slices.Sort(got)
		want := slices.Clone(check.want)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("Complete(%q) is %q, want %q", check.text, got, want)
		}
	}
	if got := c.Complete("x "); len(got) != len(fields) {
		t.Errorf("for a new word %q, want all %d fields", got, len(fields))
	}
	if got := c.Complete("table:"); len(got) != maxSuggestions {
		t.Errorf("%d suggestions, want the bound of %d", len(got), maxSuggestions)
	}
	for _, line := range c.Complete("table:t") {
		if _, err := Parse(line); err != nil || !printable(line) {
			t.Errorf("suggestion %q: %v", line, err)
		}
	}
}

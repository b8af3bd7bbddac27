package filter

import (
	"slices"
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	c := &Completer{values: map[string][]candidate{
		fieldUser:  candidates([]string{"root", "wordpress", "Backup"}),
		fieldTable: candidates([]string{"wp_users", "wp_posts"}),
	}}
	for text, want := range map[string]string{
		"wp_usres": "wp_users", "rot": "root", "backup": "", "no such text": "", "": "",
	} {
		if got, ok := c.NearestName(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, want %q", text, got, ok, want)
		}
	}
	for term, want := range map[string]string{
		"user:rot":       "user:root",
		"user:bakcup":    "user:Backup",
		"user:word":      "user:wordpress",
		"table:wp_usres": "table:wp_users",
		"user:root":      "", // it is in the log
		"user:nobody":    "",
		"user:ro*":       "",
		"host:rot":       "",
		"rot":            "",
	} {
		if got := c.Near(term, 1); len(got) > 1 || strings.Join(got, "") != want {
			t.Errorf("%s: %q, want %q", term, got, want)
		}
	}
	c.values[fieldUser] = candidates([]string{"payroll_job", "payroll", "paula", "portal"})
	if got, want := c.Near("user:payrol", 3), []string{"user:payroll", "user:payroll_job"}; !slices.Equal(got, want) {
		t.Errorf("near user:payrol are %q, want %q", got, want)
	}
}

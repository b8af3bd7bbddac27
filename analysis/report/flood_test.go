package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/reading"
	"sqleuth/analysis/suspicion"
)

// flood is a log of refused logins as many users from two hosts.
func flood(logins int) string {
	var b strings.Builder
	b.WriteString(banner)
	for i := range logins {
		host, at := "10.0.0.9", fmt.Sprintf("2024-05-01T08:%02d:%02d.%06dZ\t%5d Connect\t", i/600%60, i/10%60, i%10*100000, 100+i)
		if i%2 == 0 {
			host = "10.0.0.8"
		}
		fmt.Fprintf(&b, "%suser%d@%s on  using TCP/IP\n%sAccess denied for user 'user%d'@'%s' (using password: YES)\n", at, i%1000, host, at, i%1000, host)
	}
	return b.String()
}

// What makes reasons of refused logins of one host differ that are otherwise the same.
var (
	tryNumber = regexp.MustCompile(`failed login \d+ of`)
	userName  = regexp.MustCompile(`user\d+\b`)
)

func common(reasons []string) (list []string) {
	for _, r := range reasons {
		list = append(list, userName.ReplaceAllString(tryNumber.ReplaceAllString(r, "failed login of"), "user"))
	}
	return list
}

// In a flood of refused logins the same reasons are given once: each suspect has its own
// with those of the one that it is like, and each entry those of its connection, and
// these are all that there are.
func TestJSONFlood(t *testing.T) {
	s := loadText(t, reading.Correct, flood(2*suspicion.Shown))
	_, got := asJSON(t, s, Options{})
	texts := func(v any) (list []string) {
		for _, x := range v.([]any) {
			list = append(list, x.(string))
		}
		return list
	}
	shared := 0
	full, reasons := map[string][]string{}, s.Ranking.Reasons()
	_, place := s.Ranking.Listed()
	for i, v := range got["suspects"].([]any) {
		x := v.(map[string]any)
		conn, _ := s.Ranking.At(place(i))
		have, want := texts(x["reasons"]), reasons(conn)
		like, alike := x["like"].(string)
		if !alike {
			full[s.Connections.Name(int(conn))] = have
			if !slices.Equal(have, want) {
				t.Fatalf("suspect %d has the reasons %q, want %q", i+1, have, want)
			}
			continue
		}
		shared++
		others := slices.DeleteFunc(slices.Clone(full[like]), func(r string) bool { return strings.HasPrefix(r, "unlike") })
		all := slices.Concat(common(others), common(have))
		wanted := common(want)
		slices.Sort(all)
		slices.Sort(wanted)
		if !slices.Equal(all, wanted) {
			t.Fatalf("suspect %d has, with those of %s, the reasons\n%q, want\n%q", i+1, like, all, wanted)
		}
	}
	entryReasons, logins := s.Ranking.EntryReasons(), 0
	for i, v := range got["flagged"].([]any) {
		x := v.(map[string]any)
		entry, _ := s.Ranking.Entry(i)
		have, want := texts(x["reasons"]), entryReasons(entry)
		conn := s.Entries.Connection(entry)
		if x["like"] == nil && !slices.Equal(have, want) {
			t.Fatalf("entry %d has the reasons %q, want %q", entry+1, have, want)
		} else if x["like"] != nil {
			logins++
			if x["like"] != s.Connections.Name(int(conn)) || slices.ContainsFunc(want, func(r string) bool { return !slices.Contains(reasons(conn), r) }) {
				t.Fatalf("entry %d is said to have the reasons of %v, %q, has %q", entry+1, x["like"], reasons(conn), want)
			}
		}
	}
	if shared < suspicion.Shown/2 || logins < suspicion.Shown/2 {
		t.Errorf("%d suspects and %d entries have the reasons of others", shared, logins)
	}
}

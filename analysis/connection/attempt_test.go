package connection

import (
	"fmt"
	"slices"
	"testing"
)

// Attempts come in order of the log, also where a change of the user is noted long
// after it, and each is found again at its place.
func TestAttempts(t *testing.T) {
	v, _ := track([]event{
		{1, "Connect", "web@h on "},
		{1, "Change user", "root@h on "}, // whose outcome comes after that of connection 2's
		{2, "Connect", "ann@h on "},
		{2, "Change user", "adm@h on "},
		{2, "Query", "SELECT 1"},
		{3, "Query", "SELECT 1"}, // whose login is not in the log
		{4, "Connect", "eve@h on "},
		{4, "Connect", "Access denied for user 'eve'@'h' (using password: YES)"},
		{1, "Change user", "Access denied for user 'root'@'h' (using password: YES)"},
		{5, "Connect", "bob@h on "},
	})
	var got []string
	for p, a := range v.Attempts {
		got = append(got, fmt.Sprintf("%d of %d: %s %s", a.Entry, a.Connection, v.Text(a.User), a.Outcome))
		if again := v.Attempt(p); again != a {
			t.Errorf("at the place of %+v is %+v", a, again)
		}
	}
	want := []string{
		"0 of 0: web accepted", "1 of 0: root denied", "2 of 1: ann accepted", "3 of 1: adm accepted", "6 of 3: eve denied", "9 of 4: bob no outcome logged",
	}
	if !slices.Equal(got, want) {
		t.Errorf("attempts\n%q, want\n%q", got, want)
	}
	for n := range want {
		seen := 0
		for range v.Attempts {
			if seen++; seen > n {
				break
			}
		}
		if seen != n+1 {
			t.Errorf("%d attempts were given to a loop that ends after %d", seen, n+1)
		}
	}
}

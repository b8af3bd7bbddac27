package handover

import (
	"os"
	"strings"
	"testing"
)

// How many logins were refused before somebody got in is reported, not how many in all;
// and that somebody got in is certain only where the log goes on behind the login.
func TestLogins(t *testing.T) {
	sample, err := os.ReadFile("../../testdata/mysql56/general.log")
	if err != nil {
		t.Fatal(err)
	}
	guessed := func(then func(w *writer)) string {
		w := &writer{}
		for range 40 {
			w.connection("shop@198.51.100.20", "SELECT name, price FROM products WHERE id = 17")
		}
		for range 30 {
			w.refused("root", "203.0.113.9")
		}
		then(w)
		for range 5 {
			w.refused("root", "203.0.113.9")
		}
		return w.String()
	}
	for what, c := range map[string]struct {
		log  string
		want []string
	}{
		"statements": {string(sample), []string{
			"Somebody logged in to the server as `root` from `127.0.0.66` after 34 refused logins (26 more were refused later) and sent statements.",
			"| Did logins of an incident get in? | 2 logins of incident A got past the password: the log goes on with what was sent | certain |",
		}},
		"no statement": {guessed(func(w *writer) { w.connection("root@203.0.113.9") }), []string{
			"Somebody logged in to the server as `root` from `203.0.113.9` after 30 refused logins (5 more were refused later). No statement followed.",
			"That the logins were tried is certain",
			"| Did logins of an incident get in? | 1 login of incident A got past the password: the log goes on with what was sent | certain |",
		}},
		"nothing": {guessed(func(w *writer) {
			w.minute++
			w.id++
			w.entry("Connect", "root@203.0.113.9 on  using TCP/IP")
		}), []string{
			"A login to the server as `root` from `203.0.113.9` was not refused after 30 refused logins (5 more were refused later). Nothing is behind it in this log.",
			"| Did logins of an incident get in? | 1 login was not refused, and sent nothing that the log has (incident A) | probable |",
		}},
		"none": {guessed(func(*writer) {}), []string{
			"None got in, as far as the log shows.",
			"| Did logins of an incident get in? | no login of an incident got past the password | as far as this log goes |",
		}},
	} {
		s, text := analyse(t, c.log)
		_, marked := both(t, s, text)
		for _, want := range c.want {
			if !strings.Contains(marked, want) {
				t.Errorf("%s: the report lacks %q:\n%s", what, want, marked[:min(len(marked), 1200)])
			}
		}
	}
}

// Red is only what is of incidents, however few, so that one entry of an hour does not
// make an attack of it.
func TestTimelineShare(t *testing.T) {
	h := hours{0, 3_600_000_000, []int{1000, 500, 200, 0}, []int{0, 1, 200, 0}, [][]string{nil, {"A"}, {"A"}, nil}}
	p := h.picture()
	for i, want := range []Bar{{H: 118}, {H: 59, H2: leastPart}, {H: 23.6, H2: 23.6}} {
		if got := p.Bars[i]; got.H != want.H || got.H2 != want.H2 || got.Y2+got.H2 != float64(p.Base) {
			t.Errorf("bar %d is %+v, want %+v", i, got, want)
		}
	}
	h = hours{0, 3_600_000_000, []int{7}, []int{0}, [][]string{nil}}
	if p = h.picture(); strings.Contains(p.Note, "red") {
		t.Errorf("nothing is red: %s", p.Note)
	}
}

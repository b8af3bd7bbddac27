package handover

import (
	"regexp"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/redact"
	"sqleuth/analysis/rule"
)

// injected is a log of an application that writes down where failed logins come from.
// Its search is injected into from one address; before makes that one an honest
// customer's too, days before.
func injected(before bool) string {
	const address = "203.0.113.77"
	w := &writer{}
	search := func(text string) string {
		return "SELECT id, name FROM products WHERE active = 1 AND name LIKE '%" + text + "%' ORDER BY name"
	}
	failure := func(address string) string {
		return "INSERT INTO login_failures (email, addr) VALUES ('a', '" + address + "')"
	}
	for day := range 3 {
		for k := range 60 {
			w.connection("shop@10.0.0.5", search("lamp"), "SELECT id FROM customers WHERE email = 'x'")
			if k%10 == 0 {
				w.connection("shop@10.0.0.5", failure("198.51.100.4"))
			}
			if day == 0 && k == 5 && before {
				w.connection("shop@10.0.0.5", failure(address))
			}
		}
		w.minute += 1300
	}
	for range 12 {
		w.connection("shop@10.0.0.5", search("x' UNION ALL SELECT email, pw_hash FROM customers -- "), failure(address))
	}
	w.connection("shop@10.0.0.5", search("o' UNION SELECT login, pw_hash FROM staff -- "), failure("198.51.100.4"))
	return w.String()
}

// Numbers that the application noted afterwards are not in a redacted report.
func TestNotedNumbersAreHidden(t *testing.T) {
	log := strings.ReplaceAll(injected(false), "INSERT INTO login_failures (email, addr) VALUES ('a',", "INSERT INTO search_log (term, hits, addr) VALUES ('a', 471,")
	s, text := analyse(t, log)
	if _, marked := both(t, s, text); !strings.Contains(marked, "`search_log.hits` = 471") {
		t.Fatalf("the number is not noted: nothing is tested:\n%.3000s", marked)
	}
	hidden := redact.New([]byte("key"), redact.What{Literals: true})
	hidden.Learnt()
	d, err := Build(t.Context(), s, text, Options{Version: "test", Redact: hidden})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := Markdown(&out, d); err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile(`\b471\b`).MatchString(out.String()) || !strings.Contains(out.String(), "`search_log.hits` = …") {
		t.Errorf("the number is shown:\n%s", out.String())
	}
}

// Each number that an application noted leads to the entries that it is from, or is
// hidden; what is no such number is not cut, whatever names are in it.
func TestSignOfAnOutcome(t *testing.T) {
	hidden := redact.New([]byte("key"), redact.What{Literals: true})
	hidden.Learnt()
	missing := incident.After{Kind: incident.Listed, Entries: []uint32{3}, Then: []uint32{6}, Words: "a client's list of the tables of a = b afterwards (entry 7) still has all that were to be dropped"}
	noted := incident.After{Kind: incident.Noted, Entries: []uint32{3, 8}, Then: []uint32{4, 9}, Column: "a = b.hits", Others: 1,
		Values: []incident.Value{{Number: "471", Times: 2, Entry: 3, Then: 4}, {Number: "0", Times: 1, Entry: 8, Then: 9}}}
	for _, c := range []struct {
		r    *redact.Redactor
		a    incident.After
		want string
	}{
		{nil, missing, missing.Words + " (E1, then E2)"}, {hidden, missing, missing.Words + " (E1, then E2)"},
		{nil, noted, "the application then noted a = b.hits = 471 (2 times: E1, then E2), 0 (1 time: E3, then E4) and 1 other number"},
		{hidden, noted, "the application then noted a = b.hits = … (E1, then E2)"},
	} {
		var got strings.Builder
		for _, s := range (&builder{opt: Options{Redact: c.r}, cited: map[uint32]int{}}).sign(c.a) {
			got.WriteString(s.Text)
		}
		if got.String() != c.want {
			t.Errorf("%q, want %q", got.String(), c.want)
		}
	}
}

// The statement that a detection quotes is found behind who sent it, whose name may read
// like all of it.
func TestSummaryQuotesTheStatement(t *testing.T) {
	const name = "asked for t: SELECT 'Ulm'"
	hidden := redact.New([]byte("key"), redact.What{Literals: true, Users: true})
	hidden.LearnUser(name)
	hidden.Learnt()
	shown := redact.New([]byte("key"), redact.What{Literals: true})
	shown.Learnt()
	for _, r := range []*redact.Redactor{nil, hidden, shown} {
		d := detect.Detection{Before: name + "@h ", What: name, After: " (2 entries in 1 connection)"}
		d.Summary = d.Before + d.What + d.After
		if r != nil {
			d.What = "asked for it: SELECT 'Ulm'"
		}
		out := redactSpans(r, (&builder{opt: Options{Redact: r}}).summary(&d))
		var quoted, text string
		for _, s := range out {
			if text += s.Text; s.Kind == Quoted && !s.mixed {
				quoted = s.Text
			}
		}
		if want := r.Statement("SELECT 'Ulm'"); quoted != want || r == nil && text != d.Summary || r != nil && strings.Contains(strings.Replace(text, name, "", 1), "Ulm") {
			t.Errorf("%q quotes %q, want %q", text, quoted, want)
		}
	}
}

// The address that an application wrote down beside injected statements is named, and
// to be blocked only where it has no honest traffic.
func TestVisitor(t *testing.T) {
	for _, before := range []bool{false, true} {
		s, text := analyse(t, injected(before))
		if len(s.Incidents) == 0 || s.Incidents[0].Actor.Kind != incident.Account || s.Incidents[0].Severity < rule.High {
			t.Fatalf("no grave incident of an account: %+v", s.Incidents)
		}
		_, marked := both(t, s, text)
		if !strings.Contains(marked, "the application itself wrote down the address `203.0.113.77`, probably the visitor's (12 entries") || !strings.Contains(marked, "1 other address less often") {
			t.Errorf("the visitor is not named:\n%.3000s", marked)
		}
		blocks := ""
		for _, line := range strings.Split(marked, "\n") {
			if strings.Contains(line, "to block at the web server") {
				blocks = line
			}
		}
		if before == strings.Contains(blocks, "203.0.113.77") || strings.Contains(blocks, "198.51.100.4") {
			t.Errorf("honest before: %v, to block: %q", before, blocks)
		}
		if !strings.Contains(marked, "**Do not lock** `shop`") || strings.Contains(marked, "Addresses to block:") {
			t.Error("the application's account or host is named for locking or blocking")
		}
		page, _ := both(t, s, text)
		checkHTML(t, page)
		checkMarkdown(t, marked)
	}
}

func TestNear(t *testing.T) {
	times := []int64{0, 4 * series}
	for at, want := range map[int64]bool{0: true, series: true, series + 1: false, 3*series - 1: false, 3 * series: true, 5*series + 1: false} {
		if near(times, at) != want {
			t.Errorf("near %d: %v", at, !want)
		}
	}
}

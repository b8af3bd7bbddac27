package integrity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/integrity"
	"sqleuth/analysis/rule"
)

// The gravest kind comes first, whatever the order of the log, and a kind that
// occurs more than once is counted together.
func TestTallies(t *testing.T) {
	r := integrity.Report{Findings: []integrity.Finding{
		{Kind: integrity.Restarted, Severity: rule.Context, Count: 2},
		{Kind: integrity.Forged, Severity: rule.Medium, Count: 0},
		{Kind: integrity.Silence, Severity: rule.Low, Count: 1},
		{Kind: integrity.MissingIDs, Severity: rule.Low, Count: 1200},
		{Kind: integrity.Forged, Severity: rule.High, Count: 3},
	}}
	var got []string
	for _, tally := range r.Tallies() {
		got = append(got, tally.Severity.String()+" "+tally.String())
	}
	if want := "[high 4 possible forged entries low 1200 missing ids low 1 silence context 2 restarts]"; fmt.Sprint(got) != want {
		t.Errorf("tallies %v, want %s", got, want)
	}
	for k := integrity.Damaged; k <= integrity.OpenEnded; k++ {
		one, many := integrity.Tally{Kind: k, Count: 1}.String(), integrity.Tally{Kind: k, Count: 2}.String()
		if len(one) < 5 || len(many) < 5 || one[2:] == many[2:] {
			t.Errorf("%s is counted as %q and %q", k, one, many)
		}
	}
}

// Each entry that may be forged knows the statement whose text it may be, also
// where more are found than are listed.
func TestEmbedded(t *testing.T) {
	j := quiet(bannerMaria)
	for k := range 150 {
		j.id++
		j.visit("SELECT '" + header(since(j)+50*time.Microsecond, 900_000+1000*k, "Connect\troot@10.0.0.1 on  using TCP/IP'"))
	}
	j.visits(1)
	in := load(t, j.String())
	r := examine(t, in)
	if len(r.Embedded) != 150 {
		t.Fatalf("%d of 150 runs", len(r.Embedded))
	}
	forged := map[int]int{} // opener, by entry inside
	for i := range in.Entries.Len() {
		if text, _ := in.text(i); strings.HasPrefix(string(text), "SELECT '") {
			forged[i], forged[i+1] = i, i
		}
	}
	for i := range in.Entries.Len() {
		e, ok := r.EmbeddedAt(i)
		opener, want := forged[i]
		if ok != want || ok && (e.Opener != opener || e.Last != opener+1) {
			t.Errorf("entry %d: %v, %v; want opener %d, %v", i, e, ok, opener, want)
		}
	}
}

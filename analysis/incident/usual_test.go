package incident_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/principal"
)

// findUsual is findKnown where something was declared normal.
func findUsual(t *testing.T, s *script, said ...principal.Usual) string {
	t.Helper()
	snap := analyse(t, []byte(inOrder(s.String())))
	known := snap.History.WithUsual(said)
	detections, err := detect.WithUsual(context.Background(), snap.Detections, &snap.Log, known)
	if err != nil {
		t.Fatal(err)
	}
	list, err := incident.Find(context.Background(), incident.In{Log: &snap.Log, Detections: detections, History: known})
	if err != nil {
		t.Fatal(err)
	}
	return describe(snap, list)
}

// TestUsual holds that what was declared normal is in no incident, and that the others are
// as they would be without it: nothing of it is added to theirs.
func TestUsual(t *testing.T) {
	const host = "192.0.2.7"
	strays := func(s *script) {
		for k := range 16 {
			guesses(s.at(time.Duration(k)*4*time.Hour), fmt.Sprintf("203.0.113.%d", k+1), 1+k%3, "root", "test", "mysql")
		}
	}
	for name, c := range map[string]struct {
		others, own func(*script)
		said        principal.Usual
	}{
		"a host that guesses, among strays": {strays,
			func(s *script) { guesses(s.at(noon), host, 30, "root") }, principal.Usual{Host: host}},
		"a host that guesses and gets in, among strays": {strays, func(s *script) {
			guesses(s.at(noon), host, 30, "root")
			s.login("root@"+host, "shop", theft...)
		}, principal.Usual{Host: host}},
		"an account, beside others that its host guesses at": {
			func(s *script) { guesses(s.at(noon), host, 30, "admin") },
			func(s *script) { guesses(s.at(noon+time.Hour), host, 30, "root") }, principal.Usual{User: "root", Host: host}},
	} {
		t.Run(name, func(t *testing.T) {
			without, with := ordinary(), ordinary()
			c.others(without)
			c.others(with)
			c.own(with)
			want := findUsual(t, without)
			if want == "" {
				t.Fatal("the others are no incident")
			}
			if all := findUsual(t, with); !strings.Contains(all, host) || all == want {
				t.Fatalf("without a word it is no other incident:\n%s", all)
			}
			if got := findUsual(t, with, c.said); got != want {
				t.Errorf("incidents:\n%swant\n%s", got, want)
			}
		})
	}
}

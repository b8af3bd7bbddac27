package detect_test

import (
	"encoding/csv"
	"os"
	"slices"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/reading"
)

// labels reads the true classes of the incident by connection.
func labels(t *testing.T) map[string]string {
	t.Helper()
	f, err := os.Open("../../testdata/wordpress-bruteforce/labels.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	classes := map[string]string{}
	for _, r := range records[1:] {
		classes[r[0]] = r[1]
	}
	return classes
}

// The incident holds an attack, and backups, a report, a newsletter, an
// administrator and a pool with an old password, which look like one.
func TestIncident(t *testing.T) {
	classes := labels(t)
	var all, thefts []string
	for name, class := range classes {
		all = append(all, name)
		if class == "get_user_table" {
			thefts = append(thefts, name)
		}
	}
	slices.Sort(all)
	slices.Sort(thefts)
	log := capture(t)
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		in := load(t, log, r)
		found := run(t, in)
		loud := map[string][]string{} // connections of detections from high on, by rule
		var reads, dumps []string
		for _, d := range found {
			conns := names(in, d.Connections)
			if d.Severity >= detect.High {
				loud[d.Rule.ID] = append(loud[d.Rule.ID], conns...)
			}
			switch d.Rule.ID {
			case "D6":
				reads = append(reads, conns...)
			case "D7":
				dumps = append(dumps, conns...)
			}
			if !slices.IsSorted(d.Entries) || len(d.Entries) > detect.MaxEntries || d.Time.Micros > d.Last.Micros || d.Summary == "" || d.What == "" {
				t.Errorf("%s: %s has unordered or missing evidence: %+v", r, d.Rule.ID, d)
			}
		}
		for rule, conns := range loud {
			for _, c := range conns {
				if classes[c] == "" {
					t.Errorf("%s: %s of connection %s, which is normal, is rated high", r, rule, c)
				}
			}
		}
		slices.Sort(loud["D6"])
		if !slices.Equal(loud["D6"], thefts) {
			t.Errorf("%s: user tables read by %v, want %v", r, loud["D6"], thefts)
		}
		// The backups are found, and rated low.
		if len(reads) <= len(thefts) || r == reading.Correct && len(dumps) <= len(loud["D7"]) {
			t.Errorf("%s: reads %v, dumps %v: the backups are missing", r, reads, dumps)
		}

		stories := detect.Stories(found)
		if len(stories) != 1 {
			t.Fatalf("%s: %d stories, want the attack", r, len(stories))
		}
		told := names(in, stories[0].Connections)
		slices.Sort(told)
		if !slices.Equal(told, all) {
			t.Errorf("%s: the story has %d connections, want the %d that are labelled", r, len(told), len(all))
		}
		if again := run(t, in); len(again) != len(found) {
			t.Errorf("%s: another run gives %d detections, not %d", r, len(again), len(found))
		} else {
			for i := range again {
				if again[i].Summary != found[i].Summary || again[i].Time != found[i].Time {
					t.Errorf("%s: another run gives %q, not %q", r, again[i].Summary, found[i].Summary)
				}
			}
		}
	}
}

func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range detect.Rules() {
		if rule.ID == "" || rule.Name == "" || rule.What == "" || len(rule.Techniques) == 0 || seen[rule.ID] {
			t.Errorf("incomplete or doubled rule %+v", rule)
		}
		seen[rule.ID] = true
		for _, technique := range rule.Techniques {
			if technique.ID == "" || technique.Old == "" || technique.Name == "" {
				t.Errorf("rule %s has an incomplete technique %+v", rule.ID, technique)
			}
		}
	}
}

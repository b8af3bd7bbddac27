package filter

import (
	"testing"
	"time"

	"sqleuth/analysis/store"
)

// A moment ends where the next one of its unit begins.
func TestMomentEnds(t *testing.T) {
	for text, next := range map[string]string{
		"2024":                       "2025",
		"2024-02":                    "2024-03",
		"2025-12":                    "2026-01",
		"2024-02-29":                 "2024-03-01",
		"2025-03-12T23":              "2025-03-13T00",
		"2025-03-12T13:59":           "2025-03-12T14:00",
		"2025-03-12T13:05:59":        "2025-03-12T13:06:00",
		"2025-03-12T13:05:09.9":      "2025-03-12T13:05:10.0",
		"2025-03-12T13:05:09.000099": "2025-03-12T13:05:09.000100",
		"9999":                       "9999-12-31T23:59:59.999999", // within a microsecond
	} {
		m, err := parseMoment(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		n, err := parseMoment(next)
		if err != nil {
			t.Fatal(err)
		}
		if want := n.start; m.end() != want && !(text == "9999" && m.end() == want+1) {
			t.Errorf("%s ends at %s, want %s", text, time.UnixMicro(m.end()).UTC(), n)
		}
		if m.String() != text {
			t.Errorf("%s is written %s", text, m)
		}
	}
}

// TestUntimed: the filter of entries without a time finds them, and no other, as
// does that of a minute that is not known.
func TestUntimed(t *testing.T) {
	log, _ := testLog(t, 3000, 1)
	for _, text := range []string{Untimed, Minute(store.Unknown), Minute(store.Moment{Micros: 5, Before: true})} {
		sel := run(t, log, mustParse(t, text))
		if got, want := sel.Len(), log.Entries.Untimed(); got != want {
			t.Errorf("%s finds %d entries, %d have no time", text, got, want)
		}
	}
	for _, text := range []string{"time:..2025-03-12T14", "time:0001..", "time:1970"} {
		for i := range run(t, log, mustParse(t, text)).All() {
			if log.Entries.Time(i) == store.NoTime {
				t.Fatalf("%s finds entry %d, which has no time", text, i)
			}
		}
	}
	if got, want := Minute(store.At(1741784400_000000)), "time:2025-03-12T13:00"; got != want {
		t.Errorf("the filter of a minute is %s, want %s", got, want)
	}
}

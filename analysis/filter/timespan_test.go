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
		for i := range run(t, log, mustParse(t, text)).From(0) {
			if log.Entries.Time(i) == store.NoTime {
				t.Fatalf("%s finds entry %d, which has no time", text, i)
			}
		}
	}
	if got, want := Minute(store.At(1741784400_000000)), "time:2025-03-12T13:00"; got != want {
		t.Errorf("the filter of a minute is %s, want %s", got, want)
	}
}

// TestBetween: the filter of a span of time is as coarse as it can be, and holds for it
// alone.
func TestBetween(t *testing.T) {
	at := func(text string) int64 {
		m, err := parseMoment(text)
		if err != nil {
			t.Fatal(err)
		}
		return m.start
	}
	for _, c := range []struct{ from, to, want string }{
		{"2025-03-12T13", "2025-03-12T14", "time:2025-03-12T13"},
		{"2025-03-12T12", "2025-03-12T15", "time:2025-03-12T12..2025-03-12T14"},
		{"2025-03-12T13:05", "2025-03-12T13:10", "time:2025-03-12T13:05..2025-03-12T13:09"},
		{"2025-03-12", "2025-03-13", "time:2025-03-12"},
		{"1969-12-30", "1970-01-02", "time:1969-12-30..1970-01-01"},
		{"2025-03-12T13:05:00.1", "2025-03-12T13:05:00.2", "time:2025-03-12T13:05:00.1"},
	} {
		got := Between(at(c.from), at(c.to))
		if got != c.want {
			t.Errorf("from %s to %s: %s, want %s", c.from, c.to, got, c.want)
		}
		if from, to, err := Period(mustParse(t, got).root.(timeTerm).text()); err != nil || from != at(c.from) || to != at(c.to) {
			t.Errorf("%s is from %d to %d, %v", got, from, to, err)
		}
	}
}

// text is the term as Period takes it.
func (t timeTerm) text() string {
	t.single = false
	return string(t.appendText(nil, tight))[len("time:"):]
}

// TestLeapDay: a term of every year is of no other day in years that lack its own.
func TestLeapDay(t *testing.T) {
	at := func(text string) int64 {
		m, _ := parseMoment(text)
		return m.start
	}
	for text, want := range map[string]int{"time:02-29": 1, "time:02-28..02-29": 3, "time:12-31..01-01": 3} {
		got := 0
		for _, s := range mustParse(t, text).root.(timeTerm).spans(at("2023-02-01"), at("2024-12-31T23")) {
			for day := at("2023-02-01"); day < at("2025-01-01"); day += 24 * 3600e6 {
				if s.holds(day) {
					got++
				}
			}
		}
		if got != want {
			t.Errorf("%s holds on %d days, want %d", text, got, want)
		}
	}
}

// TestFindTime: what is left out of a time is taken from where one is in the log, or
// from where the log has it.
func TestFindTime(t *testing.T) {
	at := func(text string) int64 {
		m, err := parseMoment(text)
		if err != nil {
			t.Fatal(err)
		}
		return m.start
	}
	earliest, latest := at("2024-11-19T05:40"), at("2025-01-22T03:13")
	for _, c := range []struct{ text, near, want string }{
		{"2024-11-20 13:06", "2024-11-21", "2024-11-20T13:06"},
		{"2020", "2024-11-21", "2020-01-01"},
		{"13:06", "2024-11-21T01", "2024-11-21T13:06"},
		{"01:06", "2024-11-19T23", "2024-11-20T01:06"}, // before the log
		{"13:06", "2025-01-22T01", "2024-11-19T13:06"}, // behind it
		{"11-20 13:06:09.5", "2025-01-02", "2024-11-20T13:06:09.5"},
		{"01-05", "2024-12-31", "2025-01-05"},
		{"07-05", "2024-12-31", "2024-07-05"}, // nowhere
	} {
		got, err := FindTime(c.text, earliest, latest, at(c.near))
		if err != nil || got != at(c.want) {
			t.Errorf("%s near %s is %s, %v, want %s", c.text, c.near, time.UnixMicro(got).UTC(), err, c.want)
		}
	}
	if _, err := FindTime("noon", earliest, latest, earliest); err == nil {
		t.Error("noon is a time")
	}
}

// TestCompleteTime offers days of the log, hours of a day, and parts of an hour.
func TestCompleteTime(t *testing.T) {
	m, _ := parseMoment("2024-11-19T05:40")
	n, _ := parseMoment("2024-11-21T03:13")
	for _, c := range []struct {
		typed, first, last string
		n                  int
	}{
		{"", "2024-11-19", "2024-11-21", 3},
		{"2024-11-2", "2024-11-20", "2024-11-21", 2},
		{"2024-11-19T", "2024-11-19T05", "2024-11-19T23", 19},
		{"2024-11-21 0", "2024-11-21 00", "2024-11-21 03", 4},
		{"2024-11-19T05", "2024-11-19T05:40", "2024-11-19T05:50", 2},
		{"2024-11-21T03:", "2024-11-21T03:00", "2024-11-21T03:10", 2},
		{"2024-11-20T12:3", "2024-11-20T12:30", "2024-11-20T12:30", 1},
		{"11-20T", "", "", 0},
		{"x", "", "", 0},
		{"2023", "", "", 0},
	} {
		list := CompleteTime(c.typed, m.start, n.start)
		if len(list) != c.n || c.n > 0 && (list[0] != c.first || list[c.n-1] != c.last) {
			t.Errorf("%q may become %q, want %d from %s to %s", c.typed, list, c.n, c.first, c.last)
		}
	}
}

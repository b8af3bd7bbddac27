package integrity_test

import (
	"slices"
	"testing"

	"sqleuth/analysis/integrity"
	"sqleuth/analysis/store"
)

// untime takes the times of the chosen entries away.
func (in *input) untime(chosen func(i int) bool) {
	var c store.Columns
	for i := range in.Entries.Len() {
		e := in.Entries.At(i)
		if chosen(i) {
			e.Time = store.NoTime
		}
		c.Append(e)
	}
	in.Entries = c.View()
}

func kinds(r integrity.Report) (list []integrity.Kind) {
	for _, f := range r.Findings {
		list = append(list, f.Kind)
	}
	return list
}

// TestUntimedEntries: entries without a time are neither a copy nor silences,
// and hide none of those that there are.
func TestUntimedEntries(t *testing.T) {
	if testing.Short() {
		t.Skip("reads the capture twice, four times")
	}
	log := capture(t, "wordpress-bruteforce/general.log.gz")
	want := kinds(examine(t, load(t, log, log)))
	if !slices.Contains(want, integrity.Copied) {
		t.Fatal("a log that is there twice is no copy")
	}
	for _, tt := range []struct {
		name   string
		chosen func(second int) func(i int) bool
		want   func(k integrity.Kind) bool
	}{
		{"at the beginning of each file", func(second int) func(int) bool {
			return func(i int) bool { return i < 50 || i >= second && i < second+50 }
		}, func(integrity.Kind) bool { return true }},
		{"everywhere", func(int) func(int) bool {
			return func(int) bool { return true }
		}, func(k integrity.Kind) bool { return k != integrity.Copied && k != integrity.Silence }},
	} {
		in := load(t, log, log)
		in.untime(tt.chosen(in.Entries.Len() / 2))
		r := examine(t, in)
		left := slices.DeleteFunc(slices.Clone(want), func(k integrity.Kind) bool { return !tt.want(k) })
		if got := kinds(r); !slices.Equal(got, left) {
			t.Errorf("%s: found %v, want %v", tt.name, got, left)
		}
		for _, f := range r.Findings {
			if f.First >= 0 && f.Time != in.Moment(f.First) {
				t.Errorf("%s: %v at %v, entry %d is of %v", tt.name, f.Kind, f.Time, f.First, in.Moment(f.First))
			}
		}
	}
}

package store

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestUntimed compares what views return about entries without a time with a plain
// look at all of them, also of views that were taken while the log grew.
func TestUntimed(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, share := range []float64{0, 0.01, 0.5, 0.9, 1} {
		var c Columns
		var times []int64
		views := []View{c.View()}
		for range 300 {
			at := int64(NoTime)
			if rng.Float64() >= share {
				at = rng.Int64N(1000) - 500
			}
			times = append(times, at)
			c.Append(Entry{Time: at})
			views = append(views, c.View())
		}
		for n, v := range views {
			checkUntimed(t, v, times[:n])
		}
	}
}

func checkUntimed(t *testing.T, v View, times []int64) {
	t.Helper()
	known := slices.DeleteFunc(slices.Clone(times), func(t int64) bool { return t == NoTime })
	lo, hi, ok := v.Times()
	if ok != (len(known) > 0) || ok && (lo != slices.Min(known) || hi != slices.Max(known)) {
		t.Fatalf("times %d to %d, %v, of %v", lo, hi, ok, known)
	}
	if got, want := v.Untimed(), len(times)-len(known); got != want {
		t.Fatalf("%d entries without a time, want %d", got, want)
	}
	last := -1
	for i := 0; i <= len(times); i++ {
		if got, ok := v.TimedBefore(i); ok != (last >= 0) || ok && got != last {
			t.Fatalf("before %d: %d, %v, want %d", i, got, ok, last)
		}
		if i < len(times) && times[i] != NoTime {
			last = i
		}
		next := i
		for next < len(times) && times[next] == NoTime {
			next++
		}
		if got, ok := v.TimedFrom(i); ok != (next < len(times)) || ok && got != next {
			t.Fatalf("from %d: %d, %v, want %d", i, got, ok, next)
		}
	}
}

func TestMoment(t *testing.T) {
	at := time.Date(2019, 3, 4, 16, 59, 40, 0, time.UTC).UnixMicro()
	for _, tt := range []struct {
		moment        Moment
		format, brief string
		known, dated  bool
	}{
		{At(at), "2019-03-04T16:59:40", "2019-03-04 16:59:40", true, true},
		{At(0), "1970-01-01T00:00:00", "1970-01-01 00:00:00", true, true}, // a time that a log has
		{Moment{Micros: at, Before: true}, "before 2019-03-04T16:59:40", "before 16:59:40", false, true},
		{Unknown, "unknown", "unknown", false, false},
		{At(NoTime), "unknown", "unknown", false, false},
	} {
		if got := tt.moment.Format("2006-01-02T15:04:05"); got != tt.format {
			t.Errorf("%v: %q, want %q", tt.moment, got, tt.format)
		}
		if got := tt.moment.Brief(); got != tt.brief {
			t.Errorf("%v: %q, want %q", tt.moment, got, tt.brief)
		}
		if tt.moment.Known() != tt.known || tt.moment.Dated() != tt.dated {
			t.Errorf("%v: known %v, dated %v", tt.moment, tt.moment.Known(), tt.moment.Dated())
		}
	}
	order := []Moment{Unknown, At(at - 1), {Micros: at, Before: true}, At(at)}
	for i, a := range order {
		for j, b := range order {
			if got := a.Compare(b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%v and %v compare as %d", a, b, got)
			}
			took, ok := b.Since(a)
			if want := a.Known() && b.Known(); ok != want || ok && took != b.Micros-a.Micros {
				t.Errorf("from %v to %v: %d, %v", a, b, took, ok)
			}
		}
	}
}

package detect

import (
	"testing"
	"time"
)

// times are so many beats apart, with several tries each, a second between them.
func times(every time.Duration, beats, tries int) (list []int64) {
	for b := range beats {
		for k := range tries {
			list = append(list, int64(b)*every.Microseconds()+int64(k)*1e6)
		}
	}
	return list
}

// without leaves times out.
func without(list []int64, leave ...int) (out []int64) {
	for k, t := range list {
		drop := false
		for _, l := range leave {
			drop = drop || l == k
		}
		if !drop {
			out = append(out, t)
		}
	}
	return out
}

func TestPace(t *testing.T) {
	uneven := []int64{0, 9e6, 80e6, 95e6, 400e6, 420e6, 1000e6, 1900e6}
	drifting := times(time.Minute, 9, 1)
	for k := range drifting {
		drifting[k] += int64(k%3) * 4e6
	}
	for _, c := range []struct {
		name  string
		times []int64
		every time.Duration // 0 for none
	}{
		{"every five minutes", times(5*time.Minute, 9, 1), 5 * time.Minute},
		{"as few beats as are enough", times(time.Hour, 5, 1), time.Hour},
		{"one fewer", times(time.Hour, 4, 1), 0},
		{"three tries a beat", times(15*time.Minute, 8, 3), 15 * time.Minute},
		{"few beats of many tries", times(15*time.Minute, 4, 9), 0},
		{"two beats were missed", without(times(time.Minute, 12, 1), 4, 5, 9), time.Minute},
		{"a little early or late", drifting, 64 * time.Second},
		{"as fast as is allowed", times(10*time.Second, 9, 1), 10 * time.Second},
		{"a tool with a delay", times(9*time.Second, 90, 1), 0},
		{"a flood", times(time.Millisecond, 500, 1), 0},
		{"all at once", make([]int64, 9), 0},
		{"by hand", uneven, 0},
		{"nothing", nil, 0},
		{"one", []int64{7}, 0},
	} {
		every, ok := usualPace.of(c.times)
		if ok != (c.every > 0) || ok && every != c.every.Microseconds() {
			t.Errorf("%s: %v, %v; want %v", c.name, time.Duration(every)*time.Microsecond, ok, c.every)
		}
	}
}

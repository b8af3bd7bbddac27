package account

import (
	"fmt"
	"math"
	"slices"

	"sqleuth/analysis/wording"
)

const (
	second = 1_000_000 // microseconds
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// A rate is constant from minRounds tries on, or rounds of tries, of which nine in ten
// gaps are within a tenth of the median gap, which is minEvery at least: what goes on
// faster may be a guesser at his ease. Tries that follow each other within roundGap are
// one round.
const (
	minRounds = 8
	minEvery  = 30 * second
	roundGap  = minute
)

// pace is a constant rate of tries.
type pace struct {
	every int64 // microseconds; 0 for none
	tries int   // in each round
	took  int64 // from the first to the last
}

// paceOf returns the constant rate of ascending times in microseconds, false for none.
func paceOf(times []int64) (pace, bool) {
	if len(times) < minRounds {
		return pace{}, false
	}
	took := times[len(times)-1] - times[0]
	if every, ok := constant(times); ok {
		return pace{every, 1, took}, true
	}
	var starts, sizes []int64
	for k, t := range times {
		if k == 0 || t-times[k-1] > roundGap {
			starts, sizes = append(starts, t), append(sizes, 0)
		}
		sizes[len(sizes)-1]++
	}
	every, ok := constant(starts)
	if !ok {
		return pace{}, false
	}
	size, alike := median(slices.Clone(sizes)), 0
	for _, n := range sizes {
		if n == size {
			alike++
		}
	}
	if alike*10 < len(sizes)*9 {
		return pace{}, false
	}
	return pace{every, int(size), took}, true
}

func constant(times []int64) (every int64, ok bool) {
	if len(times) < minRounds {
		return 0, false
	}
	gaps := make([]int64, len(times)-1)
	for k := range gaps {
		gaps[k] = times[k+1] - times[k]
	}
	every = median(slices.Clone(gaps))
	near := 0
	for _, g := range gaps {
		if d := g - every; -every/10 <= d && d <= every/10 {
			near++
		}
	}
	return every, every >= minEvery && near*10 >= len(gaps)*9
}

// median sorts a list, which is not empty, and returns its upper median.
func median(list []int64) int64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// String returns the rate: "every 5 min", "3 tries every 15 min".
func (p pace) String() string {
	if p.tries == 1 {
		return every(p.every)
	}
	return fmt.Sprintf("%d tries %s", p.tries, every(p.every))
}

// every formats a period of us microseconds, rounded by no more than a fiftieth.
func every(us int64) string {
	for _, u := range []struct {
		of        int64
		one, many string
	}{{day, "every day", "days"}, {hour, "every hour", "h"}, {minute, "every minute", "min"}} {
		n := math.Round(float64(us) / float64(u.of))
		switch off := math.Abs(float64(us) - n*float64(u.of)); {
		case n < 1 || off > float64(us)/50:
		case n == 1:
			return u.one
		default:
			return fmt.Sprintf("every %d %s", int(n), u.many)
		}
	}
	return fmt.Sprintf("every %d s", int(math.Round(float64(us)/second)))
}

// lasting returns how long it went on in a log of the given length: "all 4 days", "for
// 20h28m".
func (p pace) lasting(log int64) string {
	switch days := math.Round(float64(log) / day); {
	case float64(p.took) < 0.95*float64(log):
		return "for " + wording.Duration(p.took)
	case days >= 2:
		return fmt.Sprintf("all %d days", int(days))
	}
	return "all " + wording.Duration(log)
}

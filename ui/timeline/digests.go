package timeline

import (
	"cmp"
	"slices"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// digest is a statement without its values, as it was sent first.
type digest struct {
	at    int64
	text  string
	own   int // byte of text where it begins to differ from what was sent before
	count int // in the whole log
}

// neighbours is how many digests, in order of their texts, are looked at for an earlier
// one on either side.
const neighbours = 32

// digestsOf returns the digests of a log by the times when they were sent first; those
// without a time are left out.
func digestsOf(log *loaded.Log) (list []digest) {
	type known struct{ first, count int }
	of := make([]known, len(log.Digests))
	for _, r := range log.Rows {
		d := &of[r.Digest]
		if d.count == 0 || r.First < d.first {
			d.first = r.First
		}
		d.count += r.Count
	}
	for n, d := range of {
		if n == 0 || d.count == 0 || log.Digests[n] == store.Others {
			continue
		}
		if t := log.Entries.Time(d.first); t != store.NoTime {
			list = append(list, digest{at: t, text: log.Digests[n], count: d.count})
		}
	}
	slices.SortFunc(list, func(a, b digest) int { return cmp.Compare(a.text, b.text) })
	for k := range list {
		d := &list[k]
		for _, step := range []int{-1, 1} { // what shares most with it is beside it
			for j := k + step; j >= 0 && j < len(list) && (j-k)*step <= neighbours; j += step {
				if list[j].at < d.at {
					d.own = max(d.own, common(d.text, list[j].text))
					break
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b digest) int { return cmp.Compare(a.at, b.at) })
	return list
}

// common is how many bytes two texts begin with alike.
func common(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

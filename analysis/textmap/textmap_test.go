package textmap

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// plain is a map as a list: for each byte of text its offset, where it leads to
// and the bytes that it comes from.
type plain []struct{ raw, at, size int64 }

func (p *plain) add(raw, at, size int64) {
	*p = append(*p, struct{ raw, at, size int64 }{raw, at, size})
}

// compare holds a map against the list.
func compare(t *testing.T, m *Map, want plain) {
	t.Helper()
	if m.Len() != len(want) {
		t.Fatalf("%d bytes of text, want %d", m.Len(), len(want))
	}
	var total int64
	for i, w := range want {
		if got := m.At(i); got != w.at {
			t.Fatalf("byte %d leads to %d, want %d", i, got, w.at)
		}
		if got := m.Bytes(i, i+1); got != w.size {
			t.Fatalf("byte %d stands for %d bytes, want %d", i, got, w.size)
		}
		total += w.size
	}
	if m.Raw() != total || m.Bytes(0, m.Len()) != total {
		t.Fatalf("stands for %d bytes, %d in one question, want %d", m.Raw(), m.Bytes(0, m.Len()), total)
	}
}

// random makes a map of one layer: runs, escapes and leads over a source.
func random(rng *rand.Rand, src *Map, list plain) (*Map, plain) {
	m, want := new(Map), plain(nil)
	for at := 0; at < len(list); {
		n := min(len(list)-at, rng.IntN(9))
		switch rng.IntN(4) {
		case 0: // wrapper
			at += n
		case 1:
			n = max(1, n)
			k := 1 + rng.IntN(3)
			var size int64
			for _, b := range list[at : at+n] {
				size += b.size
			}
			m.As(src, k, at, at+n)
			for i := range k {
				want.add(list[at].raw, list[at].raw, size)
				if i > 0 {
					want[len(want)-1].size = 0
				}
			}
			at += n
		case 2:
			prefix := rng.IntN(5)
			if at+prefix >= len(list) {
				return m, want
			}
			m.Lead(src, at)
			lead := list[at].at
			at += prefix
			n = min(max(1, n), len(list)-at)
			m.Run(src, at, at+n)
			for i, b := range list[at : at+n] {
				if i == 0 {
					b.at = lead
				}
				want.add(b.raw, b.at, b.size)
			}
			at += n
		default:
			m.Run(src, at, at+n)
			for i, b := range list[at : at+n] {
				// A byte inside of what belongs together has lost its start.
				want.add(b.raw, b.at, b.size)
				_ = i
			}
			at += n
		}
	}
	return m, want
}

// pairedMap makes a map of n bytes or more of which some come from two.
func pairedMap(rng *rand.Rand, n int, base int64) (*Map, plain) {
	m, list := new(Map), plain(nil)
	for raw := base; len(list) < n; raw += int64(rng.IntN(2)) {
		k := 1 + rng.IntN(MaxPaired)
		pairs := rng.Uint64() & rng.Uint64()
		if rng.IntN(4) == 0 {
			pairs = 0
		}
		if k < MaxPaired {
			pairs &= 1<<k - 1
		}
		m.Paired(k, raw, pairs)
		for i := range k {
			size := int64(1 + pairs>>i&1)
			list.add(raw, raw, size)
			raw += size
		}
	}
	return m, list
}

func TestLayersCompose(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 1))
		m, list := new(Map), plain(nil)
		base, unit := int64(rng.IntN(100)), 1+rng.IntN(2)
		n := 200 + rng.IntN(200)
		m.Add(n, base, uint8(unit))
		for i := range n {
			list.add(base+int64(i*unit), base+int64(i*unit), int64(unit))
		}
		if unit == 1 && rng.IntN(2) == 0 {
			m, list = pairedMap(rng, n, base)
		}
		for range 3 {
			compare(t, m, list)
			m, list = random(rng, m, list)
		}
		if len(list) == 0 {
			continue
		}
		compare(t, m, list)
		// A map can be cut anywhere, and the inside of a text be dropped.
		cut := rng.IntN(len(list) + 1)
		head, rest := clone(m), new(Map)
		head.Cut(cut, rest)
		compareParts(t, head, rest, list, cut, cut)
		from := rng.IntN(len(list) + 1)
		to := from + rng.IntN(len(list)-from+1)
		dropped := clone(m)
		dropped.Drop(from, to)
		compareDropped(t, dropped, list, from, to)
		dropped = clone(m)
		dropped.Drop(0, to)
		compareDropped(t, dropped, list, 0, to)
	}
}

// clone returns a map that shares nothing with m.
func clone(m *Map) *Map {
	n := *m
	n.spans = slices.Clone(m.spans)
	return &n
}

func compareParts(t *testing.T, head, rest *Map, list plain, n, from int) {
	t.Helper()
	compare(t, head, list[:n])
	compare(t, rest, list[from:])
}

func compareDropped(t *testing.T, m *Map, list plain, from, to int) {
	t.Helper()
	compare(t, m, append(append(plain(nil), list[:from]...), list[to:]...))
}

func TestEmpty(t *testing.T) {
	var m, rest Map
	m.Cut(0, &rest)
	m.Drop(0, 0)
	if m.Len() != 0 || m.Raw() != 0 || m.End() != 0 || m.Bytes(0, 0) != 0 {
		t.Errorf("the map of an empty text: %+v", m)
	}
}

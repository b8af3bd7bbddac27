package filter

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/label"
)

// An idTerm holds for the entries of connections with certain ids.
type idTerm struct{ ranges []idRange }

// An idRange is a range of connection ids, both ends included.
type idRange struct {
	first, last uint64
	epoch       uint32 // server run from 1; 0 for all of them
}

func (t idTerm) appendText(dst []byte, _ binding) []byte {
	dst = append(dst, fieldID...)
	for i, r := range t.ranges {
		dst = append(dst, ":,"[min(i, 1)])
		dst = strconv.AppendUint(dst, r.first, 10)
		if r.last != r.first {
			dst = strconv.AppendUint(append(dst, '-'), r.last, 10)
		}
		if r.epoch != 0 {
			dst = strconv.AppendUint(append(dst, '@'), uint64(r.epoch), 10)
		}
	}
	return dst
}

// parseIDs reads "2523", "2523@2", "2630-2699", "2630-2699@2" or several with
// commas between. at is the offset in text at which an error is.
func parseIDs(text string) (t idTerm, at int, err error) {
	for item := range strings.SplitSeq(text, ",") {
		r, err := parseIDRange(item)
		if err != nil {
			return t, at, err
		}
		t.ranges = append(t.ranges, r)
		at += len(item) + 1
	}
	return t, 0, nil
}

func parseIDRange(item string) (r idRange, err error) {
	first, last, ranged := strings.Cut(item, "-")
	lastRef, err := label.ParseRef(last)
	if ranged {
		r.first, r.last, r.epoch = 0, lastRef.ID, lastRef.Epoch
		if err == nil {
			r.first, err = strconv.ParseUint(first, 10, 64)
		}
	} else {
		var ref label.Ref
		ref, err = label.ParseRef(first)
		r.first, r.last, r.epoch = ref.ID, ref.ID, ref.Epoch
	}
	switch {
	case err != nil:
		return r, fmt.Errorf("%s is not a connection id: write id:2523, id:2523@2, id:2630-2699 or several as id:1,5,9-12", shorten(item))
	case r.first > r.last:
		return r, fmt.Errorf("the range %s runs backwards: write id:%d-%d", shorten(item), r.last, r.first)
	}
	return r, nil
}

// An idSet answers whether a connection is in any of a list of ranges.
type idSet map[uint32][]idRange // by epoch, ascending, apart from each other

func newIDSet(ranges []idRange) idSet {
	s := idSet{}
	sorted := slices.SortedFunc(slices.Values(ranges), func(a, b idRange) int { return cmp.Compare(a.first, b.first) })
	for _, r := range sorted {
		list := s[r.epoch]
		if n := len(list); n > 0 && r.first <= list[n-1].last {
			list[n-1].last = max(list[n-1].last, r.last)
			continue
		}
		s[r.epoch] = append(list, r)
	}
	return s
}

func (s idSet) contains(id uint64, epoch uint32) bool {
	return within(s[0], id) || within(s[epoch], id)
}

func within(list []idRange, id uint64) bool {
	i, found := slices.BinarySearchFunc(list, id, func(r idRange, id uint64) int { return cmp.Compare(r.first, id) })
	return found || i > 0 && id <= list[i-1].last
}

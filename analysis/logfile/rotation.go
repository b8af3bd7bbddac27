package logfile

import (
	"cmp"
	"slices"
	"strings"
)

// dateDigits is the length from which on the digits of a rotation suffix are a
// date (240101, 20240101, 1704067200) and no longer a rotation number.
const dateDigits = 6

// rotation is what a path shows of its place in a rotated set.
type rotation struct {
	set    string // the path without suffixes
	kind   rotationKind
	digits string // of the number or date, without leading zeros
}

// rotationKind orders the members of a set coarsely. A set with dates and
// numbers is not known to exist in one directory; dates are put first.
type rotationKind uint8

const (
	dated rotationKind = iota
	numbered
	current
)

// timelineOrder returns the positions of rotated files in the order in which they were
// written; see Open.
func timelineOrder(paths []string) []int {
	type member struct {
		at  int // in paths
		rot rotation
		set int // rank of the set: where its first member was given
	}
	members := make([]member, len(paths))
	first := make(map[string]int)
	for i, path := range paths {
		rot := rotationOf(path)
		if _, ok := first[rot.set]; !ok {
			first[rot.set] = i
		}
		members[i] = member{i, rot, first[rot.set]}
	}
	slices.SortStableFunc(members, func(a, b member) int {
		if c := cmp.Compare(a.set, b.set); c != 0 {
			return c
		}
		return compareRotation(a.rot, b.rot)
	})
	ordered := make([]int, len(paths))
	for i, m := range members {
		ordered[i] = m.at
	}
	return ordered
}

func rotationOf(path string) rotation {
	name := path
	for _, suffix := range []string{".gz", ".zst", ".xz", ".bz2"} {
		if rest, ok := strings.CutSuffix(name, suffix); ok {
			name = rest
			break
		}
	}
	stem := strings.TrimRight(name, "0123456789")
	digits := name[len(stem):]
	base := strings.TrimRight(stem, ".-")
	if digits == "" || len(base) != len(stem)-1 || base == "" {
		return rotation{set: name, kind: current}
	}
	rot := rotation{set: base, kind: numbered, digits: strings.TrimLeft(digits, "0")}
	switch {
	case len(digits) >= dateDigits:
		rot.kind = dated
	case stem[len(stem)-1] == '-':
		// mysql-5.log-3 and the like: a short number behind a dash is part of a
		// name as often as it is a rotation.
		return rotation{set: name, kind: current}
	}
	return rot
}

// compareRotation is the order in time within one set. Digits are compared as
// text, which any length of them survives.
func compareRotation(a, b rotation) int {
	if c := cmp.Compare(a.kind, b.kind); c != 0 {
		return c
	}
	c := cmp.Compare(len(a.digits), len(b.digits))
	if c == 0 {
		c = strings.Compare(a.digits, b.digits)
	}
	if a.kind == numbered {
		return -c
	}
	return c
}

// Rotated returns those of some paths that are of the same rotated set as a path, the
// oldest first.
func Rotated(path string, paths []string) []string {
	set := rotationOf(path).set
	var of []string
	for _, k := range timelineOrder(paths) {
		if rotationOf(paths[k]).set == set {
			of = append(of, paths[k])
		}
	}
	return of
}

// SameRotation reports whether two paths are of the same rotated set.
func SameRotation(a, b string) bool { return rotationOf(a).set == rotationOf(b).set }

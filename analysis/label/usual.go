package label

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Usual is an edit of what is known of principals: "this is normal". It holds for all
// that is alike, not for a connection.
type Usual struct {
	User, Host string // whose; the user is empty for all that comes from a host
	// Digest is the SHA-256 of a digest in hexadecimal digits, empty for all that the
	// account does.
	Digest  string
	Analyst string    // who declared it, empty where nobody is named
	At      time.Time // UTC, whole microseconds
	Why     string    // one line, as a note; empty where no reason was given
	From    string    // whose case it came with, empty for the own
}

// MaxUsual is how many there may be.
const MaxUsual = 1 << 12

// maxName is the longest name of a user or host, in bytes, that Declare accepts.
const maxName = 1 << 10

// compareUsual orders by what is usual, not by who declared it or when.
func compareUsual(a, b Usual) int {
	return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.User, b.User), cmp.Compare(a.Digest, b.Digest))
}

// Same reports whether both declare the same to be usual.
func (u Usual) Same(o Usual) bool { return compareUsual(u, o) == 0 }

// String names what is normal.
func (u Usual) String() string {
	switch {
	case u.Digest != "":
		return fmt.Sprintf("the digest %.12s of %s@%s", u.Digest, u.User, u.Host)
	case u.User != "":
		return "all that " + u.User + "@" + u.Host + " does"
	}
	return "all that comes from " + u.Host
}

// Said returns what is normal, who declared it, on which day and why: "all that comes from
// 10.0.0.9, by Ann on 2025-03-12: nightly load".
func (u Usual) Said() string {
	text := u.String() + ", by " + cmp.Or(u.Analyst, Nobody)
	if u.From != "" {
		text += ", through " + u.From
	}
	return dated(text, u.At, u.Why)
}

// check returns u as it is kept, or what is wrong with it.
func (u Usual) check() (Usual, error) {
	switch {
	case u.Host == "":
		return u, errors.New("no host")
	case u.User == "" && u.Digest != "":
		return u, errors.New("a digest of no account")
	case len(u.Digest) > 64 || len(u.User) > maxName || len(u.Host) > maxName:
		return u, errors.New("a name is too long")
	}
	if err := CheckAnalyst(u.From); err != nil {
		return u, err
	}
	note, err := Note{Text: u.Why, At: u.At, Analyst: u.Analyst}.check()
	u.Why, u.At = note.Text, note.At
	return u, err
}

// Usual returns what was declared normal, ordered by host, user and digest. The
// slice must not be written to.
func (s Set) Usual() []Usual { return s.get().usual }

// WithUsual returns the set with what else is normal, as a case file holds it.
func (s Set) WithUsual(list []Usual) (Set, error) {
	st := s.get()
	for _, u := range list {
		u, err := u.check()
		if err != nil {
			return Set{}, fmt.Errorf("what is normal: %w", err)
		}
		if at, found := slices.BinarySearchFunc(st.usual, u, compareUsual); !found {
			st = st.withUsual(slices.Insert(slices.Clone(st.usual), at, u))
		}
	}
	if len(st.usual) > MaxUsual {
		return Set{}, fmt.Errorf("what is normal: %d entries, the limit is %d", len(st.usual), MaxUsual)
	}
	return Set{st}, nil
}

// withUsual returns the same labels with another list.
func (st *state) withUsual(list []Usual) *state {
	next := *st
	next.usual = list
	return &next
}

// edit does, or takes back, what a step did to incidents and to what is usual. What is
// there already, or is gone, was changed by others since and stays.
func (st *state) edit(s step, back bool) *state {
	st = st.redecide(s.decided, back)
	for _, u := range s.usual {
		at, found := slices.BinarySearchFunc(st.usual, u, compareUsual)
		switch put := (s.op != OpUnusual) != back; {
		case put && !found:
			st = st.withUsual(slices.Insert(slices.Clone(st.usual), at, u))
		case !put && found:
			st = st.withUsual(slices.Delete(slices.Clone(st.usual), at, at+1))
		}
	}
	return st
}

// Declare makes something normal from now on, in one step. What is usual already is no
// part of it.
func (b *Book) Declare(list []Usual, at time.Time) (Step, error) {
	s := step{op: OpUsual}
	for _, u := range list {
		u.Analyst, u.At = b.analyst, at
		u, err := u.check()
		if err != nil {
			return Step{}, fmt.Errorf("say that this is normal: %w", err)
		}
		if _, found := slices.BinarySearchFunc(b.current.usual, u, compareUsual); !found {
			s.usual = append(s.usual, u)
		}
	}
	slices.SortFunc(s.usual, compareUsual)
	s.usual = slices.CompactFunc(s.usual, Usual.Same)
	if n := len(b.current.usual) + len(s.usual); n > MaxUsual {
		return Step{}, fmt.Errorf("say that this is normal: there would be %d, at most %d are kept", n, MaxUsual)
	}
	return b.commit(s, b.current.classes), nil
}

// Revoke takes back that something is normal.
func (b *Book) Revoke(u Usual) Step {
	s := step{op: OpUnusual}
	if at, found := slices.BinarySearchFunc(b.current.usual, u, compareUsual); found {
		s.usual = []Usual{b.current.usual[at]}
	}
	return b.commit(s, b.current.classes)
}

// mergeUsual takes from each side what it changed.
func mergeUsual(base, ours, theirs []Usual) []Usual {
	has := func(list []Usual, u Usual) bool {
		_, found := slices.BinarySearchFunc(list, u, compareUsual)
		return found
	}
	merged := slices.Clone(ours)
	for _, u := range theirs {
		if at, found := slices.BinarySearchFunc(merged, u, compareUsual); !found && !has(base, u) {
			merged = slices.Insert(merged, at, u)
		}
	}
	return slices.DeleteFunc(merged, func(u Usual) bool { return has(base, u) && !has(theirs, u) })
}

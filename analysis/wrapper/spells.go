package wrapper

import (
	"maps"
	"math"
	"slices"
)

// streams are those of a prefix or a container that are the log, each from an offset on
// and perhaps up to another. They do not change.
type streams struct {
	names  []string         // in the order in which they became the log
	spells map[string]spell // of these, and empty ones of those that never are
	other  []string         // that hold a general log, too, which is left out
	output string           // of a stream's two, that which begins entries; see lanes
}

// spell is where a stream is the log: from <= offset < until. Of two streams the one that
// became it later has the higher order.
type spell struct {
	from, until int64
	order       int // from 1 on
}

// always and never are before and behind every offset.
const (
	always = math.MinInt64
	never  = math.MaxInt64
)

// list returns the names of the streams.
func (s *streams) list() []string {
	if s == nil {
		return nil
	}
	return s.names
}

// current returns the names of those that still are the log.
func (s *streams) current() (names []string) {
	for _, name := range s.list() {
		if s.spells[name].until == never {
			names = append(names, name)
		}
	}
	return names
}

// maxStreams bounds the streams that are the log.
const maxStreams = 1 << 10

// clone returns streams that may be changed.
func (s *streams) clone() *streams {
	if s == nil {
		return &streams{spells: map[string]spell{}}
	}
	c := *s
	c.names, c.other, c.spells = slices.Clip(s.names), slices.Clip(s.other), maps.Clone(s.spells)
	return &c
}

// with returns streams with one more.
func (s *streams) with(name string, from int64) *streams {
	more := s.clone()
	order := 1
	if n := len(more.names); n > 0 {
		order = more.spells[more.names[n-1]].order + 1
	}
	more.names = append(more.names, name)
	more.spells[name] = spell{from, never, order}
	return more
}

// begunBy returns streams of which an output begins the entries.
func (s *streams) begunBy(output string) *streams {
	same := s.clone()
	same.output = output
	return same
}

// beside returns streams with one more that is left out.
func (s *streams) beside(name string) *streams {
	if len(s.other) > maxNamed || slices.Contains(s.other, name) {
		return s
	}
	more := *s
	more.other = append(slices.Clip(s.other), name)
	return &more
}

// alone returns the streams without those of other servers that became the log behind the
// named one, up to the newest: they are left out from an offset on.
func (s *streams) alone(name, newest string, from int64) *streams {
	less := s.clone()
	for _, later := range s.names[slices.Index(s.names, name)+1 : slices.Index(s.names, newest)+1] {
		if at := s.spells[later]; at.until == never && !sameServer(later, name) {
			at.until = from
			less.spells[later] = at
			less = less.beside(later)
		}
	}
	return less
}

// sameServer reports whether two streams are of one server.
func sameServer(a, b string) bool { return string(serverOf([]byte(a))) == string(serverOf([]byte(b))) }

// sinceAlways returns the streams as if each had been the log from the start.
func (s *streams) sinceAlways() *streams {
	if s == nil {
		return nil
	}
	all := s.clone()
	for _, name := range s.names {
		all.spells[name] = spell{always, never, all.spells[name].order}
	}
	return all
}

// heard is where a stream begins entries in the head of a file.
type heard struct {
	name        string
	first, last int64
	entries     int
}

// fewer returns the streams without those that go on beside one of another server which
// begins more entries: that is another log, or one that somebody made up.
func (s *streams) fewer(list []*heard) *streams {
	if len(list) < 2 {
		return s
	}
	slices.SortStableFunc(list, func(a, b *heard) int { return b.entries - a.entries })
	var kept []*heard
	less := s
	for _, h := range list {
		if !slices.ContainsFunc(kept, h.beside) {
			kept = append(kept, h)
			continue
		}
		less = less.clone()
		less.names = slices.DeleteFunc(slices.Clone(less.names), func(name string) bool { return name == h.name })
		less.spells[h.name] = spell{}
		less = less.beside(h.name)
	}
	return less
}

// beside reports whether both go on at a time, and are of different servers.
func (h *heard) beside(other *heard) bool {
	return h.first < other.last && other.first < h.last && !sameServer(h.name, other.name)
}

// has reports whether a stream is the log at an offset.
func (s *streams) has(name []byte, at int64) bool {
	if s == nil {
		return false
	}
	spell, ok := s.spells[string(name)]
	return ok && at >= spell.from && at < spell.until
}

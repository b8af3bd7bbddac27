package wrapper

import (
	"bytes"
	"slices"
	"strings"
)

// side is where documents name a stream: a way as that to the value.
type side struct {
	path   []step
	common int // lists and objects on both ways
}

// maxSides bounds the parts of a stream's name.
const maxSides = 4

// sideNames are where platforms name the stream, from the innermost object on that holds
// the value, too: of its parts those that are there.
var sideNames = []string{
	"logStreamName", "@logStream", "@log",
	"logName", "resource.labels.database_id",
	"kubernetes.pod_name", "kubernetes.container_name", "kubernetes.pod.name", "kubernetes.container.name",
	"_HOSTNAME", "host.name", "container_name", "container.name", "CONTAINER_NAME", "SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT", "log.file.path",
	"stream.pod", "stream.container", "labels.pod", "labels.container",
}

// besides returns the places beside a value under one of some names, from the
// innermost object on that holds both, in the order of the names.
func besides(path []step, places []*place, names []string) (list []*place) {
	for _, name := range names {
		for _, p := range places {
			n := commonSteps(path, p.path)
			if n < len(path) && n < len(p.path) && strings.TrimPrefix(pathName(p.path[n:]), ".") == name {
				list = append(list, p)
			}
		}
	}
	return list
}

// commonSteps returns how many steps two ways begin with that are the same.
func commonSteps(a, b []step) (n int) {
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// sidesOf returns the sides of a value under some names among the places of a document, and how deep the
// innermost list or object is that holds the value and all of them.
func sidesOf(path []step, places []*place, names []string) (sides []side, record int) {
	record = len(path)
	for _, p := range besides(path, places, names) {
		n := commonSteps(path, p.path)
		common := n + 1
		if path[n].field != p.path[n].field {
			common = n // each is in an object of its own
		}
		if common == 0 || path[n].list != p.path[n].list || len(sides) == maxSides {
			continue
		}
		sides = append(sides, side{p.path, common})
		record = min(record, common)
	}
	return sides, record
}

// sidePosition is how much of the way to a side is open.
type sidePosition struct {
	on    int8 // lists and objects, from the outside in
	match bool // the last key is the one of the way
}

// streamID identifies the parts of a stream's name, each by a number; 0 for one that was
// not named.
type streamID [maxSides]int16

// resumeSides puts the sides where an entry leads to.
func (l *documentLayer) resumeSides() {
	for k := range l.document.sides {
		l.position.sides[k].on = int8(l.document.sides[k].common)
	}
	l.ids.fixed, l.trial.on = true, false
	l.ids.resumeLanes()
	l.valued, l.part, l.left, l.found = true, false, false, true
}

// openSides is open for the sides.
func (l *documentLayer) openSides(list bool) {
	for k := range l.document.sides {
		at, path := &l.position.sides[k], l.document.sides[k].path
		if int(at.on) == l.depth && l.depth < len(path) && path[l.depth].list == list && (l.depth == 0 || path[l.depth-1].list || at.match) {
			at.on++
		}
		at.match = false
	}
	if l.on == l.document.record && l.depth+1 == l.on {
		l.streams = streamID{}
	}
}

// closeSides leaves the lists and objects that are not open any more.
func (l *documentLayer) closeSides() {
	for k := range l.document.sides {
		at := &l.position.sides[k]
		at.on, at.match = min(at.on, int8(l.depth)), false
	}
}

// compareSides takes note of a key.
func (l *documentLayer) compareSides(name []byte) {
	for k := range l.document.sides {
		if at := &l.position.sides[k]; int(at.on) == l.depth && at.on > 0 {
			at.match = string(name) == l.document.sides[k].path[at.on-1].key
		}
	}
}

// sideHere returns which side a value that comes next is, -1 for none.
func (l *documentLayer) sideHere() int {
	for k := range l.document.sides {
		at, path := &l.position.sides[k], l.document.sides[k].path
		if int(at.on) != l.depth || l.depth != len(path) || l.key {
			continue
		}
		if here := &path[l.depth-1]; (here.list || at.match) && (here.field == "" || here.field == string(l.field)) {
			return k
		}
	}
	return -1
}

// names takes note of a string that names a stream, and reports whether it does.
func (l *documentLayer) names(b []byte) bool {
	k := l.sideHere()
	if k < 0 {
		return false
	}
	l.streams[k] = l.ids.of(b)
	return true
}

// recordEnds reports whether the end of the innermost list or object is that of the
// record.
func (l *documentLayer) recordEnds() bool {
	return l.depth == l.document.record && l.on == l.depth && len(l.document.sides) > 0
}

// trial is a value that was taken, while the stream whose it is may still be named behind
// it.
type trial struct {
	on     bool
	pos    int      // where it begins: of its quote, of its field
	text   int      // where it begins in the text
	before streamID // what the record had named of its stream
}

// maxTrial is how far behind a value's start the end of its record is looked for.
const maxTrial = 4 << 20

// try begins a value at pos, in a record that has named some of its stream.
func (t *trial) try(before streamID, pos int, out *output) {
	*t = trial{true, pos, len(out.Data), before}
}

// again takes the value back, which comes again with more behind it, and returns where it
// begins.
func (t *trial) again(out *output) int {
	t.on = false
	out.Data = out.Data[:t.text]
	out.Map.Truncate(t.text)
	return t.pos
}

// waits reports whether a value is on trial at the end of a turn for which more must come.
func (t *trial) waits(in *Text, last bool) bool {
	return t.on && !last && len(in.Data)-t.pos <= maxTrial
}

// documentTrial is a trial with what its layer goes back to.
type documentTrial struct {
	trial
	position position
	field    []byte
}

// try begins a value whose quote is at pos.
func (l *documentLayer) try(in *Text, pos int, out *output) {
	l.valued, l.part, l.left, l.found = true, false, false, true
	if sides := len(l.document.sides); sides == 0 || sides == 1 && l.ids.lanes.idle() {
		return
	}
	l.settle(in, l.streams, pos, out)
	t := &l.trial
	t.try(l.streams, pos, out)
	t.position, t.field = l.position, append(t.field[:0], l.field...)
}

// settle ends the trial of a value at pos, by when its stream has been named if it ever
// is: what is of another than the log's is taken back.
func (l *documentLayer) settle(in *Text, of streamID, pos int, out *output) {
	if !l.trial.on || l.ids.keeps(&l.trial.trial, of, in, pos, out) {
		return
	}
	l.left = true
	switch l.state {
	case inValue:
		l.state = inString
	case inBytes:
		l.state = betweenTokens
		l.open(true)
	}
}

// onTrial ends a turn in which all before done was seen to. A value that is on trial comes
// again with more behind it.
func (l *documentLayer) onTrial(in *Text, done int, last bool, out *output) int {
	t := &l.trial
	if !t.waits(in, last) {
		l.settle(in, l.streams, len(in.Data), out)
		return done
	}
	l.state = betweenTokens
	l.position, l.field = t.position, append(l.field[:0], t.field...)
	return t.again(out)
}

// telling is a layer whose records name their stream.
type telling interface {
	layer
	tells() *streamIDs
}

// streamIDs distinguishes the stream that is the log from others. It is the first that begins an
// entry or a banner: of another server, the same connections are others.
type streamIDs struct {
	known *streams
	heads func(text []byte) bool
	fixed bool // no stream becomes the log any more
	all   bool // every stream is the log
	parts []string
	ids   map[string]int16 // of the parts
	log   streamID         // one that is the log
	lanes lanes
}

// serverOf returns the part of a stream's name that is the server's: Aurora writes its audit
// log into several files at a time, each a stream, "db-1.audit.log.3.2024-07-10-05-25.0".
func serverOf(stream []byte) []byte {
	server, _, _ := bytes.Cut(stream, []byte(".audit.log."))
	return server
}

// of returns the number of a part of a stream's name. Beyond maxStreams all are one.
func (s *streamIDs) of(b []byte) int16 {
	b = serverOf(b[:min(len(b), maxKey)])
	if n := s.ids[string(b)]; n > 0 {
		return n
	}
	if len(s.parts) == maxStreams {
		return maxStreams + 1
	}
	if s.ids == nil {
		s.ids = map[string]int16{}
	}
	s.parts = append(s.parts, string(b))
	n := int16(len(s.parts))
	s.ids[s.parts[n-1]] = n
	return n
}

// name returns the name of a stream.
func (s *streamIDs) name(id streamID) string {
	var parts []string
	for _, n := range id {
		switch {
		case n > maxStreams:
			parts = append(parts, "others")
		case n > 0:
			parts = append(parts, s.parts[n-1])
		}
	}
	return strings.Join(parts, " ")
}

// mine reports whether text at an offset, of a stream, is part of the log. What names no
// stream is.
func (s *streamIDs) mine(id streamID, at int64, text []byte) bool {
	if s.all {
		return true
	}
	if at := s.lanes.side - 1; at >= 0 {
		of := id[at]
		if id[at] = 0; s.lanes.breaksIn(of) {
			return false
		}
		if s.lanes.log == 0 && of > 0 && of <= maxStreams && s.heads(text) {
			s.lanes.log = of
			s.known = s.known.begunBy(s.parts[of-1])
		}
	}
	if id == s.log || id == (streamID{}) {
		return true
	}
	name := s.name(id)
	if s.known.has([]byte(name), at) {
		s.log = id
		return true
	}
	if s.fixed || !s.heads(text) {
		return false
	}
	if len(s.known.list()) == 0 {
		s.known, s.log = s.known.with(name, at), id
		return true
	}
	if !slices.Contains(s.known.list(), name) {
		s.known = s.known.beside(name)
	}
	return false
}

// keeps ends the trial of a value at pos, by when its record has named its stream, and
// reports whether it is part of the log; if not it is taken back.
func (s *streamIDs) keeps(t *trial, of streamID, in *Text, pos int, out *output) bool {
	t.on = false
	if pos-t.pos > maxTrial {
		of = t.before // the end may not have been seen
	}
	if s.mine(of, in.Map.At(t.pos), out.Data[t.text:]) {
		return true
	}
	out.account.ForeignLines++
	out.account.ForeignBytes += out.Map.Bytes(t.text, len(out.Data))
	t.again(out)
	return false
}

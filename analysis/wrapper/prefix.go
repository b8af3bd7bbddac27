package wrapper

import (
	"bytes"
	"math"
	"slices"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/tablelog"
)

// maxPrefix is how much of a line is looked at to find its prefix: a path has at
// most 4,096 bytes.
const maxPrefix = 4<<10 + 1<<9

// prefix is a wrapper in front of every line.
type prefix struct {
	title string
	cut   cutter
	// loose is set where lines without the prefix go on with the one before: the
	// tool writes it once for a message of several lines.
	loose bool
	// sparse is set where most lines may have another prefix than this one.
	sparse bool
}

// cutter finds the prefix of a line, which has its line end if it is whole. It
// returns false where the line does not have the prefix. Known are the streams that
// are the log so far.
type cutter func(line []byte, known *streams) (cut, bool)

// cut is what a prefix holds.
type cut struct {
	text   int    // where the text begins in the line
	stream []byte // whose line it is, nil where the prefix does not name that
	lane   []byte // of which of a stream's two outputs, nil where it is not named
	part   bool   // the line goes on in the next one of the same lane
	none   bool   // the line holds no text, it stands between lines
}

func (p *prefix) name() string { return p.title }
func (p *prefix) holds() bool  { return false }

func (p *prefix) open(known *streams) layer {
	return &prefixLayer{prefix: p, known: known, heads: isHead}
}

// streams are those of a prefix or a container that are the log, each from an offset on.
// They do not change.
type streams struct {
	names []string
	from  map[string]int64
	other []string // that hold a general log, too, which is left out
}

// list returns the names of the streams.
func (s *streams) list() []string {
	if s == nil {
		return nil
	}
	return s.names
}

// maxStreams bounds the streams that are the log.
const maxStreams = 1 << 10

// always is before every offset.
const always = math.MinInt64

// with returns streams with one more.
func (s *streams) with(name string, from int64) *streams {
	more := &streams{from: map[string]int64{name: from}}
	if s != nil {
		more.names = append(more.names, s.names...)
		for name, from := range s.from {
			more.from[name] = from
		}
		more.other = s.other
	}
	more.names = append(more.names, name)
	return more
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

// sinceAlways returns the streams as if each had been the log from the start.
func (s *streams) sinceAlways() *streams {
	if s == nil {
		return nil
	}
	all := &streams{names: s.names, other: s.other, from: map[string]int64{}}
	for _, name := range s.names {
		all.from[name] = always
	}
	return all
}

// has reports whether a stream is the log at an offset.
func (s *streams) has(name []byte, at int64) bool {
	if s == nil {
		return false
	}
	from, ok := s.from[string(name)]
	return ok && at >= from
}

// prefixLayer takes a prefix off. Where it names a stream, a stream is the log from
// its first line on that holds the start of an entry or of a banner; lines of others
// are wrapper, and counted.
type prefixLayer struct {
	*prefix
	known  *streams
	fixed  bool // no stream becomes the log any more
	again  bool // it went on at an entry, whose line may be one without the prefix
	all    bool // every stream is the log
	heads  func(text []byte) bool
	state  lineState
	joined bool   // the line before goes on in the next one of its lane
	lane   []byte // then
	other  bool   // the last line with the prefix was of a foreign stream
}

// lineState is what a layer makes of the rest of a line.
type lineState uint8

const (
	lineStart lineState = iota
	lineText
	linePart // text that goes on in the next line
	lineForeign
	lineReject
	lineNone
)

func (p *prefixLayer) resume(inside bool) {
	p.fixed, p.again, p.joined, p.other, p.state = true, true, false, false, lineStart
	if inside {
		p.state = lineText
	}
}

func (p *prefixLayer) take(in *Text, last bool, out *output) int {
	data := in.Data
	for pos := 0; pos < len(data); {
		end := len(data)
		nl := bytes.IndexByte(data[pos:], '\n')
		if nl >= 0 {
			end = pos + nl + 1
		}
		if p.state == lineStart {
			if nl < 0 && end-pos < maxPrefix && !last {
				return pos
			}
			pos = p.begin(in, pos, end, out)
			if p.state == lineStart {
				continue
			}
		}
		p.rest(in, pos, end, nl >= 0, out)
		if nl >= 0 {
			p.state = lineStart
		}
		pos = end
	}
	return len(data)
}

// rest handles what follows the prefix up to the end of the line or of the data.
func (p *prefixLayer) rest(in *Text, pos, end int, whole bool, out *output) {
	switch p.state {
	case lineText:
		out.run(in, pos, end)
	case linePart:
		if whole {
			end--
		}
		out.run(in, pos, end)
	case lineForeign:
		out.foreign(in, pos, end)
	case lineReject:
		out.reject(in, pos, end, genlog.NoPrefix)
	}
}

// begin finds out about the line pos <= i < end and returns where its rest begins.
func (p *prefixLayer) begin(in *Text, pos, end int, out *output) int {
	line := in.Data[pos:end]
	if line[0] == 0 {
		// A hole of a sparse file is none of the tool that wrote the prefix.
		n := 1
		for n < len(line) && line[n] == 0 {
			n++
		}
		out.run(in, pos, pos+n)
		return pos + n
	}
	c, ok := p.cut(line, p.known)
	again := p.again
	p.again = false
	switch {
	case !ok && p.loose && p.other:
		p.state = lineForeign
		return pos
	case !ok && (p.loose || again || isHead(line)):
		p.state, p.joined = lineText, false
		return pos
	case !ok:
		p.state = lineReject
		return pos
	case c.none:
		p.state = lineNone
		return pos
	}
	text := pos + c.text
	if p.other = !p.mine(&c, in.Map.At(pos), line[c.text:]); p.other {
		p.state = lineForeign
		out.account.ForeignLines++
		return text
	}
	if !p.joined {
		out.Map.Lead(&in.Map, pos)
	}
	p.state = lineText
	if p.joined = c.part; c.part {
		p.state = linePart
		p.lane = append(p.lane[:0], c.lane...)
	}
	return text
}

// mine reports whether a line at an offset is part of the log.
func (p *prefixLayer) mine(c *cut, at int64, text []byte) bool {
	if p.joined && !bytes.Equal(c.lane, p.lane) {
		return false // the other output breaks into a line
	}
	if c.stream == nil || p.all || p.known.has(c.stream, at) {
		return true
	}
	if p.fixed || p.known != nil && len(p.known.names) >= maxStreams || !p.heads(text) {
		return false
	}
	if p.known != nil {
		if _, early := p.known.from[string(c.stream)]; early {
			return false
		}
	}
	p.known = p.known.with(string(c.stream), at)
	return true
}

// isHead reports whether a line begins an entry or a banner, or is a record of an audit
// log. Text of anything else may look like an entry with an unknown command.
func isHead(line []byte) bool {
	line = line[:min(len(line), maxPrefix)]
	h, ok := genlog.ParseHeader(line, false)
	return ok && h.Known || genlog.OpensLog(line) || tablelog.BeginsWithAudit(line)
}

// fits reports whether enough lines of a file's head have the prefix.
func (p *prefix) fits(head []byte) bool {
	enough := 1
	if !p.loose && !p.sparse {
		lines := bytes.Count(head, []byte{'\n'})
		if n := len(head); n > 0 && head[n-1] != '\n' {
			lines++
		}
		enough = max(1, (lines+fewest-1)/fewest)
	}
	for len(head) > 0 && enough > 0 {
		n := lineLen(head)
		if _, ok := p.cut(head[:min(n, maxPrefix)], nil); ok {
			enough--
		}
		head = head[n:]
	}
	return enough == 0
}

// fewest is which part of the lines must have a prefix.
const fewest = 4

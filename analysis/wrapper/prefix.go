package wrapper

import (
	"bytes"

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
	none   bool   // the line holds no text, it is between lines
}

func (p *prefix) name() string { return p.title }
func (p *prefix) holds() bool  { return false }

func (p *prefix) open(known *streams) layer {
	return &prefixLayer{prefix: p, known: known, heads: isHead}
}

// prefixLayer takes a prefix off. Where it names a stream, a stream is the log from
// its first line on that holds the start of an entry or of a banner, until an older one
// begins another; lines of others are wrapper, and counted.
type prefixLayer struct {
	*prefix
	known  *streams
	fixed  bool // no stream becomes the log any more
	again  bool // it went on at an entry, whose line may be one without the prefix
	all    bool // every stream is the log
	heads  func(text []byte) bool
	newest string            // the last of the known streams that has been met
	heard  map[string]*heard // of all streams; nil where that is not asked for
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
	if n := genlog.Marks(line); n > 0 && p.joins(line[n:]) {
		pos, line = pos+n, line[n:]
	}
	if len(line) == 0 {
		return pos
	}
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

// joins reports whether marks in front of line are those of a joint: of a file that was
// added to this one, or of the end of this one.
func (p *prefixLayer) joins(line []byte) bool {
	_, ok := p.cut(line, p.known)
	return ok || len(line) == 0 || line[0] == 0 || isHead(line)
}

// mine reports whether a line at an offset is part of the log.
func (p *prefixLayer) mine(c *cut, at int64, text []byte) bool {
	if p.joined && !bytes.Equal(c.lane, p.lane) {
		return false // the other output breaks into a line
	}
	if c.stream == nil || p.all {
		return true
	}
	if p.heard != nil {
		p.hear(c.stream, at, text)
	}
	if p.known.has(c.stream, at) {
		if string(c.stream) != p.newest {
			p.goOn(string(c.stream), at, text)
		}
		return true
	}
	if p.fixed {
		return false
	}
	if p.known != nil {
		if _, early := p.known.spells[string(c.stream)]; early || len(p.known.spells) >= maxStreams {
			return false
		}
	}
	if !p.heads(text) {
		return false
	}
	p.known = p.known.with(string(c.stream), at)
	p.newest = string(c.stream)
	return true
}

// goOn goes on to a line of another stream of the log than the newest. Where it is an
// older one of another server, the newest did not take its place, as a server does that is
// started anew under another name.
func (p *prefixLayer) goOn(stream string, at int64, text []byte) {
	switch {
	case p.known.spells[stream].order > p.known.spells[p.newest].order:
		p.newest = stream
	case p.fixed || p.heard != nil || sameServer(stream, p.newest) || !p.heads(text):
	default:
		p.known = p.known.alone(stream, p.newest, at)
		p.newest = stream
	}
}

// hear takes note of a line of a stream.
func (p *prefixLayer) hear(stream []byte, at int64, text []byte) {
	if !p.heads(text) {
		return
	}
	h := p.heard[string(stream)]
	if h == nil {
		h = &heard{name: string(stream), first: at}
		p.heard[h.name] = h
	}
	h.last = at
	h.entries++
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

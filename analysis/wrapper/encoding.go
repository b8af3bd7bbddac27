package wrapper

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"sqleuth/analysis/genlog"
)

var (
	markUTF8  = []byte("\xef\xbb\xbf")
	markLE    = []byte("\xff\xfe")
	markBE    = []byte("\xfe\xff")
	sampleLen = 512
)

// Encoding finds from the head of a file how its text is encoded: the stack has a
// byte order mark or UTF-16, or nothing. It returns false where more of the head
// must be seen; whole is set where there is no more.
func Encoding(head []byte, whole bool) (s *Stack, ok bool) {
	if len(head) < sampleLen && !whole {
		return nil, false
	}
	switch {
	case bytes.HasPrefix(head, markUTF8):
		return &Stack{mark: len(markUTF8)}, true
	case bytes.HasPrefix(head, markLE):
		return &Stack{layers: []fitted{{kind: wide{marked: true}}}}, true
	case bytes.HasPrefix(head, markBE):
		return &Stack{layers: []fitted{{kind: wide{big: true, marked: true}}}}, true
	}
	even, odd := zeros(head[:min(len(head), sampleLen)&^1])
	switch n := min(len(head), sampleLen) / 2; {
	case n < 8:
	case odd*10 >= n*9 && even*10 < n:
		return &Stack{layers: []fitted{{kind: wide{}}}}, true
	case even*10 >= n*9 && odd*10 < n:
		return &Stack{layers: []fitted{{kind: wide{big: true}}}}, true
	}
	return &Stack{}, true
}

// zeros counts NUL bytes at even and at odd places.
func zeros(b []byte) (even, odd int) {
	for i, c := range b {
		if c == 0 {
			even += 1 - i&1
			odd += i & 1
		}
	}
	return even, odd
}

// wide is UTF-16.
type wide struct{ big, marked bool }

func (w wide) holds() bool { return false }

func (w wide) name() string {
	if w.big {
		return "UTF-16 (big endian)"
	}
	return "UTF-16 (little endian)"
}

func (w wide) open(*streams) layer { return &wideLayer{wide: w, marked: w.marked, start: true} }

// wideLayer turns UTF-16 into UTF-8. A line that begins an entry in bytes as they are ends
// it, and one in UTF-16 begins it again: PowerShell and other programs add to one file in
// two encodings, each with its mark.
type wideLayer struct {
	wide
	marked bool // the byte order mark is still to come
	start  bool // of a line
	plain  bool // it is in lines that are not UTF-16
	alone  bool // nothing else is around the log, so that a line shows whether it begins an entry
}

func (w *wideLayer) resume(bool) { w.marked, w.start, w.plain = false, true, false }

func (w *wideLayer) unit(b []byte) uint16 {
	if w.big {
		return uint16(b[0])<<8 | uint16(b[1])
	}
	return uint16(b[1])<<8 | uint16(b[0])
}

func (w *wideLayer) take(in *Text, last bool, out *output) int {
	data, pos := in.Data, 0
	if w.marked && len(data) >= 2 {
		pos, w.marked = 2, false
	}
	for pos < len(data) {
		if w.plain {
			n := w.line(in, pos, last, out)
			if n == 0 && w.plain {
				return pos
			}
			pos += n
			continue
		}
		pos += w.ascii(in, pos, out)
		n := w.character(in, pos, last, out)
		if n == 0 && !w.plain {
			break
		}
		pos += n
	}
	if last {
		out.reject(in, pos, len(data), genlog.NoUTF16)
		return len(data)
	}
	return pos
}

// wideASCII are the bits that four characters of ASCII may have, in little endian.
const wideASCII = 0x007f007f007f007f

// ascii takes characters up to the first that is none of ASCII.
func (w *wideLayer) ascii(in *Text, pos int, out *output) int {
	data := in.Data[pos:]
	shift := 0
	if w.big {
		shift = 8
	}
	before := len(out.Data)
	out.Data = slices.Grow(out.Data, len(data)/2)
	to, n := out.Data[before:cap(out.Data)], 0
	for n+8 <= len(data) {
		four := binary.LittleEndian.Uint64(data[n:])
		if four&^(wideASCII<<shift) != 0 {
			break
		}
		four >>= shift
		four = (four | four>>8) & 0x0000ffff0000ffff
		binary.LittleEndian.PutUint32(to[n/2:], uint32(four|four>>16))
		n += 8
	}
	for n+2 <= len(data) {
		c := w.unit(data[n:])
		if c >= utf8.RuneSelf {
			break
		}
		to[n/2] = byte(c)
		n += 2
	}
	if n > 0 {
		out.Data = out.Data[:before+n/2]
		out.Map.Add(n/2, in.Map.At(pos), 2)
		w.start = out.Data[len(out.Data)-1] == '\n'
	}
	return n
}

// line takes a line that is not UTF-16, or the part of one that is there. Where UTF-16
// begins it takes nothing and is not plain any more; where that is not known yet,
// nothing.
func (w *wideLayer) line(in *Text, pos int, last bool, out *output) int {
	data := in.Data[pos:]
	if w.start {
		if len(data) < 4 && !last {
			return 0
		}
		if n := w.markLen(data); n > 0 || w.digits(data) {
			w.plain = false
			return n
		}
	}
	n := lineLen(data)
	out.run(in, pos, pos+n)
	w.start = data[n-1] == '\n'
	return n
}

// digits reports whether b begins with two digits in UTF-16.
func (w *wideLayer) digits(b []byte) bool {
	return len(b) >= 4 && w.unit(b)-'0' <= 9 && w.unit(b[2:])-'0' <= 9
}

// markLen returns the length of the byte order mark that b begins with, 0 for none.
func (w *wideLayer) markLen(b []byte) int {
	if len(b) >= 2 && w.unit(b) == 0xfeff {
		return 2
	}
	return 0
}

// character takes one character; 0 where none is complete.
func (w *wideLayer) character(in *Text, pos int, last bool, out *output) int {
	data := in.Data[pos:]
	if len(data) < 2 {
		return 0
	}
	if w.start {
		if n := w.markLen(data); n > 0 {
			return n
		}
		if begins, ok := w.beginsPlain(data, last); begins || !ok {
			w.plain = begins
			return 0
		}
		if w.alone && narrow(data) {
			out.account.ForeignLines++
		}
		w.start = false
	}
	r, n := rune(w.unit(data)), 2
	if r == '\n'<<8 {
		// No character, but a line end from a byte further on: one was lost before. What
		// is left over is a reject behind the line end. Before it, it would part the line
		// for a layer that rejects that, here or there by where blocks end.
		if len(data) < 3 && !last {
			return 0
		}
		switch taken := min(3, len(data)); {
		case w.big:
			out.as(in, pos, pos+1, '\n')
			out.reject(in, pos+1, pos+2, genlog.NoUTF16)
			if taken == 3 { // what the zero belongs to
				out.as(in, pos+2, pos+3, utf8.AppendRune(nil, rune(data[2]))...)
			}
			return taken
		case taken < 3 || data[2] == 0:
			out.as(in, pos, pos+2, '\n')
			out.reject(in, pos+2, pos+taken, genlog.NoUTF16)
			w.start = true
			return taken
		}
	}
	if utf16.IsSurrogate(r) {
		if len(data) < 4 && !last {
			return 0
		}
		if len(data) >= 4 {
			if both := utf16.DecodeRune(r, rune(w.unit(data[2:]))); both != utf8.RuneError {
				r, n = both, 4
			}
		}
	}
	var text [utf8.UTFMax]byte
	out.as(in, pos, pos+n, text[:utf8.EncodeRune(text[:], r)]...)
	return n
}

// maxJoint is more than jointLen returns.
const maxJoint = 1 << 8

// narrowLen is how much of what was added to a file in UTF-16 shows that it is not.
const narrowLen = 32

// narrow reports whether bytes are more letters and signs of ASCII than UTF-16 has in any
// language: they were added to the file in another form. They are text all the same, or who
// chooses the letters could hide them.
func narrow(data []byte) bool {
	data = data[jointLen(data):]
	data = data[:min(len(data), narrowLen)]
	return len(data) >= narrowLen/4 && !bytes.ContainsFunc(data, func(r rune) bool { return r < '\t' || r >= utf8.RuneSelf })
}

// jointLen returns the length of the marks that b begins with, and of the line end among
// them.
func jointLen(b []byte) int {
	n := genlog.Marks(b)
	if n < len(b) && b[n] == '\r' {
		n++
	}
	if n < len(b) && b[n] == '\n' {
		n++
	}
	return n + genlog.Marks(b[n:])
}

// beginsPlain reports whether a line begins with an entry in bytes that are not UTF-16. It
// returns false where more of it must be seen.
func (w *wideLayer) beginsPlain(data []byte, last bool) (begins, ok bool) {
	joint := jointLen(data)
	if !w.alone || joint == 0 && (data[0] >= utf8.RuneSelf || data[1] >= utf8.RuneSelf) {
		return false, true
	}
	n := joint + lineLen(data[joint:])
	if n == len(data) && n < maxPrefix && !last && data[n-1] != '\n' || len(data) < narrowLen+maxJoint && !last {
		return false, false
	}
	return isHead(data[joint:n]), true
}

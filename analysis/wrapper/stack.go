package wrapper

import (
	"fmt"
	"strings"

	"sqleuth/analysis/genlog"
)

// Stack is what is around the log in one file, from the outside in. It does not
// change; nil and the zero value are for a file without a wrapper.
type Stack struct {
	mark   int // bytes of a byte order mark in front of UTF-8
	layers []fitted
}

// fitted is a wrapper with the streams that are the log.
type fitted struct {
	kind
	known *streams
}

// Plain reports whether nothing is around the log but perhaps a byte order mark.
func (s *Stack) Plain() bool { return s == nil || len(s.layers) == 0 }

// Mark returns the length of the byte order mark that the file begins with, where
// its bytes are the text else; 0 for none.
func (s *Stack) Mark() int {
	if s == nil {
		return 0
	}
	return s.mark
}

// Name names the wrappers from the outside in, and the streams that are the log;
// it is empty for a file without any. Names of streams are as the file has them.
func (s *Stack) Name() string {
	if s == nil {
		return ""
	}
	var names []string
	if s.mark > 0 {
		names = append(names, "UTF-8 byte order mark")
	}
	for _, f := range s.layers {
		names = append(names, f.name()+f.known.suffix())
	}
	return strings.Join(names, ", ")
}

// Open returns an unwrapper at the start of the file.
func (s *Stack) Open() *Unwrapper {
	u := &Unwrapper{stack: s, mark: s.mark}
	for k, f := range s.layers {
		l := f.open(f.known)
		switch l := l.(type) {
		case *prefixLayer:
			l.heads = s.heads(k + 1)
		case *documentLayer:
			l.coarse = k+1 == len(s.layers)
		case *wideLayer:
			l.alone = k+1 == len(s.layers)
		}
		if l, ok := l.(telling); ok {
			l.tells().heads = s.heads(k + 1)
		}
		u.layers = append(u.layers, l)
	}
	u.in = make([]Text, len(u.layers))
	return u
}

// heads returns a function that reports whether a line begins an entry or a banner by
// the wrappers from k on, as far as lines show it: a container of values may begin
// anywhere.
func (s *Stack) heads(k int) func(line []byte) bool {
	if k == len(s.layers) {
		return isHead
	}
	next := s.heads(k + 1)
	switch w := s.layers[k].kind.(type) {
	case *prefix:
		return func(line []byte) bool {
			c, ok := w.cut(line, nil)
			return ok && next(line[c.text:])
		}
	case escapes:
		return func(line []byte) bool { return next(unescapeLine(line)) }
	}
	return func([]byte) bool { return true }
}

// Resume returns an unwrapper at the offset of an entry.
func (s *Stack) Resume() *Unwrapper {
	u := s.Open()
	u.Resume()
	return u
}

// Unwrapper takes the wrappers off the bytes of one file that come block by block.
type Unwrapper struct {
	Account
	stack  *Stack
	layers []layer
	in     []Text // what a layer was given and is not done with
	mark   int    // what is left of the byte order mark
	block  Text   // bytes of the caller, while the first layer takes from them
}

// Resume lets the unwrapper go on at the offset of an entry, and forget what it was
// in the middle of.
func (u *Unwrapper) Resume() {
	u.Account = Account{Rejects: u.Rejects[:0]}
	u.mark = 0
	// An entry leads to its place in the innermost container. What is around
	// that is then inside of a line or a value; what is within, at a line start.
	inner := -1
	for k, f := range u.stack.layers {
		u.in[k].Reset()
		if f.holds() {
			inner = k
		}
	}
	for k, l := range u.layers {
		if k <= inner {
			l.resume(k < inner)
		} else {
			l.resume(false)
		}
	}
}

// Add takes the next bytes of the file, which begin at an offset of the log, and
// appends the text they hold to dst; last is set where no more come.
func (u *Unwrapper) Add(data []byte, offset int64, last bool, dst *Text) {
	n := min(u.mark, len(data))
	u.mark -= n
	u.WrapperBytes += int64(n)
	data, offset = data[n:], offset+int64(n)
	if len(u.layers) == 0 {
		dst.add(data, offset)
		return
	}
	u.first(data, offset, last, dst)
	for k := 1; k < len(u.layers); k++ {
		in := &u.in[k]
		in.drop(u.take(k, in, last, dst))
	}
}

// joint is how much of a block is copied behind what was left of the one before:
// more than a layer leaves.
const joint = 2 * maxPrefix

// first lets the first layer take from the bytes of the file. They are not copied,
// but for what it leaves for the next time.
func (u *Unwrapper) first(data []byte, offset int64, last bool, dst *Text) {
	left := &u.in[0]
	if len(left.Data) > 0 {
		n := min(len(data), joint)
		left.add(data[:n], offset)
		left.drop(u.take(0, left, last && n == len(data), dst))
		if again := len(left.Data); n < len(data) && again <= n {
			n -= again
			left.Reset()
		}
		data, offset = data[n:], offset+int64(n)
	}
	if len(left.Data) > 0 {
		left.add(data, offset)
		left.drop(u.take(0, left, last, dst))
		return
	}
	u.block.Data = data
	u.block.Map.Reset()
	u.block.Map.Add(len(data), offset, 1)
	done := u.take(0, &u.block, last, dst)
	u.block.Data = nil
	left.Reset()
	left.add(data[done:], offset+int64(done))
}

// take lets a layer take from a text and returns how much of it is done with.
func (u *Unwrapper) take(k int, in *Text, last bool, dst *Text) (done int) {
	out := output{Text: dst, account: &u.Account}
	if k+1 < len(u.layers) {
		out.Text = &u.in[k+1]
	}
	before := out.Map.Raw()
	done = u.layers[k].take(in, last, &out)
	taken := in.Map.Raw() - in.Map.Bytes(done, in.Map.Len())
	u.WrapperBytes += taken - (out.Map.Raw() - before) - out.rejected
	return done
}

// Stack returns the wrappers as they are known by now: streams may have come to
// those that are the log.
func (u *Unwrapper) Stack() *Stack {
	for k, l := range u.layers {
		var known *streams
		switch l := l.(type) {
		case *prefixLayer:
			known = l.known
		case telling:
			known = l.tells().known
		}
		if known == u.stack.layers[k].known {
			continue
		}
		s := &Stack{mark: u.stack.mark, layers: append([]fitted(nil), u.stack.layers...)}
		s.layers[k].known = known
		u.stack = s
	}
	return u.stack
}

// TakeRejects takes the rejects that begin before an offset out of the account.
func (u *Unwrapper) TakeRejects(before int64) []genlog.Reject {
	n := 0
	for n < len(u.Rejects) && u.Rejects[n].Offset < before {
		n++
	}
	list := append([]genlog.Reject(nil), u.Rejects[:n]...)
	u.Rejects = append(u.Rejects[:0], u.Rejects[n:]...)
	return list
}

// maxNamed is how many streams are named.
const maxNamed = 3

// suffix names streams behind the name of a wrapper.
func (s *streams) suffix() string {
	names := s.current()
	if len(names) == 0 {
		return ""
	}
	list := names[:min(len(names), maxNamed)]
	word := " (stream "
	if len(names) > 1 {
		word = " (streams "
	}
	more := ""
	if n := len(names) - len(list); n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	if n := len(s.other); n > 0 {
		more += "; a general log of another stream is left out: " + strings.Join(s.other[:min(n, maxNamed)], ", ")
		if n > maxNamed {
			more += " and more"
		}
	}
	return word + strings.Join(list, ", ") + more + ")"
}

// Package inflate turns deflate streams (RFC 1951) into text, and can begin at the end
// of any block of one: what the standard library's flate does not tell is where that
// is, to the bit. Decompressing is the longest of all work on a log that runs on one
// core only; the tables and the loop are made after those of libdeflate
// (lib/decompress_template.h), which takes half the time of a reader of single bytes.
package inflate

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// Window is how far a stream can look back on its text, in bytes.
const Window = 32 << 10

// ErrCorrupt is the error of a stream that no deflater has written.
var ErrCorrupt = errors.New("corrupt deflate stream")

// BlockEnd is the end of a block that is not the last one. The next one begins in the
// byte that the input gives next.
type BlockEnd struct {
	Text   int64  // bytes of text since Reset
	Bit    uint8  // bits of that byte that belong to the block before
	Window []byte // the last text, no more than there is since Reset; valid during the call
}

// Reader reads the text of one stream. It takes no byte behind the stream from its
// input. The zero value reads nothing before Reset.
type Reader struct {
	// BlockEnd is called, where it is set, at the end of each block but the last.
	BlockEnd func(BlockEnd)

	in    *bufio.Reader
	bit   uint8 // bits of the next byte of in that are used up
	state state
	final bool  // the block is the last one
	left  int   // bytes of a stored block
	err   error // behind the text in buf

	litLen   litLenTable
	distance distanceTable
	isFixed  bool // the tables are those of fixed codes

	base  int64 // text since Reset that has left buf
	given int   // text up to there has been read
	end   int   // of the text in buf, all of which can be looked back on
	buf   [Window + 128<<10]byte
}

// room is how much of buf the longest match may write: what is copied for it ends at
// a multiple of a stride.
const room = maxLength + stride

type state uint8

const (
	inHeader state = iota // of a block
	inStored
	inCodes
	ended
)

// Reset makes r read a stream from its beginning. in has a buffer of no less than 16
// bytes.
func (r *Reader) Reset(in *bufio.Reader) { r.Resume(in, 0, nil) }

// Resume makes r read a stream from the end of a block on; the window is copied.
func (r *Reader) Resume(in *bufio.Reader, bit uint8, window []byte) {
	r.in, r.bit, r.state, r.final, r.err = in, bit, inHeader, false, nil
	window = window[max(0, len(window)-Window):]
	n := copy(r.buf[:], window)
	r.given, r.end, r.base = n, n, int64(-n)
}

// Read reads text. It waits for input only where it has none to give. Behind the
// stream the error is io.EOF, at the end of the input io.ErrUnexpectedEOF.
func (r *Reader) Read(p []byte) (int, error) {
	for r.given == r.end {
		if r.err != nil {
			return 0, r.err
		}
		if r.end > len(r.buf)-room {
			n := copy(r.buf[:], r.buf[r.end-Window:r.end])
			r.base += int64(r.end - n)
			r.given, r.end = n, n
		}
		r.err = r.step()
	}
	n := copy(p, r.buf[r.given:r.end])
	r.given += n
	return n, nil
}

// step reads on, but not past the room in buf, the end of a block, or what can be had
// of the input without waiting where there is text to give.
func (r *Reader) step() error {
	switch r.state {
	case inHeader:
		return r.header()
	case inStored:
		return r.stored()
	case inCodes:
		return r.codes()
	}
	return io.EOF
}

// header reads the head of a block.
func (r *Reader) header() error {
	b := r.bits()
	r.final = b.take(1) != 0
	var err error
	switch b.take(2) {
	case 0:
		b.take(b.n)
		length, complement := b.take(16), b.take(16)
		r.state, r.left = inStored, int(length)
		if length != ^complement&0xffff {
			err = ErrCorrupt
		}
	case 1:
		r.state = inCodes
		r.fixedCodes()
	case 2:
		r.state = inCodes
		err = r.dynamicCodes(&b)
	default:
		err = ErrCorrupt
	}
	if b.err != nil {
		return b.err
	}
	if r.bit = uint8(8-b.n) & 7; r.bit > 0 {
		_ = r.in.UnreadByte() // the last thing was to read one
	}
	return err
}

// blockEnd ends a block.
func (r *Reader) blockEnd() error {
	if r.final {
		r.state = ended
		if r.bit > 0 {
			r.bit = 0
			_, _ = r.in.Discard(1) // of which there are bits that were read
		}
		return io.EOF
	}
	r.state = inHeader
	if r.BlockEnd != nil {
		r.BlockEnd(BlockEnd{Text: r.base + int64(r.end), Bit: r.bit, Window: r.buf[max(0, r.end-Window):r.end]})
	}
	return nil
}

// stored reads of a block that is not compressed.
func (r *Reader) stored() error {
	if r.left == 0 {
		return r.blockEnd()
	}
	n, err := r.in.Read(r.buf[r.end:min(len(r.buf), r.end+r.left)])
	r.end += n
	r.left -= n
	return unexpected(err)
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// codes reads of a block of Huffman codes.
func (r *Reader) codes() error {
	for r.end <= len(r.buf)-room {
		src, _ := r.in.Peek(r.in.Buffered())
		if len(src) < reach {
			if r.given < r.end {
				return nil
			}
			_, _ = r.in.Peek(reach)
			src, _ = r.in.Peek(r.in.Buffered())
		}
		var done bool
		var err error
		if len(src) < reach {
			done, err = r.code()
		} else {
			done, err = r.manyCodes(src)
		}
		if err != nil {
			return err
		}
		if done {
			return r.blockEnd()
		}
	}
	return nil
}

// reach is how many bytes manyCodes must have before it, one of which may be used up in
// part: it reads eight bytes, and eight more behind seven of them.
const reach = 1 + 7 + 8

// stride is how many bytes are copied at a time.
const stride = 16

// manyCodes reads codes from src, which is what is in the buffer of the input, up to
// its last bytes, the room in buf or the end of the block, and takes what it has read.
func (r *Reader) manyCodes(src []byte) (done bool, err error) {
	var (
		bits = uint64(src[0]) >> r.bit // the next ones, the first one the lowest
		n    = 8 - uint(r.bit)         // how many of them count
		at   = 1                       // bytes of src that are in bits
		to   = r.end                   // of the text
		buf  = r.buf[:]
	)
	for at <= len(src)-(reach-1) && to <= len(buf)-room {
		bits |= binary.LittleEndian.Uint64(src[at:]) << (n & 63)
		at += int(63-n) >> 3
		n |= 56
		// The 56 bits are enough for two literals of the first table and any third code.
		e := r.litLen[bits&(1<<litLenBits-1)]
		if e&isLiteral != 0 {
			bits >>= e & 63
			n -= uint(e & 63)
			buf[to] = byte(e >> 16)
			to++
			if e = r.litLen[bits&(1<<litLenBits-1)]; e&isLiteral != 0 {
				bits >>= e & 63
				n -= uint(e & 63)
				buf[to] = byte(e >> 16)
				to++
				e = r.litLen[bits&(1<<litLenBits-1)]
			}
		}
		if e&isSpecial != 0 {
			e = r.litLen.follow(e, bits)
			if e&isSpecial != 0 {
				if e&isInvalid != 0 {
					err = ErrCorrupt
				}
				n -= uint(e & 63)
				done = true
				break
			}
		}
		saved := bits
		bits >>= e & 63
		n -= uint(e & 63)
		if e&isLiteral != 0 {
			buf[to] = byte(e >> 16)
			to++
			continue
		}
		length := value(e, saved)
		if n < maxDistanceBits {
			bits |= binary.LittleEndian.Uint64(src[at:]) << (n & 63)
			at += int(63-n) >> 3
			n |= 56
		}
		e = r.distance[bits&(1<<distanceBits-1)]
		if e&isSpecial != 0 {
			if e = r.distance.follow(e, bits); e&isInvalid != 0 {
				err = ErrCorrupt
				break
			}
		}
		from := to - value(e, bits)
		if from < 0 {
			err = ErrCorrupt
			break
		}
		bits >>= e & 63
		n -= uint(e & 63)
		if to-from < stride {
			for end := to + length; to < end; to++ {
				buf[to] = buf[from]
				from++
			}
			continue
		}
		*(*[stride]byte)(buf[to:]) = *(*[stride]byte)(buf[from:])
		for k := stride; k < length; k += stride {
			*(*[stride]byte)(buf[to+k:]) = *(*[stride]byte)(buf[from+k:])
		}
		to += length
	}
	r.end = to
	used := 8*at - int(n)
	_, _ = r.in.Discard(used / 8) // which are in the buffer
	r.bit = uint8(used % 8)
	return done, err
}

// cut takes the last bytes of the input, in which a code is cut.
func (r *Reader) cut(src []byte, err error) error {
	_, _ = r.in.Discard(len(src))
	return unexpected(err)
}

// code reads one code near the end of the input.
func (r *Reader) code() (done bool, err error) {
	src, short := r.in.Peek(8)
	var word [8]byte
	copy(word[:], src)
	bits := binary.LittleEndian.Uint64(word[:]) >> r.bit
	left := 8*len(src) - int(r.bit)
	take := func(n uint32) bool {
		bits >>= n
		left -= int(n)
		return left >= 0
	}
	e := r.litLen.follow(r.litLen[bits&(1<<litLenBits-1)], bits)
	saved := bits
	if !take(e & 63) {
		return false, r.cut(src, short)
	}
	switch {
	case e&isInvalid != 0:
		return false, ErrCorrupt
	case e&isSpecial != 0:
		done = true
	case e&isLiteral != 0:
		r.buf[r.end] = byte(e >> 16)
		r.end++
	default:
		length := value(e, saved)
		e = r.distance.follow(r.distance[bits&(1<<distanceBits-1)], bits)
		saved = bits
		if !take(e & 63) {
			return false, r.cut(src, short)
		}
		from := r.end - value(e, saved)
		if e&isInvalid != 0 || from < 0 {
			return false, ErrCorrupt
		}
		for range length {
			r.buf[r.end] = r.buf[from]
			r.end++
			from++
		}
	}
	used := 8*len(src) - left
	_, _ = r.in.Discard(used / 8)
	r.bit = uint8(used % 8)
	return done, nil
}

package logfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
)

// gzipDecoder reads the members of a gzip file (RFC 1952) as one text. It reads
// headers and trailers itself, so that it knows where in the raw file each
// deflate stream lies, and so that neither a wrong checksum nor a broken member
// ends the text; see goOn.
//
// As gzip(1) does, it passes over zero bytes behind a member and leaves out other
// bytes that are no member; unlike it, it reads on where a member follows zeros.
//
// In a file that is cut, flate leaves out what the last twenty bits or so encode, a
// few characters or a repetition, because it wants to see a little further.
type gzipDecoder struct {
	in       *bufio.Reader
	consumed func() int64 // raw bytes that in has taken so far
	fl       io.ReadCloser
	state    gzipState
	first    bool  // no member has been begun
	broken   error // what ended the body, to be returned behind its last text

	text   int64  // decompressed bytes of the file
	member int64  // text before the member
	crc    uint32 // of the member so far

	// Of the first reading of a file only. An inflater has none of them.
	points *resumer
	damage func(Damage) // is called with what does not end the text
	source *rewinder    // what in reads

	mismatched bool          // the checksum of the last member was wrong
	jump       bool          // the next member does not follow the last one
	reread     int64         // raw bytes that were taken twice
	probes     int64         // places at which a header was probed
	prober     io.ReadCloser // the flate reader for that

	tinyRun    int   // members without much text in a row, up to the last one
	deflateRaw int64 // raw offset of the member's deflate stream
	drift      int64 // bytes of it that flate has counted twice; see blockEnd
}

type gzipState uint8

const (
	inHeader gzipState = iota
	inBody
	inBroken
	inTrailer
)

// gzip header flags, RFC 1952 section 2.3.1.
const (
	flagHeaderCRC = 1 << 1
	flagExtra     = 1 << 2
	flagName      = 1 << 3
	flagComment   = 1 << 4
	flagReserved  = 0xe0
)

// newGzipDecoder returns a decoder for a whole file, which in reads from source.
// With points it records resume points as it goes. damage is called with what is
// wrong and does not end the text.
func newGzipDecoder(in *bufio.Reader, source *rewinder, points *resumer, damage func(Damage)) *gzipDecoder {
	return &gzipDecoder{in: in, consumed: source.taken, source: source, points: points, damage: damage, first: true}
}

func (g *gzipDecoder) close() {}

// raw returns the raw offset of the next byte.
func (g *gzipDecoder) raw() int64 { return g.consumed() - int64(g.in.Buffered()) }

func (g *gzipDecoder) Read(p []byte) (int, error) {
	for {
		switch g.state {
		case inHeader:
			err := g.readHeader()
			if err == nil {
				err = g.startBody()
			}
			if err != nil {
				if err = g.goOn(err); err != nil {
					return 0, err
				}
			}
		case inBody:
			n, err := g.fl.Read(p)
			g.took(p[:n])
			switch err {
			case nil:
			case io.EOF:
				g.state = inTrailer
			default:
				g.state, g.broken = inBroken, err
			}
			if n > 0 {
				return n, nil
			}
		case inBroken:
			if err := g.goOn(g.broken); err != nil {
				return 0, err
			}
		case inTrailer:
			err := g.readTrailer()
			if err == nil {
				g.state = inHeader
			} else if err = g.goOn(err); err != nil {
				return 0, err
			}
		}
	}
}

// took counts and sums text that was inflated.
func (g *gzipDecoder) took(text []byte) {
	if g.damage != nil {
		g.crc = crc32.Update(g.crc, crc32.IEEETable, text)
	}
	g.text += int64(len(text))
}

// readHeader returns io.EOF or errTrailing if no further member follows.
func (g *gzipDecoder) readHeader() error {
	if !g.first {
		if err := g.skipZeros(); err != nil {
			return err
		}
	}
	magic, err := g.in.Peek(2)
	if !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		switch {
		case g.first:
			return errors.New("not a gzip member")
		case err == nil || err == io.EOF:
			return errTrailing
		}
		return err
	}
	g.first = false

	var head [10]byte
	if _, err := io.ReadFull(g.in, head[:]); err != nil {
		return cutIn("gzip header", err)
	}
	if head[2] != 8 || head[3]&flagReserved != 0 {
		return fmt.Errorf("gzip header: unknown method %d or flags %#x", head[2], head[3])
	}
	if head[3]&flagExtra != 0 {
		var n [2]byte
		if _, err := io.ReadFull(g.in, n[:]); err != nil {
			return cutIn("gzip header", err)
		}
		if err := g.discard(int(binary.LittleEndian.Uint16(n[:]))); err != nil {
			return err
		}
	}
	for _, flag := range []byte{flagName, flagComment} {
		if head[3]&flag != 0 {
			if err := g.skipString(); err != nil {
				return err
			}
		}
	}
	if head[3]&flagHeaderCRC != 0 {
		return g.discard(2) // covers the header only, which no text depends on
	}
	return nil
}

func (g *gzipDecoder) discard(n int) error {
	_, err := g.in.Discard(n)
	return cutIn("gzip header", err)
}

// skipString passes over a zero-terminated string of any length.
func (g *gzipDecoder) skipString() error {
	for {
		_, err := g.in.ReadSlice(0)
		if err != bufio.ErrBufferFull {
			return cutIn("gzip header", err)
		}
	}
}

func (g *gzipDecoder) skipZeros() error {
	for {
		c, err := g.in.ReadByte()
		if err != nil {
			return err
		}
		if c != 0 {
			return g.in.UnreadByte()
		}
	}
}

// A hostile file may have a member for every twenty bytes, and a reader for each,
// with its 80 KiB, takes seventy times as long as one for all. So behind
// maxTinyRun members of less than tinyMember bytes of text none is expected to
// need resume points inside. Should one be long after all, sizes.gap applies.
const (
	maxTinyRun = 16
	tinyMember = 4 << 10
)

func (g *gzipDecoder) startBody() error {
	g.state, g.member, g.crc = inBody, g.text, 0
	g.deflateRaw, g.drift = g.raw(), 0
	if g.points != nil {
		g.points.add(point{text: g.text, raw: g.deflateRaw, jump: g.jump}, nil)
		g.jump = false
	}
	switch {
	case g.points != nil && g.tinyRun < maxTinyRun:
		// A reader that is reset loses its callback, so each member gets its own.
		g.fl = flate.NewReaderOpts(g.in, flate.WithEobCallback(g.blockEnd))
		return nil
	case g.fl == nil:
		g.fl = flate.NewReader(g.in)
		return nil
	}
	return g.fl.(flate.Resetter).Reset(g.in, nil) // which flate promises to work
}

// blockEnd is called by flate at the end of each deflate block.
//
// flate counts raw bytes twice that it had read ahead when a stored block began
// (klauspost/compress v1.19.1, dataBlock), so that its offsets run ahead of the
// truth. How many bytes it has taken is known from the buffer. Its bit position is
// that, less the bits read ahead, plus the error; behind a stored block nothing is
// read ahead, so whatever lies beyond the bytes taken is error.
func (g *gzipDecoder) blockEnd(cp flate.InflateCheckpoint) {
	if cp.Final {
		return
	}
	taken := g.raw() - g.deflateRaw
	if cp.CompressedOffset > taken+g.drift {
		g.drift = cp.CompressedOffset - taken
	}
	g.points.add(point{
		text: g.member + cp.UncompressedOffset,
		raw:  g.deflateRaw + cp.CompressedOffset - g.drift,
		bit:  cp.BitOffset,
	}, cp.Window)
}

// readTrailer compares CRC-32 and length (modulo 2^32) of the member.
func (g *gzipDecoder) readTrailer() error {
	at := g.raw()
	var trailer [8]byte
	if _, err := io.ReadFull(g.in, trailer[:]); err != nil {
		return cutIn("gzip trailer", err)
	}
	if g.text-g.member < tinyMember {
		g.tinyRun++
	} else {
		g.tinyRun = 0
	}
	if g.damage == nil {
		return nil
	}
	crc, size := binary.LittleEndian.Uint32(trailer[:]), binary.LittleEndian.Uint32(trailer[4:])
	var err error
	switch {
	case crc != g.crc:
		err = fmt.Errorf("gzip member has CRC-32 %08x, its text %08x", crc, g.crc)
	case size != uint32(g.text-g.member):
		err = fmt.Errorf("gzip member has length %d, its text %d (modulo 2^32)", size, uint32(g.text-g.member))
	}
	if g.mismatched = err != nil; g.mismatched {
		g.damage(Damage{Kind: Mismatch, Raw: at, Text: g.text, From: g.member, Err: err})
	}
	return nil
}

// cutIn names the part in which the bytes ended early, if err is that they did.
func cutIn(part string, err error) error {
	switch err {
	case nil:
		return nil
	case io.EOF:
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%s: %w", part, err)
}

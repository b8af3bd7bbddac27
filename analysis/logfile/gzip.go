package logfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"sqleuth/analysis/inflate"
)

// gzipDecoder reads the members of a gzip file (RFC 1952) as one text. It reads
// headers and trailers itself, so that it knows where in the raw file each
// deflate stream lies, and so that neither a wrong checksum nor a broken member
// ends the text; see goOn.
//
// As gzip(1) does, it passes over zero bytes behind a member and leaves out other
// bytes that are no member; unlike it, it reads on where a member follows zeros.
type gzipDecoder struct {
	in       *bufio.Reader
	consumed func() int64    // raw bytes that in has taken so far
	body     *inflate.Reader // made with the first member
	state    gzipState
	first    bool  // no member has been begun
	broken   error // what ended the body, to be told behind its last text

	text   int64  // decompressed bytes of the file
	member int64  // text before the member
	crc    uint32 // of the member so far

	// Of the first reading of a file only. An inflater has none of them.
	points *resumer
	damage func(Damage) // is told of what does not end the text
	source *rewinder    // what in reads

	mismatched bool            // the checksum of the last member was wrong
	jump       bool            // the next member does not follow the last one
	reread     int64           // raw bytes that were taken twice
	probes     int64           // places at which a header was probed
	prober     *inflate.Reader // for that

	deflateRaw int64 // raw offset of the member's deflate stream
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
// With points it records resume points as it goes. damage is told of what is wrong
// and does not end the text.
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
			if err := g.readHeader(); err == nil {
				g.startBody()
			} else if err = g.goOn(err); err != nil {
				return 0, err
			}
		case inBody:
			n, err := g.body.Read(p)
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

func (g *gzipDecoder) startBody() {
	g.state, g.member, g.crc = inBody, g.text, 0
	g.deflateRaw = g.raw()
	if g.body == nil {
		g.body = new(inflate.Reader)
	}
	if g.points != nil {
		g.body.BlockEnd = g.blockEnd
		g.points.add(point{text: g.text, raw: g.deflateRaw, jump: g.jump}, nil)
		g.jump = false
	}
	g.body.Reset(g.in)
}

// blockEnd is called at the end of each deflate block.
func (g *gzipDecoder) blockEnd(e inflate.BlockEnd) {
	g.points.add(point{text: g.member + e.Text, raw: g.raw(), bit: e.Bit}, e.Window)
}

// readTrailer compares CRC-32 and length (modulo 2^32) of the member.
func (g *gzipDecoder) readTrailer() error {
	at := g.raw()
	var trailer [8]byte
	if _, err := io.ReadFull(g.in, trailer[:]); err != nil {
		return cutIn("gzip trailer", err)
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

// cutIn names the part in which the bytes ended early, if err says that they did.
func cutIn(part string, err error) error {
	switch err {
	case nil:
		return nil
	case io.EOF:
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%s: %w", part, err)
}

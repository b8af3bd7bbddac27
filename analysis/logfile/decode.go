package logfile

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// maxWindow is the largest zstd window accepted: that of zstd --long=29, whose
// decompression takes as much memory. A frame may demand terabytes.
const maxWindow = 512 << 20

// errWindow names what to do about a frame with a larger one.
var errWindow = fmt.Errorf("its zstd window is larger than %d MiB (zstd --long=29): decompress it with zstd -d --long=31 and give what comes out", maxWindow>>20)

// errTrailing means that what follows the container is not part of it.
var errTrailing = errors.New("bytes behind the end of the compressed data")

// decoder is a container's text. Its Read ends with io.EOF at the container's
// proper end, with errTrailing if bytes follow it, and with io.ErrUnexpectedEOF
// (wrapped) if it is cut.
type decoder interface {
	io.Reader
	close()
}

// newDecoder returns the decoder of a container whose raw bytes are in; gzip has its own.
func newDecoder(c Container, in *bufio.Reader) (decoder, error) {
	switch c {
	case Zstd:
		z, err := zstd.NewReader(in,
			zstd.WithDecoderConcurrency(1),
			zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxWindow),
			zstd.WithDecoderMaxMemory(maxWindow))
		return &zstdDecoder{z: z}, err
	case XZ:
		return &xzDecoder{in: xzInput{Reader: in}}, nil
	case Bzip2:
		return &bzip2Decoder{foreign{bzip2.NewReader(in)}}, nil
	}
	return &foreign{in}, nil
}

// foreign is a decoder that needs no closing.
type foreign struct{ io.Reader }

func (*foreign) close() {}

type zstdDecoder struct {
	z   *zstd.Decoder
	any bool // text has been seen
}

func (d *zstdDecoder) Read(p []byte) (int, error) {
	n, err := d.z.Read(p)
	d.any = d.any || n > 0
	if d.any && errors.Is(err, zstd.ErrMagicMismatch) {
		err = errTrailing
	}
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		err = errWindow
	}
	return n, err
}

func (d *zstdDecoder) close() { d.z.Close() }

// xzDecoder creates its xz.Reader with the first Read, because that reads already,
// and so fails for a cut file.
type xzDecoder struct {
	in xzInput
	r  *xz.Reader
}

func (d *xzDecoder) Read(p []byte) (n int, err error) {
	if d.r == nil {
		if d.r, err = xz.NewReader(&d.in); err != nil {
			return 0, err
		}
	}
	n, err = d.r.Read(p)
	if err == io.EOF && d.in.last != xzFooter {
		err = io.ErrUnexpectedEOF // xz does not distinguish a cut block header from the end
	}
	return n, err
}

func (*xzDecoder) close() {}

// xzFooter is what a stream ends with, zeros may follow.
var xzFooter = [2]byte{'Y', 'Z'}

// xzInput remembers the last two bytes that are not zero.
type xzInput struct {
	io.Reader
	last [2]byte
}

func (in *xzInput) Read(p []byte) (int, error) {
	n, err := in.Reader.Read(p)
	tail := bytes.TrimRight(p[:n], "\x00")
	switch {
	case len(tail) > 1:
		in.last = [2]byte(tail[len(tail)-2:])
	case len(tail) == 1:
		in.last = [2]byte{in.last[1], tail[0]}
	}
	return n, err
}

// bzip2Decoder distinguishes bytes behind the last stream from a broken one.
type bzip2Decoder struct{ foreign }

func (d *bzip2Decoder) Read(p []byte) (int, error) {
	n, err := d.foreign.Read(p)
	if err == bzip2.StructuralError("bad magic value in continuation file") {
		err = errTrailing
	}
	return n, err
}

// readGuarded reads from a decoder of hostile bytes. A panic in one (they have
// had them) ends the file and not the program.
func readGuarded(d decoder, p []byte) (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			n, err = 0, fmt.Errorf("decoder failed: %v", v)
		}
	}()
	return d.Read(p)
}

package logfile

import (
	"bytes"
	"io"
	"io/fs"
	"sync"
)

// sectionFile is a stretch of another file as a file. Closing it does nothing: the
// other one is somebody else's.
type sectionFile struct {
	memory
	in   io.ReaderAt
	from int64
	n    int64
}

func section(in io.ReaderAt, from, n int64) sectionFile { return sectionFile{in: in, from: from, n: n} }

func bytesFile(data []byte) sectionFile { return section(bytes.NewReader(data), 0, int64(len(data))) }

func (f sectionFile) Size() int64                { return f.n }
func (f sectionFile) Stat() (fs.FileInfo, error) { return f, nil }

func (f sectionFile) ReadAt(p []byte, off int64) (int, error) {
	if off >= f.n {
		return 0, io.EOF
	}
	room := p[:min(int64(len(p)), f.n-off)]
	n, err := f.in.ReadAt(room, f.from+off)
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

// joinedFile is several stretches behind each other.
type joinedFile []sectionFile

func (f joinedFile) size() (n int64) {
	for _, part := range f {
		n += part.n
	}
	return n
}

func (f joinedFile) Close() error               { return nil }
func (f joinedFile) Stat() (fs.FileInfo, error) { return section(nil, 0, f.size()), nil }

func (f joinedFile) ReadAt(p []byte, off int64) (n int, err error) {
	for _, part := range f {
		if off >= part.n {
			off -= part.n
			continue
		}
		k, err := part.ReadAt(p[n:min(int64(len(p)), int64(n)+part.n-off)], off)
		n += k
		if err != nil && err != io.EOF {
			return n, err
		}
		if n == len(p) {
			return n, nil
		}
		off = 0
	}
	return n, io.EOF
}

// spoolFile is text in the temporary file as a file.
type spoolFile struct {
	memory
	spool *spool
	n     int64

	mu    sync.Mutex
	piece int // that text holds, -1 for none
	text  []byte
}

func newSpoolFile(sp *spool, n int64) *spoolFile { return &spoolFile{spool: sp, n: n, piece: -1} }

func (f *spoolFile) Size() int64                { return f.n }
func (f *spoolFile) Stat() (fs.FileInfo, error) { return f, nil }

func (f *spoolFile) ReadAt(p []byte, off int64) (n int, err error) {
	size := int64(f.spool.piece)
	for n < len(p) && off < f.n {
		i, within := int(off/size), off%size
		length := min(size, f.n-int64(i)*size)
		k := int(min(int64(len(p)-n), length-within))
		if int64(k) == length {
			err = f.spool.readPiece(p[n:n+k:n+k], i)
		} else {
			err = f.readPart(p[n:n+k], i, within, length)
		}
		if err != nil {
			return n, err
		}
		n += k
		off += int64(k)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// readPart reads from a piece of some length, which is kept for the next time.
func (f *spoolFile) readPart(p []byte, i int, within, length int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.piece != i {
		if f.text == nil {
			f.text = make([]byte, f.spool.piece)
		}
		f.piece = -1
		if err := f.spool.readPiece(f.text[:length], i); err != nil {
			return err
		}
		f.piece = i
	}
	copy(p, f.text[within:length])
	return nil
}

package logfile

import (
	"bytes"
	"io/fs"
	"time"
)

// OpenBytes opens a set of one file that is held in memory, such as a log that
// is part of the program. Nobody may write to data while the set is in use.
func OpenBytes(name string, data []byte, opts Options) (*Set, error) {
	s := newSet(opts, defaultSizes)
	m := memory{bytes.NewReader(data), name}
	src, err := s.newSource(name, &rawFile{f: m, stat: m, size: int64(len(data))})
	if err != nil {
		return nil, err
	}
	s.files = append(s.files, src)
	s.rawTotal = int64(len(data))
	return s, nil
}

// memory is bytes that look like an open file.
type memory struct {
	*bytes.Reader
	name string
}

func (m memory) Close() error               { return nil }
func (m memory) Stat() (fs.FileInfo, error) { return m, nil }

// memory is its own fs.FileInfo, too.
func (m memory) Name() string       { return m.name }
func (m memory) Mode() fs.FileMode  { return 0o444 }
func (m memory) ModTime() time.Time { return time.Time{} }
func (m memory) IsDir() bool        { return false }
func (m memory) Sys() any           { return nil }

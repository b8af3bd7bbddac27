package logfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// Head returns the first n bytes of text of a file, by its index in Files, or all
// of a shorter one. It may be called before Read and does not count as reading. Of
// a damaged file it returns what can be had. Standard input has no head.
func (s *Set) Head(file, n int) ([]byte, error) {
	s.mu.RLock()
	src := s.files[file]
	name := src.info.Name
	s.mu.RUnlock()
	switch {
	case src.hollow:
		return nil, fmt.Errorf("read head of %q: it cannot be read", name)
	case src.file == nil:
		return nil, errors.New("read head: standard input can be read once only")
	}
	head, err := src.file.head(src.codec, n)
	if len(head) > 0 || err == nil {
		return head, nil
	}
	return nil, fmt.Errorf("read head of %q: %w", name, err)
}

// head returns the first n bytes of text of a file in a container, and why they
// are fewer.
func (r *rawFile) head(codec Container, n int) ([]byte, error) {
	in := bufio.NewReaderSize(&firstRead{file: r}, inBuffer)
	var dec decoder = &gzipDecoder{in: in, consumed: func() int64 { return 0 }, first: true}
	if codec != Gzip {
		var err error
		if dec, err = newDecoder(codec, in); err != nil {
			return nil, err
		}
	}
	defer dec.close()
	return io.ReadAll(io.LimitReader(guarded{dec}, int64(n)))
}

// guarded is a decoder that fails instead of panicking.
type guarded struct{ decoder }

func (g guarded) Read(p []byte) (int, error) { return readGuarded(g.decoder, p) }

// Reorder changes the order of the timeline, before Read: order lists the indices
// in Files, each once, in the order that the files are to have. Files of one server
// must follow each other.
func (s *Set) Reorder(order []int) error {
	if s.started.Load() {
		return errors.New("reorder logs: already being read")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	files := make([]*source, len(order))
	seen, servers := make([]bool, len(s.files)), map[string]bool{}
	bad := len(order) != len(seen)
	for i, k := range order {
		if bad = bad || k < 0 || k >= len(seen) || seen[k]; bad {
			break
		}
		files[i], seen[k] = s.files[k], true
		if server := files[i].info.Server; i == 0 || server != files[i-1].info.Server {
			bad = servers[server]
			servers[server] = true
		}
	}
	if bad {
		return fmt.Errorf("reorder logs: %v is no order of %d files of %d servers", order, len(s.files), max(1, len(servers)))
	}
	s.files = files
	return nil
}

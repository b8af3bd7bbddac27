package casefile

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Beginning is how the log of a case began that was being written: a log whose text,
// decompressed and of all files one behind the other, begins so is the same one, grown.
type Beginning struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // of that many bytes
	Head   string `json:"head"`   // of the first headLen of them
}

const (
	// leastBeginning is how many bytes distinguish a log from another one: more than what every
	// log of a server begins with, and some entries with their times.
	leastBeginning = 1 << 10
	// headLen is how much is compared before all of it is.
	headLen = leastBeginning
	// beginningSuffix is behind the key in the name of the file that keeps it.
	beginningSuffix = ".begins.json"
)

// Growing takes the digest of a log's text as that grows: each byte is read once.
type Growing struct {
	text io.ReaderAt
	sum  hash.Hash
	head [sha256.Size]byte
	n    int64
}

// NewGrowing begins with nothing read of a text.
func NewGrowing(text io.ReaderAt) *Growing { return &Growing{text: text, sum: sha256.New()} }

// Anew begins with nothing read of the same text, which is another one now.
func (g *Growing) Anew() *Growing { return NewGrowing(g.text) }

// Reach reads the text up to a size and returns its beginning of that size. A text that
// is shorter than before is another one.
func (g *Growing) Reach(size int64) (Beginning, error) {
	if size < g.n {
		*g = *g.Anew()
	}
	if err := g.read(min(size, headLen)); err != nil {
		return Beginning{}, err
	}
	if g.n == headLen {
		g.sum.Sum(g.head[:0])
	}
	if err := g.read(size); err != nil {
		return Beginning{}, err
	}
	return Beginning{Bytes: g.n, SHA256: hex.EncodeToString(g.sum.Sum(nil)), Head: hex.EncodeToString(g.head[:])}, nil
}

// read reads on to a size.
func (g *Growing) read(size int64) error {
	if size <= g.n {
		return nil
	}
	n, err := io.Copy(g.sum, io.NewSectionReader(g.text, g.n, size-g.n))
	g.n += n
	if err == nil && g.n < size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return fmt.Errorf("read the beginning of the log: %w", err)
	}
	return nil
}

// Begins keeps beside the case how its log begins, so that Continued finds it. One that
// is too short to distinguish logs is not kept.
func (f *File) Begins(b Beginning) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b.Bytes < leastBeginning {
		return nil
	}
	data, err := json.Marshal(b)
	if err != nil {
		return err
	}
	path := strings.TrimSuffix(f.path, ".json") + beginningSuffix
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, data) {
		return nil
	}
	if err := replace(path, data); err != nil {
		return fmt.Errorf("keep how the log of a case begins: %w", err)
	}
	return nil
}

// beside returns the names in a folder that end in a suffix, without it; none where there is
// no folder. No pattern is made of its path, which may hold anything.
func beside(dir, suffix string) (names []string, err error) {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	for _, f := range files {
		if name, ok := strings.CutSuffix(f.Name(), suffix); ok {
			names = append(names, name)
		}
	}
	return names, err
}

// Continued returns the key of the case of a log in the folder dir: the log's own,
// or where there is no such case that of a log which has grown into this one since,
// the one that was known furthest. text is the log's, of some size.
func Continued(dir string, own Key, text io.ReaderAt, size int64) (Key, error) {
	if _, err := os.Stat(filepath.Join(dir, own.String()+".json")); !errors.Is(err, fs.ErrNotExist) {
		return own, nil
	}
	type known struct {
		key Key
		Beginning
	}
	var all []known
	names, err := beside(dir, beginningSuffix)
	if err != nil {
		return own, err
	}
	for _, name := range names {
		k := known{}
		data, err := os.ReadFile(filepath.Join(dir, name+beginningSuffix))
		if err == nil {
			err = json.Unmarshal(data, &k.Beginning)
		}
		key, wrong := hex.DecodeString(name)
		if err = errors.Join(err, wrong); err != nil || len(key) != len(k.key) || k.Bytes < leastBeginning || k.Bytes > size {
			continue // of another log, or damaged: the case is found by its own key all the same
		}
		copy(k.key[:], key)
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b known) int { return cmp.Compare(a.Bytes, b.Bytes) })
	g, found := NewGrowing(text), own
	for _, k := range all {
		head, err := g.Reach(max(g.n, headLen))
		if err != nil {
			return own, err
		}
		if head.Head != k.Head {
			continue
		}
		b, err := g.Reach(k.Bytes)
		if err != nil {
			return own, err
		}
		if b == k.Beginning {
			found = k.key
		}
	}
	return found, nil
}

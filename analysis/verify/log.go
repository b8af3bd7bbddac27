package verify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"

	"sqleuth/analysis/export"
	"sqleuth/analysis/merkle"
	"sqleuth/analysis/visible"
)

// Log is a log that was given to check an export with.
type Log struct {
	Given  string // "-" for standard input
	Path   string // where it is
	Bytes  int64
	SHA256 string
	blocks []merkle.Hash
	// name is what the manifest calls it, of the log as given or of the archive; empty
	// where it is none of the export's.
	name     string
	same     bool // its bytes are those of the manifest
	baseline bool
}

// HashLogs reads logs, each once. Standard input, named "-", is kept in the
// folder temp.
func HashLogs(ctx context.Context, paths []string, stdin io.Reader, temp string) ([]Log, error) {
	var list []Log
	for i, given := range paths {
		l := Log{Given: given, Path: given}
		if given == "-" {
			l.Path = filepath.Join(temp, fmt.Sprintf("stdin-%d", i))
		}
		if err := l.hash(ctx, stdin); err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, nil
}

func (l *Log) hash(ctx context.Context, stdin io.Reader) error {
	var in io.Reader
	fail := func(err error) error { return fmt.Errorf("log %q: %w", l.Given, cause(err)) }
	if l.Given == "-" {
		kept, err := os.OpenFile(l.Path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return fail(err)
		}
		defer kept.Close()
		in = io.TeeReader(stdin, kept)
	} else {
		f, err := os.Open(l.Path)
		if err != nil {
			return fail(err)
		}
		defer f.Close()
		in = f
	}
	b := blocker{whole: sha256.New(), block: sha256.New()}
	if _, err := io.CopyBuffer(&b, reading{ctx, in}, make([]byte, 256<<10)); err != nil {
		return fail(err)
	}
	l.Bytes, l.SHA256, l.blocks = b.n, hex.EncodeToString(b.whole.Sum(nil)), b.end()
	return nil
}

// blocker hashes what is written to it whole and in blocks.
type blocker struct {
	whole, block hash.Hash
	n            int64
	sums         []merkle.Hash
}

func (b *blocker) Write(p []byte) (int, error) {
	b.whole.Write(p)
	for rest := p; len(rest) > 0; {
		k := min(len(rest), int(export.BlockSize-b.n%export.BlockSize))
		b.block.Write(rest[:k])
		b.n += int64(k)
		rest = rest[k:]
		if b.n%export.BlockSize == 0 {
			b.close()
		}
	}
	return len(p), nil
}

func (b *blocker) close() {
	b.sums = append(b.sums, merkle.Hash(b.block.Sum(nil)))
	b.block.Reset()
}

func (b *blocker) end() []merkle.Hash {
	if b.n%export.BlockSize != 0 {
		b.close()
	}
	return b.sums
}

// wanted is a file that the manifest names: a log or an archive of logs.
type wanted struct {
	name   string
	server string // that wrote it, where it was named
	bytes  int64
	sha256 string
}

// logs lists what the manifest names, an archive once.
func (e *Export) logs() (list []wanted) {
	for _, in := range e.Manifest.Inputs {
		w := wanted{in.Name, in.Server, in.Bytes, in.SHA256}
		if in.Archive != "" {
			w.name = in.Archive
		}
		if !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	return list
}

// unknownSum is the hash of a log that was not read to its end.
var unknownSum = hex.EncodeToString(make([]byte, sha256.Size))

// Logs compares logs with the manifest, whatever their names and order, and names the
// blocks that differ. It reports whether all that the manifest names are there unchanged.
func (e *Export) Logs(logs []Log, r *Result) (all bool) {
	all = true
	taken := make([]bool, len(logs))
	var lost []wanted
	for _, w := range e.logs() {
		at := -1
		for i, l := range logs {
			if !taken[i] && l.SHA256 == w.sha256 && (at < 0 || visible.JSON(l.Given) == w.name) {
				at = i
			}
		}
		if at < 0 {
			lost = append(lost, w)
			continue
		}
		taken[at] = true
		logs[at].name, logs[at].same = w.name, true
		r.passed("%s has the SHA-256 of the manifest, %s", quoted(w.name), w.sha256)
		if visible.JSON(logs[at].Given) != w.name {
			r.passed("%s is %s now", quoted(w.name), quoted(logs[at].Given))
		}
	}
	for i, l := range logs {
		for _, c := range e.Manifest.Carried {
			if c.Kind == export.BaselineLog && c.SHA256 == l.SHA256 && !taken[i] {
				taken[i], logs[i].name, logs[i].same, logs[i].baseline = true, c.Name, true, true
			}
		}
	}
	for _, w := range lost {
		all = false
		if w.sha256 == "" || w.sha256 == unknownSum {
			r.notDone("%s was not read to its end: the export has no hash of it", quoted(w.name))
			continue
		}
		at := e.likely(w, logs, taken)
		if at < 0 {
			r.differs(Missing, "log %s, SHA-256 %s", quoted(w.name), w.sha256)
			continue
		}
		taken[at], logs[at].name = true, w.name
		e.compareBlocks(w, &logs[at], r)
	}
	for i, l := range logs {
		if !taken[i] {
			r.differs(New, "%s is no log of the export", quoted(l.Given))
		}
	}
	return all
}

// likely returns which log is probably a changed one: of that name, of its last part, or
// the only one that is left; -1 for none.
func (e *Export) likely(w wanted, logs []Log, taken []bool) int {
	left := []int{}
	for i := range logs {
		if !taken[i] {
			left = append(left, i)
		}
	}
	for _, same := range []func(name string) bool{
		func(name string) bool { return name == w.name },
		func(name string) bool { return base(name) == base(w.name) },
		func(string) bool { return len(left) == 1 },
	} {
		for _, i := range left {
			if same(visible.JSON(logs[i].Given)) {
				return i
			}
		}
	}
	return -1
}

// compareBlocks names the blocks of a log that are not those of the export.
func (e *Export) compareBlocks(w wanted, l *Log, r *Result) {
	path := quoted(l.Given)
	if l.Bytes != w.bytes {
		r.differs(Changed, "log %s: it has %d bytes, the manifest says %d", path, l.Bytes, w.bytes)
	} else {
		r.differs(Changed, "log %s: its SHA-256 is %s, the manifest says %s", path, l.SHA256, w.sha256)
	}
	tree, sums, err := e.rawTree(w)
	switch {
	case err != nil:
		r.notDone("which block of %s it is: %v", path, err)
		return
	case tree == nil:
		return
	}
	list := listing{Result: r}
	for i := range max(len(sums), len(l.blocks)) {
		from := int64(i) * export.BlockSize
		switch {
		case i >= len(sums):
			list.differs(New, "log %s: block %d (byte %d on) is behind its end", path, i, from)
		case i >= len(l.blocks):
			list.differs(Missing, "log %s: block %d (byte %d on)", path, i, from)
		case hex.EncodeToString(l.blocks[i][:]) != sums[i]:
			list.differs(Changed, "log %s: block %d (bytes %d to %d)", path, i, from, min(from+export.BlockSize, max(l.Bytes, w.bytes))-1)
		}
	}
	list.end(path, "blocks")
}

// rawTree returns the tree over the bytes of a file, and the hashes under it; no tree
// where the export has none.
func (e *Export) rawTree(w wanted) (*export.Tree, []string, error) {
	if e.Manifest.Blocks == nil {
		return nil, nil, nil
	}
	for i, t := range e.Manifest.Blocks.Trees {
		if t.File == w.name && t.Of != export.OfText {
			sums, err := e.tree(&e.Manifest.Blocks.Trees[i])
			return &e.Manifest.Blocks.Trees[i], sums, err
		}
	}
	return nil, nil, nil
}

// errBlocks is why no block can be named.
var errBlocks = errors.New(export.BlocksName + " does not have the root that the manifest says")

// tree returns the hashes under a tree, if they lead to its root.
func (e *Export) tree(t *export.Tree) ([]string, error) {
	all, err := e.blockSums()
	if err != nil {
		return nil, err
	}
	texts := sumsOf(all, *t)
	sums := make([]merkle.Hash, len(texts))
	for i, text := range texts {
		if !parseHash(&sums[i], text) {
			return nil, errBlocks
		}
	}
	root := export.BlockRoot(sums)
	if hex.EncodeToString(root[:]) != t.Root {
		return nil, errBlocks
	}
	return texts, nil
}

// parseHash reads a hash in hexadecimal digits.
func parseHash(to *merkle.Hash, text string) bool {
	if len(text) != hex.EncodedLen(len(to)) {
		return false
	}
	_, err := hex.Decode(to[:], []byte(text))
	return err == nil
}

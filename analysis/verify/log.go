package verify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"sqleuth/analysis/export"
	"sqleuth/analysis/merkle"
	"sqleuth/analysis/visible"
	"sqleuth/analysis/wording"
)

// Log is a log that was given to check an export with.
type Log struct {
	Given  string // "-" for standard input
	Path   string // where it is
	Bytes  int64
	SHA256 string
	err    error // why it could not be read
	blocks []merkle.Hash
	// begins are the SHA-256 of its first bytes, as many as a log of the manifest has.
	begins map[int64]string
	// name is what the manifest calls it, of the log as given or of the archive; empty
	// where it is none of the export's.
	name     string
	state    state
	exported int64 // its first bytes, which the export is of, where it has grown
	baseline bool
}

// state is how a log is beside the one that the manifest names.
type state uint8

const (
	changed state = iota // other bytes, or which ones it should have is not known
	same
	grown // the same bytes, and more behind them
)

// HashLogs reads logs, each once. Standard input, named "-", is kept in the folder temp. A
// log that cannot be read is listed too. The error is that of the context or of temp.
func (e *Export) HashLogs(ctx context.Context, paths []string, stdin io.Reader, temp string) ([]Log, error) {
	var lengths []int64
	for _, w := range e.logs() {
		lengths = append(lengths, w.bytes)
	}
	slices.Sort(lengths)
	lengths = slices.Compact(lengths)
	var list []Log
	for i, given := range paths {
		l := Log{Given: given, Path: given}
		var in io.Reader
		if given == "-" {
			l.Path = filepath.Join(temp, fmt.Sprintf("stdin-%d", i))
			kept, err := os.OpenFile(l.Path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
			if err != nil {
				return nil, fmt.Errorf("log %q: %w", given, wording.Pathless(err))
			}
			defer kept.Close()
			in = io.TeeReader(stdin, kept)
		}
		l.hash(ctx, in, lengths)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, nil
}

// hash reads a log from in, or from its path where in is nil, and hashes so many first
// bytes of it too.
func (l *Log) hash(ctx context.Context, in io.Reader, lengths []int64) {
	if in == nil {
		f, err := os.Open(l.Path)
		if err != nil {
			l.err = wording.Pathless(err)
			return
		}
		defer f.Close()
		in = f
	}
	b := blocker{whole: sha256.New(), block: sha256.New(), lengths: lengths, begins: map[int64]string{}}
	b.mark()
	_, err := io.CopyBuffer(&b, reading{ctx, in}, make([]byte, 256<<10))
	if err != nil {
		l.err = wording.Pathless(err)
		return
	}
	l.Bytes, l.SHA256, l.blocks, l.begins = b.n, b.sum(), b.end(), b.begins
}

// blocker hashes what is written to it whole, in blocks, and up to some lengths.
type blocker struct {
	whole, block hash.Hash
	n            int64
	sums         []merkle.Hash
	lengths      []int64 // that are to come, ascending
	begins       map[int64]string
}

func (b *blocker) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		k := min(int64(len(rest)), export.BlockSize-b.n%export.BlockSize)
		if len(b.lengths) > 0 {
			k = min(k, b.lengths[0]-b.n)
		}
		b.whole.Write(rest[:k])
		b.block.Write(rest[:k])
		b.n += k
		rest = rest[k:]
		if b.n%export.BlockSize == 0 {
			b.close()
		}
		b.mark()
	}
	return len(p), nil
}

// mark keeps the hash so far where the next length is reached.
func (b *blocker) mark() {
	if len(b.lengths) > 0 && b.lengths[0] <= b.n {
		b.begins[b.n] = b.sum()
		b.lengths = b.lengths[1:]
	}
}

func (b *blocker) sum() string { return hex.EncodeToString(b.whole.Sum(nil)) }

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
// blocks that differ. It reports whether all that the manifest names are there with their
// bytes, whatever came behind these.
func (e *Export) Logs(logs []Log, r *Result) (all bool) {
	var lost []wanted
	for _, w := range e.logs() {
		l := find(logs, w, func(l *Log) bool { return l.SHA256 == w.sha256 })
		if l == nil {
			lost = append(lost, w)
			continue
		}
		l.name, l.state = w.name, same
		r.passed("%s has the SHA-256 of the manifest, %s", named(l.Given), w.sha256)
		l.renamed(w, r)
	}
	for i := range logs {
		l := &logs[i]
		for _, c := range e.Manifest.Carried {
			if c.Kind == export.BaselineLog && l.err == nil && c.SHA256 == l.SHA256 && l.free() {
				l.name, l.state, l.baseline = c.Name, same, true
			}
		}
	}
	lost = slices.DeleteFunc(lost, func(w wanted) bool {
		l := find(logs, w, func(l *Log) bool {
			sum, ok := l.begins[w.bytes]
			return ok && sum == w.sha256 && (w.bytes > 0 || called(l, w))
		})
		if l == nil {
			return false
		}
		more := int(l.Bytes - w.bytes)
		l.name, l.state, l.exported = w.name, grown, w.bytes
		r.passed("the first %d bytes of %s have the SHA-256 of the manifest, %s", w.bytes, named(l.Given), w.sha256)
		r.notDone("what has come to log %s since: it has grown by %s; the part that was exported, the first %d, is unchanged", named(l.Given), wording.Counted(more, "byte", "bytes"), w.bytes)
		l.renamed(w, r)
		return true
	})
	found := likely(lost, logs)
	for k, w := range lost {
		switch l := found[k]; {
		case w.sha256 == "" || w.sha256 == unknownSum:
			r.notDone("%s was not read to its end: the export has no hash of it", named(w.name))
		case l == nil:
			r.differs(Missing, "log %s, SHA-256 %s", named(w.name), w.sha256)
		case l.err != nil:
			l.unread(r)
		default:
			e.compareBlocks(w, l, r)
		}
	}
	for i := range logs {
		switch l := &logs[i]; {
		case !l.free():
		case l.err != nil:
			l.unread(r)
		default:
			r.differs(New, "%s is no log of the export", named(l.Given))
		}
	}
	return len(lost) == 0
}

// free reports whether a log has not been taken for one of the manifest yet.
func (l *Log) free() bool { return l.name == "" }

// called reports whether a log has the name that is in the manifest.
func called(l *Log, w wanted) bool { return visible.JSON(l.Given) == w.name }

// renamed reports which log of the manifest a log is that has another name now.
func (l *Log) renamed(w wanted, r *Result) {
	if !called(l, w) {
		r.passed("%s is %s of the export", named(l.Given), named(w.name))
	}
}

// unread reports why a log could not be read.
func (l *Log) unread(r *Result) {
	if errors.Is(l.err, fs.ErrNotExist) {
		r.differs(Missing, "log %s: %v", named(l.Given), l.err)
		return
	}
	r.notDone("log %s could not be read: %v", named(l.Given), l.err)
}

// find returns a free log that is the wanted one, best one that is called so; nil for none.
func find(logs []Log, w wanted, is func(*Log) bool) (found *Log) {
	for i := range logs {
		if l := &logs[i]; l.free() && l.err == nil && is(l) && (found == nil || called(l, w)) {
			found = l
		}
	}
	return found
}

// likely returns for each log that was lost the one that it probably is, changed: of its
// name, of the last part of that, or the only one that is left; nil for none.
func likely(lost []wanted, logs []Log) []*Log {
	list := make([]*Log, len(lost))
	for _, is := range []func(l *Log, w wanted, left int) bool{
		func(l *Log, w wanted, _ int) bool { return called(l, w) },
		func(l *Log, w wanted, _ int) bool { return base(visible.JSON(l.Given)) == base(w.name) },
		func(_ *Log, _ wanted, left int) bool { return left == 1 },
	} {
		left := 0
		for i := range logs {
			if logs[i].free() {
				left++
			}
		}
		for k, w := range lost {
			for i := range logs {
				if l := &logs[i]; list[k] == nil && l.free() && is(l, w, left) {
					list[k], l.name = l, w.name
				}
			}
		}
	}
	return list
}

// compareBlocks names the blocks of a log that are not those of the export.
func (e *Export) compareBlocks(w wanted, l *Log, r *Result) {
	log := "log " + named(l.Given)
	if l.Bytes != w.bytes {
		r.differs(Changed, "%s: it has %d bytes, the manifest says %d", log, l.Bytes, w.bytes)
	} else {
		r.differs(Changed, "%s: its SHA-256 is %s, the manifest says %s", log, l.SHA256, w.sha256)
	}
	tree, sums, err := e.rawTree(w)
	switch {
	case err != nil:
		r.notDone("which block of %s it is: %v", named(l.Given), err)
	case tree != nil:
		r.nameBlocks(log, stretch{sums, w.bytes}, stretch{l.blocks, l.Bytes})
	}
}

// stretch is some bytes in blocks.
type stretch struct {
	sums  []merkle.Hash
	bytes int64
}

// nameBlocks names the blocks in which two stretches differ, neighbours together, and
// counts those that are the same.
func (r *Result) nameBlocks(of string, want, got stretch) {
	list := listing{Result: r}
	kind := func(i int) Kind {
		switch {
		case i >= len(want.sums):
			return New
		case i >= len(got.sums):
			return Missing
		case want.sums[i] != got.sums[i]:
			return Changed
		}
		return ""
	}
	n, unchanged := max(len(want.sums), len(got.sums)), 0
	for i := 0; i < n; {
		from, k := i, kind(i)
		for i < n && kind(i) == k {
			i++
		}
		what := fmt.Sprintf("block %d", from)
		if i-from > 1 {
			what = fmt.Sprintf("blocks %d to %d", from, i-1)
		}
		bytes := max(want.bytes, got.bytes)
		if k == Missing {
			bytes = want.bytes
		}
		what += fmt.Sprintf(" (bytes %d to %d)", int64(from)*export.BlockSize, min(int64(i)*export.BlockSize, bytes)-1)
		switch k {
		case "":
			unchanged += i - from
		case New:
			list.differs(k, "%s: %s behind its end", of, what)
		default:
			list.differs(k, "%s: %s", of, what)
		}
	}
	list.end(of, "stretches of blocks")
	if unchanged > 0 {
		r.passed("%d of %d blocks of %s are as %s says", unchanged, len(want.sums), of, export.BlocksName)
	}
}

// rawTree returns the tree over the bytes of a file, and the hashes under it; no tree
// where the export has none.
func (e *Export) rawTree(w wanted) (*export.Tree, []merkle.Hash, error) {
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
func (e *Export) tree(t *export.Tree) ([]merkle.Hash, error) {
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
	return sums, nil
}

// parseHash reads a hash in hexadecimal digits.
func parseHash(to *merkle.Hash, text string) bool {
	if len(text) != hex.EncodedLen(len(to)) {
		return false
	}
	_, err := hex.Decode(to[:], []byte(text))
	return err == nil
}

package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"sqleuth/analysis/merkle"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/visible"
)

// BlockSize is how many bytes of a log one hash of blocks.csv is about.
const BlockSize = 1 << 20

// BlocksName is the file of the hashes of blocks.
const BlocksName = "blocks.csv"

// Blocks are the roots over the hashes in blocks.csv, by which a single block can be
// proved to be of a log.
type Blocks struct {
	Size  int    `json:"size"`
	How   string `json:"tree"`
	Trees []Tree `json:"trees"`
}

// Tree is the tree over the blocks of one file.
type Tree struct {
	File string `json:"file"`
	Of   string `json:"of"` // OfRaw, OfText or OfBoth
	// Bytes are those of all blocks. The last block may be a short one.
	Bytes  int64  `json:"bytes"`
	Blocks int    `json:"blocks"`
	Root   string `json:"root"`
	Damage string `json:"damage,omitempty"` // why there are no more blocks
}

// What the blocks of a tree are of.
const (
	OfRaw  = "raw"          // the bytes of the file
	OfText = "text"         // of the decompressed text, in which offsets are counted
	OfBoth = "raw and text" // where they are the same
)

const treeForm = "Merkle tree of RFC 6962, 2.1, with SHA-256; the data of a leaf is the SHA-256 of a block, 32 bytes"

// BlockSums returns the SHA-256 of each block of n bytes. It returns those before an
// error too.
func BlockSums(ctx context.Context, in io.ReaderAt, from, n int64) (sums []merkle.Hash, read int64, err error) {
	buf := make([]byte, BlockSize)
	for read < n {
		if err := ctx.Err(); err != nil {
			return sums, read, err
		}
		part := buf[:min(n-read, BlockSize)]
		k, err := in.ReadAt(part, from+read)
		if k < len(part) {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return sums, read, err
		}
		sums = append(sums, sha256.Sum256(part))
		read += int64(k)
	}
	return sums, read, nil
}

// BlockRoot returns the root over the SHA-256 of blocks.
func BlockRoot(sums []merkle.Hash) merkle.Hash { return merkle.Root(Leaves(sums)) }

// Leaves returns the leaves over the SHA-256 of blocks.
func Leaves(sums []merkle.Hash) []merkle.Hash {
	leaves := make([]merkle.Hash, len(sums))
	for i, s := range sums {
		leaves[i] = merkle.Leaf(s[:])
	}
	return leaves
}

// stretch is some bytes of a log of which blocks are hashed.
type stretch struct {
	file, of string
	in       io.ReaderAt
	from, n  int64
}

// stretches lists what is hashed in blocks: each file as it is on the disk, and its text.
func stretches(s *pipeline.Snapshot, text pipeline.Text) (list []stretch) {
	archives := map[string]bool{}
	for k := range s.Files {
		f := &s.Files[k]
		raw, ok := text.Raw(k)
		whole := stretch{f.Name, OfText, text, f.Base, f.Text}
		switch {
		case !ok || archives[raw.Name]:
		case raw.Plain && raw.Size == f.Text:
			whole.of = OfBoth
		default:
			archives[raw.Name] = f.Archive != ""
			list = append(list, stretch{raw.Name, OfRaw, raw, 0, raw.Size})
		}
		list = append(list, whole)
	}
	return list
}

// block is a row of blocks.csv.
type block struct {
	*stretch
	i    int
	size int64
	sum  merkle.Hash
}

func blockColumns() []column[*block] {
	type row = *block
	return []column[row]{
		logged("file", func(b row) string { return b.file }),
		own("of", func(b row) string { return b.of }),
		number("block", func(b row) int64 { return int64(b.i) }),
		number("offset", func(b row) int64 { return int64(b.i) * BlockSize }),
		number("bytes", func(b row) int64 { return b.size }),
		own("sha256", func(b row) string { return hex.EncodeToString(b.sum[:]) }),
	}
}

// blockRows are the blocks of all files. The trees over them are put into out once the
// last row was. Where the log cannot be read the tree ends, with the reason.
func blockRows(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, out **Blocks) rows[*block] {
	return func(add func(*block) error) error {
		b := &Blocks{Size: BlockSize, How: treeForm, Trees: []Tree{}}
		for _, part := range stretches(s, text) {
			sums, read, err := BlockSums(ctx, part.in, part.from, part.n)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			root := BlockRoot(sums)
			tree := Tree{File: visible.JSON(part.file), Of: part.of, Bytes: read, Blocks: len(sums), Root: hex.EncodeToString(root[:])}
			if err != nil {
				tree.Damage = visible.JSON(fmt.Sprintf("byte %d: %v", read, err))
			}
			b.Trees = append(b.Trees, tree)
			for i, sum := range sums {
				if err := add(&block{&part, i, min(BlockSize, read-int64(i)*BlockSize), sum}); err != nil {
					return err
				}
			}
		}
		*out = b
		return nil
	}
}

package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"sqleuth/analysis/export"
	"sqleuth/analysis/merkle"
)

// Proof leads from the blocks of a log that an entry is in to the root in the manifest.
type Proof struct {
	Version  int      `json:"proof_version"`
	Manifest string   `json:"manifest_sha256"`
	Entry    int64    `json:"entry"`
	Tree     int      `json:"tree"`   // of the manifest, from 0
	Block    int      `json:"block"`  // the first one
	Blocks   int      `json:"blocks"` // how many are beside the proof
	Hashes   []string `json:"hashes"`
}

// MaxProof is the longest proof, in bytes: for up to 16 TiB of text.
const MaxProof = 4096

// Evidence row of an entry, with its line. It is an error if there is none.
func (e *Export) row(entry int64) (row Row, err error) {
	found := errors.New("found")
	err = e.eachEvidence(evidenceLines, func(r Row) error {
		if r.Entry == entry {
			row = r
			return found
		}
		return nil
	})
	switch {
	case errors.Is(err, found):
		return row, nil
	case err != nil:
		return row, err
	}
	return row, fmt.Errorf("%s has no entry %d", evidenceLines, entry)
}

// textTree returns which tree is over the text of a file.
func (e *Export) textTree(file string) (int, error) {
	if e.Manifest.Blocks == nil {
		return 0, errors.New("the manifest has no hashes of blocks: the export is an old one")
	}
	for i, t := range e.Manifest.Blocks.Trees {
		if t.File == file && t.Of != export.OfRaw {
			return i, nil
		}
	}
	return 0, fmt.Errorf("the manifest has no blocks of the text of %s", named(file))
}

// span returns the blocks that a row is in.
func span(row Row, t export.Tree) (first, n int, err error) {
	if row.Offset < 0 || row.Bytes <= 0 || row.Offset > t.Bytes || row.Bytes > t.Bytes-row.Offset {
		return 0, 0, fmt.Errorf("entry %d is not in the blocks of its log", row.Entry)
	}
	first = int(row.Offset / export.BlockSize)
	return first, int((row.Offset+row.Bytes-1)/export.BlockSize) - first + 1, nil
}

// Prove returns the blocks of the text that an entry is in, and the proof of them. Nothing
// else of the log needs to be as it was.
func (e *Export) Prove(ctx context.Context, text Text, entry int64) (blocks, proof []byte, err error) {
	row, err := e.row(entry)
	if err != nil {
		return nil, nil, err
	}
	tree, err := e.textTree(row.File)
	if err != nil {
		return nil, nil, err
	}
	t := e.Manifest.Blocks.Trees[tree]
	first, n, err := span(row, t)
	if err != nil {
		return nil, nil, err
	}
	sums, err := e.tree(&t)
	if err != nil {
		return nil, nil, err
	}
	if first+n > len(sums) {
		return nil, nil, errBlocks
	}
	blocks, err = text.blocks(ctx, row.File, t, first, n)
	if err != nil {
		return nil, nil, err
	}
	is, _, err := export.BlockSums(ctx, bytes.NewReader(blocks), 0, int64(len(blocks)))
	if err != nil {
		return nil, nil, err
	}
	if !slices.Equal(is, sums[first:first+n]) {
		return nil, nil, fmt.Errorf("blocks %d to %d of the text of %s, which entry %d is in, are not those of the export", first, first+n-1, named(row.File), entry)
	}
	hashes, err := merkle.Proof(export.Leaves(sums), first, first+n)
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(e.raw)
	p := Proof{1, hex.EncodeToString(sum[:]), entry, tree, first, n, []string{}}
	for _, h := range hashes {
		p.Hashes = append(p.Hashes, hex.EncodeToString(h[:]))
	}
	proof, err = json.Marshal(p)
	if err == nil && len(proof) >= MaxProof {
		err = fmt.Errorf("the proof has %d bytes, more than %d", len(proof), MaxProof)
	}
	return blocks, append(proof, '\n'), err
}

// blocks reads blocks of the text under a tree.
func (t Text) blocks(ctx context.Context, name string, tree export.Tree, first, n int) ([]byte, error) {
	from := int64(first) * export.BlockSize
	length := min(int64(n)*export.BlockSize, tree.Bytes-from)
	f := t.files[name]
	switch {
	case f == nil:
		return nil, fmt.Errorf("the export has no log %s", named(name))
	case f.text == nil || f.text.Size < from+length:
		return nil, fmt.Errorf("the log %s is not the one of the export", f.called())
	}
	data := make([]byte, length)
	_, err := io.ReadFull(reading{ctx, io.NewSectionReader(t.set, f.text.Base+from, length)}, data)
	return data, err
}

// Proved checks that an entry of the evidence is in a log of which nothing is there but
// the blocks that it is in, with a proof. It returns the bytes of the entry.
func (e *Export) Proved(entry int64, blocks io.Reader, proof []byte, r *Result) ([]byte, error) {
	row, err := e.row(entry)
	if err != nil {
		return nil, err
	}
	var p Proof
	if err := json.Unmarshal(proof, &p); err != nil {
		return nil, fmt.Errorf("the proof is damaged: %w", err)
	}
	if len(proof) > MaxProof {
		return nil, fmt.Errorf("the proof has %d bytes, more than %d", len(proof), MaxProof)
	}
	sum := sha256.Sum256(e.raw)
	switch {
	case p.Version != 1:
		return nil, fmt.Errorf("the proof has version %d, this program knows 1", p.Version)
	case p.Manifest != hex.EncodeToString(sum[:]):
		return nil, fmt.Errorf("the proof is of another manifest, SHA-256 %s", quoted(p.Manifest))
	case p.Entry != entry:
		return nil, fmt.Errorf("the proof is of entry %d", p.Entry)
	}
	tree, err := e.textTree(row.File)
	if err != nil {
		return nil, err
	}
	t := e.Manifest.Blocks.Trees[tree]
	first, n, err := span(row, t)
	if err != nil {
		return nil, err
	}
	if p.Tree != tree || p.Block != first || p.Blocks != n {
		return nil, errors.New("the proof is of other blocks than those the entry is in")
	}
	from := int64(first) * export.BlockSize
	length := min(int64(n)*export.BlockSize, t.Bytes-from)
	data, err := io.ReadAll(io.LimitReader(blocks, length+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) != length {
		r.differs(Changed, "the blocks have %d bytes or more, not %d", len(data), length)
		return nil, nil
	}
	sums, _, err := export.BlockSums(context.Background(), bytes.NewReader(data), 0, length)
	if err != nil {
		return nil, err
	}
	hashes := make([]merkle.Hash, len(p.Hashes))
	for i, text := range p.Hashes {
		if !parseHash(&hashes[i], text) {
			return nil, errors.New("the proof is damaged: a hash in it is none")
		}
	}
	root, err := merkle.Prove(t.Blocks, first, export.Leaves(sums), hashes)
	if err != nil || hex.EncodeToString(root[:]) != t.Root {
		r.differs(Changed, "blocks %d to %d of the text of %s, or their proof: they do not lead to the root in the manifest", first, first+n-1, named(row.File))
		return nil, nil
	}
	r.passed("blocks %d to %d of the text of %s lead to the root in the manifest", first, first+n-1, named(row.File))
	part := data[row.Offset-from:][:row.Bytes]
	if got := sha256.Sum256(part); row.SHA256 != "" && hex.EncodeToString(got[:]) != row.SHA256 {
		r.differs(Changed, "%s, entry %d: the %d bytes at byte %d of %s are others", evidenceLines, entry, row.Bytes, row.Offset, named(row.File))
		return nil, nil
	}
	r.passed("the %d bytes of entry %d are in them, SHA-256 %s", row.Bytes, entry, row.SHA256)
	return part, nil
}

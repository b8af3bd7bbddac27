package verify

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"sqleuth/analysis/export"
	"sqleuth/analysis/merkle"
)

// Commitments compares the rows of the evidence, redacted or not, with what the manifest
// commits to: that of the export, or another one, such as that of the export which is not
// redacted. It does nothing for an export without commitments.
func (e *Export) Commitments(of *export.Manifest, r *Result) error {
	own := e.Manifest.Commitments
	switch {
	case own == nil && of == nil:
		return nil
	case own == nil:
		r.notDone("the rows of the evidence cannot be held against another manifest: the export was made without --redact-key")
		return nil
	case of != nil && of.Commitments == nil:
		r.notDone("the other manifest has no commitments: its export was made without --redact-key")
		return nil
	case of != nil:
		if !slices.Equal(hashes(of), hashes(&e.Manifest)) {
			r.differs(Changed, "the logs are not those of the other manifest")
		}
		own = of.Commitments
	}
	commitments, err := os.Open(filepath.Join(e.Dir, export.CommitmentsName))
	if err != nil {
		r.differs(Missing, "%v", withoutPath(export.CommitmentsName, err))
		return nil
	}
	defer commitments.Close()
	evidence, err := os.Open(filepath.Join(e.Dir, evidenceLines))
	if err != nil {
		r.differs(Missing, "%v", withoutPath(evidenceLines, err))
		return nil
	}
	defer evidence.Close()
	next := json.NewDecoder(bufio.NewReaderSize(commitments, 1<<18))
	list, hidden := listing{Result: r}, 0
	var leaves []merkle.Hash
	err = lines(evidence, func(i int, line []byte) error {
		leaf, redacted, err := committed(next, line)
		if err != nil {
			list.differs(Changed, "%s, row %d: %v", evidenceLines, i+1, err)
		}
		leaves = append(leaves, leaf)
		hidden += redacted
		return nil
	})
	if err != nil {
		return err
	}
	list.end(evidenceLines, "rows")
	root := merkle.Root(leaves)
	var more json.RawMessage
	switch {
	case len(leaves) != own.Rows || !errors.Is(next.Decode(&more), io.EOF):
		r.differs(Changed, "%s has %d rows, the manifest commits to %d", evidenceLines, len(leaves), own.Rows)
	case hex.EncodeToString(root[:]) != own.Root:
		r.differs(Changed, "%s: its rows are not those that the manifest commits to", evidenceLines)
	case list.n == 0:
		r.passed("%d rows of the evidence, %d fields of which are hidden, are those that the manifest commits to", len(leaves), hidden)
	}
	return nil
}

// committed returns the leaf that a row makes with the next commitment.
func committed(next *json.Decoder, line []byte) (leaf merkle.Hash, redacted int, err error) {
	var c struct {
		Entry  int64    `json:"entry"`
		Leaf   string   `json:"leaf"`
		Fields []string `json:"fields"`
	}
	if err := next.Decode(&c); err != nil {
		return leaf, 0, errors.New("there is no commitment to it")
	}
	row, err := export.Fields(bytes.TrimSuffix(line, []byte("\n")))
	if err != nil {
		return leaf, 0, err
	}
	if leaf, redacted, err = export.Committed(row, c.Fields); err != nil {
		return leaf, redacted, err
	}
	if hex.EncodeToString(leaf[:]) != c.Leaf {
		return leaf, redacted, fmt.Errorf("(entry %d): it is not the one that was committed to", c.Entry)
	}
	return leaf, redacted, nil
}

// hashes are those of the logs of a manifest.
func hashes(m *export.Manifest) (list []string) {
	for _, in := range m.Inputs {
		list = append(list, in.SHA256)
	}
	return list
}

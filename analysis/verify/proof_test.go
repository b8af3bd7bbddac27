package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/export"
	"sqleuth/analysis/merkle"
)

// opened opens the export and the logs that it is of, read.
func opened(t *testing.T, dir string, paths ...string) (*Export, Text) {
	t.Helper()
	e, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	logs, err := e.HashLogs(t.Context(), paths, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if r := (&Result{}); !e.Logs(logs, r) {
		t.Fatal(r.Differences)
	}
	r := &Result{}
	o, err := e.OpenLogs(t.Context(), logs, analysis(config()).Files, r)
	if err != nil || o == nil {
		t.Fatal(err, r.NotDone)
	}
	t.Cleanup(func() { o.Close() })
	return e, o.Text
}

// across is a log with an entry that lies across the border of two blocks, and the number
// of that entry.
func across() ([]byte, int64) {
	b := []byte("2024-05-01T08:00:00.000000Z\t    7 Connect\troot@203.0.113.7 on  using TCP/IP\n")
	entry := int64(1)
	for len(b) < export.BlockSize-100 {
		entry++
		b = fmt.Appendf(b, "2024-05-01T08:00:00.000000Z\t    7 Query\tSELECT name FROM products WHERE id = %d -- %s\n", entry, strings.Repeat("x", min(900, export.BlockSize-100-len(b))))
	}
	b = append(b, "2024-05-01T09:00:00.000000Z\t    7 Query\tSELECT name FROM products WHERE id = -1 UNION SELECT load_file('/etc/passwd'),'"+strings.Repeat("x", 200)+"'-- -\n"...)
	return append(b, long(2*export.BlockSize)...), entry + 1
}

// A row is proved by its blocks and the proof alone, across the border of two blocks too;
// no byte of either can be changed.
func TestProof(t *testing.T) {
	text, entry := across()
	log := put(t, filepath.Join(t.TempDir(), "general.log"), text)
	cfg := config()
	dir := exported(t, export.Options{Files: export.Evidence}, cfg, "", log)
	e, logText := opened(t, dir, log)
	last, err := e.row(entry + 1)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int64]int{entry: 2, last.Entry: 1} {
		blocks, proof, err := e.Prove(t.Context(), logText, n)
		if err != nil {
			t.Fatal(err)
		}
		var p Proof
		if err := json.Unmarshal(proof, &p); err != nil || p.Blocks != want || len(proof) > MaxProof {
			t.Errorf("entry %d: %d blocks, want %d; %d bytes, %v", n, p.Blocks, want, len(proof), err)
		}
		proved := func(entry int64, blocks, proof []byte) ([]byte, *Result, error) {
			r := &Result{}
			part, err := e.Proved(entry, bytes.NewReader(blocks), proof, r)
			return part, r, err
		}
		part, r, err := proved(n, blocks, proof)
		if err != nil || !bytes.HasPrefix(part, []byte("2024-05-01T0")) {
			t.Fatalf("entry %d: %q, %v", n, part, err)
		}
		r.nothing(t)
		for _, at := range []int{0, len(blocks) / 2, len(blocks) - 1} {
			bad := bytes.Clone(blocks)
			bad[at] ^= 1
			if part, r, err := proved(n, bad, proof); err == nil && (len(r.Differences) == 0 || part != nil) {
				t.Errorf("entry %d: byte %d of its blocks was changed", n, at)
			}
		}
		for at := 0; at < len(proof)-1; at += 11 {
			bad := bytes.Clone(proof)
			bad[at] ^= 1
			if _, r, err := proved(n, blocks, bad); err == nil && len(r.Differences) == 0 && !bytes.EqualFold(bad, proof) && meant(bad) != meant(proof) {
				t.Errorf("entry %d: byte %d of its proof was changed: %s", n, at, bad)
			}
		}
		for _, blocks := range [][]byte{blocks[1:], append(bytes.Clone(blocks), 0)} {
			if _, r, err := proved(n, blocks, proof); err != nil || len(r.Differences) == 0 {
				t.Errorf("entry %d: %d bytes are as good, %v", n, len(blocks), err)
			}
		}
		if _, _, err := proved(1, blocks, proof); err == nil {
			t.Error("the proof of one entry is one of another")
		}
	}
	if _, _, err := e.Prove(t.Context(), logText, 1<<40); err == nil {
		t.Error("an entry that is not there is proved")
	}
}

// meant is what a proof claims, apart from names that nobody reads.
func meant(proof []byte) string {
	var p Proof
	if json.Unmarshal(proof, &p) != nil {
		return "damaged"
	}
	return fmt.Sprint(p)
}

// A proof of two blocks in the middle of 16 TiB is short enough.
func TestProofIsShort(t *testing.T) {
	const levels = 24
	p := Proof{1, strings.Repeat("a", 64), 1 << 40, 999, 1<<levels - 1, 2, slices.Repeat([]string{strings.Repeat("a", 64)}, 2*levels)}
	if b, err := json.Marshal(p); err != nil || len(b) >= MaxProof {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	leaves := make([]merkle.Hash, 1<<10)
	if hashes, err := merkle.Proof(leaves, 1<<9-1, 1<<9+1); err != nil || len(hashes) > 2*10 {
		t.Errorf("%d hashes, %v", len(hashes), err)
	}
}

// A finding is derived again: the row, its rules, its score.
func TestFinding(t *testing.T) {
	cfg := config()
	dir := exported(t, export.Options{}, cfg, "", small)
	find := func(entry int64) (*Result, error) {
		t.Helper()
		e, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		r := &Result{}
		logs, err := e.HashLogs(t.Context(), []string{small}, nil, "")
		if err != nil {
			t.Fatal(err)
		}
		all := e.Logs(logs, r)
		o, err := e.Repeat(t.Context(), logs, all, analysis(cfg), r)
		if err != nil || o.Done == nil {
			t.Fatal(err, r.NotDone)
		}
		defer o.Close()
		return r, e.Finding(t.Context(), o.Done, entry, r)
	}
	union := int64(50) // UNION ALL SELECT user, password_hash
	r, err := find(union)
	if err != nil {
		t.Fatal(err)
	}
	r.nothing(t)
	for _, want := range []string{"the same row for entry 50", "rule D", "its score is "} {
		if !slices.ContainsFunc(r.Passed, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("no %q in %q", want, r.Passed)
		}
	}
	if _, err := find(2); err == nil {
		t.Error("an entry that is no evidence is found")
	}
	tamper(t, dir, evidenceLines, func(rows []string) []string {
		for i := range rows {
			if strings.HasPrefix(rows[i], `{"entry":50,`) {
				rows[i] = strings.Replace(rows[i], `"user":"shop"`, `"user":"root"`, 1)
			}
		}
		return append([]string{strings.Replace(rows[0], `{"entry":`, `{"entry":9`, 1)}, rows...)
	})
	if r, err = find(union); err != nil {
		t.Fatal(err)
	}
	r.names(t, Changed, evidenceLines+", entry 50: others in user")
	e, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	made, err := e.line(925)
	if err != nil || made == nil {
		t.Fatalf("no row was made: %v", err)
	}
	if r, err = find(925); err != nil {
		t.Fatal(err)
	}
	r.names(t, New, evidenceLines+", entry 925")
}

// The bytes of an entry alone are looked at by the rules too.
func TestAlone(t *testing.T) {
	cfg := config()
	dir := exported(t, export.Options{}, cfg, "", small)
	e, text := opened(t, dir, small)
	blocks, proof, err := e.Prove(t.Context(), text, 50)
	if err != nil {
		t.Fatal(err)
	}
	r := &Result{}
	part, err := e.Proved(50, bytes.NewReader(blocks), proof, r)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Alone(t.Context(), part, cfg, 50, r); err != nil {
		t.Fatal(err)
	}
	r.nothing(t)
	if !slices.ContainsFunc(r.Passed, func(s string) bool { return strings.HasPrefix(s, "these bytes alone are found by D") }) {
		t.Errorf("%q", r.Passed)
	}
}

func TestCompareLines(t *testing.T) {
	sums := func(text string) (list []lineSum) {
		for _, c := range []byte(text) {
			list = append(list, lineSum{c})
		}
		return list
	}
	for _, c := range []struct{ want, got, differences string }{
		{"abc", "abc", "[]"},
		{"abc", "ac", "[{missing 1 -1}]"},
		{"ac", "abc", "[{new -1 1}]"},
		{"abc", "axc", "[{changed 1 1}]"},
		{"abc", "acb", "[{moved -1 1} {moved -1 2}]"},
		{"abcd", "axdc", "[{changed 1 1} {moved -1 2} {moved -1 3}]"},
		{"abc", "", "[{missing 0 -1} {missing 1 -1} {missing 2 -1}]"},
		{"", "ab", "[{new -1 0} {new -1 1}]"},
		{"aab", "ab", "[{missing 1 -1}]"},
		{"ab", "aab", "[{new -1 1}]"},
		{"abcx", "xy", "[{missing 0 -1} {missing 1 -1} {new -1 1} {missing 2 -1}]"},
	} {
		if got := fmt.Sprint(compareLines(sums(c.want), sums(c.got))); got != c.differences {
			t.Errorf("%q and %q: %s, want %s", c.want, c.got, got, c.differences)
		}
	}
}

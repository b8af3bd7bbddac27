package merkle

import (
	"encoding/hex"
	"errors"
	"slices"
	"testing"
)

// The tree of eight leaves that the tests of Certificate Transparency have
// (google/certificate-transparency, merkle tree test vectors).
func TestRoot(t *testing.T) {
	inputs := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	roots := []string{
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	var leaves []Hash
	if got := Root(leaves); hex.EncodeToString(got[:4]) != "e3b0c442" {
		t.Errorf("the root of nothing is %x", got)
	}
	for i, in := range inputs {
		data, err := hex.DecodeString(in)
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, Leaf(data))
		if got := Root(leaves); hex.EncodeToString(got[:]) != roots[i] {
			t.Errorf("the root of %d leaves is %x, want %s", i+1, got, roots[i])
		}
	}
}

// Each range of leaves of each tree has a proof, no longer than two hashes a level, and
// no other leaves, places or hashes fit it.
func TestProof(t *testing.T) {
	for n := 1; n <= 17; n++ {
		leaves := make([]Hash, n)
		for i := range leaves {
			leaves[i] = Leaf([]byte{byte(i)})
		}
		root := Root(leaves)
		levels := 0
		for 1<<levels < n {
			levels++
		}
		for from := range n {
			for to := from + 1; to <= n; to++ {
				p, err := Proof(leaves, from, to)
				if err != nil {
					t.Fatal(err)
				}
				if len(p) > 2*levels {
					t.Errorf("%d to %d of %d: %d hashes", from, to, n, len(p))
				}
				some := slices.Clone(leaves[from:to])
				if got, err := Prove(n, from, some, p); err != nil || got != root {
					t.Fatalf("%d to %d of %d: root %x, %v", from, to, n, got, err)
				}
				some[0][0] ^= 1
				if got, err := Prove(n, from, some, p); err == nil && got == root {
					t.Errorf("%d to %d of %d: another leaf fits", from, to, n)
				}
				if got, err := Prove(n, from-1, leaves[from:to], p); err == nil && got == root {
					t.Errorf("%d to %d of %d: another place fits", from, to, n)
				}
				if _, err := Prove(n, from, leaves[from:to], append(slices.Clone(p), root)); !errors.Is(err, ErrProof) {
					t.Errorf("%d to %d of %d: one hash too many: %v", from, to, n, err)
				}
				if len(p) > 0 {
					if _, err := Prove(n, from, leaves[from:to], p[1:]); !errors.Is(err, ErrProof) {
						t.Errorf("%d to %d of %d: one hash too few: %v", from, to, n, err)
					}
				}
			}
		}
	}
	if _, err := Proof(make([]Hash, 3), 2, 4); err == nil {
		t.Error("a proof of a leaf that is not there")
	}
	if _, err := Prove(1<<62, 0, make([]Hash, 1), nil); !errors.Is(err, ErrProof) {
		t.Errorf("a tree beyond all proofs: %v", err)
	}
}

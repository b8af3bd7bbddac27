// Package merkle turns a list of hashes into one, the root, such that a few of the
// others prove that some of them are at their places in the list.
//
// The tree is that of RFC 6962, section 2.1 (Certificate Transparency), over SHA-256: a
// leaf is SHA-256(0x00 || data), a node SHA-256(0x01 || left || right), and the left
// side of a node has the largest power of two of leaves that is less than all of them.
package merkle

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/bits"
)

// Hash is a leaf, a node or a root.
type Hash = [sha256.Size]byte

// Leaf returns the leaf of data.
func Leaf(data []byte) Hash {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(data)
	return Hash(h.Sum(nil))
}

func node(left, right Hash) Hash {
	var b [1 + 2*sha256.Size]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}

// split returns how many of n leaves, at least two, are on the left.
func split(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }

// Root returns the root over leaves; that of none is SHA-256 of nothing.
func Root(leaves []Hash) Hash {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	}
	k := split(len(leaves))
	return node(Root(leaves[:k]), Root(leaves[k:]))
}

// Proof returns the hashes that lead from the leaves from <= i < to, of which there is at
// least one, to the root over all: at most two for each level of the tree.
func Proof(leaves []Hash, from, to int) ([]Hash, error) {
	if from < 0 || from >= to || to > len(leaves) {
		return nil, fmt.Errorf("no proof of leaves %d to %d of %d", from, to, len(leaves))
	}
	return proof(nil, leaves, from, to), nil
}

// proof appends the hashes for the part of leaves from <= i < to that is in the list.
func proof(list, leaves []Hash, from, to int) []Hash {
	n := len(leaves)
	switch {
	case from <= 0 && to >= n:
		return list
	case to <= 0 || from >= n:
		return append(list, Root(leaves))
	}
	k := split(n)
	return proof(proof(list, leaves[:k], from, to), leaves[k:], from-k, to-k)
}

// ErrProof is the error of a proof that does not fit its leaves.
var ErrProof = errors.New("the proof does not fit")

// Prove returns the root over n leaves of which some, from the place from on, and a Proof
// are given. The proof is worth something where that root is the one expected. The error
// is ErrProof where the proof has too few or too many hashes.
func Prove(n, from int, some, proof []Hash) (Hash, error) {
	if n < 1 || len(some) == 0 || from < 0 || from > n-len(some) {
		return Hash{}, ErrProof
	}
	p := prover{some: some, proof: proof}
	root := p.root(n, from, from+len(some))
	if p.short || len(p.proof) > 0 {
		return Hash{}, ErrProof
	}
	return root, nil
}

// prover takes leaves and hashes of a proof in their order.
type prover struct {
	some, proof []Hash
	short       bool
}

func (p *prover) root(n, from, to int) Hash {
	switch {
	case to <= 0 || from >= n:
		return take(&p.proof, &p.short)
	case n == 1:
		return take(&p.some, &p.short)
	}
	k := split(n)
	left := p.root(k, from, to)
	return node(left, p.root(n-k, from-k, to-k))
}

func take(list *[]Hash, short *bool) (h Hash) {
	if len(*list) == 0 {
		*short = true
		return h
	}
	h = (*list)[0]
	*list = (*list)[1:]
	return h
}

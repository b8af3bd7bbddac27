package merkle_test

import (
	"fmt"

	"sqleuth/analysis/merkle"
)

// One block of a log is shown to belong to it without the others.
func ExampleProve() {
	var leaves []merkle.Hash
	for _, block := range []string{"first", "second", "third"} {
		leaves = append(leaves, merkle.Leaf([]byte(block)))
	}
	root := merkle.Root(leaves)
	proof, err := merkle.Proof(leaves, 1, 2)
	if err != nil {
		panic(err)
	}
	again, err := merkle.Prove(3, 1, []merkle.Hash{merkle.Leaf([]byte("second"))}, proof)
	fmt.Println(again == root, err)
	again, _ = merkle.Prove(3, 1, []merkle.Hash{merkle.Leaf([]byte("forged"))}, proof)
	fmt.Println(again == root)
	// Output:
	// true <nil>
	// false
}

package forest_test

import (
	"context"
	"fmt"

	"sqleuth/analysis/forest"
)

// Eight entries with three distinct rows: six of one kind, and two that are
// labelled as class 1.
func ExampleTrainRandom() {
	m := forest.Matrix{Features: 2, Values: []int32{
		0, 5,
		1, 5,
		2, 7,
	}}
	const classes = 2
	cell := func(row, class int) uint16 { return uint16(row*classes + class) }
	train := []uint16{
		cell(0, 0), cell(0, 0), cell(1, 0), cell(2, 1),
		cell(1, 0), cell(2, 1), cell(0, 0), cell(1, 0),
	}
	f, err := forest.TrainRandom(context.Background(), m, classes, train, forest.RandomConfig{Trees: 100, Seed: 42}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for row := range m.Rows() {
		fmt.Printf("row %d: class %d, probability %.2f\n", row, f.Predict(row), f.Probabilities(row)[1])
	}
	// Output:
	// row 0: class 0, probability 0.00
	// row 1: class 0, probability 0.00
	// row 2: class 1, probability 0.89
}

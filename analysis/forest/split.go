package forest

import (
	"context"
	"errors"
	"fmt"
	"math"

	"sqleuth/analysis/forest/internal/numpyrand"
)

// A Cell is the code of one entry: the number of its row, or
// row*classes + class. The narrower the type, the less memory they take.
type Cell interface {
	~uint16 | ~uint32 | ~int32
}

// Split divides entries into a test and a training part as scikit-learn's
// train_test_split(test_size=share, random_state=seed) does. It shuffles codes
// in place and returns the number of test entries: afterwards codes[:nTest]
// are the test entries and codes[nTest:] the training entries, each in
// scikit-learn's order, which the bootstrap of TrainRandom depends on. It fails
// if either part would be empty, and when the context is cancelled; the codes
// are then in no defined order.
func Split[C Cell](ctx context.Context, codes []C, share float64, seed uint32) (nTest int, err error) {
	if err := checkPositions(len(codes)); err != nil {
		return 0, fmt.Errorf("split: %w", err)
	}
	if !(share > 0 && share < 1) {
		return 0, fmt.Errorf("split: test share %v is not between 0 and 1", share)
	}
	nTest = int(math.Ceil(share * float64(len(codes))))
	if nTest >= len(codes) {
		return 0, fmt.Errorf("split: a test share of %v leaves no training entry of %d", share, len(codes))
	}
	if err := numpyrand.Shuffle(ctx, numpyrand.New(seed), codes); err != nil {
		return 0, fmt.Errorf("split: %w", err)
	}
	return nTest, nil
}

// checkPositions refuses numbers of entries that scikit-learn's 32-bit draws
// cannot index.
func checkPositions(n int) error {
	switch {
	case n <= 0:
		return errors.New("no entries")
	case n > math.MaxInt32:
		return fmt.Errorf("%d entries, at most %d are possible", n, math.MaxInt32)
	}
	return nil
}

package forest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestSplitSizes(t *testing.T) {
	tests := []struct {
		n     int
		share float64
		test  int
	}{
		{2, 0.2, 1}, {5, 0.2, 1}, {6, 0.2, 2}, {10, 0.25, 3}, {10, 0.9, 9},
		{15, 0.2, 3}, // the product is not below 3 in float64
		{126_589, 0.2, 25_318},
	}
	for _, test := range tests {
		codes := make([]int32, test.n)
		for i := range codes {
			codes[i] = int32(i)
		}
		got, err := Split(t.Context(), codes, test.share, 1)
		if err != nil || got != test.test {
			t.Errorf("Split of %d with share %v: %d test entries, error %v; want %d", test.n, test.share, got, err, test.test)
		}
		slices.Sort(codes)
		for i, c := range codes {
			if int(c) != i {
				t.Errorf("Split of %d lost entry %d", test.n, i)
				break
			}
		}
	}
}

func TestSplitRefuses(t *testing.T) {
	tests := []struct {
		name  string
		n     int
		share float64
		want  string
	}{
		{"nothing", 0, 0.2, "no entries"},
		{"nothing left to train on", 1, 0.2, "no training entry"},
		{"share 0", 10, 0, "between 0 and 1"},
		{"share 1", 10, 1, "between 0 and 1"},
		{"rounding up to all", 10, 0.95, "no training entry"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Split(t.Context(), make([]uint16, test.n), test.share, 1)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one about %q", err, test.want)
			}
		})
	}
}

func TestSplitIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Split(ctx, make([]uint16, 1_000_000), 0.2, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

package export

import (
	"fmt"
	"strings"
	"testing"
)

func TestRanges(t *testing.T) {
	tests := []struct {
		entries []uint32
		limit   int
		want    string
	}{
		{nil, 100, ""},
		{[]uint32{0}, 100, "1"},
		{[]uint32{11, 12, 13, 54}, 100, "12-14; 55"},
		{[]uint32{0, 2, 3, 9}, 100, "1; 3-4; 10"},
		{[]uint32{0, 2, 4, 5, 6}, 6, "1; 3; and 3 more"},
		{[]uint32{0, 2, 4, 5, 6}, 9, "1; 3; 5-7"},
	}
	for _, tt := range tests {
		if got := ranges(tt.entries, tt.limit); got != tt.want {
			t.Errorf("%v in %d bytes: %q, want %q", tt.entries, tt.limit, got, tt.want)
		}
	}
	// No cell is longer than a spreadsheet's, and none of its entries is forgotten.
	many := make([]uint32, 100_000)
	for i := range many {
		many[i] = uint32(i) * 40_000
	}
	got := ranges(many, maxCell)
	more := len(many) - strings.Count(got, "; ")
	if len(got) > 32_767 || !strings.HasSuffix(got, fmt.Sprintf("; and %d more", more)) {
		t.Errorf("%d bytes that end in %q, want %d more", len(got), got[len(got)-40:], more)
	}
}

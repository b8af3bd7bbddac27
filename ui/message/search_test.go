package message

import (
	"context"
	"errors"
	"slices"
	"testing"
)

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		text, in string
		want     bool
	}{
		{"users", "select * from WP_USERS", true},
		{"/user_(login|pass)/", "SELECT User_Pass", true},
		{"/", "a/b", true},
		{"//", "a//b", true},
		{"/x/y", "a/x/y", true},
		{".*", "ab", false},
	} {
		re, err := Search{Text: c.text}.Pattern()
		if err != nil {
			t.Fatal(err)
		}
		if got := re.MatchString(c.in); got != c.want {
			t.Errorf("%q in %q: %v", c.text, c.in, got)
		}
	}
	if _, err := (Search{Text: "/(/"}).Pattern(); err == nil {
		t.Error("an expression that is not one has no error")
	}
}

// TestFind looks for every row from every row, and compares the way there with
// the one that the words of Search describe.
func TestFind(t *testing.T) {
	const n = 5
	for cursor := range n {
		for want := range n {
			for _, backwards := range []bool{false, true} {
				var seen []int
				hit, err := Search{Backwards: backwards}.Find(t.Context(), cursor, n, func(row int) bool {
					seen = append(seen, row)
					return row == want
				})
				way, wrapped := []int(nil), false
				for row := cursor; len(way) == 0 || way[len(way)-1] != want; {
					if backwards {
						row--
					} else {
						row++
					}
					if row < 0 || row == n {
						wrapped = true
						row = (row + n) % n
					}
					way = append(way, row)
				}
				if err != nil || hit != (Hit{want, wrapped}) || !slices.Equal(seen, way) {
					t.Errorf("from %d to %d, backwards %v: %+v by %v, %v, want wrapped %v by %v", cursor, want, backwards, hit, seen, err, wrapped, way)
				}
			}
		}
	}
	for _, rows := range []int{0, n} {
		if hit, err := (Search{}).Find(t.Context(), 0, rows, func(int) bool { return false }); err != nil || hit.Row != -1 {
			t.Errorf("nothing in %d rows: %+v, %v", rows, hit, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if hit, err := (Search{}).Find(ctx, 0, n, func(int) bool { return true }); !errors.Is(err, context.Canceled) || hit.Row != -1 {
		t.Errorf("cancelled: %+v, %v", hit, err)
	}
}

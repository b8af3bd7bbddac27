package message

import "testing"

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

// TestWrapped compares the way from row to row with the words of Search.
func TestWrapped(t *testing.T) {
	const n = 5
	for cursor := range n {
		for want := range n {
			for backwards, step := range map[bool]int{false: 1, true: -1} {
				wrapped := false
				for row := cursor; ; {
					row += step
					if row < 0 || row == n {
						wrapped, row = true, (row+n)%n
					}
					if row == want {
						break
					}
				}
				if got := (Search{Backwards: backwards}).Wrapped(cursor, want); got != wrapped {
					t.Errorf("from %d to %d, backwards %v: wrapped %v, want %v", cursor, want, backwards, got, wrapped)
				}
			}
		}
	}
}

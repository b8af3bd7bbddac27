package wording

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCounted(t *testing.T) {
	for n, want := range map[int]string{0: "0 entries", 1: "1 entry", 2: "2 entries", 1234: "1234 entries"} {
		if got := Counted(n, "entry", "entries"); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for us, want := range map[int64]string{
		0: "0s", 1: "<1ms", 999: "<1ms", 1_000: "1ms", 99_999: "99ms", 100_000: "0.1s", 400_000: "0.4s", 9_940_000: "9.9s", 10_000_000: "10s", 59_999_999: "59s", 185_000_000: "3m05s",
		7_800_000_000: "2h10m", 47 * 3_600_000_000: "47h00m", 102 * 3_600_000_000: "4d06h",
	} {
		if got := Duration(us); got != want {
			t.Errorf("%d µs are %q, want %q", us, got, want)
		}
	}
}

func TestNameCutsNoCharacter(t *testing.T) {
	for _, s := range []string{"", "root", strings.Repeat("a", maxName), strings.Repeat("é", maxName), "a" + strings.Repeat("日", maxName), strings.Repeat("\xff", 2*maxName)} {
		got := Name(s)
		if len(s) <= maxName && got != s {
			t.Errorf("%q is shortened to %q", s, got)
		}
		if head, cut := strings.CutSuffix(got, "…"); len(s) > maxName && (!cut || !strings.HasPrefix(s, head) && utf8.ValidString(s) || !utf8.ValidString(got) || len(head) > maxName) {
			t.Errorf("%q is shortened to %q", s, got)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"root", "rot", 1}} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

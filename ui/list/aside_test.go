package list

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// noted is a spec with asides before some rows.
func noted(next ...int) *Spec[names] {
	s := spec()
	s.Columns = slices.Clone(s.Columns)
	s.Columns[0].Aside = func(_ names, k int) widget.Cell { return widget.Cell{Text: fmt.Sprintf("aside %d", k)} }
	s.Aside = &Aside[names]{
		Name: "aside",
		Len:  func(names) int { return len(next) },
		Next: func(_ names, k int) int { return next[k] },
		Match: func(_ names, re *regexp.Regexp) func(int) bool {
			return func(k int) bool { return re.MatchString(fmt.Sprintf("aside %d", k)) }
		},
		Copy: func(_ names, k int) message.Copy {
			return message.Copy{What: fmt.Sprintf("aside %d", k), Text: func(context.Context) (string, error) { return fmt.Sprintf("aside %d\n", k), nil }}
		},
	}
	// Entries are searched in blocks, and so are asides beside them.
	s.Scan = func(_ context.Context, d names, what message.Search, shown message.Rows, lo, hi int) (hits []int, err error) {
		re, err := what.Pattern()
		for k := lo; k < hi && err == nil; k++ {
			if re.MatchString(d[shown.At(k)]) {
				hits = append(hits, shown.At(k))
			}
		}
		return hits, err
	}
	return s
}

// lines lists what is shown by name.
func lines(l *List[names]) (out []string) {
	for k := range l.Len() {
		if row := l.At(k); row < 0 {
			out = append(out, fmt.Sprintf("aside %d", ^row))
		} else {
			out = append(out, l.data[row])
		}
	}
	return out
}

// Asides come before their rows, wherever those are; a position leads to a row or an
// aside and back.
func TestAsidesStandBetweenRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		n := 1 + rng.IntN(12)
		var next []int
		for range rng.IntN(9) {
			next = append(next, rng.IntN(n+1))
		}
		slices.Sort(next)
		var want []string
		k := 0
		for row := range n + 1 {
			for ; k < len(next) && next[k] == row; k++ {
				want = append(want, fmt.Sprintf("aside %d", k))
			}
			if row < n {
				want = append(want, fmt.Sprintf("row %d", row))
			}
		}
		// The data knows more of the log than the filters.
		l := listOf(noted(append(slices.Clone(next), n+1, n+3)...), numbered(n))
		if got := lines(l); !slices.Equal(got, want) {
			t.Fatalf("asides before %v of %d rows are shown as\n%q, want\n%q", next, n, got, want)
		}
		rows := 0
		for k := range l.Len() {
			if at, ok := l.rows.find(l.At(k)); !ok || at != k {
				t.Fatalf("what is at %d is found at %d (%v)", k, at, ok)
			}
			if got := l.rows.without(k); got != rows {
				t.Fatalf("%d rows before position %d, want %d", got, k, rows)
			}
			if l.At(k) >= 0 {
				rows++
			}
		}
		if rows != l.rows.count() || rows != n {
			t.Fatalf("%d rows, counted as %d, want %d", rows, l.rows.count(), n)
		}
	}
}

// The cursor can be on an aside, which is not marked and has no term, but can be
// copied; a range leaves it out.
func TestKeysOnAsides(t *testing.T) {
	l := listOf(noted(1, 1, 3, 5), numbered(5)) // 0 a a 1 2 a 3 4 a
	press(l, keys.Down)
	if k, ok := l.CurrentAside(); !ok || k != 0 || !strings.HasPrefix(l.Status(), "aside behind 1 of 5") {
		t.Errorf("the cursor is on aside %d (%v): %s", k, ok, l.Status())
	}
	if f := l.Focus(); f.Term != "" || f.Copy.What != "aside 0" {
		t.Errorf("keys act on %+v", f)
	}
	if got := press(l, keys.Mark); len(got) != 1 || l.Marks().Len() != 0 {
		t.Errorf("a mark was answered with %v, %d marked", got, l.Marks().Len())
	}
	press(l, keys.Range)
	press(l, keys.Down, keys.Down, keys.Down, keys.Down, keys.Down)
	if !strings.Contains(l.Status(), "4 of 5, marking 3") {
		t.Errorf("the range is called %q", l.Status())
	}
	press(l, keys.Range)
	if got, want := marked(l), []string{"row 1", "row 2", "row 3"}; !slices.Equal(got, want) {
		t.Errorf("marked %q, want %q", got, want)
	}
	press(l, keys.Bottom)
	if k, ok := l.CurrentAside(); !ok || k != 3 || !strings.HasPrefix(l.Status(), "aside behind 5 of 5") {
		t.Errorf("the cursor is on aside %d (%v): %s", k, ok, l.Status())
	}
	if f := l.Focus(); f.Copy.What != "3 marked rows" {
		t.Errorf("keys act on %+v, want what is marked", f)
	}
	press(l, keys.NextMark)
	if got := current(t, l); got != "row 1" {
		t.Errorf("the next mark is %s", got)
	}
	view := l.View()
	if strings.Count(view, "aside ") < 4 || !strings.Contains(view, "row 4") {
		t.Errorf("not everything is drawn:\n%s", view)
	}
}

func TestSearchFindsAsides(t *testing.T) {
	l := listOf(noted(1, 1, 3, 5), numbered(5))
	deliver(l, l.find(message.Search{Text: "/[13]$/"})) // row 1, row 3, aside 1, aside 3
	var hits []string
	for k := range l.search.hits.Len() {
		hits = append(hits, lines(l)[l.search.hits.At(k)])
	}
	if want := []string{"aside 1", "row 1", "row 3", "aside 3"}; !slices.Equal(hits, want) {
		t.Errorf("found %q, want %q", hits, want)
	}
}

// A filter hides asides. The cursor goes to the next row then, and back once all is
// shown again.
func TestFiltersHideAsides(t *testing.T) {
	l := listOf(noted(1, 3), numbered(5))
	press(l, keys.Down, keys.Down, keys.Down, keys.Down)
	if k, ok := l.CurrentAside(); !ok || k != 1 {
		t.Fatalf("the cursor is on aside %d (%v)", k, ok)
	}
	deliver(l, l.Show(l.data, some{0, 2, 4}, true))
	if got, want := lines(l), []string{"row 0", "row 2", "row 4"}; !slices.Equal(got, want) || current(t, l) != "row 4" {
		t.Errorf("%q with the cursor on %s, want %q", got, current(t, l), want)
	}
	deliver(l, l.Show(l.data, message.All(5), true))
	if k, ok := l.CurrentAside(); !ok || k != 1 {
		t.Errorf("the cursor has not come back: aside %d (%v)", k, ok)
	}
	deliver(l, l.SortBy("name", true))
	if got, want := lines(l), []string{"row 4", "row 3", "row 2", "row 1", "row 0"}; !slices.Equal(got, want) {
		t.Errorf("sorted as %q, want %q", got, want)
	}
}

// A log that grows keeps cursor, open range and hits where they are.
func TestAsidesOfAGrowingLog(t *testing.T) {
	next := []int{1, 3}
	s := noted()
	s.Aside.Len = func(d names) int { return len(d) / 3 }
	s.Aside.Next = func(_ names, k int) int { return append(slices.Clone(next), 6, 6, 9)[k] }
	l := listOf(s, numbered(6))
	press(l, keys.Down, keys.Range, keys.Down, keys.Down)
	before := l.cursor
	deliver(l, l.Show(numbered(9), message.All(9), false))
	if from, to, ok := l.openRange(); !ok || from != 1 || to != before+1 || l.cursor != before {
		t.Errorf("the range is %d to %d (%v), the cursor at %d, want 1 to %d", from, to, ok, l.cursor, before+1)
	}
	if got := lines(l)[8:]; !slices.Equal(got, []string{"aside 2", "row 6", "row 7", "row 8"}) {
		t.Errorf("behind the rows before stands %q", got)
	}
}

package entries

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// holding says which entries hold what is searched for; reading the part of the
// nearest of them takes long, so that the others are found before it.
type holding struct {
	entries []int
	slow    int
}

func (h holding) Scan(_ context.Context, from, to int, want func(int) bool, fn func(int, []byte) bool) error {
	if from <= h.slow && h.slow < to {
		time.Sleep(20 * time.Millisecond)
	}
	for i := from; i < to; i++ {
		text := "SELECT 1"
		if slices.Contains(h.entries, i) {
			text = "SELECT 'x'"
		}
		if want(i) && !fn(i, []byte(text)) {
			return nil
		}
	}
	return nil
}

// TestTheNearestIsFound also where another part of the log has a hit sooner.
func TestTheNearestIsFound(t *testing.T) {
	const n = searchStep - 7
	hits := []int{partEntries + 1, partEntries + 9, 2 * partEntries, n - partEntries - 5}
	for _, backwards := range []bool{false, true} {
		want := hits[0]
		if backwards {
			want = hits[len(hits)-1]
		}
		msg := message.Search{Text: "x", Backwards: backwards}
		p, err := newPattern(msg)
		if err != nil {
			t.Fatal(err)
		}
		q := question{Search: msg, pattern: p, snapshot: many(n), rows: message.All(n), reader: holding{hits, want}}
		if got, err := q.between(t.Context(), 0, n); err != nil || got != want {
			t.Errorf("backwards %v: entry %d, %v, want %d", backwards, got, err, want)
		}
	}
}

type panicking struct{}

func (panicking) Scan(context.Context, int, int, func(int) bool, func(int, []byte) bool) error {
	panic("broken")
}

func TestAPanicWhileSearchingIsAnError(t *testing.T) {
	p, err := newPattern(message.Search{Text: "x"})
	if err != nil {
		t.Fatal(err)
	}
	q := question{pattern: p, snapshot: many(10), rows: message.All(10), reader: panicking{}}
	var internal *pipeline.PanicError
	if _, err := q.between(t.Context(), 0, 10); !errors.As(err, &internal) {
		t.Errorf("the error is %v", err)
	}
}

// TestMatchesAreMarked in the rows on the screen, of the latest search only.
func TestMatchesAreMarked(t *testing.T) {
	in := screentest.Load(t)
	m := shown(t, in, in.Plain)
	m, _ = send(m, message.Search{Text: "/user_(login|pass)/"})
	i, _ := m.current()
	h, _ := m.heads.peek(i)
	var marked []string
	for _, at := range m.matches.known[i] {
		marked = append(marked, h.text[at[0]:at[1]])
	}
	if want := []string{"user_login", "user_pass"}; !slices.Equal(marked, want) {
		t.Errorf("marked %q in %q, want %q", marked, h.text, want)
	}
	late := matched{m.matches.pattern, map[int][][]int{i: {{0, 1}}}}
	m, _ = send(m, message.Search{Text: "autoload"}, late)
	if k := m.matches.known; len(k) == 0 || len(k[i]) > 0 {
		t.Errorf("what another search has found is marked: %v", k)
	}
}

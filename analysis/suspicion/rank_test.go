package suspicion_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"sqleuth/analysis/evaluation"
	"sqleuth/analysis/label"
	"sqleuth/analysis/suspicion"
)

const testdata = "../../testdata/"

func capture(t *testing.T, name string) *evaluation.Capture {
	t.Helper()
	c, err := evaluation.ReadCapture(context.Background(), testdata+name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// Without any label the attack is before everything else, the thefts first.
func TestUnlabelledIncident(t *testing.T) {
	c := capture(t, "wordpress-bruteforce")
	r := c.Snapshot.Ranking
	for i := range len(c.Truth.Stage) {
		conn, _ := r.At(i)
		switch class := c.Truth.Class[conn]; {
		case class == "":
			t.Errorf("suspect %d is %s, which is normal: %v", i+1, c.Snapshot.Connections.Name(int(conn)), r.Reasons()(conn))
		case i < 2 && class != label.GetUserTable:
			t.Errorf("suspect %d is %s of class %s", i+1, c.Snapshot.Connections.Name(int(conn)), class)
		}
	}
}

// Scores are in order, and each is what its parts add up to.
func TestPartsAreTheScore(t *testing.T) {
	for _, name := range []string{"exposed-root", "webapp-sqli", "slow-insider-and-noise"} {
		r := capture(t, name).Snapshot.Ranking
		bias := suspicion.Fitted().Bias
		check := func(what string, score float64, parts []suspicion.Part) {
			sum := bias
			for k := range parts {
				sum += parts[k].Adds()
				if k > 0 && parts[k-1].Kind == parts[k].Kind && parts[k-1].Adds() < parts[k].Adds() || parts[k].Words == "" {
					t.Errorf("%s, %s: part %d: %+v", name, what, k, parts[k])
				}
			}
			if got := 1 / (1 + math.Exp(-sum)); len(parts) == 0 || math.Abs(min(0.999, got)-score) > 0.001 {
				t.Errorf("%s, %s: score %.3f, its parts make %.4f: %+v", name, what, score, got, parts)
			}
		}
		last := 1.0
		for i := range r.Len() {
			conn, score := r.At(i)
			if score > last || score != r.Score(conn) {
				t.Errorf("%s: suspect %d has score %v after %v", name, i+1, score, last)
			}
			last = score
			if i < 300 || i%7 == 0 {
				check("connection "+r.Class(conn), score, r.Parts(conn))
			}
		}
		for i := 0; i < r.Flagged(); i += 3 {
			entry, score := r.Entry(i)
			check("entry", score, r.EntryParts(entry))
		}
	}
}

// A label "normal" takes a connection to the end and names who gave it; what labels
// taught adds to scores, and only they do.
func TestLabelsInTheRanking(t *testing.T) {
	c := capture(t, "mysql56")
	s := c.Snapshot
	ctx := context.Background()
	first, _ := s.Ranking.At(0)
	labels, err := label.NewSet(nil, []label.Record{{Ref: s.Connections.Ref(int(first)), Verdict: label.Verdict{Class: label.Normal, Source: label.ByFile}}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Assessment.Rank(ctx, suspicion.Given{Labels: labels, Learned: func(c uint32) float64 {
		if c == 0 {
			return 0.9
		}
		return 0.4
	}})
	if err != nil {
		t.Fatal(err)
	}
	if at, score := r.At(r.Len() - 1); at != first || score != 0 {
		t.Errorf("the last is connection %d with %.3f, want %d", at, score, first)
	}
	if reasons := r.Reasons()(first); reasons[len(reasons)-1] != "labelled normal by file" {
		t.Errorf("reasons %q", reasons)
	}
	if r.Score(0) <= s.Ranking.Score(0) || !slices.Contains(r.Reasons()(0), "learned from labels: 0.90") {
		t.Errorf("what was learned: %.3f, before %.3f, %q", r.Score(0), s.Ranking.Score(0), r.Reasons()(0))
	}
	for i := range s.Ranking.Len() {
		if conn, score := s.Ranking.At(i); conn != 0 && conn != first && r.Score(conn) != score {
			t.Errorf("connection %d: %.3f, want %.3f", conn, r.Score(conn), score)
		}
	}
	again, err := s.Assessment.Rank(ctx, suspicion.Given{})
	if err != nil || !slices.EqualFunc(again.First(), s.Ranking.First(), func(a, b suspicion.Suspect) bool {
		return a.Connection == b.Connection && a.Score == b.Score && slices.Equal(a.Reasons, b.Reasons)
	}) {
		t.Errorf("ranking again gives other suspects (error %v)", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := suspicion.Assess(cancelled, suspicion.In{Log: &s.Log, History: s.History}); err == nil {
		t.Error("no error from a cancelled assessment")
	}
}

// A snapshot that is not ranked yet has a ranking of nothing.
func TestNilRanking(t *testing.T) {
	var r *suspicion.Ranking
	if r.Len() != 0 || r.Flagged() != 0 || r.Score(3) != 0 || r.First() != nil {
		t.Error("a ranking that is not there has something to say")
	}
}

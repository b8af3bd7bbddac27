package store

import "testing"

func TestOutcomes(t *testing.T) {
	var o Outcomes
	if o.Any() || o.At(0) != Unanswered {
		t.Error("a log without outcomes has one")
	}
	o.Set(3, 0)
	v := o.View()
	o.Set(6, 1045)
	for i, want := range []int32{Unanswered, Unanswered, Unanswered, 0, Unanswered, Unanswered, 1045, Unanswered} {
		if got := o.At(i); got != want {
			t.Errorf("entry %d: %d, want %d", i, got, want)
		}
	}
	if v.At(6) != Unanswered || !v.Any() || o.Failed(3) || !o.Failed(6) {
		t.Error("the view grew, or an outcome is taken for another")
	}
}

package fact

import (
	"slices"
	"testing"
)

func TestSetHoldsEachValueOnce(t *testing.T) {
	var b Builder
	b.Add(Tables, "t")
	b.Add(Verb, "select")
	b.Add(Tables, "a\x00b")
	b.Add(Tables, "t")
	s := b.Set()
	if got := slices.Collect(s.Values(Tables)); !slices.Equal(got, []string{"a?b", "t"}) {
		t.Errorf("tables %q", got)
	}
	if !s.Has(Verb, "select") || s.Has(Verb, "t") || s.Has(Head, "select") {
		t.Errorf("%q", s)
	}
}

func TestFieldsHaveNames(t *testing.T) {
	called := map[string]Field{"": 0}
	for _, f := range Fields() {
		if _, used := called[f.String()]; used {
			t.Errorf("field %d is called %q", f, f.String())
		}
		called[f.String()] = f
	}
}

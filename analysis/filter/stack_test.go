package filter

import "testing"

func TestStack(t *testing.T) {
	a, b, c := mustParse(t, "user:root"), mustParse(t, "x or y"), mustParse(t, "not z")
	var empty Stack
	one := empty.Add(a)
	three := one.Add(b).Add(c)
	off := three.Toggle(1)
	for _, check := range []struct {
		name   string
		stack  Stack
		len    int
		active string
	}{
		{"empty", empty, 0, ""},
		{"removed from empty", empty.RemoveLast(), 0, ""},
		{"one", one, 1, "user:root"},
		{"three", three, 3, "user:root (x or y) not z"},
		{"one off", off, 3, "user:root not z"},
		{"toggled twice", off.Toggle(1), 3, three.Active().String()},
		{"added again, while off", off.Add(b), 3, three.Active().String()},
		{"added again, while on", three.Add(a), 3, three.Active().String()},
		{"without the last", off.RemoveLast(), 2, "user:root"},
		{"grown beside", off.RemoveLast().Add(mustParse(t, "w")), 3, "user:root w"},
		{"nothing added", three.Add(Filter{}), 3, three.Active().String()},
		{"all off", one.Toggle(0), 1, ""},
		{"from layers", NewStack(Layer{a, false}, Layer{b, true}), 2, "x or y"},
	} {
		if check.stack.Len() != check.len || check.stack.Active().String() != check.active {
			t.Errorf("%s: %d filters, active %q, want %d, %q", check.name, check.stack.Len(), check.stack.Active(), check.len, check.active)
		}
	}
	if off.At(1).On || !off.At(2).On || off.At(2).Filter.String() != "not z" {
		t.Errorf("layers %+v, %+v", off.At(1), off.At(2))
	}
}

func TestNeedsText(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "user:root": false, "not (id:1 or time:2025)": false,
		"x": true, "user:root or not (id:1 /x/)": true,
	} {
		if f := mustParse(t, text); f.NeedsText() != want {
			t.Errorf("%q: NeedsText is %v", text, !want)
		}
	}
}

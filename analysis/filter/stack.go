package filter

import "slices"

// Stack is the list of filters that an analyst has laid over a log, each of
// which can be switched off. It is immutable; methods that change it return
// another one. The zero Stack is empty.
type Stack struct{ layers []Layer }

// Layer is one filter of a Stack.
type Layer struct {
	Filter Filter
	On     bool
}

// NewStack returns a stack of the layers, lowest first.
func NewStack(layers ...Layer) Stack { return Stack{slices.Clone(layers)} }

// Len returns the number of filters, switched on or off.
func (s Stack) Len() int { return len(s.layers) }

// At returns filter i, 0 <= i < Len, counted from the one added first.
func (s Stack) At(i int) Layer { return s.layers[i] }

// Add puts f on top, switched on. A filter that is there already is switched on in
// its place. The zero Filter changes nothing.
func (s Stack) Add(f Filter) Stack {
	if f.IsZero() {
		return s
	}
	text := f.String()
	layers := slices.Clone(s.layers)
	i := slices.IndexFunc(layers, func(l Layer) bool { return l.Filter.String() == text })
	if i < 0 {
		return Stack{append(layers, Layer{f, true})}
	}
	layers[i].On = true
	return Stack{layers}
}

// Toggle switches filter i, 0 <= i < Len, on or off.
func (s Stack) Toggle(i int) Stack {
	layers := slices.Clone(s.layers)
	layers[i].On = !layers[i].On
	return Stack{layers}
}

// RemoveLast takes the topmost filter away, if there is one.
func (s Stack) RemoveLast() Stack {
	return Stack{slices.Clone(s.layers[:max(0, len(s.layers)-1)])}
}

// Active returns the filter that shows what all filters show that are on, the
// zero Filter where none is.
func (s Stack) Active() Filter {
	var f Filter
	for _, l := range s.layers {
		if l.On {
			f = f.And(l.Filter)
		}
	}
	return f
}

package store

// Unanswered is the outcome of an entry that the log holds none of.
const Unanswered = -1

// Outcomes are the server's answers to entries, for logs that hold them: 0 for
// success, else its error number. They take memory from the first entry that has
// one. The zero value has none.
type Outcomes struct {
	first int // entry of list[0]
	list  []int32
}

// Set notes the outcome of entry i; entries come in order.
func (o *Outcomes) Set(i int, code int32) {
	if len(o.list) == 0 {
		o.first = i
	}
	for len(o.list) < i-o.first {
		o.list = append(o.list, Unanswered)
	}
	o.list = append(o.list, code)
}

// View returns the outcomes so far as a value nobody writes to again.
func (o *Outcomes) View() Outcomes {
	return Outcomes{o.first, o.list[:len(o.list):len(o.list)]}
}

// Any reports whether the log holds outcomes.
func (o Outcomes) Any() bool { return len(o.list) > 0 }

// At returns the outcome of entry i.
func (o Outcomes) At(i int) int32 {
	if i < o.first || i-o.first >= len(o.list) {
		return Unanswered
	}
	return o.list[i-o.first]
}

// Failed reports whether the server answered entry i with an error.
func (o Outcomes) Failed(i int) bool { return o.At(i) > 0 }

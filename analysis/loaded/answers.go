package loaded

import (
	"cmp"
	"slices"
)

// Failed counts the entries of connection c that the server answered with an error;
// known is false for a log that holds no answers.
func (l *Log) Failed(c int) (n int, known bool) {
	if !l.Outcomes.Any() {
		return 0, false
	}
	for _, i := range l.ByConnection.Entries(c) {
		if l.Outcomes.Failed(int(i)) {
			n++
		}
	}
	return n, true
}

// Answer is one of the server's answers with the entries that got it.
type Answer struct {
	Error   int32 // the server's number, 0 for success
	Entries int
}

// Answers counts the server's answers, the errors first, the frequent ones before
// others; nil for a log that holds none.
func (l *Log) Answers() []Answer {
	if !l.Outcomes.Any() {
		return nil
	}
	counts := map[int32]int{}
	for i := range l.Len() {
		if code := l.Outcomes.At(i); code >= 0 {
			counts[code]++
		}
	}
	list := make([]Answer, 0, len(counts))
	for code, n := range counts {
		list = append(list, Answer{code, n})
	}
	slices.SortFunc(list, func(a, b Answer) int {
		if (a.Error == 0) != (b.Error == 0) {
			return cmp.Compare(b.Error, a.Error)
		}
		return cmp.Or(cmp.Compare(b.Entries, a.Entries), cmp.Compare(a.Error, b.Error))
	})
	return list
}

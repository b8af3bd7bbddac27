package drainref

// An Agreement is how well groups of lines agree with true groups, as
// logparser's evaluator measures it (Jieming Zhu and others, "Tools and
// Benchmarks for Automated Log Parsing", ICSE 2019).
type Agreement struct {
	// Accuracy is the share of lines in right groups: those whose lines all belong
	// to one true group that has no other lines.
	Accuracy float64
	// F1, Precision and Recall are over pairs of lines that are in one group.
	F1, Precision, Recall float64
}

// Agree compares the groups that lines with equal names form in parsed with those
// they form in truth; both have a name per line.
func Agree(parsed, truth []string) Agreement {
	type cell struct{ parsed, truth string }
	inParsed, inTruth, inBoth := map[string]int{}, map[string]int{}, map[cell]int{}
	for i := range parsed {
		inParsed[parsed[i]]++
		inTruth[truth[i]]++
		inBoth[cell{parsed[i], truth[i]}]++
	}
	// Sums of integers do not depend on the order of a map.
	right, both := 0, 0
	for c, n := range inBoth {
		if n == inParsed[c.parsed] && n == inTruth[c.truth] {
			right += n
		}
		both += pairs(n)
	}
	parsedPairs, truthPairs := 0, 0
	for _, n := range inParsed {
		parsedPairs += pairs(n)
	}
	for _, n := range inTruth {
		truthPairs += pairs(n)
	}
	a := Agreement{
		Accuracy:  float64(right) / float64(len(parsed)),
		Precision: float64(both) / float64(parsedPairs),
		Recall:    float64(both) / float64(truthPairs),
	}
	a.F1 = 2 * a.Precision * a.Recall / (a.Precision + a.Recall)
	return a
}

func pairs(n int) int { return n * (n - 1) / 2 }

package fact

// open are the fields whose values are names from the log.
var open = [numFields]bool{
	Tables: true, TableKinds: true, Reads: true, Changes: true, Columns: true, Functions: true, Calls: true, Sets: true, Variables: true, Objects: true,
}

// Coarse returns what is kept of a set where a log has too many: kinds and classes,
// and no names.
func Coarse(s Set) Set {
	var b Builder
	for f, value := range s.All() {
		if !open[f] {
			b.Add(f, value)
		}
	}
	return b.Set()
}

// gravest are the fields of which Gravest keeps one, those first that an attack
// seldom has no need of and honest statements seldom have.
var gravest = []Field{Files, Sets, Literals, Calls, Changes, Reads, Tool, Constants, UnionRun, CommentCut, Encoding, ColumnKinds, Questions, Broken, Marks, Head}

// Gravest returns what is kept of a coarse set where a log has too many of those
// too: the verb and a single fact, of which there are only so many. Of the values
// of a field it is the last one: to write sorts behind to read.
func Gravest(s Set) Set {
	var b Builder
	for v := range s.Values(Verb) {
		b.Add(Verb, v)
	}
	for _, f := range gravest {
		last, found := "", false
		for v := range s.Values(f) {
			last, found = v, true
		}
		if found {
			b.Add(f, last)
			break
		}
	}
	return b.Set()
}

package rule

// detection is the compiled condition of a rule with its selections.
type detection struct {
	selections []selection // in the order of the file
	written    string
	condition  node
}

// selection is a named part of a detection.
type selection struct {
	name string
	line int
	node node
}

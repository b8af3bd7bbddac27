package store

import "strings"

// Dict gives small numbers to texts in order of first appearance. Number 0 is
// always "-", the notebook's sign for "none".
type Dict struct {
	index map[string]uint32
	texts []string
}

// NewDict returns a dictionary that holds only "-".
func NewDict() *Dict {
	return &Dict{index: map[string]uint32{"-": 0}, texts: []string{"-"}}
}

// Intern returns the number of text, a new one for a new text. The text is
// copied when it is new, so it may point into a buffer that is used again.
func (d *Dict) Intern(text string) uint32 {
	if i, ok := d.index[text]; ok {
		return i
	}
	text = strings.Clone(text)
	i := uint32(len(d.texts))
	d.index[text] = i
	d.texts = append(d.texts, text)
	return i
}

// InternBytes is Intern without making a string of a text that is known.
func (d *Dict) InternBytes(text []byte) uint32 {
	if i, ok := d.index[string(text)]; ok {
		return i
	}
	return d.Intern(string(text))
}

// Texts returns the texts by number, as of now. The slice must not be written
// to; later additions do not show in it.
func (d *Dict) Texts() []string { return d.texts[:len(d.texts):len(d.texts)] }

package store

import (
	"math"
	"strings"
)

// Dict gives small numbers to texts in order of first appearance. Number 0 is
// always "-", the notebook's sign for "none".
type Dict struct {
	index map[string]uint32
	texts []string
	limit int
	room  int    // bytes that further texts may take
	full  uint32 // the number of Others, 0 while there is room
}

// Others replaces all texts for which a dictionary has no room: names in a log are
// chosen by the clients of the server.
const Others = "(others)"

// NewLimitedDict returns a dictionary that holds only "-" and has room for limit
// texts.
func NewLimitedDict(limit int) *Dict { return NewBoundedDict(limit, math.MaxInt) }

// NewBoundedDict is NewLimitedDict for texts that may be long: they have no room
// either from the first one on with which they would take more than bytes.
func NewBoundedDict(limit, bytes int) *Dict {
	return &Dict{index: map[string]uint32{"-": 0}, texts: []string{"-"}, limit: limit, room: bytes}
}

// Others returns the number of Others. It counts as having had no room for a text.
func (d *Dict) Others() uint32 {
	if d.full == 0 {
		d.full = uint32(len(d.texts))
		d.texts = append(d.texts, Others)
	}
	return d.full
}

// Renew gives new numbers to all texts that come from now on, but for "-". Those
// given before stay.
func (d *Dict) Renew() { d.index = map[string]uint32{"-": 0} }

// Full reports whether texts were counted as Others.
func (d *Dict) Full() bool { return d.full != 0 }

// Len returns the number of texts.
func (d *Dict) Len() int { return len(d.texts) }

// Intern returns the number of text, a new one for a new text; that of Others
// where there is no room. The text is
// copied when it is new, so it may point into a buffer that is used again.
func (d *Dict) Intern(text string) uint32 {
	if i, ok := d.index[text]; ok {
		return i
	}
	if d.full != 0 || len(d.texts) >= d.limit || len(text) > d.room {
		return d.Others()
	}
	i := uint32(len(d.texts))
	d.room -= len(text)
	text = strings.Clone(text)
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

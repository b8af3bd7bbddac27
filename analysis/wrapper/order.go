package wrapper

import "bytes"

// timeNames are where platforms write the time of a record that they hold. It is theirs:
// the one in the log can be forged.
var timeNames = []string{"timestamp", "@timestamp", "time", "receiveTimestamp", "__REALTIME_TIMESTAMP"}

// order counts how values follow each other in a file's head.
type order struct {
	last         []byte
	rises, falls int
}

// add adds the next value, a number or a time as text.
func (o *order) add(value []byte) {
	if o.last != nil {
		before := o.last
		c := bytes.Compare(value, before)
		if len(value) != len(before) && len(bytes.Trim(value, digits)) == 0 && len(bytes.Trim(before, digits)) == 0 {
			c = len(value) - len(before)
		}
		switch {
		case c > 0:
			o.rises++
		case c < 0:
			o.falls++
		}
	}
	o.last = value
}

const digits = "0123456789"

// fewestFalls is how many steps back show that records are listed newest first, and
// mostRises how many of them may be for one step on.
const (
	fewestFalls = 3
	mostRises   = 20
)

// reversed reports whether the values fall.
func (o *order) reversed() bool { return o.falls >= fewestFalls && o.falls > mostRises*o.rises }

// NewestFirst reports whether the records of a container are listed newest first, by the
// platform's own times at the head of the file: then lines of a statement, too, are in
// the wrong order.
func (s *Stack) NewestFirst() bool {
	if s == nil {
		return false
	}
	for _, f := range s.layers {
		switch k := f.kind.(type) {
		case *document:
			if k.reversed {
				return true
			}
		case *column:
			if k.reversed {
				return true
			}
		}
	}
	return false
}

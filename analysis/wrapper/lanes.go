package wrapper

// laneNames are where documents name the output of a program that a value is of.
var laneNames = []string{"stream"}

// lanes distinguishes the outputs of one stream, as docker writes them into one file: a line
// that is longer than a value holds goes on in the next one of its own output, whatever the
// other writes in between. That is left out, as what breaks into a line of CRI is.
type lanes struct {
	side int   // which part of a stream's name is the output, from 1 on; 0 for none
	log  int16 // the output that begins entries; 0 where that is not known yet
	open int16 // whose line goes on in the next value
	cut  int16 // whose line has lost its start: the rest of it is left out, too
}

// resumeLanes lets no line be open, and takes the output that begins entries from the
// streams that are known.
func (s *streamIDs) resumeLanes() {
	s.lanes = lanes{side: s.lanes.side}
	if s.lanes.side > 0 && s.known != nil && s.known.output != "" {
		s.lanes.log = s.of([]byte(s.known.output))
	}
}

// even reports whether no line of any output goes on in the next value.
func (l *lanes) even() bool { return l.open == 0 && l.cut == 0 }

// idle reports whether a value is the log's whichever output it is of.
func (l *lanes) idle() bool { return l.side > 0 && l.log != 0 && l.even() }

// breaksIn reports whether a value of an output breaks into a line of the other, or is the
// rest of one that did.
func (l *lanes) breaksIn(of int16) bool {
	return of != 0 && (l.open != 0 && of != l.open || of == l.cut)
}

// passed takes note of a value; part is set where its line goes on, kept where it was not
// left out. It reports whether the line ends here all the same: that of an output that is not
// the log's does not hold it up.
func (l *lanes) passed(of int16, part, kept bool) (ends bool) {
	switch {
	case !kept && part:
		l.cut = of
	case !kept && of == l.cut:
		l.cut = 0
	case !kept:
	case part && of != 0 && of != l.log && l.log != 0:
		l.cut = of
		return true
	case part:
		l.open = of
	default:
		l.open = 0
	}
	return false
}

// endRecord takes note of the output whose value the record was that ends at pos.
func (l *documentLayer) endRecord(in *Text, pos int, out *output) {
	l.settle(in, l.streams, pos, out)
	if lanes := &l.ids.lanes; lanes.side > 0 && l.valued {
		of := l.streams[lanes.side-1]
		if of == 0 && l.ids.fixed {
			of = lanes.log // it went on at an entry, behind the name
		}
		if lanes.passed(of, l.part, !l.left) {
			out.as(in, pos, pos+1, '\n')
		}
	}
	l.valued, l.part = false, false
}

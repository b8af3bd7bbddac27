package drain

// Decisive returns where a line holds digits that the answer h rests on, which
// must hold: of lines that differ in ASCII digits only, those are given the same
// answer, for as long as [Miner.Again] takes it, that have the same digits there.
// line is the one for which AddHeld gave h, or any other of these. ok is false
// where nothing is known of the digits.
//
// A digit means nothing to the masks but that it is one, and the tree sends every
// token with a digit the same way. So a token can decide only in a leaf, by being
// equal to what a template has in its place, and a token that changes its
// digits only where some template has one of the same outline.
func (m *Miner) Decisive(dst []int32, h Held, line []byte) (positions []int32, ok bool) {
	s := &m.scanner
	if !h.joined || len(h.leaf.clusters) > maxScanned || len(s.masker.masks) > 0 && !s.masker.isDefault {
		return dst, false
	}
	text, ends := s.scan(line)
	l := scanned{text, ends}
	c := s.classify(line)
	if c.special {
		return dst, false
	}
	s.cuts = s.cuts[:0]
	if len(s.masker.masks) > 0 && s.maskable(c) {
		s.findCuts(line, c)
	}
	token, inside, cut := -1, false, 0
	decides := false // the present token
	for i := 0; i < len(line); i++ {
		b := line[i]
		masked := cut < len(s.cuts) && i >= s.cuts[cut].start
		if !masked && byteClass[b]&spaceByte != 0 {
			inside = false
			continue
		}
		if !inside {
			inside = true
			token++
			decides = token < len(ends) && h.leaf.tells(l.token(token), token)
		}
		if masked {
			i = s.cuts[cut].end - 1
			cut++
			continue
		}
		if decides && byteClass[b]&digitByte != 0 {
			dst = append(dst, int32(i))
		}
	}
	return dst, token+1 == len(ends)
}

// tells reports whether a template has, as token i, one that differs from token
// in the values of digits at most, and has any.
func (lf *leaf) tells(token []byte, i int) bool {
	for _, c := range lf.clusters {
		if sameOutline(token, c.template.token(i)) {
			return true
		}
	}
	return false
}

// sameOutline reports whether two tokens hold digits and are equal but for their
// values.
func sameOutline(a []byte, b string) bool {
	if len(a) != len(b) {
		return false
	}
	digits := false
	for i, c := range a {
		digit := byteClass[c]&digitByte != 0
		if c != b[i] && !(digit && byteClass[b[i]]&digitByte != 0) {
			return false
		}
		digits = digits || digit
	}
	return digits
}

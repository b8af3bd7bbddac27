package wrapper

// journalctl writes a field that holds control characters as the list of its bytes.

// maxByteDigits is how many digits a byte has at most.
const maxByteDigits = 3

// listed takes from a list of bytes that is wanted. A list of anything else is entered
// like every other list.
func (l *documentLayer) listed(in *Text, from int, last bool, out *output) int {
	data, pos := in.Data, from
	p := newPiece(in, out, from)
	for pos < len(data) {
		if l.coarse && len(out.Data) > p.text && pos-p.from < maxTogether {
			n := takeList(out, data[pos:min(len(data), p.from+maxTogether)])
			if pos, l.newest = pos+n, out.Data[len(out.Data)-1]; pos == len(data) {
				break
			}
		}
		switch c := data[pos]; {
		case isDigit(c):
			value, n := byteAt(data[pos:])
			if pos+n == len(data) && n <= maxByteDigits && !last {
				p.end(pos)
				return pos - from
			}
			if value > 255 || n > maxByteDigits {
				p.end(pos)
				l.enterList(in, pos, out)
				return pos - from
			}
			if len(out.Data) == p.text {
				p.from = pos // an entry leads to its first byte, not to the comma before
			}
			l.newest = byte(value)
			out.Data = append(out.Data, l.newest)
			if pos += n; pos < len(data) && data[pos] == ',' {
				pos++
			}
			if !l.coarse || l.newest == '\n' || l.newest == 0 || pos-p.from > maxTogether {
				p.end(pos)
			}
		case c == ']':
			p.close(pos, !l.ended && l.newest != '\n', l.coarse)
			l.state, l.part = betweenTokens, l.ended && l.newest != '\n'
			return pos + 1 - from
		case c == ',' || c <= ' ' && !(c == '\n' && l.lines):
			p.end(pos)
			pos++
		default:
			p.end(pos)
			l.enterList(in, pos, out)
			return pos - from
		}
	}
	p.end(pos)
	return pos - from
}

// takeList takes bytes of a list that are text within a line, each with the comma behind
// it, and returns how much of b they are.
func takeList(out *output, b []byte) (n int) {
	for n+maxByteDigits < len(b) {
		value, digits := byteAt(b[n:])
		if value < ' ' && value != '\t' || value > 255 || digits == 0 || digits > maxByteDigits || b[n+digits] != ',' {
			break
		}
		out.Data = append(out.Data, byte(value))
		n += digits + 1
	}
	return n
}

// enterList makes of a list of bytes one that is not wanted. What was taken of it
// stays, as a line of its own.
func (l *documentLayer) enterList(in *Text, pos int, out *output) {
	if l.newest != 0 && l.newest != '\n' {
		out.as(in, pos, pos, '\n')
	}
	l.state = betweenTokens
	l.open(true)
}

// byteAt reads the number at the start of b, and how many digits it has; those behind
// one more than a byte can have are not read.
func byteAt(b []byte) (value, digits int) {
	for digits < len(b) && digits <= maxByteDigits && isDigit(b[digits]) {
		value = value*10 + int(b[digits]-'0')
		digits++
	}
	return value, digits
}

// insideList reports whether an entry that begins with b is in a list of bytes: no
// entry is text like that.
func insideList(b []byte) bool {
	for range 3 {
		_, n := byteAt(b)
		if n == 0 || n > maxByteDigits || n == len(b) || b[n] != ',' {
			return false
		}
		for b = b[n:]; len(b) > 0 && (b[0] == ',' || b[0] <= ' '); b = b[1:] {
		}
	}
	return true
}

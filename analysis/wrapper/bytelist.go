package wrapper

// journalctl writes a field that holds control characters as the list of its bytes.

// maxByteDigits is how many digits a byte has at most.
const maxByteDigits = 3

// listed takes from a list of bytes that is wanted. A list of anything else is entered
// like every other list.
func (l *documentLayer) listed(in *Text, from int, last bool, out *output) int {
	data := in.Data
	for pos := from; pos < len(data); {
		switch c := data[pos]; {
		case isDigit(c):
			value, n := byteAt(data[pos:])
			if pos+n == len(data) && n <= maxByteDigits && !last {
				return pos - from
			}
			if value > 255 || n > maxByteDigits {
				l.enterList(in, pos, out)
				return pos - from
			}
			l.newest = byte(value)
			out.as(in, pos, pos+n, l.newest)
			pos += n
		case c == ']':
			if !l.ended && l.newest != '\n' {
				out.as(in, pos, pos+1, '\n')
			}
			l.state = betweenTokens
			return pos + 1 - from
		case c == ',' || c <= ' ' && !(c == '\n' && l.lines):
			pos++
		default:
			l.enterList(in, pos, out)
			return pos - from
		}
	}
	return len(data) - from
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

// byteAt reads the number at the start of b, and how many digits it has.
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

package main

// number is a number in the body of an entry that may be drawn anew: the offset
// of its first digit, and how many digits it has (1 to maxDigits).
type number uint32

const (
	maxDigits  = 4
	digitsBits = 3
)

func (n number) offset() int { return int(n >> digitsBits) }
func (n number) digits() int { return int(n & (1<<digitsBits - 1)) }

// hasStatement reports whether entries of a command carry SQL. The arguments of all
// others are names.
func hasStatement(command []byte) bool {
	switch string(command) {
	case "Query", "Prepare", "Execute":
		return true
	}
	return false
}

// appendNumbers appends the numbers of a body that may be drawn anew. A number
// is a run of one to four digits. It is none where
//
//   - a letter, "_", "$", "@", "#", a backtick, a backslash or a byte beyond
//     ASCII is right before it, or one of these right behind it: it is part
//     of a name, a hexadecimal number or an escape sequence;
//   - other runs of digits are joined to it by "-", ":" or "/": a date, a time;
//   - it is one of four runs joined by dots: an address;
//   - it is compared with another number, as programs do that build conditions
//     from 1=1: drawn anew the condition would be another one.
func appendNumbers(numbers []number, body []byte) []number {
	for i := 0; i < len(body); {
		if !digit(body[i]) {
			i++
			continue
		}
		chain, end := digitChain(body, i)
		if chain && (i == 0 || !nameByte(body[i-1])) && (end == len(body) || !nameByte(body[end])) {
			for i < end {
				start := i
				for i < end && digit(body[i]) {
					i++
				}
				if n := i - start; n <= maxDigits && !compared(body, start, i) {
					numbers = append(numbers, number(start<<digitsBits|n))
				}
				i++ // the dot
			}
		}
		i = end
	}
	return numbers
}

// compared reports whether a number is one side of NUMBER=NUMBER.
func compared(body []byte, start, end int) bool {
	return start > 1 && body[start-1] == '=' && digit(body[start-2]) || end+1 < len(body) && body[end] == '=' && digit(body[end+1])
}

// digitChain returns the end of the runs of digits that begin at i and are
// joined by single bytes of "-:/.", and whether they are numbers.
func digitChain(body []byte, i int) (numbers bool, end int) {
	numbers = true
	dots := 0
	for {
		for i < len(body) && digit(body[i]) {
			i++
		}
		if i+1 >= len(body) || !digit(body[i+1]) {
			return numbers && dots != 3, i
		}
		switch body[i] {
		case '.':
			dots++
		case '-', ':', '/':
			numbers = false
		default:
			return numbers && dots != 3, i
		}
		i++
	}
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

func nameByte(b byte) bool {
	switch {
	case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= 0x80:
		return true
	}
	switch b {
	case '_', '$', '@', '#', '`', '\\':
		return true
	}
	return false
}

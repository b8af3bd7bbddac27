package drain

import "encoding/binary"

// sightings is what classifyBlocks has come across; not 0 is yes.
type sightings struct {
	high    uint64 // bytes beyond ASCII
	control uint64 // bytes below the space, which may be white space
	hexRun  uint64 // maybe 8 hexadecimal digits in a row; no is certain
	//lint:ignore U1000 classify_amd64.s keeps it from block to block
	before uint64 // which bytes of the last block were hexadecimal digits
}

const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
	eachHalf = 0x0000000100000001
)

// classifyWords marks which bytes of each block of 64 are white space and which are
// digits, a bit each, and adds to what was seen. On amd64 classifyBlocks does the
// same for 16 bytes at once (classify_amd64.s); elsewhere it is this.
//
// Bytes are compared eight at a time: with the high bit clear, x+(0x80-v) has it
// set where x >= v, and no sum carries into the next byte.
func classifyWords(text []byte, space, digit []uint64, seen *sightings) {
	for b := range len(text) / 64 {
		p := (*[64]byte)(text[64*b:])
		var spaces, digits uint64
		for i := 0; i < len(p); i += 8 {
			x := binary.LittleEndian.Uint64(p[i : i+8 : i+8])
			if high := x & highBits; high != 0 {
				seen.high = high
				x = (x | high>>7*0xff) &^ highBits // 0x7f in their place: no class
			}
			isSpace := ^(x + (0x80-' '-1)*eachByte)
			if control := ^(x + (0x80-' ')*eachByte) & highBits; control != 0 {
				seen.control = control
				isSpace = (x + (0x80-'\t')*eachByte) &^ (x + (0x80-'\r'-1)*eachByte)
				isSpace |= (x + (0x80-0x1c)*eachByte) &^ (x + (0x80-' '-1)*eachByte)
			}
			fromZero := x + (0x80-'0')*eachByte
			isDigit := fromZero &^ (x + (0x80-'9'-1)*eachByte)
			// Eight hexadecimal digits in a row fill a half of a word somewhere, and
			// then no byte of it is below '0' or, as a small letter, above 'f'. Taking 1
			// from a half without such bytes sets its high bit. (It borrows from the
			// other half, but then the answer is yes already.)
			noHex := ^fromZero | ((x | 0x20*eachByte) + (0x80-'f'-1)*eachByte)
			seen.hexRun |= (noHex>>7&eachByte - eachHalf) & (eachHalf << 31)
			spaces |= gather(isSpace) << i
			digits |= gather(isDigit) << i
		}
		space[b], digit[b] = spaces, digits
	}
}

// gather collects the high bits of eight bytes in the lowest byte.
func gather(x uint64) uint64 {
	return (x & highBits >> 7) * 0x0102040810204080 >> 56
}

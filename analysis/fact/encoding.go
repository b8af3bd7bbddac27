package fact

import "bytes"

// encodings adds how text is written that does not want to be read.
func (r *reader) encodings() {
	for i := range r.list {
		switch w := &r.list[i]; {
		case w.kind == hexWord:
			switch {
			case w.class&hexText != 0:
				r.b.Add(Encoding, "hex_text")
			case w.class&hexBinary != 0:
				r.b.Add(Encoding, "hex_binary")
			}
			if r.is(i-1, likeKey) || r.is(i-1, binaryKey) && r.is(i-2, likeKey) {
				r.b.Add(Encoding, "hex_pattern")
			}
		case !r.is(i+1, openKey) || w.kind != nameWord:
		case r.spells(i, "unhex"):
			r.b.Add(Encoding, "unhex")
		case r.spells(i, "char") && !r.is(i-1, asKey) && r.numbers(i+2) > 1:
			r.b.Add(Encoding, "char")
		case r.spells(i, "char", "chr") && r.joinedLetter(i):
			r.b.Add(Encoding, "char")
		case r.spells(i, "concat", "concat_ws", "group_concat") && r.hexArgument(i+1):
			r.b.Add(Encoding, "concat_hex")
		}
	}
	if r.glued {
		r.b.Add(Encoding, "glued")
	}
	if r.versioned {
		r.b.Add(Encoding, "versioned")
	}
}

const (
	longHex   = 256 // digits
	shortText = 4   // bytes; shorter ones are numbers or separators
)

// hexClass returns the text of a hex literal that begins like one and whether that is
// readable, or else something long.
func hexClass(raw []byte) (found class, text []byte) {
	if len(raw) < 2*shortText+2 {
		return 0, nil
	}
	if textual(raw) {
		text = unhex(raw)
	}
	whole := len(bytes.TrimSuffix(raw, []byte("'")))%2 == 0
	switch {
	case whole && printable(text):
		return hexText, text
	case len(raw) >= longHex:
		return hexBinary, text
	}
	return 0, text
}

// printable reports whether a text is ASCII with letters in it.
func printable(text []byte) bool {
	letters := 0
	for _, c := range text {
		switch {
		case !textByte(c):
			return false
		case letter(c) && c != '_':
			letters++
		}
	}
	return letters > 0 && letters*4 >= len(text)
}

// textByte reports whether a byte is one of ASCII text.
func textByte(c byte) bool { return c >= ' ' && c <= '~' || c == '\n' || c == '\r' || c == '\t' }

// numbers counts the numbers from i on with commas between them.
func (r *reader) numbers(i int) (n int) {
	for i < len(r.list) && r.list[i].kind == numberWord {
		n++
		if !r.is(i+1, commaKey) {
			break
		}
		i += 2
	}
	return n
}

// joinedLetter reports whether the CHAR at i makes a letter that is joined with the
// next one, as in CHR(65)||CHR(66); line ends are joined by programs.
func (r *reader) joinedLetter(i int) bool {
	if r.numbers(i+2) != 1 {
		return false
	}
	end := int(r.list[i+1].end)
	return numberValue(r.text(i+2)) >= ' ' && (r.is(end+1, orSignKey) || r.is(end+1, signKey)) && r.spells(end+2, "char", "chr")
}

// hexArgument reports whether a hex literal is an argument in the bracket at i.
func (r *reader) hexArgument(i int) bool {
	end := min(int(r.list[i].end), len(r.list))
	for i++; i < end; i = r.next(i) {
		if r.list[i].kind == hexWord {
			return true
		}
	}
	return false
}

package main

import (
	"bytes"
	"math/rand/v2"

	"sqleuth/analysis/sqltext"
)

// literal is a literal of a statement whose content differs in every round of a
// diverse log: bytes of the body of an entry.
type literal struct {
	start, end uint32
	number     bool // its letters belong to the form of the number
}

// appendLiterals appends the strings and numbers of the statements in a body,
// which holds SQL from sql on. What SET and SHOW are given stays: it is the same
// in every session of a program.
func appendLiterals(literals []literal, body []byte, sql int) []literal {
	var lex sqltext.Lexer
	lex.Reset(body[sql:])
	first, settings := true, false
	for {
		t, ok := lex.Next()
		if !ok {
			return literals
		}
		start, end := sql+t.Start, sql+t.End
		switch t.Kind {
		case sqltext.Comment, sqltext.VersionOpen, sqltext.VersionClose:
			continue
		case sqltext.String, sqltext.DoubleQuoted, sqltext.Number:
			if !settings {
				literals = append(literals, literal{uint32(start), uint32(end), t.Kind == sqltext.Number})
			}
		}
		if first {
			word := string(bytes.ToUpper(body[start:end]))
			settings = word == "SET" || word == "SHOW"
		}
		first = t.Kind == sqltext.Punct && body[start] == ';'
	}
}

// cipher replaces the words of literals, the runs of ASCII letters and digits,
// by others of the same length and form: a capital by a capital, a digit by a
// digit. Equal words of a round become equal, unequal ones stay unequal, so that
// what repeats in the capture repeats as often. Identifiers and mail addresses do
// so within one connection only: those of each are its own.
type cipher struct {
	shifts  [maxShifts]uint32 // by length and place in the word, 32 random bits each
	session uint32            // the slot of the connection
}

// maxShifts are more than the words of any length need to look unlike those of
// the other rounds; longer words use some again.
const maxShifts = 1 << 12

// rekey draws the shifts of the next round.
func (c *cipher) rekey(from *rand.PCG) {
	for i := range c.shifts {
		c.shifts[i] = uint32(from.Uint64() >> 32)
	}
}

// replace replaces the words of a literal. Behind its first blank only numbers,
// identifiers and mail addresses differ: texts that people wrote have a limited
// vocabulary, and stylesheets and names of browsers come again as they are. With
// all words new, each round would add templates as no real day does.
func (c *cipher) replace(text []byte, number bool) {
	all := true
	for at := 0; at < len(text); {
		end := at + 1
		for end < len(text) && text[end] != ' ' {
			end++
		}
		piece := text[at:end]
		c.piece(piece, all, number)
		all = false
		at = end
	}
}

// piece replaces words of a piece of text, all or those only that are no words
// of a language.
func (c *cipher) piece(text []byte, all, number bool) {
	mail := bytes.IndexByte(text, '@') >= 0
	for i := 0; i < len(text); {
		if text[i] == '\\' {
			i += 2 // an escape sequence
			continue
		}
		if !wordByte(text[i]) {
			i++
			continue
		}
		if digit(text[i]) {
			numbers, end := digitChain(text, i)
			if !numbers && (end == len(text) || !wordByte(text[end])) {
				i = end // a date, a time, an address
				continue
			}
		}
		start := i
		for i < len(text) && wordByte(text[i]) {
			i++
		}
		word := text[start:i]
		digits, letters := form(word)
		switch own := mail || letters != 0 && digits >= identifierDigits; {
		case own:
			c.word(word, c.session*sessionStep, number)
		case all || letters == 0:
			c.word(word, 0, number)
		}
	}
}

// identifierDigits are the digits from which on a word with letters is taken for
// the identifier of a session, a hash, a token.
const identifierDigits = 3

// sessionStep is odd, so that neighbouring sessions begin far apart in the shifts.
const sessionStep = 1571

// word replaces a word by the shifts from a place on. A number keeps a zero at
// its front, and gets none.
func (c *cipher) word(word []byte, from uint32, number bool) {
	digits, letters := form(word)
	for i, b := range word {
		shift := c.shifts[(from+uint32(len(word)*61+i))%maxShifts]
		switch {
		case digit(b) && i == 0 && len(word) > 1 && letters == 0:
			if b != '0' {
				word[i] = rotate(b, '1', 9, shift)
			}
		case digit(b):
			word[i] = rotate(b, '0', 10, shift)
		case number:
		case letters == hexLetters && digits > 0:
			word[i] = rotate(b, b&0x20|'A', 6, shift)
		default:
			word[i] = rotate(b, b&0x20|'A', 26, shift)
		}
	}
}

const hexLetters = -1

// form counts the digits and letters of a word. Letters that are all from a to
// f count as hexLetters.
func form(word []byte) (digits, letters int) {
	hex := true
	for _, b := range word {
		if digit(b) {
			digits++
			continue
		}
		letters++
		hex = hex && b|0x20 <= 'f'
	}
	if hex && letters > 0 {
		return digits, hexLetters
	}
	return digits, letters
}

// rotate moves b on in the count characters from first.
func rotate(b, first byte, count, shift uint32) byte {
	return first + byte((uint32(b-first)+shift%count)%count)
}

func wordByte(b byte) bool {
	return digit(b) || b|0x20 >= 'a' && b|0x20 <= 'z'
}

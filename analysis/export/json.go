package export

import (
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// WriteJSON writes a value as the reference's files are laid out: one space per
// level, no escapes for HTML, and every character beyond printable ASCII as an
// escape, so that nothing is lost and nothing reaches a terminal that it would act
// on. Texts of log origin go through [visible.JSON] first.
func WriteJSON(w io.Writer, v any) error {
	e := json.NewEncoder(asciiWriter{w})
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// asciiWriter escapes the JSON that goes through it. It takes whole characters
// with each Write, as an encoder gives them.
type asciiWriter struct{ w io.Writer }

// asciiPart is how much is escaped at once: the encoder hands over everything in
// one piece, which may be large.
const asciiPart = 64 << 10

func (a asciiWriter) Write(p []byte) (int, error) {
	var out []byte
	for done := 0; done < len(p); {
		part := p[done:min(len(p), done+asciiPart)]
		for len(part) > utf8.UTFMax && done+len(part) < len(p) && !utf8.RuneStart(p[done+len(part)]) {
			part = part[:len(part)-1]
		}
		out = appendASCII(out[:0], part)
		if _, err := a.w.Write(out); err != nil {
			return done, err
		}
		done += len(part)
	}
	return len(p), nil
}

// Lines writes values as WriteJSON does, but each on a line of its own.
type Lines struct{ e *json.Encoder }

// NewLines returns a writer of lines.
func NewLines(w io.Writer) Lines {
	e := json.NewEncoder(asciiWriter{w})
	e.SetEscapeHTML(false)
	return Lines{e}
}

// Write writes a value and a line end. The error is that of the writer.
func (l Lines) Write(v any) error { return l.e.Encode(v) }

// appendASCII appends JSON with every character beyond printable ASCII as an
// escape. Such characters are in strings only.
func appendASCII(dst, text []byte) []byte {
	for len(text) > 0 {
		plain := 0
		for plain < len(text) && text[plain] < 0x7f {
			plain++
		}
		dst = append(dst, text[:plain]...)
		if text = text[plain:]; len(text) == 0 {
			break
		}
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
			dst = fmt.Appendf(dst, `\u%04x\u%04x`, high, low)
		} else {
			dst = fmt.Appendf(dst, `\u%04x`, r)
		}
	}
	return dst
}

package wrapper

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
)

// Documents like the one before are passed at once. Blocks of a byte take no such way,
// and must come to the same, whatever changes between two documents.
func TestGapsBetweenValues(t *testing.T) {
	entry := `2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT 1`
	heads := []string{`{"message":"` + entry + `"}`, `{"results":[[{"field":"@ptr","value":"p"},{"field":"@message","value":"` + entry + `"}]]}`}
	parts := []string{
		`"a":"x"`, `"a":""`, `"a":"\"`, `"a":"` + strings.Repeat("long ", 40) + `"`, `"n":1`, `"n":12345`, `"n":-1.5e3`, `"n":null`, `"n":true`,
		`"message":1`, `"message":null`, `"message":["x"]`, `"message":{"message":"no"}`, `"message":[50,48,300]`, `"e":"\"message\":\"no\""`, `"\u006dessage":"no"`,
		`"list":["message",1,2]`, `"o":{"message":"no","p":7}`, `"field":"@message"`, `"value":"no"`, `"field":"@messag\u0065"`,
	}
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 2))
		b := []byte(heads[seed%2] + "\n")
		var shape []string
		for range 2 + rng.IntN(20) {
			if rng.IntN(3) == 0 {
				shape = shape[:0]
				for range rng.IntN(4) {
					shape = append(shape, parts[rng.IntN(len(parts))])
				}
			}
			space := []string{"", " ", "  "}[rng.IntN(3)]
			tokens := append([]string(nil), shape...)
			for k := range tokens {
				if rng.IntN(4) == 0 {
					tokens[k] = parts[rng.IntN(len(parts))]
				}
			}
			value := strings.Repeat(string(rune('a'+rng.IntN(26))), rng.IntN(20))
			if seed%2 == 0 {
				tokens = append(tokens, `"message":`+space+`"`+value+`\n"`)
				b = append(b, "{"+strings.Join(tokens, ","+space)+"}\n"...)
			} else {
				field := []string{"@message", "@message", "@ptr"}[rng.IntN(3)]
				tokens = append(tokens, `"field":"`+field+`"`, `"value":`+space+`"`+value+`"`)
				b = append(b, `{"results":[[{`+strings.Join(tokens, ","+space)+"}]]}\n"...)
			}
			if rng.IntN(10) == 0 {
				b = b[:len(b)-rng.IntN(10)] // torn
			}
		}
		s, _ := Recognise([]byte(heads[seed%2]+"\n"), true)
		if s.Plain() {
			t.Fatal("nothing is around it")
		}
		want, by := unwrap(s, b, func() int { return 1 })
		got, u := unwrap(s, b, whole)
		if !bytes.Equal(got.Data, want.Data) {
			t.Fatalf("seed %d: %s\n%s", seed, difference(got.Data, want.Data), b)
		}
		if err := sameAccount(u, by); err != "" {
			t.Fatalf("seed %d: %s\n%s", seed, err, b)
		}
		for i := range got.Data {
			if i == 0 || got.Data[i-1] == '\n' {
				if at := got.Map.At(i); at != want.Map.At(i) {
					t.Fatalf("seed %d: the line at %d leads to %d, want %d", seed, i, at, want.Map.At(i))
				}
			}
		}
	}
}

// hostileText returns text of bytes that containers write in other ways, between
// stretches of others.
func hostileText(rng *rand.Rand) string {
	var b strings.Builder
	for range rng.IntN(30) {
		switch rng.IntN(3) {
		case 0:
			b.WriteString(strings.Repeat("plain", rng.IntN(20)))
		case 1:
			b.WriteString([]string{`"`, `\`, "\t", `""`, `\"`, "/", "<", "\u2028", "\x01", "ä", "€", "\U0001f600", "[", "\x7f", "\u0080", "\u00ff"}[rng.IntN(16)])
		default:
			b.WriteString(string(rune(32 + rng.IntN(90))))
		}
	}
	return b.String()
}

// What is taken fast out of strings, quotes and UTF-16 is what Go's own readers make of
// them, wherever blocks end.
func TestValuesAsGoWritesThem(t *testing.T) {
	head := "2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT 1"
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 3))
		lines := []string{head}
		for range rng.IntN(10) {
			lines = append(lines, hostileText(rng))
		}
		var docs, table, nested bytes.Buffer
		w := csv.NewWriter(&table)
		_ = w.Write([]string{"@timestamp", "@message", "@logStream"})
		for i, line := range lines {
			value, err := json.Marshal(line)
			if err != nil {
				t.Fatal(err)
			}
			doc := fmt.Sprintf(`{"log":%s,"n":%d}`, value, i)
			docs.WriteString(doc + "\n")
			outer, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&nested, `{"message":%s,"n":%d}`+"\n", outer, i)
			_ = w.Write([]string{"x", line, `a"b`})
		}
		w.Flush()
		text := strings.Join(lines, "\n") + "\n"
		var wide bytes.Buffer
		wide.WriteString("\xfe\xff")
		for _, u := range utf16.Encode([]rune(text)) {
			wide.Write([]byte{byte(u >> 8), byte(u)})
		}
		for name, raw := range map[string][]byte{"JSON": docs.Bytes(), "JSON in JSON": nested.Bytes(), "CSV": table.Bytes(), "UTF-16": wide.Bytes()} {
			s, _ := Recognise(raw, true)
			for _, size := range []int{1, 7, 64, 1 << 20} {
				got, _ := unwrap(s, raw, func() int { return size })
				if string(got.Data) != text {
					t.Fatalf("%s, seed %d, blocks of %d (%s): %s", name, seed, size, s.Name(), difference(got.Data, []byte(text)))
				}
			}
		}
	}
}

// Lists of bytes may be cut anywhere.
func TestListsCutAnywhere(t *testing.T) {
	entry := []byte("2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT 1")
	rng := rand.New(rand.NewPCG(1, 4))
	log := []byte(`{"MESSAGE":"` + strings.ReplaceAll(string(entry), "\t", `\t`) + `"}` + "\n")
	for _, more := range []string{"", "\nx\n", "\x00\x00", "\n\x00\x00" + string(entry), "\ny\x80", "\n\n", "z"} {
		var list []string
		for _, c := range append(entry[:len(entry):len(entry)], more...) {
			list = append(list, fmt.Sprint(c))
		}
		for _, between := range []string{",", ", ", ",,", " ,"} {
			text := strings.Join(list, between)
			if rng.IntN(2) == 0 {
				at := rng.IntN(len(text))
				text = text[:at] + []string{",", " ", "x", "9", `"s"`, "[", "]"}[rng.IntN(7)] + text[at:]
			}
			log = append(log, `{"MESSAGE":[`+text+`],"n":1}`+"\n"...)
		}
	}
	s, _ := Recognise(log[:bytes.IndexByte(log, '\n')+1], true)
	want, by := unwrap(s, log, func() int { return 1 })
	for at := range log {
		sizes := []int{at, len(log) - at}
		got, u := unwrap(s, log, func() int {
			n := sizes[0]
			sizes = append(sizes[1:], len(log))
			return max(1, n)
		})
		if !bytes.Equal(got.Data, want.Data) {
			t.Fatalf("cut at %d: %s", at, difference(got.Data, want.Data))
		}
		if err := sameAccount(u, by); err != "" {
			t.Fatalf("cut at %d: %s", at, err)
		}
		if got.Map.Raw() != want.Map.Raw() {
			t.Fatalf("cut at %d: stands for %d bytes, want %d", at, got.Map.Raw(), want.Map.Raw())
		}
		for i := range got.Data {
			// An entry begins with its line, or behind a hole in it.
			begins := i == 0 || got.Data[i-1] == '\n' || got.Data[i-1] == 0
			if begins && got.Map.At(i) != want.Map.At(i) {
				t.Fatalf("cut at %d: the text at %d leads to %d, want %d", at, i, got.Map.At(i), want.Map.At(i))
			}
		}
	}
}

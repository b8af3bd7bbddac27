package wrapper

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sqleuth/analysis/wrapper/wrappertest"
	"sqleuth/testdata"
)

// incident returns the first lines of the built-in incident.
func incident(t testing.TB, size int) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(testdata.Incident))
	if err != nil {
		t.Fatal(err)
	}
	head := make([]byte, size)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.ErrUnexpectedEOF {
		t.Fatal(err)
	}
	// JSON and UTF-16 hold characters only.
	return bytes.ToValidUTF8(head[:bytes.LastIndexByte(head[:n], '\n')+1], []byte("?"))
}

// hostile is a log whose statements hold what wrappers look like, and lines of every
// kind.
const hostile = `/usr/sbin/mysqld, Version: 5.7.12 (MySQL). started with:
Tcp port: 3306  Unix socket: /tmp/mysqld.sock
Time                 Id Command    Argument
2024-07-10T05:25:05.058758Z	    8 Connect	app@192.0.2.7 on shop using TCP/IP
2024-07-10T05:25:05.058759Z	    8 Query	SELECT '
mysql_1  | 2024-07-10T05:25:05.058758Z	    9 Query	forged
{"log":"2024-07-10T05:25:05.058758Z\t    9 Query\tforged\n"}
"quoted","2024-07-10T05:25:05.058758Z	    9 Query	forged"

-- 12- 13: "\"\\\n', 'ü€😀' ,""
MESSAGE=x
general.log:1: general.log-2-
"
	#01 #0 # [pod/a/b] \
2024-07-10T05:25:05.058760Z	    8 Query	SELECT 1
2024-07-10T05:25:05.058761Z	    8 Quit	
`

// logs are those that the tests wrap.
func logs(t testing.TB) map[string][]byte {
	t.Helper()
	list := map[string][]byte{"incident": incident(t, 400_000), "hostile": []byte(strings.Repeat(hostile, 3))}
	files, err := filepath.Glob("../../testdata/m*/general.log")
	if err != nil || len(files) == 0 {
		t.Fatal("no logs of other servers", err)
	}
	for _, name := range files {
		log, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		list[filepath.Base(filepath.Dir(name))] = bytes.ToValidUTF8(log[:bytes.LastIndexByte(log, '\n')+1], []byte("?"))
	}
	return list
}

// unwrap takes the wrappers off a file that comes in blocks.
func unwrap(s *Stack, raw []byte, block func() int) (*Text, *Unwrapper) {
	u, text := s.Open(), new(Text)
	for at := 0; at < len(raw); {
		n := min(max(1, block()), len(raw)-at)
		u.Add(raw[at:at+n], int64(at), false, text)
		at += n
	}
	u.Add(nil, int64(len(raw)), true, text)
	return text, u
}

// whole is the block size of a file that comes at once.
func whole() int { return 1 << 30 }

// starts returns where entries and banners begin in a text.
func starts(text []byte) (list []int) {
	for i := 0; i < len(text); i += lineLen(text[i:]) {
		if isHead(text[i:]) {
			list = append(list, i)
		}
	}
	return list
}

func TestWrappersComeOff(t *testing.T) {
	for name, log := range logs(t) {
		for _, form := range wrappertest.Forms() {
			t.Run(form.Name+"/"+name, func(t *testing.T) {
				raw := form.Wrap(log)
				s, ok := Recognise(raw, true)
				if !ok || !strings.HasPrefix(s.Name(), form.Named) {
					t.Fatalf("recognised as %q (%v), want %q", s.Name(), ok, form.Named)
				}
				text, u := unwrap(s, raw, whole)
				if !bytes.Equal(text.Data, log) {
					t.Fatalf("the text differs: %s", difference(text.Data, log))
				}
				if sum := text.Map.Raw() + u.WrapperBytes; sum != int64(len(raw)) || len(u.Rejects) > 0 {
					t.Fatalf("%d bytes of text and %d of wrapper, the file has %d; rejects %v", text.Map.Raw(), u.WrapperBytes, len(raw), u.Rejects)
				}
				readBack(t, u.Stack(), raw, text)
			})
		}
	}
}

// readBack reads all entries from their offsets.
func readBack(t *testing.T, s *Stack, raw []byte, text *Text) {
	t.Helper()
	list := starts(text.Data)
	if len(list) == 0 {
		t.Fatal("no entries")
	}
	u, got := s.Resume(), new(Text)
	for k, from := range list {
		to, end := len(text.Data), int64(len(raw))
		if k+1 < len(list) {
			to = list[k+1]
			end = text.Map.At(to)
		}
		at := text.Map.At(from)
		got.Reset()
		u.Resume()
		u.Add(raw[at:end], at, true, got)
		if want := text.Data[from:to]; !bytes.Equal(got.Data, want) {
			t.Fatalf("entry %d at %d reads back as %s", k, at, difference(got.Data, want))
		}
		if n := got.Map.Bytes(0, to-from); n != text.Map.Bytes(from, to) {
			t.Fatalf("entry %d at %d stands for %d bytes when read back, else for %d", k, at, n, text.Map.Bytes(from, to))
		}
	}
}

func difference(got, want []byte) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	cut := func(b []byte) string { return string(b[max(0, i-40):min(len(b), i+80)]) }
	return strings.Join([]string{"at byte", itoa(i), "of", itoa(len(want)), "got", quote(cut(got)), "want", quote(cut(want))}, " ")
}

// TestBlocksDoNotMatter cuts files at random places.
func TestBlocksDoNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	log := []byte(hostile)
	for _, form := range wrappertest.Forms() {
		raw := form.Wrap(log)
		// Places that are no part of any document or have no prefix.
		raw = append(raw, "\nno wrapper\n2024-07-10T05:25:05.058761Z\t    8 Quit\t\n{\"log\":\"broken\n{\"log\":\"2024"...)
		s, _ := Recognise(form.Wrap(log), true)
		want, by := unwrap(s, raw, whole)
		if sum := want.Map.Raw() + by.WrapperBytes + rejected(by); sum != int64(len(raw)) {
			t.Errorf("%s: %d bytes accounted for, the file has %d", form.Name, sum, len(raw))
		}
		for most := range 40 {
			got, u := unwrap(s, raw, func() int { return 1 + rng.IntN(1+most*most) })
			if !bytes.Equal(got.Data, want.Data) {
				t.Fatalf("%s, blocks up to %d: %s", form.Name, 1+most*most, difference(got.Data, want.Data))
			}
			if err := sameAccount(u, by); err != "" {
				t.Fatalf("%s, blocks up to %d: %s", form.Name, 1+most*most, err)
			}
			for i := range got.Data {
				if i > 0 && got.Data[i-1] != '\n' {
					continue
				}
				if got.Map.At(i) != want.Map.At(i) {
					t.Fatalf("%s, blocks up to %d: byte %d leads to %d, else to %d", form.Name, 1+most*most, i, got.Map.At(i), want.Map.At(i))
				}
			}
		}
	}
}

// TestValuesThatAreNoText holds that no entry is lost behind a value of another kind,
// and that what is left out is counted.
func TestValuesThatAreNoText(t *testing.T) {
	entry := func(n string) string {
		return "{\"MESSAGE\":\"2024-07-10T05:25:05.058758Z\\t 9 Query\\tSELECT " + n + "\"}\n"
	}
	for _, test := range []struct {
		value, text string
		rejected    int64
	}{
		{"null", "", 4},
		{"12.5", "", 4},
		{"[50, 10]", "2\n", 0},
		{"[50,48]", "20\n", 0},
		{"[]", "\n", 0},
		{`[50,"a"]`, "2\n", 0},
		{"[256,50]", "", 0},
		{"[50,[51],52]", "2\n", 0},
		{"[0050]", "", 0},
		{`{"a":1}`, "", 0},
		{"[50", "2\n", 1},
	} {
		raw := []byte(entry("1") + `{"MESSAGE":` + test.value + "}\n" + entry("2"))
		s, _ := Recognise(raw, true)
		for block := 1; block < 9; block++ {
			text, u := unwrap(s, raw, func() int { return block })
			want := "2024-07-10T05:25:05.058758Z\t 9 Query\tSELECT 1\n" + test.text + "2024-07-10T05:25:05.058758Z\t 9 Query\tSELECT 2\n"
			if string(text.Data) != want {
				t.Errorf("%s in blocks of %d: %s", test.value, block, difference(text.Data, []byte(want)))
			}
			if rejected(u) != test.rejected || text.Map.Raw()+u.WrapperBytes+test.rejected != int64(len(raw)) {
				t.Errorf("%s: %d bytes rejected, want %d; %d of text, %d of wrapper, %d in all", test.value, rejected(u), test.rejected, text.Map.Raw(), u.WrapperBytes, len(raw))
			}
		}
	}
}

// TestTornDocuments cuts one document of a file with one on each line: only what was
// cut may be missing.
func TestTornDocuments(t *testing.T) {
	entry := func(n int) string { return "2024-07-10T05:25:05.058758Z\t 9 Query\tSELECT " + itoa(n) + "\n" }
	for torn := range 4 {
		for keep := range 90 {
			var raw []byte
			for n := range 4 {
				line := `{"log":"` + strings.ReplaceAll(strings.TrimSuffix(entry(n), "\n"), "\t", `\t`) + `\n","stream":"stdout","time":"2024"}`
				switch {
				case n == torn && n == 0: // the file was cut
					line = line[min(keep+1, len(line)-2):]
				case n == torn:
					line = line[:min(keep, len(line))]
				}
				raw = append(raw, line+"\n"...)
			}
			s, _ := Recognise(raw, true)
			text, u := unwrap(s, raw, whole)
			for n := range 4 {
				if n != torn && strings.Count("\n"+string(text.Data), "\n"+entry(n)) != 1 {
					t.Fatalf("document %d torn at %d: entry %d is missing in %q (%s)", torn, keep, n, text.Data, s.Name())
				}
			}
			if sum := text.Map.Raw() + u.WrapperBytes + rejected(u); sum != int64(len(raw)) {
				t.Fatalf("document %d torn at %d: %d bytes accounted for of %d", torn, keep, sum, len(raw))
			}
		}
	}
}

// A document that was cut may have another behind it, as where an interrupted command was
// called again and added to its file: all that is in the second is taken.
func TestDocumentsBehindATornOne(t *testing.T) {
	entry := func(i int) string {
		return fmt.Sprintf("2024-07-10T05:25:05.%06dZ\t    8 Query\tSELECT '{\"%d\"'", i, i)
	}
	for _, form := range []struct{ name, head, record, tail string }{
		{"CloudWatch", `{"events":[`, `{"eventId":"%d","message":%s,"timestamp":17}`, "]}\n"},
		{"CloudWatch with streams", `{"events":[`, `{"logStreamName":"db","eventId":"%d","message":%s,"timestamp":17}`, "]}\n"},
		{"Insights", `{"results":[`, `[{"field":"@ptr","value":"%d"},{"field":"@message","value":%s}]`, "]}\n"},
		{"Elasticsearch", `{"hits":{"hits":[`, `{"_id":"%d","_source":{"message":%s,"tags":["a"]}}`, "]}}\n"},
		{"array", `[`, `{"insertId":"%d","textPayload":%s}`, "]\n"},
	} {
		whole, want := form.head, ""
		for i := range 20 {
			if i > 0 {
				whole += ","
			}
			whole += fmt.Sprintf(form.record, i, jsonString(entry(i)))
			want += entry(i) + "\n"
		}
		whole += form.tail
		last := strings.LastIndex(whole, "2024-07-10")
		cuts := []int{last, last + 5, last + 30, len(whole) - len(form.tail) - 3}
		for at := range len(whole) - len(form.tail) {
			if whole[at] == '{' {
				cuts = append(cuts, at+1)
			}
		}
		for k := range 2 * len(cuts) {
			cut, between := cuts[k/2], []string{"\n", ""}[k%2]
			if between == "" && whole[cut-1] == '{' {
				continue // the cut looks like an object that is a name
			}
			raw := []byte(whole[:cut] + between + whole)
			s, _ := Recognise(raw, true)
			text, u := unwrap(s, raw, func() int { return len(raw) })
			if !strings.HasSuffix(string(text.Data), want) {
				t.Errorf("%s, cut at %d of %d behind %q, by %s: %q", form.name, cut, len(whole), whole[max(0, cut-20):cut], s.Name(), text.Data)
				break
			}
			if sum := text.Map.Raw() + u.WrapperBytes + rejected(u); sum != int64(len(raw)) {
				t.Errorf("%s, cut at %d: %d bytes accounted for of %d", form.name, cut, sum, len(raw))
			}
			step, by := unwrap(s, raw, func() int { return 1 })
			if string(step.Data) != string(text.Data) || sameAccount(by, u) != "" {
				t.Errorf("%s, cut at %d: blocks matter: %s", form.name, cut, sameAccount(by, u))
			}
		}
	}
}

// The column that holds the log is found in one walk, as it is by one of its own.
func TestColumnsAreScoredTogether(t *testing.T) {
	head := "a,\"b\",c,d\n1,\"x \"\"y\"\"\",2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT 1,\n,,\"2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT \"\"\n,1\n\",z,more\nlast,\"open"
	list := scoreColumns(',', make([]order, 4), []byte(head))
	for at, got := range list {
		s := Stack{layers: []fitted{{kind: &column{separator: ',', at: at}}}}
		var text Text
		s.Open().Add([]byte(head), 0, true, &text)
		if want := scoreOf(text.Data); got != want {
			t.Errorf("column %d: %+v, want %+v of %q", at, got, want, text.Data)
		}
	}
	if list[2].entries != 2 {
		t.Errorf("the test sees too few: %+v", list)
	}
}

package logfile

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// packed is a member of an archive that a test makes.
type packed struct {
	name string
	data []byte
}

func tarBytes(t testing.TB, members ...packed) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range members {
		h := &tar.Header{Name: m.name, Mode: 0o600, Size: int64(len(m.data)), Format: tar.FormatPAX}
		switch {
		case strings.HasSuffix(m.name, "/"):
			h.Typeflag = tar.TypeDir
		case m.data == nil:
			h.Typeflag, h.Linkname = tar.TypeSymlink, "/etc/passwd"
		}
		check(t, w.WriteHeader(h))
		if m.data != nil {
			write(t, w, m.data)
		}
	}
	check(t, w.Close())
	return b.Bytes()
}

// zipBytes packs by a method; with 0 members are stored.
func zipBytes(t testing.TB, method uint16, members ...packed) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		f, err := w.CreateHeader(&zip.FileHeader{Name: m.name, Method: method})
		check(t, err)
		if !strings.HasSuffix(m.name, "/") {
			write(t, f, m.data)
		}
	}
	check(t, w.Close())
	return b.Bytes()
}

// wantFiles checks names, and that each file's text is what a member held.
func wantFiles(t *testing.T, s *Set, text []byte, raw []byte, want ...packed) {
	t.Helper()
	files := s.Files()
	var names, wanted []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	for _, w := range want {
		wanted = append(wanted, w.name)
	}
	if !slices.Equal(names, wanted) {
		t.Fatalf("files %q, want %q", names, wanted)
	}
	for i, f := range files {
		got := text[f.Base : f.Base+f.Size]
		if !bytes.Equal(got, want[i].data) {
			t.Errorf("%s has %d bytes of text, want %d: %.40q, want %.40q", f.Name, len(got), len(want[i].data), got, want[i].data)
		}
		if !f.Done || f.SHA256 != sha256.Sum256(raw) || f.RawSize != int64(len(raw)) {
			t.Errorf("%s has the SHA-256 %x and %d raw bytes, want those of the archive, %d", f.Name, f.SHA256, f.RawSize, len(raw))
		}
	}
}

// Members of archives of every kind are files, in the order of the timeline, and
// are read back at any offset.
func TestArchives(t *testing.T) {
	texts := [][]byte{logText(11, 40_000), logText(12, 30_000), logText(13, 20_000)}
	members := []packed{
		{"mysql/", nil},
		{"mysql/general.log", texts[2]},
		{"mysql/general.log.1", texts[1]},
		{"mysql/general.log.2.gz", gzipBytes(t, texts[0], 3000)},
	}
	inTime := func(archive string) []packed {
		return []packed{{archive + "!mysql/general.log.2.gz", texts[0]}, {archive + "!mysql/general.log.1", texts[1]}, {archive + "!mysql/general.log", texts[2]}}
	}
	plain := tarBytes(t, members...)
	for name, raw := range map[string][]byte{
		"a.tar":      plain,
		"a.tar.gz":   gzipBytes(t, plain, 0),
		"a.tar.zst":  zstdBytes(t, plain),
		"a.tar.xz":   xzBytes(t, plain),
		"stored.zip": zipBytes(t, zip.Store, members...),
		"a.zip":      zipBytes(t, zip.Deflate, members...),
		"a.zip.gz":   gzipBytes(t, zipBytes(t, zip.Deflate, members...), 0),
	} {
		t.Run(name, func(t *testing.T) {
			s := openTiny(t, Options{TempDir: t.TempDir()}, writeFile(t, name, raw))
			text := readAll(t, s)
			path := s.Files()[0].Archive
			wantFiles(t, s, text, raw, inTime(path)...)
			checkReadAt(t, s, text, 60)
			for _, f := range s.Files() {
				if len(f.Damage) > 0 {
					t.Errorf("%s is damaged: %v", f.Name, f.Damage)
				}
			}
		})
		t.Run(name+" through standard input", func(t *testing.T) {
			s := openTiny(t, Options{TempDir: t.TempDir(), Stdin: bytes.NewReader(raw)}, "-")
			text := readAll(t, s)
			wantFiles(t, s, text, raw, inTime("-")...)
			checkReadAt(t, s, text, 60)
		})
	}
}

// One archive in another is unpacked, one in that is named.
func TestNestedArchives(t *testing.T) {
	text := logText(14, 5000)
	inner := zipBytes(t, zip.Deflate, packed{"general.log", text})
	deepest := tarBytes(t, packed{"deep.zip", inner})
	raw := tarBytes(t, packed{"a.zip", inner}, packed{"b.tar.gz", gzipBytes(t, deepest, 0)}, packed{"a.tar.gz", gzipBytes(t, tarBytes(t, packed{"x.log", text}), 0)})
	path := writeFile(t, "all.tar", raw)
	s := openTiny(t, Options{TempDir: t.TempDir()}, path)
	got := readAll(t, s)
	wantFiles(t, s, got, raw, packed{path + "!a.zip!general.log", text}, packed{path + "!a.tar.gz!x.log", text})
	left, n := s.Left()
	if n != 1 || left[0].Name != path+"!b.tar.gz!deep.zip" {
		t.Errorf("left are %q, want the archive in an archive in another", left)
	}
}

// What is no regular file is a name and nothing else, wherever it leads.
func TestMembersThatAreNoFiles(t *testing.T) {
	text := logText(15, 5000)
	raw := tarBytes(t, packed{"link.log", nil}, packed{"../../up.log", text}, packed{"/etc/abs.log", text[:3000]}, packed{"empty.log", []byte{}})
	path := writeFile(t, "a.tar", raw)
	s := openTiny(t, Options{}, path)
	got := readAll(t, s)
	wantFiles(t, s, got, raw, packed{path + "!../../up.log", text}, packed{path + "!/etc/abs.log", text[:3000]})
	left, n := s.Left()
	if want := []Left{{path + "!link.log", "a link or device"}, {path + "!empty.log", "empty"}}; n != 2 || !slices.Equal(left, want) {
		t.Errorf("left are %v, want %v", left, want)
	}
}

// A zip member whose bytes cannot be had is a file with damage.
func TestLockedMembers(t *testing.T) {
	text := logText(16, 4000)
	for name, change := range map[string]func(entry []byte){
		"encrypted":           func(e []byte) { e[8] |= zipEncrypted },
		"compressed by":       func(e []byte) { binary.LittleEndian.PutUint16(e[10:], 14) },
		"of another member":   func(e []byte) { binary.LittleEndian.PutUint32(e[42:], 0) },
		"there is no member":  func(e []byte) { binary.LittleEndian.PutUint32(e[42:], 1<<30) },
		"there is no member ": func(e []byte) { binary.LittleEndian.PutUint32(e[42:], 3<<30) },
	} {
		raw := zipBytes(t, zip.Deflate, packed{"a.log", text}, packed{"b.log", text})
		second := bytes.LastIndex(raw, []byte("PK\x01\x02"))
		change(raw[second:])
		path := writeFile(t, "a.zip", raw)
		s := openTiny(t, Options{}, path)
		wantFiles(t, s, readAll(t, s), raw, packed{path + "!a.log", text}, packed{path + "!b.log", nil})
		if d := s.Files()[1].Damage; len(d) != 1 || d[0].Kind != Unreadable || !strings.Contains(d[0].String(), strings.TrimSpace(name)) {
			t.Errorf("%s: damage %v", name, d)
		}
	}
}

// Of an archive that was cut anywhere the members before the cut are read, and
// something reports that it was cut.
func TestCutArchives(t *testing.T) {
	text := logText(17, 3000)
	members := []packed{{"a.log", text}, {"b.log", text}, {"c.log", text}}
	sized := zipBytes(t, zip.Store, members...)
	for at := bytes.Index(sized, []byte("PK\x07\x08")); at >= 0; at = bytes.Index(sized, []byte("PK\x07\x08")) {
		// As most programs write it: sizes before the bytes.
		local := bytes.LastIndex(sized[:at], []byte("PK\x03\x04"))
		copy(sized[local+14:local+26], sized[at+4:at+16])
		sized[local+6] &^= zipStreamed
		copy(sized[at:], "past")
	}
	for name, raw := range map[string][]byte{
		"a.tar": tarBytes(t, members...), "a.tar.gz": gzipBytes(t, tarBytes(t, members...), 0), "a.zip": sized, "deflated.zip": zipBytes(t, zip.Deflate, members...),
	} {
		for cut := archiveHead; cut < len(raw); cut += 397 {
			s := openTiny(t, Options{TempDir: t.TempDir()}, writeFile(t, name, raw[:cut]))
			got := readAll(t, s)
			damaged := false
			for _, f := range s.Files() {
				damaged = damaged || len(f.Damage) > 0
				if !f.Done || f.SHA256 != sha256.Sum256(raw[:cut]) {
					t.Errorf("%s cut at %d: %s is not done", name, cut, f.Name)
				}
			}
			// The zeros at the end of a tar archive may be missing.
			if !damaged && !(strings.HasPrefix(name, "a.tar") && len(got) == 3*len(text)) {
				t.Errorf("%s cut at %d of %d: no damage, %d bytes of text", name, cut, len(raw), len(got))
			}
			if want := bytes.Repeat(text, 3); !bytes.HasPrefix(want, got) {
				t.Errorf("%s cut at %d: text of %d bytes is not the beginning", name, cut, len(got))
			}
		}
	}
}

// A log that holds what looks like an archive's header is a log.
func TestLogsThatLookLikeArchives(t *testing.T) {
	text := logText(18, 2000)
	copy(text[257:], "ustar\x0000")
	if _, list := listerOf(text); list != nil {
		t.Error("a log with ustar in it is taken for an archive")
	}
	// Somebody who writes into a log can make a valid header, but not a name.
	head := tarBytes(t, packed{"x", []byte("y")})[:archiveHead]
	if _, list := listerOf(head); list == nil {
		t.Fatal("a tar header is not recognised")
	}
	copy(head, "2024-05-01T08:00:00.000000Z\t    7 Query\tSELECT 1")
	sum := 0
	for i, c := range head {
		if i >= 148 && i < 156 {
			c = ' '
		}
		sum += int(c)
	}
	copy(head[148:], fmt.Sprintf("%06o\x00 ", sum))
	if _, list := listerOf(head); list != nil {
		t.Error("a line of a log is taken for the name of a member")
	}
}

// The text of an archive is bounded as that of other files is, and so is the
// number of members.
func TestArchivesAreBounded(t *testing.T) {
	text := logText(19, 50_000)
	for _, raw := range [][]byte{gzipBytes(t, tarBytes(t, packed{"a.log", text}, packed{"b.log", text}), 0), zipBytes(t, zip.Deflate, packed{"a.log", text}, packed{"b.log", text})} {
		s := openTiny(t, Options{MaxExpanded: 60_000, TempDir: t.TempDir()}, writeFile(t, "a", raw))
		got := readAll(t, s)
		if len(got) > 60_000 || len(got) < 50_000 {
			t.Errorf("%d bytes of text where 60000 are taken", len(got))
		}
		files := s.Files()
		if d := files[len(files)-1].Damage; len(d) == 0 || d[0].Kind != Limit {
			t.Errorf("the damage is %v, want a limit", d)
		}
	}
	var many []packed
	for i := range maxMembers + 5 {
		many = append(many, packed{fmt.Sprintf("%06d.log", i), []byte("x\n")})
	}
	s := openTiny(t, Options{}, writeFile(t, "a.zip", zipBytes(t, zip.Store, many...)))
	var got int
	check(t, s.Read(t.Context(), func(b *Block) error {
		defer b.Release()
		got += len(b.Data)
		return nil
	}))
	if got != 2*maxMembers {
		t.Errorf("%d bytes of text", got)
	}
	if list, n := s.Left(); n != 5 || list[0].Why != "behind the first 10000 members" {
		t.Errorf("left are %d, %v", n, list)
	}
}

func TestLeave(t *testing.T) {
	text := logText(20, 4000)
	path := writeFile(t, "a.tar", tarBytes(t, packed{"README", []byte("read me")}, packed{"a.log", text}))
	other := writeFile(t, "plain.log", text[:1000])
	s := openTiny(t, Options{}, path, other)
	check(t, s.Unpack(t.Context(), nil))
	check(t, s.Leave(map[int]string{0: "plain text", 2: "not of an archive"}))
	if got := readAll(t, s); len(got) != 5000 {
		t.Errorf("%d bytes of text", len(got))
	}
	if list, n := s.Left(); n != 1 || list[0] != (Left{path + "!README", "plain text"}) {
		t.Errorf("left are %v", list)
	}
}

// FuzzArchive reads any bytes as an archive: nothing but an error or damage comes
// of it.
func FuzzArchive(f *testing.F) {
	text := logText(21, 600)
	f.Add(tarBytes(f, packed{"a.log", text}))
	f.Add(zipBytes(f, zip.Deflate, packed{"a.log", text}, packed{"b/", nil}))
	f.Add(zipBytes(f, zip.Store, packed{"a.log", text}))
	f.Add(gzipBytes(f, tarBytes(f, packed{"a.log", text}), 0))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := OpenBytes("a", raw, Options{MaxExpanded: 1 << 20, TempDir: t.TempDir()})
		if err != nil {
			return
		}
		defer s.Close()
		text := readAll(t, s)
		if got := make([]byte, len(text)); len(text) > 0 {
			if n, err := s.ReadAt(got, 0); n != len(text) || err != nil && err != io.EOF || !bytes.Equal(got, text) {
				t.Errorf("read back %d of %d bytes: %v", n, len(text), err)
			}
		}
	})
}

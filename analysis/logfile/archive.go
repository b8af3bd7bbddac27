package logfile

import (
	"archive/tar"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// member is a file in an archive, as the archive describes it.
type member struct {
	name string
	raw  openFile // its bytes in the archive, as a file in a container; nil with why
	size int64    // of raw
	why  string   // it is no file of the set
	// locked is why what may be a log cannot be read, which is damage.
	locked error
}

// maxListed bounds the members of an archive that are looked at, and maxMemberName
// how much of a name is kept, in bytes.
const (
	maxListed     = 1_000_000
	maxMemberName = 1024
)

// lister lists the members of an archive whose text has size bytes. It stops where
// see returns false. Its error describes what is wrong with the archive, at byte at of
// its text; the members before that have been given.
type lister func(text io.ReaderAt, size int64, see func(member) bool) (at int64, err error)

// archiveHead is how many first bytes of text listerOf wants to see.
const archiveHead = 512

// listerOf recognises an archive by the first bytes of its text, and returns nil
// for anything else.
//
// A log can begin with text that a client chose, as the rest of a statement that
// an earlier file holds. So a tar archive must have a valid checksum and a name
// without control characters, which no line with a time or a command is.
func listerOf(head []byte) (Container, lister) {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return Zip, listZip
	case isTar(head):
		return Tar, listTar
	}
	return Plain, nil
}

// isTar reports whether head is a header of a tar archive, of any age.
func isTar(head []byte) bool {
	if len(head) < archiveHead {
		return false
	}
	name, _, _ := bytes.Cut(head[:100], []byte{0})
	if len(name) == 0 || bytes.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return false
	}
	const from, to = 148, 156 // the checksum, itself counted as spaces
	sum := int64(0)
	for i, c := range head[:archiveHead] {
		if i >= from && i < to {
			c = ' '
		}
		sum += int64(c)
	}
	field := strings.Trim(string(head[from:to]), " \x00")
	var want int64
	for _, c := range field {
		if c < '0' || c > '7' {
			return false
		}
		want = want<<3 | int64(c-'0')
	}
	return field != "" && want == sum
}

func listTar(text io.ReaderAt, size int64, see func(member) bool) (at int64, err error) {
	in := io.NewSectionReader(text, 0, size)
	archive := tar.NewReader(in)
	for listed := 0; ; listed++ {
		at, _ = in.Seek(0, io.SeekCurrent)
		h, err := archive.Next()
		switch {
		case err == io.EOF:
			return at, nil
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			if errors.Is(err, io.ErrUnexpectedEOF) || at >= size {
				err = io.ErrUnexpectedEOF
			}
			return at, fmt.Errorf("tar archive: %w", err)
		case listed == maxListed:
			return at, fmt.Errorf("tar archive: %d members were looked at, no more are", maxListed)
		}
		m := member{name: h.Name}
		switch h.Typeflag {
		case tar.TypeReg, '\x00', tar.TypeCont:
			from, _ := in.Seek(0, io.SeekCurrent)
			m.size = max(0, min(h.Size, size-from))
			m.raw = section(text, from, m.size)
			if isSparse(h) {
				m.why = "a sparse file, which is not unpacked here"
			}
		case tar.TypeDir:
			continue
		case tar.TypeGNUSparse:
			m.why = "a sparse file, which is not unpacked here"
		default:
			m.why = "a link or device"
		}
		if !see(m) {
			return at, nil
		}
		if m.raw != nil && m.size < h.Size {
			return size, fmt.Errorf("tar archive: %w", io.ErrUnexpectedEOF)
		}
	}
}

// isSparse reports whether a member is one with holes that are not in the archive.
func isSparse(h *tar.Header) bool {
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}

// A zip archive ends in a directory of its members, which is what counts; the
// header before each member's bytes is asked only for its length, or where the
// archive was cut and has no directory. Numbers are those of PKWARE's APPNOTE.
const (
	zipLocal       = 0x04034b50
	zipEntry       = 0x02014b50
	zipEnd         = 0x06054b50
	zipEnd64       = 0x06064b50
	zipEnd64Finder = 0x07064b50

	zipLocalLen = 30
	zipEntryLen = 46
	zipEndLen   = 22

	zipEncrypted = 1 << 0
	zipStreamed  = 1 << 3 // sizes follow the bytes
)

// zipHeader is what the directory, or a local header, has of a member.
type zipHeader struct {
	name          string
	flags, method uint16
	crc           uint32
	packed, text  int64 // sizes
	local         int64 // offset of the local header
	mode          uint32
}

func listZip(text io.ReaderAt, size int64, see func(member) bool) (at int64, err error) {
	headers, at, err := zipDirectory(text, size)
	if headers == nil && err != nil {
		return walkZip(text, size, see)
	}
	// Members that share bytes are how a small archive becomes petabytes.
	byPlace := slices.Clone(headers)
	slices.SortStableFunc(byPlace, func(a, b *zipHeader) int { return cmp.Compare(a.local, b.local) })
	shared := map[*zipHeader]bool{}
	for i, end := 0, int64(0); i < len(byPlace); i++ {
		h := byPlace[i]
		shared[h] = h.local < end
		end = max(end, h.local+zipLocalLen+int64(len(h.name))+h.packed)
	}
	for _, h := range headers {
		m := h.member(text, size)
		if shared[h] {
			m = member{name: h.name, locked: errors.New("zip archive: its bytes are those of another member too")}
		}
		if strings.HasSuffix(h.name, "/") {
			continue
		}
		if !see(m) {
			break
		}
	}
	return at, err
}

// member is the member that a header describes.
func (h *zipHeader) member(text io.ReaderAt, size int64) member {
	m := member{name: h.name}
	fail := func(format string, args ...any) member {
		m.locked = fmt.Errorf("zip archive: "+format, args...)
		return m
	}
	const link, kinds = 0xa000, 0xf000
	if h.mode>>16&kinds == link {
		m.why = "a link"
		return m
	}
	if h.flags&zipEncrypted != 0 {
		return fail("the member is encrypted; unpack it with its password and give what is in it")
	}
	var local [zipLocalLen]byte
	if _, err := text.ReadAt(local[:], h.local); err != nil || binary.LittleEndian.Uint32(local[:]) != zipLocal {
		return fail("there is no member at byte %d", h.local)
	}
	from := h.local + zipLocalLen + int64(binary.LittleEndian.Uint16(local[26:])) + int64(binary.LittleEndian.Uint16(local[28:]))
	packed := section(text, from, max(0, min(h.packed, size-from)))
	switch h.method {
	case 0, 12, 93, 95: // stored, bzip2, zstd and xz: as in a file of their own
		m.raw, m.size = packed, packed.n
	case 8:
		m.raw, m.size = asGzip(packed, h.crc, uint32(h.text), packed.n == h.packed)
	default:
		return fail("the member is compressed by method %d, which is not read here; unpack it with 7z x and give what is in it", h.method)
	}
	return m
}

// asGzip makes a gzip file of a deflate stream, which has the same checksum and
// so is read and resumed in the same way. Without its end it is one that was cut.
func asGzip(deflate sectionFile, crc, length uint32, whole bool) (openFile, int64) {
	head := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}
	parts := []sectionFile{bytesFile(head), deflate}
	if whole {
		tail := binary.LittleEndian.AppendUint32(nil, crc)
		parts = append(parts, bytesFile(binary.LittleEndian.AppendUint32(tail, length)))
	}
	f := joinedFile(parts)
	return f, f.size()
}

// zipDirectory reads the directory at the end of a zip archive. Without any, it
// returns nil and an error.
func zipDirectory(text io.ReaderAt, size int64) (headers []*zipHeader, at int64, err error) {
	from, n, err := zipDirectoryPlace(text, size)
	if err != nil {
		return nil, 0, err
	}
	headers = []*zipHeader{}
	in := io.NewSectionReader(text, from, size-from)
	buf := make([]byte, zipEntryLen, 1<<16)
	for int64(len(headers)) < n {
		at, _ = in.Seek(0, io.SeekCurrent)
		at += from
		if len(headers) == maxListed {
			return headers, at, fmt.Errorf("zip archive: %d members were looked at, no more are", maxListed)
		}
		h, err := readZipEntry(in, buf)
		if err != nil {
			return headers, at, fmt.Errorf("zip archive: directory: %w", err)
		}
		headers = append(headers, h)
	}
	return headers, at, nil
}

// zipDirectoryPlace finds where the directory is and how many members it has.
func zipDirectoryPlace(text io.ReaderAt, size int64) (from, n int64, err error) {
	tail := make([]byte, min(size, zipEndLen+1<<16)) // a comment may follow
	base := size - int64(len(tail))
	if _, err := text.ReadAt(tail, base); err != nil && err != io.EOF {
		return 0, 0, err
	}
	end := -1
	for i := len(tail) - zipEndLen; i >= 0 && end < 0; i-- {
		if binary.LittleEndian.Uint32(tail[i:]) == zipEnd {
			end = i
		}
	}
	if end < 0 {
		return 0, 0, io.ErrUnexpectedEOF
	}
	n, from = int64(binary.LittleEndian.Uint16(tail[end+10:])), int64(binary.LittleEndian.Uint32(tail[end+16:]))
	if finder := end - 20; finder >= 0 && binary.LittleEndian.Uint32(tail[finder:]) == zipEnd64Finder {
		var end64 [56]byte
		at := int64(binary.LittleEndian.Uint64(tail[finder+8:]))
		if at < 0 || at > size {
			return 0, 0, io.ErrUnexpectedEOF
		}
		if _, err := text.ReadAt(end64[:], at); err != nil || binary.LittleEndian.Uint32(end64[:]) != zipEnd64 {
			return 0, 0, io.ErrUnexpectedEOF
		}
		n, from = int64(binary.LittleEndian.Uint64(end64[32:])), int64(binary.LittleEndian.Uint64(end64[48:]))
	}
	if from < 0 || from > size || n < 0 {
		return 0, 0, io.ErrUnexpectedEOF
	}
	return from, n, nil
}

// readZipEntry reads one entry of the directory.
func readZipEntry(in io.Reader, buf []byte) (*zipHeader, error) {
	b := buf[:zipEntryLen]
	if _, err := io.ReadFull(in, b); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	if binary.LittleEndian.Uint32(b) != zipEntry {
		return nil, errors.New("an entry of it is broken")
	}
	h := &zipHeader{
		flags: binary.LittleEndian.Uint16(b[8:]), method: binary.LittleEndian.Uint16(b[10:]), crc: binary.LittleEndian.Uint32(b[16:]),
		packed: int64(binary.LittleEndian.Uint32(b[20:])), text: int64(binary.LittleEndian.Uint32(b[24:])),
		local: int64(binary.LittleEndian.Uint32(b[42:])), mode: binary.LittleEndian.Uint32(b[38:]),
	}
	name, extra, comment := int(binary.LittleEndian.Uint16(b[28:])), int(binary.LittleEndian.Uint16(b[30:])), int(binary.LittleEndian.Uint16(b[32:]))
	rest := make([]byte, name+extra+comment)
	if _, err := io.ReadFull(in, rest); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	h.name = string(rest[:name])
	h.takeZip64(rest[name:name+extra], &h.text, &h.packed, &h.local)
	return h, nil
}

// takeZip64 replaces sizes that do not fit 32 bits by those of the extra field,
// which has them in the order of fields.
func (h *zipHeader) takeZip64(extra []byte, fields ...*int64) {
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; n > len(extra) {
			return
		}
		if id == 1 {
			for data := extra[:n]; len(fields) > 0 && len(data) >= 8; fields = fields[1:] {
				if *fields[0] == 0xffffffff {
					*fields[0] = max(0, int64(binary.LittleEndian.Uint64(data)))
					data = data[8:]
				}
			}
			return
		}
		extra = extra[n:]
	}
}

// walkZip lists the members of an archive without a directory, which was cut, by
// their local headers. One whose size follows its bytes is the last, since where
// it ends is not known before it is inflated.
func walkZip(text io.ReaderAt, size int64, see func(member) bool) (at int64, err error) {
	cut := fmt.Errorf("zip archive: no directory at its end: %w", io.ErrUnexpectedEOF)
	for range maxListed {
		var local [zipLocalLen]byte
		if _, err := text.ReadAt(local[:], at); err != nil || binary.LittleEndian.Uint32(local[:]) != zipLocal {
			return at, cut
		}
		rest := make([]byte, int(binary.LittleEndian.Uint16(local[26:]))+int(binary.LittleEndian.Uint16(local[28:])))
		if _, err := text.ReadAt(rest, at+zipLocalLen); err != nil {
			return at, cut
		}
		name := int(binary.LittleEndian.Uint16(local[26:]))
		h := &zipHeader{
			name: string(rest[:name]), flags: binary.LittleEndian.Uint16(local[6:]), method: binary.LittleEndian.Uint16(local[8:]),
			crc: binary.LittleEndian.Uint32(local[14:]), packed: int64(binary.LittleEndian.Uint32(local[18:])), text: int64(binary.LittleEndian.Uint32(local[22:])), local: at,
		}
		h.takeZip64(rest[name:], &h.text, &h.packed)
		from := at + zipLocalLen + int64(len(rest))
		last := h.flags&zipStreamed != 0 && h.packed == 0
		if last {
			h.packed = size - from + 1 // longer than there is: cut
		}
		if !strings.HasSuffix(h.name, "/") && !see(h.member(text, size)) {
			return at, nil
		}
		if at = from + h.packed; last || at > size {
			return size, cut
		}
	}
	return at, cut
}

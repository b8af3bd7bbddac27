package logfile

import "fmt"

// File is what is known about one file of a set.
type File struct {
	Name      string // as given; "-" is standard input, "a.zip!b.log" a member of an archive
	Container Container
	Server    string // that wrote it, as Options.Servers has it; empty for none
	Archive   string // that the file is a member of, whose raw bytes its RawSize and SHA256 are about; empty for none

	Base int64 // offset of its first decompressed byte in the set; -1 until Read has reached it
	Size int64 // decompressed bytes, so far until Done

	RawSize int64 // bytes of the raw file: as it was when opened, then as read

	// SHA256 is that of the raw bytes, valid once Done. The bytes behind a Damage
	// are hashed all the same, so that it is the whole file's. Only standard input
	// is not read on behind Options.MaxExpanded, because it may have no end: then
	// there is no hash, and it stays zero.
	SHA256 [32]byte

	Done bool // read to its end, or to the Damage that ended its text

	// Damage lists what is wrong with the file in the order found. Several are
	// possible, because a gzip file is read on behind a wrong checksum, and with the
	// next member behind a broken one.
	Damage []Damage
}

// maxDamage is the number of damages kept of a file, so that a file made of a
// million broken members costs no memory. The last one kept is the last found.
const maxDamage = 64

func (f *File) addDamage(d Damage) {
	if len(f.Damage) < maxDamage {
		f.Damage = append(f.Damage, d)
		return
	}
	f.Damage[maxDamage-1] = d
}

// Damage is something that is wrong with a file.
type Damage struct {
	Kind DamageKind
	Raw  int64 // bytes of the raw file before it
	Text int64 // decompressed bytes of the file (not of the set) before it
	Err  error // the cause

	// From is, of kinds Corrupt and Mismatch, where the text begins that no
	// checksum confirms, up to Text. Decoding does not stop at the first wrong bit:
	// any byte of it may be wrong, and nothing behind the first wrong one is what
	// was written.
	From int64

	// Until is where the raw bytes end that were left out behind Raw. It is at most
	// Raw if none were, or if how many is not known.
	Until   int64
	Resumed bool // the reading goes on at Until
}

// A DamageKind is what happened to the text.
type DamageKind uint8

const (
	// Truncated: the file ends early. The text ends here.
	Truncated DamageKind = iota
	// Corrupt: the container cannot be decoded further. The text ends here, or
	// goes on behind raw bytes that are lost.
	Corrupt
	// Mismatch: a checksum or length of the container does not fit the text
	// before it, any part of which may be wrong.
	Mismatch
	// Trailing: bytes behind the container's end belong to nothing and were
	// left out. The text is whole.
	Trailing
	// Limit: Options.MaxExpanded was reached. The text ends here.
	Limit
	// Unreadable: the operating system could not read on, or nothing here can read
	// a member of an archive. The text ends here.
	Unreadable
	// Unkept: the text is whole, but part of it cannot be read back (Set.Degraded).
	// No Set reports it of a File.
	Unkept
)

var damageNames = [...]string{
	Truncated:  "truncated",
	Corrupt:    "corrupt",
	Mismatch:   "checksum mismatch",
	Trailing:   "trailing bytes",
	Limit:      "stopped at the limit",
	Unreadable: "unreadable",
	Unkept:     "part of the text cannot be read back",
}

// String returns the kind in words, such as "checksum mismatch".
func (k DamageKind) String() string {
	if int(k) < len(damageNames) {
		return damageNames[k]
	}
	return fmt.Sprintf("DamageKind(%d)", uint8(k))
}

// Doubtful reports whether text before the damage may be wrong.
func (d Damage) Doubtful() bool { return (d.Kind == Corrupt || d.Kind == Mismatch) && d.From < d.Text }

// String returns the damage as one phrase without the file's name.
func (d Damage) String() string {
	if d.Kind == Unkept {
		return fmt.Sprintf("%v: %v", d.Kind, d.Err)
	}
	s := fmt.Sprintf("%v at byte %d (%d bytes of text before it): %v", d.Kind, d.Raw, d.Text, d.Err)
	if d.Doubtful() {
		s += fmt.Sprintf("; bytes %d to %d of the text are unconfirmed: any of them may be wrong, and nothing behind the first wrong one can be trusted", d.From, d.Text)
	}
	switch {
	case d.Until > d.Raw:
		s += fmt.Sprintf("; bytes %d to %d of the file were left out", d.Raw, d.Until)
		if d.Resumed {
			s += ", the text goes on with what stands behind them"
		}
	case d.Resumed:
		s += fmt.Sprintf("; the text goes on with byte %d of the file, from which on it may have been read wrongly before", d.Until)
	}
	return s
}

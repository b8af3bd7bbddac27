package export

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"sqleuth/analysis/merkle"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/redact"
)

// Redaction is what an export hides, and the secret that its tokens and salts are made
// with. One that hides nothing still commits to its rows, so that a redacted copy made
// with the same key can be held against it.
type Redaction struct {
	Key  []byte
	What redact.What
}

// String names what is hidden, as the command line has it.
func (r Redaction) String() string {
	var list []string
	for _, w := range []struct {
		is   bool
		word string
	}{{r.What.Literals, "literals"}, {r.What.Users, "users"}, {r.What.Hosts, "hosts"}} {
		if w.is {
			list = append(list, w.word)
		}
	}
	return strings.Join(list, ",")
}

// Redactor learns from a log what there is to hide; nil where nothing is hidden.
func (r *Redaction) Redactor(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text) (*redact.Redactor, error) {
	if r == nil || r.What == (redact.What{}) {
		return nil, nil
	}
	out := redact.New(r.Key, r.What)
	for i := range s.Connections.Len() {
		id := s.Connections.Peek(i)
		out.LearnUser(s.Connections.Text(id.User))
		out.LearnHost(s.Connections.Text(id.Host))
	}
	for _, c := range s.Connections.UserChanges() {
		out.LearnUser(s.Connections.Text(c.User))
	}
	for k := range s.Files {
		out.Keep(s.Files[k].Name)
	}
	for i := range s.Messages {
		if user, host, ok := s.Messages[i].Refusal(); ok {
			out.LearnUser(user)
			out.LearnHost(host)
		}
	}
	wanted := func(i int) bool { return redact.IsStatement(s.Command(i)) }
	err := text.Statements(&s.Log).Scan(ctx, 0, s.Len(), wanted, func(_ int, text []byte) bool {
		out.Learn(text)
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("redact: %w", err)
	}
	out.Learnt()
	return out, nil
}

// Hides returns why an export of a reading cannot be redacted as asked for, or nil.
func (opt Options) Hides(of reading.Reading) error {
	switch r := opt.Redaction; {
	case r == nil || r.What == (redact.What{}):
		return nil
	case of == reading.Notebook:
		return errors.New("the files of the notebook's reading are those of the notebook, values and all; redact an export of the default reading")
	}
	return nil
}

// commits reports whether the rows of the evidence are committed to.
func (opt Options) commits() bool {
	return opt.Redaction != nil && (opt.Files == Full || opt.Files == Evidence)
}

// CommitmentsName is the file of the salts and digests of the rows of evidence.jsonl.
const CommitmentsName = "commitments.jsonl"

// Commitments are what the rows of the evidence were before anything was redacted: the
// root over all rows, of each of which a leaf is made of the digests of its fields. A
// redacted copy has the salts of the fields that it shows, and the digests of the others
// (as SD-JWT discloses claims one by one).
type Commitments struct {
	File string `json:"file"`
	How  string `json:"how"`
	Rows int    `json:"rows"`
	Root string `json:"root"`
}

const commitmentForm = "digest of a field: SHA-256 of its salt, the length of its name as 4 bytes, big endian, the name, and the JSON of its value in the unredacted evidence.jsonl; " +
	"data of a leaf: the digests of a row in their order; Merkle tree of RFC 6962, 2.1, with SHA-256"

// commitment is a row of commitments.jsonl.
type commitment struct {
	entry  int64
	leaf   merkle.Hash
	fields []string // saltOf or digestOf each
}

// What a field of a commitment begins with.
const (
	saltOf   = "salt:"
	digestOf = "sha256:"
)

func commitmentColumns() []column[*commitment] {
	type row = *commitment
	return []column[row]{
		number("entry", func(c row) int64 { return c.entry }),
		own("leaf", func(c row) string { return hex.EncodeToString(c.leaf[:]) }),
		texts("fields", func(c row) []string { return c.fields }),
	}
}

// Field is a field of a row of JSON lines.
type Field struct {
	Name  string
	Value []byte // JSON
}

// Fields takes a row of JSON lines apart.
func Fields(line []byte) (list []Field, err error) {
	d := json.NewDecoder(bytes.NewReader(line))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("the row is no object")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		text, _ := name.(string)
		list = append(list, Field{text, value})
	}
	return list, nil
}

func (f Field) digest(salt []byte) merkle.Hash {
	h := sha256.New()
	h.Write(salt)
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(f.Name))))
	h.Write([]byte(f.Name))
	h.Write(f.Value)
	return merkle.Hash(h.Sum(nil))
}

// saltSize is the length of a salt in bytes.
const saltSize = 16

func (r *Redaction) salt(entry int64, name string) []byte {
	h := hmac.New(sha256.New, r.Key)
	fmt.Fprintf(h, "salt\x00%d\x00%s", entry, name)
	return h.Sum(nil)[:saltSize]
}

// commitmentRows are the commitments to the rows of the evidence. What they lead to is put
// into out once the last row was.
func commitmentRows(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, opt Options, out **Commitments) rows[*commitment] {
	return func(add func(*commitment) error) error {
		var was, is bytes.Buffer
		before, after := newJSONLines(&was, nil), newJSONLines(&is, opt.redactor)
		original, shown := exhibitColumns(s, nil), exhibitColumns(s, opt.redactor)
		var leaves []merkle.Hash
		for _, w := range []*jsonLines{before, after} {
			if err := w.header(names(original)); err != nil {
				return err
			}
		}
		err := eachExhibit(ctx, s, text, nil, func(x *exhibit) error {
			was.Reset()
			is.Reset()
			if err := errors.Join(writeRow(before, original, x), writeRow(after, shown, x)); err != nil {
				return err
			}
			first, err := Fields(was.Bytes())
			if err != nil {
				return err
			}
			second, err := Fields(is.Bytes())
			if err != nil {
				return err
			}
			c := &commitment{entry: int64(x.entry) + 1}
			var digests []byte
			for i, f := range first {
				salt := opt.Redaction.salt(c.entry, f.Name)
				digest := f.digest(salt)
				digests = append(digests, digest[:]...)
				if bytes.Equal(f.Value, second[i].Value) {
					c.fields = append(c.fields, saltOf+base64.RawURLEncoding.EncodeToString(salt))
				} else {
					c.fields = append(c.fields, digestOf+hex.EncodeToString(digest[:]))
				}
			}
			c.leaf = merkle.Leaf(digests)
			leaves = append(leaves, c.leaf)
			return add(c)
		})
		if err != nil {
			return err
		}
		root := merkle.Root(leaves)
		*out = &Commitments{CommitmentsName, commitmentForm, len(leaves), hex.EncodeToString(root[:])}
		return nil
	}
}

// Committed returns the leaf that a row of evidence.jsonl makes with the fields of its
// commitment. Redacted is how many of its fields are hidden.
func Committed(row []Field, fields []string) (leaf merkle.Hash, redacted int, err error) {
	if len(row) != len(fields) {
		return leaf, 0, fmt.Errorf("the row has %d fields, its commitment %d", len(row), len(fields))
	}
	var digests []byte
	for i, f := range row {
		if text, ok := strings.CutPrefix(fields[i], digestOf); ok {
			digest, err := hex.DecodeString(text)
			if err != nil || len(digest) != sha256.Size {
				return leaf, 0, fmt.Errorf("field %s: its digest is none", f.Name)
			}
			redacted++
			digests = append(digests, digest...)
			continue
		}
		text, ok := strings.CutPrefix(fields[i], saltOf)
		salt, err := base64.RawURLEncoding.DecodeString(text)
		if !ok || err != nil || len(salt) != saltSize {
			return leaf, 0, fmt.Errorf("field %s: its salt is none", f.Name)
		}
		digest := f.digest(salt)
		digests = append(digests, digest[:]...)
	}
	return merkle.Leaf(digests), redacted, nil
}

// hide redacts what a manifest has of accounts.
func (m *Manifest) hide(r *redact.Redactor) {
	if r == nil {
		return
	}
	for i := range m.Usual {
		u := &m.Usual[i]
		u.User, u.Host, u.Why = r.Phrase(u.User), r.Phrase(u.Host), r.Phrase(u.Why)
	}
	if m.Written != nil {
		m.Written.Filter = r.Phrase(m.Written.Filter)
	}
	for i := range m.Site {
		f := &m.Site[i]
		f.Title, f.Excuses, f.Reason = r.Phrase(f.Title), r.Phrase(f.Excuses), r.Phrase(f.Reason)
	}
}

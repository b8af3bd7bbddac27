package logfile

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
)

// archive is a raw file that holds members, which are the files of the set.
type archive struct {
	name    string
	server  string       // that wrote its members
	file    *rawFile     // nil: standard input
	size    int64        // of the raw file; of standard input, as far as it was read
	print   *fingerprint // of the raw bytes
	sum     chan struct{}
	counted bool // its raw bytes went through while it was unpacked
	kind    Container
}

// fingerprint takes the raw bytes of an archive, members of which are read at the
// same time and in any order.
func (a *archive) fingerprint(ctx context.Context) {
	defer close(a.sum)
	buf := make([]byte, 1<<18)
	for in := (firstRead{file: a.file}); ctx.Err() == nil; {
		n, err := in.Read(buf)
		_, _ = a.print.Write(buf[:n])
		if err != nil {
			return
		}
	}
}

// Left is a member of an archive that is no file of the set.
type Left struct{ Name, Why string }

const (
	// maxLeft is how many of them are named.
	maxLeft = 20
	// maxMembers is how many files a set may have by its archives.
	maxMembers = MaxFiles
	// maxNesting is how deep archives in archives are unpacked: one in another.
	maxNesting = 2
)

// Left returns the members of archives that are no files of the set, the first of
// them by name, and how many there are.
func (s *Set) Left() (list []Left, total int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.left), s.leftAll
}

func (s *Set) leave(name, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leftAll++; len(s.left) < maxLeft {
		s.left = append(s.left, Left{name, why})
	}
}

// Leave takes files that are members of an archive out of the set, before Read:
// which, and why, by their indices in Files. The last file of a set stays.
func (s *Set) Leave(why map[int]string) error {
	if s.started.Load() {
		return errors.New("leave files: already being read")
	}
	var files []*source
	for i, src := range s.files {
		if text, ok := why[i]; ok && src.archive != nil {
			s.leave(src.info.Name, text)
		} else {
			files = append(files, src)
		}
	}
	if len(files) > 0 {
		s.mu.Lock()
		s.files = files
		s.mu.Unlock()
	}
	return nil
}

// Unpack replaces each archive of the set by the files in it, in the order of the
// timeline; see Open. Read does it where nobody has. An archive that is compressed,
// or comes through standard input, is decompressed into the temporary file, tick
// being called now and then. The error is that of the context; what is wrong with
// an archive is damage of the last of its files.
func (s *Set) Unpack(ctx context.Context, tick func()) error {
	if !s.unpacked.CompareAndSwap(false, true) {
		return nil
	}
	u := &unpacker{Set: s, ctx: ctx, tick: tick}
	var files []*source
	for _, src := range s.files {
		list, err := u.unpack(src)
		if err != nil {
			return err
		}
		files = append(files, list...)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = files
	return nil
}

type unpacker struct {
	*Set
	ctx     context.Context
	tick    func()
	members int
	text    int64 // decompressed into the temporary file
}

// unpack returns the files of a source: itself, or its members.
func (u *unpacker) unpack(src *source) ([]*source, error) {
	var head []byte
	if src.file != nil {
		head, _ = src.file.head(src.codec, archiveHead)
	} else {
		in := bufio.NewReaderSize(src.stdin, stdinHead)
		src.stdin = in
		var err error
		if head, src.codec, err = waitForHead(u.ctx, in); err != nil {
			return nil, err
		}
	}
	kind, list := listerOf(head)
	if list == nil {
		return []*source{src}, nil
	}
	a := &archive{name: src.info.Name, server: src.info.Server, file: src.file, size: src.info.RawSize, print: &src.print, kind: kind}
	var text io.ReaderAt
	size := a.size
	var damage *Damage
	if src.file != nil && src.codec == Plain {
		text = src.file
	} else {
		from := io.Reader(src.stdin)
		if src.file != nil {
			from = &firstRead{file: src.file}
		}
		a.counted, a.sum = true, make(chan struct{})
		close(a.sum)
		flat, d := u.spool(from, src.file, src.codec, a.print, &u.rawDone)
		if u.ctx.Err() != nil {
			return nil, u.ctx.Err()
		}
		text, size, damage = flat, flat.n, d
		a.size, _ = a.print.sum()
	}
	u.archives = append(u.archives, a)
	files, err := u.list(a, a.name, text, size, list, 1, damage != nil)
	if err != nil {
		return nil, err
	}
	return u.finish(a, files, damage), nil
}

// finish puts files into the order of the timeline, and gives the damage of their
// archive to the last of them.
func (u *unpacker) finish(a *archive, files []*source, damage *Damage) []*source {
	if len(files) == 0 {
		files = []*source{u.source(a, a.name, nil)}
	}
	if damage != nil {
		files[len(files)-1].info.addDamage(*damage)
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.info.Name
	}
	ordered := make([]*source, len(files))
	for i, k := range timelineOrder(names) {
		ordered[i] = files[k]
	}
	return ordered
}

// source makes a file of a member; without raw bytes it is one that cannot be read.
func (u *unpacker) source(a *archive, name string, raw *rawFile) *source {
	src := &source{info: File{Name: name, Server: a.server, Container: a.kind, Archive: a.name, RawSize: a.size, Base: -1}, file: raw, archive: a, hollow: raw == nil}
	src.print.off = true
	return src
}

// list returns the files of an archive whose text is given, by the name that
// leads to it. depth is 1 for an archive that is in no other; cut is set where its
// text is known to be cut.
func (u *unpacker) list(a *archive, name string, text io.ReaderAt, size int64, list lister, depth int, cut bool) (files []*source, err error) {
	at, wrong := list(text, size, func(m member) bool {
		m.name = name + "!" + m.name[:min(len(m.name), maxMemberName)]
		var some []*source
		some, err = u.member(a, m, depth)
		files = append(files, some...)
		return err == nil
	})
	if err == nil && wrong != nil && !(cut && errors.Is(wrong, io.ErrUnexpectedEOF)) {
		d := Damage{Kind: Corrupt, Raw: at, Err: wrong}
		if errors.Is(wrong, io.ErrUnexpectedEOF) {
			d.Kind = Truncated
		}
		if len(files) == 0 {
			files = append(files, u.source(a, name, nil))
		}
		files[len(files)-1].info.addDamage(d)
	}
	return files, err
}

// member returns the files of a member: none, itself, or those in it.
func (u *unpacker) member(a *archive, m member, depth int) ([]*source, error) {
	switch {
	case u.ctx.Err() != nil:
		return nil, u.ctx.Err()
	case m.why != "":
		u.leave(m.name, m.why)
		return nil, nil
	case u.members == maxMembers:
		u.leave(m.name, fmt.Sprintf("behind the first %d members", maxMembers))
		return nil, nil
	case m.locked != nil:
		u.members++
		src := u.source(a, m.name, nil)
		src.info.addDamage(Damage{Kind: Unreadable, Err: m.locked})
		return []*source{src}, nil
	case m.size == 0:
		u.leave(m.name, "empty")
		return nil, nil
	}
	raw, codec, damage := rawOf(m.raw, m.size), Plain, (*Damage)(nil)
	for level := 0; ; level++ {
		var err error
		if codec, err = raw.sniff(); err != nil {
			u.leave(m.name, err.Error())
			return nil, nil
		}
		head, _ := raw.head(codec, archiveHead)
		_, list := listerOf(head)
		if list != nil && depth == maxNesting {
			u.leave(m.name, "an archive in an archive in another, which is not unpacked; unpack the outer one and give what is in it")
			return nil, nil
		}
		if list != nil && codec == Plain {
			files, err := u.list(a, m.name, raw, raw.size, list, depth+1, damage != nil)
			if damage != nil && len(files) > 0 {
				files[len(files)-1].info.addDamage(*damage)
			}
			return files, err
		}
		// A log that was compressed before it was put into a compressed archive.
		twice := codec != Plain && containerOf(head) != Plain && level == 0
		if list == nil && !twice {
			break
		}
		flat, d := u.spool(&firstRead{file: raw}, raw, codec, &fingerprint{off: true}, new(atomic.Int64))
		if u.ctx.Err() != nil {
			return nil, u.ctx.Err()
		}
		raw, damage = rawOf(flat, flat.n), d
	}
	u.members++
	src := u.source(a, m.name, raw)
	if src.codec = codec; codec == Gzip {
		src.resume = newResumer(raw, u.sizes)
	}
	if damage != nil {
		src.info.addDamage(*damage)
	}
	return []*source{src}, nil
}

// rawOf makes a raw file of a member.
func rawOf(f openFile, size int64) *rawFile {
	return &rawFile{f: f, stat: section(nil, 0, size), size: size, sums: &fingerprint{off: true}}
}

// spool decompresses a stream into the temporary file. What is wrong with it is
// the Damage; the text before that is kept. file is what the stream reads, nil for
// standard input.
func (u *unpacker) spool(from io.Reader, file *rawFile, codec Container, print *fingerprint, done *atomic.Int64) (*spoolFile, *Damage) {
	ctx, cancel := context.WithCancel(u.ctx)
	raw := startRaw(ctx, from, print, done, u.sizes.chunk)
	if file != nil {
		defer raw.wait()
	}
	defer cancel()
	again := &rewinder{raw: raw, file: file, keeps: file == nil}
	src := &source{codec: codec, file: file}
	t := &text{reading: &reading{Set: u.Set, ctx: ctx}, src: src, raw: raw, again: again, in: bufio.NewReaderSize(again, inBuffer)}
	sp := newSpool(u.store, 0, u.sizes.piece)
	ended := t.begin()
	if ended == nil {
		defer t.dec.close()
		ended = u.copy(t, sp)
	}
	sp.close()
	if u.ctx.Err() == nil {
		raw.drain()
	}
	damage := ended
	if n := len(src.info.Damage); damage == nil && n > 0 {
		damage = &src.info.Damage[n-1] // such as a wrong checksum
	}
	return newSpoolFile(sp, t.size), damage
}

// copy copies a text into the temporary file, up to the limit of the set.
func (u *unpacker) copy(t *text, sp *spool) *Damage {
	buf := make([]byte, u.sizes.piece)
	for {
		n, err := t.fill(buf)
		if limit := u.opts.MaxExpanded; limit > 0 && u.text+int64(n) > limit {
			n = int(limit - u.text)
			err = nil
			sp.write(buf[:n])
			u.text, t.size = limit, t.size+int64(n)
			d := t.limitDamage(t.at(), t.size)
			return &d
		}
		sp.write(buf[:n])
		t.size += int64(n)
		u.text += int64(n)
		if err != nil {
			return t.damageOf(err)
		}
		if u.tick != nil {
			u.tick()
		}
	}
}

// stdinHead is how much of standard input may be looked at before it is read.
const stdinHead = 64 << 10

// waitForHead is headOf that ends with the context, and then leaves a goroutine
// behind that waits for a byte.
func waitForHead(ctx context.Context, in *bufio.Reader) ([]byte, Container, error) {
	type answer struct {
		head  []byte
		codec Container
	}
	done := make(chan answer, 1)
	go func() {
		head, codec := headOf(in)
		done <- answer{head, codec}
	}()
	select {
	case a := <-done:
		return a.head, a.codec, nil
	case <-ctx.Done():
		return nil, Plain, ctx.Err()
	}
}

// headOf returns the first bytes of text of standard input, without waiting for
// more than shows an archive, and its container. Nothing is taken.
func headOf(in *bufio.Reader) ([]byte, Container) {
	raw, err := in.Peek(sniffLen)
	codec := containerOf(raw)
	if codec == Plain {
		for err == nil && len(raw) < archiveHead && mayBeTar(raw) {
			raw, err = in.Peek(max(len(raw)+1, min(in.Buffered(), archiveHead)))
		}
		return raw, codec
	}
	raw, _ = in.Peek(stdinHead) // an archive is not written line by line
	head, _ := rawOf(bytesFile(raw), int64(len(raw))).head(codec, archiveHead)
	return head, codec
}

// mayBeTar reports whether first bytes may be those of a tar archive, whose
// member's name has no control character.
func mayBeTar(head []byte) bool {
	for _, c := range head {
		if c == 0 {
			return true
		}
		if c < ' ' {
			return false
		}
	}
	return true
}

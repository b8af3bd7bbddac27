package wrapper

import (
	"slices"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/textmap"
)

// A Text is text that was taken out of a log, and where its bytes are there.
type Text struct {
	Data []byte
	Map  textmap.Map
}

// Reset empties the text and keeps its memory.
func (t *Text) Reset() { t.Data = t.Data[:0]; t.Map.Reset() }

// add appends bytes of the log at an offset.
func (t *Text) add(data []byte, offset int64) {
	t.Data = append(t.Data, data...)
	t.Map.Add(len(data), offset, 1)
}

// drop takes the first n bytes off.
func (t *Text) drop(n int) {
	if n > 0 {
		t.Data = append(t.Data[:0], t.Data[n:]...)
		t.Map.Drop(0, n)
	}
}

// kind is a wrapper as one file has it. It does not change.
type kind interface {
	// name names it for people.
	name() string
	// open returns a layer at the start of a file. Streams are those that are known
	// to be the log; see prefixLayer.
	open(known *streams) layer
	// holds reports whether the log is in values, not in whole lines: see
	// Stack.Resume.
	holds() bool
}

// layer takes one wrapper off a text that comes piece by piece.
type layer interface {
	// take moves text from in to out and returns how many bytes of in it is done
	// with; the others come again with more behind them. With last no more comes,
	// and it is done with all. What is not moved counts as wrapper.
	take(in *Text, last bool, out *output) (done int)
	// resume lets the layer go on at an entry. The next byte is where the entry
	// leads to by this layer's account, or, if inside, by that of a layer above,
	// which is inside of a line or a value.
	resume(inside bool)
}

// output is what a layer writes to.
type output struct {
	*Text
	account  *Account
	rejected int64 // bytes
}

// Account is what became of the bytes of a log that are no text.
type Account struct {
	WrapperBytes int64 // prefixes, containers, lines of foreign streams
	ForeignLines int   // of other streams than the log's
	ForeignBytes int64 // what these hold, part of WrapperBytes
	Rejects      []genlog.Reject
}

// run moves the bytes from <= i < to as they are.
func (o *output) run(in *Text, from, to int) {
	o.Data = append(o.Data, in.Data[from:to]...)
	o.Map.Run(&in.Map, from, to)
}

// as writes text that comes from the bytes from <= i < to.
func (o *output) as(in *Text, from, to int, text ...byte) {
	o.Data = append(o.Data, text...)
	o.Map.As(&in.Map, len(text), from, to)
}

// reject counts bytes that are neither wrapper nor text. Those right behind each
// other are one.
func (o *output) reject(in *Text, from, to int, why genlog.Reason) {
	if from == to {
		return
	}
	at, n := in.Map.At(from), in.Map.Bytes(from, to)
	o.rejected += n
	o.account.reject(genlog.Reject{Offset: at, Bytes: n, Reason: why})
}

// reject puts a run into the list, which is in order of the log: layers add to it
// in turns.
func (a *Account) reject(r genlog.Reject) {
	k := len(a.Rejects)
	for k > 0 && a.Rejects[k-1].Offset > r.Offset {
		k--
	}
	joins := func(first, second *genlog.Reject) bool {
		return first.Reason == second.Reason && first.Offset+first.Bytes == second.Offset
	}
	if k < len(a.Rejects) && joins(&r, &a.Rejects[k]) {
		r.Bytes += a.Rejects[k].Bytes
		a.Rejects = slices.Delete(a.Rejects, k, k+1)
	}
	if k > 0 && joins(&a.Rejects[k-1], &r) {
		a.Rejects[k-1].Bytes += r.Bytes
		return
	}
	a.Rejects = slices.Insert(a.Rejects, k, r)
}

// foreign counts bytes of a stream that is not the log's.
func (o *output) foreign(in *Text, from, to int) {
	o.account.ForeignBytes += in.Map.Bytes(from, to)
}

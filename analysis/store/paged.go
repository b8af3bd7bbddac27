package store

// pageLen is the elements per page: a page is what a write after a View
// copies, so it is small, yet large enough that the list of pages stays short.
const pageLen = 512

// Paged is a growing list whose elements change while views of it are read
// elsewhere: a page that a view can see is copied before it is written
// (copy on write). Only the pages touched since the last view are ever copied,
// which for connections is the few that are open. It is for one writer.
type Paged[T any] struct {
	pages  [][]T
	shared []bool // by page: a view holds it
	n      int
}

// Len returns the number of elements.
func (p *Paged[T]) Len() int { return p.n }

// Append adds an element and returns its index.
func (p *Paged[T]) Append(v T) int {
	if p.n%pageLen == 0 {
		p.pages = append(p.pages, make([]T, 0, pageLen))
		p.shared = append(p.shared, false)
	}
	k := len(p.pages) - 1
	p.own(k)
	p.pages[k] = append(p.pages[k], v)
	p.n++
	return p.n - 1
}

// At returns element i for reading and writing until the next call of View.
func (p *Paged[T]) At(i int) *T {
	k := i / pageLen
	p.own(k)
	return &p.pages[k][i%pageLen]
}

func (p *Paged[T]) own(k int) {
	if p.shared[k] {
		p.pages[k] = append(make([]T, 0, pageLen), p.pages[k]...)
		p.shared[k] = false
	}
}

// View returns the list as it is now.
func (p *Paged[T]) View() PagedView[T] {
	for k := range p.shared {
		p.shared[k] = true
	}
	return PagedView[T]{pages: append([][]T(nil), p.pages...), n: p.n}
}

// PagedView is an immutable list. The zero value is empty.
type PagedView[T any] struct {
	pages [][]T
	n     int
}

// Len returns the number of elements.
func (v PagedView[T]) Len() int { return v.n }

// At returns element i, 0 <= i < Len.
func (v PagedView[T]) At(i int) T { return v.pages[i/pageLen][i%pageLen] }

// Peek returns element i without copying it; it must not be written to.
func (v PagedView[T]) Peek(i int) *T { return &v.pages[i/pageLen][i%pageLen] }

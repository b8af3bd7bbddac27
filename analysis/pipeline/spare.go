package pipeline

// spare keeps what is done with, as much as the channel has room for, to be used again:
// buffers of large logs are not left to the collector.
type spare[T any] chan T

// give keeps v where there is room.
func (s spare[T]) give(v T) {
	select {
	case s <- v:
	default:
	}
}

// take returns something kept; ok is false where nothing is.
func (s spare[T]) take() (v T, ok bool) {
	select {
	case v = <-s:
		return v, true
	default:
		return v, false
	}
}

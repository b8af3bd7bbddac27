package numpyrand

// Xorshift is the 32-bit generator (Marsaglia 2003, shifts 13, 17, 5) that one
// tree's splitter owns; scikit-learn calls its state rand_r_state. The value
// is the state.
type Xorshift uint32

// draw returns 31 random bits; the state keeps all 32.
func (x *Xorshift) draw() uint32 {
	s := uint32(*x)
	if s == 0 {
		s = 1
	}
	s ^= s << 13
	s ^= s >> 17
	s ^= s << 5
	*x = Xorshift(s)
	return s & (1<<31 - 1)
}

// Int returns an integer in [lo, hi); hi must be greater than lo.
func (x *Xorshift) Int(lo, hi int) int {
	return lo + int(x.draw()%uint32(hi-lo))
}

// Uniform returns a float64 between lo and hi. Both ends can occur.
func (x *Xorshift) Uniform(lo, hi float64) float64 {
	return float64((hi-lo)*float64(x.draw()))/(1<<31-1) + lo
}

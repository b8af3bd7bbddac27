package forest

import (
	"math"
	"sync"
)

// Isolation scores need the logarithm and the power of 2 that the C library
// under NumPy computes. Go's differ from them in the last bit: math.Log for
// some small integers, math.Exp2 and math.Pow for a tenth to a third of all
// arguments.

// twofold is the unevaluated sum of two float64, hi + lo, with |lo| at most
// half an ulp of hi: about 106 bits.
type twofold struct{ hi, lo float64 }

// renormalize turns a + b with |a| >= |b| into a twofold.
func renormalize(a, b float64) twofold {
	s := a + b
	return twofold{s, b - (s - a)}
}

func (x twofold) add(y twofold) twofold {
	s := x.hi + y.hi
	t := s - x.hi
	e := (x.hi - (s - t)) + (y.hi - t)
	return renormalize(s, e+(x.lo+y.lo))
}

func (x twofold) mul(y twofold) twofold {
	p := float64(x.hi * y.hi)
	e := math.FMA(x.hi, y.hi, -p)
	return renormalize(p, e+(float64(x.hi*y.lo)+float64(x.lo*y.hi)))
}

func (x twofold) div(y twofold) twofold {
	q := x.hi / y.hi
	r := x.add(y.mul(twofold{-q, 0}))
	q2 := r.hi / y.hi
	r = r.add(y.mul(twofold{-q2, 0}))
	return renormalize(q, q2).add(twofold{r.hi / y.hi, 0})
}

// ln2 to twofold precision: constants are exact, only the results are rounded.
const ln2High = 0x1.62e42fefa39efp-1

var ln2 = twofold{ln2High, math.Ln2 - ln2High}

// logInt returns the correctly rounded natural logarithm of a positive integer
// below 2^53, which is what the C library gives for those that occur.
func logInt(n int) float64 {
	mantissa, exponent := math.Frexp(float64(n))
	if mantissa < math.Sqrt2/2 {
		mantissa *= 2
		exponent--
	}
	// ln m = 2 artanh z with z = (m-1)/(m+1), |z| < 0.1716: each term of the
	// series is less than 0.0295 of the one before.
	one := twofold{1, 0}
	z := twofold{mantissa - 1, 0}.div(one.add(twofold{mantissa, 0}))
	square := z.mul(z)
	const terms = 24
	var sum twofold
	for k := terms; k >= 0; k-- {
		sum = sum.mul(square).add(one.div(twofold{float64(2*k + 1), 0}))
	}
	sum = sum.mul(z)
	sum = sum.add(sum).add(ln2.mul(twofold{float64(exponent), 0}))
	return sum.hi
}

// exp2 computes powers of 2 as the pow of ARM's optimized routines does, which
// is the C library's since glibc 2.28: 2^(k/128) from a table, the rest by a
// polynomial, every step fused or rounded as there.
type exp2 struct {
	power [exp2Steps]uint64  // bits of 2^(i/128), less i/128 of an exponent
	tail  [exp2Steps]float64 // relative error of that rounding
}

const (
	exp2Bits  = 7
	exp2Steps = 1 << exp2Bits
)

// powers are the tables, filled from the exponential series.
var powers = sync.OnceValue(func() *exp2 {
	var e exp2
	const terms = 30
	one := twofold{1, 0}
	for i := range exp2Steps {
		x := ln2.mul(twofold{float64(i) / exp2Steps, 0})
		sum := one
		for k := terms; k >= 1; k-- {
			sum = sum.mul(x).div(twofold{float64(k), 0}).add(one)
		}
		e.power[i] = math.Float64bits(sum.hi) - uint64(i)<<(52-exp2Bits)
		e.tail[i] = sum.lo / sum.hi
	}
	return &e
})

// pow returns 2^y for -1000 < y <= 0.
func (e *exp2) pow(y float64) float64 {
	const (
		// ln 2, split so that y times it keeps the bits below the last.
		splitHigh = 0x1.62e42fefa3800p-1
		splitLow  = 0x1.ef35793c76730p-45
		high      = float64(splitHigh + splitLow)

		stepsPerLn2 = exp2Steps * 0x1.71547652b82fep0
		roundToInt  = 0x1.8p52
		stepHigh    = -0x1.62e42fefa0000p-8
		stepLow     = -0x1.cf79abc9e3b39p-47

		c2 = 0x1.ffffffffffdbdp-2
		c3 = 0x1.555555555543cp-3
		c4 = 0x1.55555cf172b91p-5
		c5 = 0x1.1111167a4d017p-7
	)
	low := (splitHigh - high) + splitLow
	z := float64(y * high)
	zLow := math.FMA(y, low, math.FMA(y, high, -z))
	shifted := math.FMA(stepsPerLn2, z, roundToInt)
	step := math.Float64bits(shifted)
	k := shifted - roundToInt
	r := math.FMA(k, stepLow, math.FMA(k, stepHigh, z)) + zLow
	square := float64(r * r)
	i := step % exp2Steps
	scale := math.Float64frombits(e.power[i] + step<<(52-exp2Bits))
	u := math.FMA(square, math.FMA(r, c3, c2), e.tail[i]+r)
	u = math.FMA(float64(square*square), math.FMA(r, c5, c4), u)
	return math.FMA(scale, u, scale)
}

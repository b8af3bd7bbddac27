package forest

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// bigLog returns ln n with far more bits than a float64 has.
func bigLog(n int) *big.Float {
	const prec = 300
	number := func(v float64) *big.Float { return new(big.Float).SetPrec(prec).SetFloat64(v) }
	// ln n = k ln 2 + 2 artanh((m-1)/(m+1)) with n = m 2^k; ln 2 = 2 artanh(1/3).
	artanh := func(z *big.Float) *big.Float {
		square := number(0).Mul(z, z)
		sum, power := number(0), number(0).Set(z)
		for i := 1; i < 400; i += 2 {
			sum.Add(sum, number(0).Quo(power, number(float64(i))))
			power.Mul(power, square)
		}
		return sum
	}
	mantissa, exponent := math.Frexp(float64(n))
	m := number(mantissa)
	z := number(0).Quo(number(0).Sub(m, number(1)), number(0).Add(m, number(1)))
	sum := artanh(z)
	third := number(0).Quo(number(1), number(3))
	sum.Add(sum, number(0).Mul(artanh(third), number(float64(exponent))))
	return sum.Mul(sum, number(2))
}

func TestLogIntIsCorrectlyRounded(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	for n := 1; n <= 3000; n++ {
		want, _ := bigLog(n).Float64()
		if got := logInt(n); got != want {
			t.Fatalf("logInt(%d) = %x, want %x", n, got, want)
		}
	}
}

// TestPowIsCloseToCorrect allows what the C library's own pow claims, a little
// more than half an ulp; the fixtures check whether the bits are the same.
func TestPowIsCloseToCorrect(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	const prec = 200
	power := powers()
	rng := rand.New(rand.NewPCG(1, 1))
	exact := map[float64]float64{0: 1, -1: 0.5, -2: 0.25, -0.5: math.Sqrt2 / 2, -10: 1.0 / 1024}
	for y, want := range exact {
		if got := power.pow(y); got != want {
			t.Errorf("2^%v = %v, want %v", y, got, want)
		}
	}
	// 2^(-i/2^k) by repeated square roots.
	for range 2000 {
		const bits = 40
		fraction := rng.Uint64N(1 << bits)
		want := new(big.Float).SetPrec(prec).SetInt64(1)
		root := new(big.Float).SetPrec(prec).SetFloat64(0.5)
		for bit := bits - 1; bit >= 0; bit-- {
			root.Sqrt(root)
			if fraction>>bit&1 == 1 {
				want.Mul(want, root)
			}
		}
		y := -float64(fraction) / (1 << bits)
		got := power.pow(y)
		difference, _ := new(big.Float).Sub(want, big.NewFloat(got)).Float64()
		ulp := math.Nextafter(got, 2) - got
		if math.Abs(difference) > 0.52*ulp {
			t.Fatalf("2^%v = %v is off by %.3f ulp", y, got, difference/ulp)
		}
	}
}

func TestAveragePathLength(t *testing.T) {
	want := map[int]float64{
		0: 0, 1: 0, 2: 1,
		3: 0x1.3517aa6149ab3p+0, 4: 0x1.da061f1c9bc30p+0, 10: 0x1.dfdb50d2b7abcp+1, 256: 0x1.47d529d31da8fp+3,
	}
	for n, c := range want {
		if got := averagePathLength(n); got != c {
			t.Errorf("averagePathLength(%d) = %x, want %x", n, got, c)
		}
	}
}

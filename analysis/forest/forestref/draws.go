package forestref

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/forest/internal/numpyrand"
)

// streamFixture holds what RandomState gives for one seed; every array starts
// a fresh stream.
type streamFixture struct {
	Key             []uint32           `json:"state_key_first_5_after_seeding"`
	Words           []uint32           `json:"raw_uint32_first_10"`
	Doubles         []float64          `json:"random_sample_first_10"`
	Uniform         []float64          `json:"uniform_size_5"`
	Seeds           []uint32           `json:"randint_2**31-1_ten_scalar_calls"`
	SeedArray       []uint32           `json:"randint_2**31-1_size_10"`
	Below7          []uint32           `json:"randint_0_7_size_30"`
	Below5000       []uint32           `json:"randint_0_5000_size_20"`
	Permutation20   []int32            `json:"permutation_20"`
	Permutation1000 []int32            `json:"permutation_1000_first_10"`
	Digest1000      string             `json:"permutation_1000_sha256_i64_le"`
	Mixed           [2]json.RawMessage `json:"randint_then_permutation_8_same_stream"`
}

type sampleFixture struct {
	Population int     `json:"n_population"`
	Samples    int     `json:"n_samples"`
	Seed       uint32  `json:"seed"`
	First      []int32 `json:"first_20"`
	SHA256     string  `json:"sha256_i64_le"`
}

// compareDraws compares the generators with mt19937.json.
func (c *comparison) compareDraws(ctx context.Context) error {
	var parts map[string]json.RawMessage
	if err := c.open("", "mt19937", &parts); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		var err error
		switch {
		case strings.HasPrefix(name, "seed_"):
			err = c.compareStream(ctx, name, parts[name])
		case name == "sample_without_replacement_auto":
			err = c.compareSamples(ctx, name, parts[name])
		case name == "splitter_xorshift_first_10":
			err = c.compareXorshift(parts[name])
		}
		if err != nil {
			return fmt.Errorf("mt19937.json: %s: %w", name, err)
		}
	}
	return nil
}

func (c *comparison) compareStream(ctx context.Context, name string, part json.RawMessage) error {
	var want streamFixture
	if err := json.Unmarshal(part, &want); err != nil {
		return err
	}
	number, err := strconv.ParseUint(strings.TrimPrefix(name, "seed_"), 10, 32)
	if err != nil {
		return err
	}
	seed := uint32(number)
	c.set = name
	equalAll(c, "key", want.Key, numpyrand.New(seed).Key(len(want.Key)))
	equalAll(c, "words", want.Words, repeat(len(want.Words), numpyrand.New(seed).Word))
	equalAll(c, "random_sample", want.Doubles, repeat(len(want.Doubles), numpyrand.New(seed).Double))
	equalAll(c, "uniform", want.Uniform, repeat(len(want.Uniform), numpyrand.New(seed).Double))
	equalAll(c, "randint(2^31-1)", want.Seeds, repeat(len(want.Seeds), numpyrand.New(seed).Seed31))
	equalAll(c, "randint(2^31-1, size)", want.SeedArray, repeat(len(want.SeedArray), numpyrand.New(seed).Seed31))
	below := func(bound uint32, n int) []uint32 {
		g := numpyrand.New(seed)
		return repeat(n, func() uint32 { return g.Below(bound) })
	}
	equalAll(c, "randint(7)", want.Below7, below(7, len(want.Below7)))
	equalAll(c, "randint(5000)", want.Below5000, below(5000, len(want.Below5000)))

	p, err := permutation(ctx, numpyrand.New(seed), 20)
	if err != nil {
		return err
	}
	equalAll(c, "permutation(20)", want.Permutation20, p)
	if p, err = permutation(ctx, numpyrand.New(seed), 1000); err != nil {
		return err
	}
	equalAll(c, "permutation(1000)", want.Permutation1000, p[:min(len(p), len(want.Permutation1000))])
	equal(c, "sha256 of permutation(1000)", want.Digest1000, digestInts(p))

	var first uint32
	var then []int32
	if err := json.Unmarshal(want.Mixed[0], &first); err != nil {
		return err
	}
	if err := json.Unmarshal(want.Mixed[1], &then); err != nil {
		return err
	}
	g := numpyrand.New(seed)
	equal(c, "randint before a permutation", first, g.Seed31())
	if p, err = permutation(ctx, g, len(then)); err != nil {
		return err
	}
	equalAll(c, "permutation after a randint", then, p)
	return nil
}

func repeat[T any](n int, draw func() T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = draw()
	}
	return out
}

func permutation(ctx context.Context, g *numpyrand.MT19937, n int) ([]int32, error) {
	p := make([]int32, n)
	for i := range p {
		p[i] = int32(i)
	}
	return p, numpyrand.Shuffle(ctx, g, p)
}

func (c *comparison) compareSamples(ctx context.Context, name string, part json.RawMessage) error {
	var samples []sampleFixture
	if err := json.Unmarshal(part, &samples); err != nil {
		return err
	}
	c.set = name
	for _, want := range samples {
		got, err := numpyrand.Sample(ctx, numpyrand.New(want.Seed), want.Population, want.Samples)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("%d of %d, seed %d", want.Samples, want.Population, want.Seed)
		equalAll(c, what, want.First, got[:min(len(got), len(want.First))])
		equal(c, "sha256 of "+what, want.SHA256, digestInts(got))
	}
	return nil
}

func (c *comparison) compareXorshift(part json.RawMessage) error {
	var streams map[string][]int
	if err := json.Unmarshal(part, &streams); err != nil {
		return err
	}
	c.set = "xorshift"
	for _, name := range slices.Sorted(maps.Keys(streams)) {
		state, err := strconv.ParseUint(name, 10, 32)
		if err != nil {
			return err
		}
		x := numpyrand.Xorshift(state)
		equalAll(c, "state "+name, streams[name],
			repeat(len(streams[name]), func() int { return x.Int(0, 1<<31) }))
	}
	return nil
}

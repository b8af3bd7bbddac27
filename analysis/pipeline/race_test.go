//go:build race

package pipeline

// eachMutant is which of the spoilt rules are tried under the race detector, which
// takes ten times as long; .ci/run tries all of them without it.
const eachMutant = 8

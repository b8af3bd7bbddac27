//go:build !race

package pipeline

// eachMutant is which of the spoilt rules are tried: all of them.
const eachMutant = 1

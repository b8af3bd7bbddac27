//go:build race

package integrity_test

// defaultServers is how many servers are made under the race detector, which takes ten
// times as long; .ci/run makes all of them without it.
const defaultServers = 75

//go:build !race

package integrity_test

// defaultServers is how many servers are made.
const defaultServers = 300

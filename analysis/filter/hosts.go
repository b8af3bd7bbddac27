package filter

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/wording"
)

// A networkTerm holds for the entries of hosts whose address is in a network.
type networkTerm struct{ network netip.Prefix }

func (t networkTerm) appendText(dst []byte, _ binding) []byte {
	return t.network.AppendTo(append(dst, fieldHost+":"...))
}

// A hostFileTerm holds for the entries of hosts that a file lists. It is read when the
// filter is compiled.
type hostFileTerm struct{ name string }

func (t hostFileTerm) appendText(dst []byte, _ binding) []byte {
	return glob{[]string{t.name}}.appendText(append(dst, fieldHost+":@"...))
}

// HostFile returns the filter for the hosts that a file lists: host:@office.txt.
func HostFile(path string) string { return string(hostFileTerm{path}.appendText(nil, tight)) }

// Bounds of a file of hosts.
const (
	maxHostFile  = 4 << 20 // bytes
	maxHostLines = 100_000
)

// hostTerm is the term of a value that begins at start: a network, behind @ the name of a
// file, or else a text.
func (p *parser) hostTerm(start int, value glob, literal bool) (node, error) {
	text := value.parts[0]
	switch {
	case value.wild():
	case text == "@" && p.text[start] == '@':
		return nil, p.fail(start, "host:@ needs the name of a file directly behind it, such as host:@office.txt")
	case p.text[start] == '@':
		return hostFileTerm{text[1:]}, nil
	case literal && strings.Contains(text, "/"):
		network, err := parseNetwork(text)
		if err != nil {
			return nil, p.fail(start, "%s is no network: write host:203.0.113.0/24 or host:2001:db8::/32; put it in quotation marks to compare it as text", shorten(text))
		}
		return networkTerm{network}, nil
	}
	return valueTerm{fieldHost, value}, nil
}

// parseNetwork reads a network, with the bits behind its mask cleared; one of IPv4
// addresses written as IPv6 is that of the addresses.
func parseNetwork(text string) (netip.Prefix, error) {
	n, err := netip.ParsePrefix(text)
	if err != nil {
		return n, err
	}
	if n.Addr().Is4In6() && n.Bits() >= 96 {
		n = netip.PrefixFrom(n.Addr().Unmap(), n.Bits()-96)
	}
	return n.Masked(), nil
}

// addressOf returns the address of a host, false for a name.
func addressOf(host string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(host)
	return a.Unmap().WithZone(""), err == nil
}

// networks are addresses and networks, by how many bits they have in common.
type networks struct {
	sets map[netip.Prefix]bool
	bits [129]bool // there is one of so many
}

func (n *networks) add(p netip.Prefix) {
	if n.sets == nil {
		n.sets = map[netip.Prefix]bool{}
	}
	n.sets[p] = true
	n.bits[p.Bits()] = true
}

func (n *networks) hold(host string) bool {
	a, ok := addressOf(host)
	if !ok {
		return false
	}
	for bits := range a.BitLen() + 1 {
		if !n.bits[bits] {
			continue
		}
		if p, err := a.Prefix(bits); err == nil && n.sets[p] {
			return true
		}
	}
	return false
}

// readHosts reads addresses and networks, one a line; empty lines and lines that begin
// with # are skipped.
func readHosts(name string) (n networks, err error) {
	fail := func(err error) (networks, error) {
		return networks{}, fmt.Errorf("%s: %w", hostFileTerm{name}.appendText(nil, tight), wording.Pathless(err))
	}
	f, err := openRegular(name)
	if err != nil {
		return fail(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxHostFile+1))
	switch {
	case err != nil:
		return fail(err)
	case len(text) > maxHostFile:
		return fail(fmt.Errorf("it has more than %d bytes", maxHostFile))
	}
	at := 0
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		at++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if at > maxHostLines {
			return fail(fmt.Errorf("it has more than %d lines", maxHostLines))
		}
		if p, err := parseNetwork(line); err == nil {
			n.add(p)
		} else if a, ok := addressOf(line); ok {
			n.add(netip.PrefixFrom(a, a.BitLen()))
		} else {
			return fail(fmt.Errorf("line %d: %s is no address and no network; write one a line, such as 203.0.113.7 or 203.0.113.0/24", at, shorten(line)))
		}
	}
	if len(n.sets) == 0 {
		return fail(errors.New("there is no address and no network in it"))
	}
	return n, nil
}

// openRegular opens a file that has an end: of a pipe or a device nobody knows.
func openRegular(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no regular file")
	}
	if err != nil {
		return nil, err
	}
	return os.Open(name)
}

// hosts returns the entries of hosts that are among networks.
func (c *compiler) hosts(among networks, negated bool) (matcher, error) {
	known := map[uint32]bool{}
	return c.identities(negated, c.log.Connections.Changes, func(id connection.Identity) bool {
		holds, ok := known[id.Host]
		if !ok {
			holds = among.hold(c.log.Connections.Text(id.Host))
			known[id.Host] = holds
		}
		return holds
	})
}

package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"sqleuth/analysis/export"
	"sqleuth/analysis/wording"
)

// redactFlags are what is hidden, and where the secret is that tokens are made with.
type redactFlags struct {
	what, key string
}

// add adds the flags; unnamed is where the secret is if it is not named.
func (f *redactFlags) add(flags *pflag.FlagSet, unnamed string) {
	flags.StringVar(&f.what, "redact", "", "hide `WHAT` behind tokens, the same value behind the same one: literals, users, hosts or several of them with commas (--redact alone: literals, the values in statements)")
	flags.Lookup("redact").NoOptDefVal = "literals"
	flags.StringVar(&f.key, "redact-key", "", "secret `FILE` that tokens are made with, made where it is missing ("+unnamed+"); with it an export can be held against its redacted copies")
}

// maxKey is the longest key in bytes, and keySize how long one is that is made here.
const (
	maxKey  = 4096
	keySize = 32
)

// redaction returns what is hidden in an export to a folder, empty for a report; nil for
// nothing.
func (f *redactFlags) redaction(dir string) (*export.Redaction, error) {
	if f.what == "" && f.key == "" {
		return nil, nil
	}
	r := &export.Redaction{}
	for word := range strings.SplitSeq(f.what, ",") {
		switch word {
		case "literals":
			r.What.Literals = true
		case "users":
			r.What.Users = true
		case "hosts":
			r.What.Hosts = true
		case "":
		default:
			return nil, usagef("--redact %s: give literals, users, hosts or several of them, with commas", f.what)
		}
	}
	path := f.key
	switch {
	case path == "" && dir == "":
		return nil, usagef("--redact: name the secret with --redact-key FILE; it is made where it is missing")
	case path == "":
		path = filepath.Clean(dir) + ".key"
	case dir != "":
		if err := outside(dir, path); err != nil {
			return nil, err
		}
	}
	var err error
	r.Key, err = readKey(path)
	return r, err
}

// outside is a usage error where a file is in a folder, which would be handed over.
func outside(dir, path string) error {
	var ends [2]string
	for i, p := range []string{dir, filepath.Dir(path)} {
		abs, err := filepath.Abs(p)
		if err != nil {
			return err
		}
		if real, err := filepath.EvalSymlinks(abs); err == nil {
			abs = real
		}
		ends[i] = abs
	}
	if rel, err := filepath.Rel(ends[0], ends[1]); err == nil && filepath.IsLocal(rel) {
		return usagef("--redact-key %s: that is in the folder of the export, with which it would be handed over; put it beside", path)
	}
	return nil
}

// readKey reads a secret, and makes one where there is none.
func readKey(path string) ([]byte, error) {
	fail := func(err error) ([]byte, error) {
		return nil, fmt.Errorf("--redact-key %q: %w", path, wording.Pathless(err))
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, keySize)
		if _, err := rand.Read(key); err != nil {
			return fail(err)
		}
		data = []byte(hex.EncodeToString(key) + "\n")
		out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return fail(err)
		}
		_, err = out.Write(data)
		if err = errors.Join(err, out.Close()); err != nil {
			return fail(err)
		}
	} else if err != nil {
		return fail(err)
	}
	key := slices.Clone([]byte(strings.TrimSpace(string(data))))
	if len(key) < keySize || len(key) > maxKey {
		return fail(fmt.Errorf("a secret has %d to %d bytes, this one has %d", keySize, maxKey, len(key)))
	}
	return key, nil
}

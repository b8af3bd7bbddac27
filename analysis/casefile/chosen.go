package casefile

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"sqleuth/analysis/filelock"
)

// chosenSuffix is behind the key in the name of the file that keeps which servers wrote
// the files of a log. It is beside the case, because whose a file is decides which case
// it is, and has to be known before the files are read.
const chosenSuffix = ".servers.json"

const chosenFormat = "sqleuth servers"

// chosen is that file.
type chosen struct {
	Format string `json:"format"`
	Files  Log    `json:"files"`
}

// ChooseServers keeps in the folder dir which servers wrote the files of a log, for
// ChosenServers. A log of one server has no names.
func ChooseServers(ctx context.Context, dir string, log Log) error {
	if err := chooseServers(ctx, dir, log); err != nil {
		return fmt.Errorf("keep which servers wrote the files: %w", err)
	}
	return nil
}

func chooseServers(ctx context.Context, dir string, log Log) (err error) {
	key, err := keyOfFiles(log)
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(chosen{chosenFormat, log}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(dir, key.String()+chosenSuffix)
	waiting, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	unlock, err := filelock.Lock(waiting, path+".lock")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return replace(path, append(data, '\n'))
}

// keyOfFiles is the key of the files of a log, whatever their servers and their order.
func keyOfFiles(log Log) (Key, error) {
	plain := slices.Clone(log)
	for k := range plain {
		plain[k].Server = ""
	}
	slices.SortFunc(plain, func(a, b LogFile) int { return cmp.Compare(a.SHA256, b.SHA256) })
	return plain.Key()
}

// ChosenServers returns a log with the servers that were chosen for its files, false where
// nobody chose. Files that are not read yet, whose digests are empty, are known by their
// sizes.
func ChosenServers(dir string, log Log) (Log, bool) {
	names, _ := beside(dir, chosenSuffix) // where they cannot be listed it is asked again
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, name+chosenSuffix))
		if err != nil {
			continue // it is asked again
		}
		var c chosen
		if json.Unmarshal(data, &c) != nil || c.Format != chosenFormat {
			continue
		}
		if found, ok := c.Files.serversOf(log); ok {
			return found, true
		}
	}
	return nil, false
}

// serversOf names the servers of a log as l does, where that has the same files. Of files
// of one size those with the same name are the same.
func (l Log) serversOf(log Log) (Log, bool) {
	if len(l) != len(log) {
		return nil, false
	}
	log = slices.Clone(log)
	used, done := make([]bool, len(l)), make([]bool, len(log))
	for _, named := range []bool{true, false} {
		for k := range log {
			f := &log[k]
			for i, x := range l {
				if !done[k] && !used[i] && x.Bytes == f.Bytes && (f.SHA256 == "" || x.SHA256 == f.SHA256) && (x.Name == f.Name || !named) {
					f.Server, used[i], done[k] = x.Server, true, true
				}
			}
		}
	}
	return log, !slices.Contains(done, false)
}

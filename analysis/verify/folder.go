package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sqleuth/analysis/export"
	"sqleuth/analysis/wording"
)

// Export is an export as it lies in a folder.
type Export struct {
	Dir      string
	Manifest export.Manifest
	raw      []byte // of the manifest
}

// maxManifest is more than any manifest has, in bytes.
const maxManifest = 64 << 20

// Open reads the manifest of the export in a folder. The error explains why there is
// none.
func Open(dir string) (*Export, error) {
	return open(dir, filepath.Join(dir, export.ManifestName))
}

// OpenManifest reads a manifest alone.
func OpenManifest(path string) (*export.Manifest, error) {
	e, err := open(path, path)
	if err != nil {
		return nil, err
	}
	return &e.Manifest, nil
}

func open(dir, path string) (*Export, error) {
	raw, err := readFile(path, maxManifest)
	if err != nil {
		return nil, fmt.Errorf("verify %q: %w; name the folder of an export", dir, err)
	}
	e := &Export{Dir: dir, raw: raw}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // so that options are written again as they are
	if err := d.Decode(&e.Manifest); err != nil {
		return nil, fmt.Errorf("verify %q: %s is damaged: %w", dir, export.ManifestName, err)
	}
	if v := e.Manifest.Version; v < 1 || v > export.ManifestVersion {
		return nil, fmt.Errorf("verify %q: %s has version %d, this program knows 1 to %d; use the program that wrote it: %s", dir, export.ManifestName, v, export.ManifestVersion, quoted(e.Manifest.Tool))
	}
	return e, nil
}

// readFile reads a plain file of at most limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, withoutPath(path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = errors.New("it is too long")
	}
	if err != nil {
		return nil, withoutPath(path, err)
	}
	return data, nil
}

// withoutPath names the file of an error once.
func withoutPath(path string, err error) error {
	return fmt.Errorf("%s: %w", filepath.Base(path), wording.Pathless(err))
}

// signatures are the files that ssh-keygen -Y sign makes beside what it signs.
var signatures = []string{export.ManifestSumName + ".sig", export.ManifestName + ".sig"}

// Folder compares the files of the folder with the manifest.
func (e *Export) Folder(ctx context.Context, r *Result) error {
	before := len(r.Differences)
	if e.Manifest.Version >= 3 {
		e.manifestSum(r)
	}
	there, err := e.files()
	if err != nil {
		return err
	}
	byHash := map[string]string{} // names in the manifest
	for _, f := range e.Manifest.Files {
		byHash[f.SHA256] = f.Name
	}
	listed := map[string]bool{export.ManifestName: true, export.ManifestSumName: e.Manifest.Version >= 3}
	for _, f := range e.Manifest.Files {
		listed[f.Name] = true
		if !slices.Contains(there, f.Name) {
			r.differs(Missing, "%s", f.Name)
			continue
		}
		n, sum, err := hashFile(ctx, filepath.Join(e.Dir, filepath.FromSlash(f.Name)))
		switch other := byHash[sum]; {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			r.differs(Changed, "%v", err)
		case sum == f.SHA256:
		case other != "":
			r.differs(Moved, "%s holds what belongs into %s", f.Name, other)
		case n != f.Bytes:
			r.differs(Changed, "%s: it has %d bytes, the manifest says %d", f.Name, n, f.Bytes)
		default:
			r.differs(Changed, "%s: its SHA-256 is not that of the manifest", f.Name)
		}
	}
	for _, name := range there {
		if listed[name] || slices.Contains(signatures, name) {
			continue
		}
		_, sum, err := hashFile(ctx, filepath.Join(e.Dir, filepath.FromSlash(name)))
		if other := byHash[sum]; err == nil && other != "" {
			r.differs(Moved, "%s is %s of the export", quoted(name), other)
			continue
		}
		r.differs(New, "%s is no file of the export", quoted(name))
	}
	if len(r.Differences) == before {
		r.passed("%d files are as the manifest says", len(e.Manifest.Files))
	}
	return nil
}

// manifestSum compares the manifest with its own hash.
func (e *Export) manifestSum(r *Result) {
	want := export.ManifestSum(e.raw)
	switch got, err := readFile(filepath.Join(e.Dir, export.ManifestSumName), 1<<10); {
	case errors.Is(err, fs.ErrNotExist):
		r.differs(Missing, "%s", export.ManifestSumName)
	case err != nil:
		r.differs(Changed, "%v", err)
	case !bytes.Equal(got, want):
		r.differs(Changed, "%s or %s: the one is not the hash of the other", export.ManifestName, export.ManifestSumName)
	default:
		r.passed("%s is as %s says, SHA-256 %x", export.ManifestName, export.ManifestSumName, sha256.Sum256(e.raw))
	}
}

// files lists the names of what is in the folder, with slashes.
func (e *Export) files() (names []string, err error) {
	err = filepath.WalkDir(e.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(e.Dir, path)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("verify %q: %w", e.Dir, err)
	}
	return names, nil
}

// hashFile returns the length and SHA-256 of a plain file.
func hashFile(ctx context.Context, path string) (n int64, sum string, err error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no plain file")
	}
	if err != nil {
		return 0, "", withoutPath(path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, "", withoutPath(path, err)
	}
	defer f.Close()
	h := sha256.New()
	if n, err = io.Copy(h, reading{ctx, f}); err != nil {
		return n, "", withoutPath(path, err)
	}
	return n, hex.EncodeToString(h.Sum(nil)), nil
}

// reading is a reader that ends with a context.
type reading struct {
	ctx context.Context
	io.Reader
}

func (r reading) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// Compares reports whether a version of this program can do the analysis of the export
// again, or why not.
func (e *Export) Compares(version string) (why string) {
	m := &e.Manifest
	switch {
	case m.Version < export.ManifestVersion:
		return fmt.Sprintf("the analysis was not done again: the manifest has version %d and does not carry along what is needed", m.Version)
	case m.Redacted != "":
		return fmt.Sprintf("the analysis was not done again: the export is redacted (%s), and what the analysis rests on is not in it", quoted(m.Redacted))
	case m.Tool != export.Tool(version):
		return fmt.Sprintf("the analysis was not done again: %s wrote the export, this is %s", quoted(m.Tool), quoted(export.Tool(version)))
	}
	return ""
}

// carried returns the bytes of a file that the export carries along.
func (e *Export) carried(c export.Carried) ([]byte, error) {
	if !filepath.IsLocal(filepath.FromSlash(c.File)) {
		return nil, fmt.Errorf("%s: it leads out of the folder", quoted(c.File))
	}
	data, err := readFile(filepath.Join(e.Dir, filepath.FromSlash(c.File)), 1<<30)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != c.SHA256 {
		return nil, fmt.Errorf("%s is not what the manifest says", c.File)
	}
	return data, nil
}

// blockSums reads the hashes of blocks, by file and what they are of.
func (e *Export) blockSums() (map[string][]string, error) {
	f, err := os.Open(filepath.Join(e.Dir, export.BlocksName))
	if err != nil {
		return nil, withoutPath(export.BlocksName, err)
	}
	defer f.Close()
	out := map[string][]string{}
	err = eachRow(f, func(row map[string]string) error {
		key := row["file"] + "\x00" + row["of"]
		out[key] = append(out[key], row["sha256"])
		return nil
	})
	if err != nil {
		return nil, withoutPath(export.BlocksName, err)
	}
	return out, nil
}

// sumsOf returns those of a tree. A cell of a name is guarded, other than the name in the
// manifest.
func sumsOf(all map[string][]string, t export.Tree) []string {
	if sums, ok := all[t.File+"\x00"+t.Of]; ok {
		return sums
	}
	return all[export.Guard(t.File)+"\x00"+t.Of]
}

// base is the last part of a path of any system.
func base(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

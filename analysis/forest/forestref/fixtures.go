package forestref

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"sqleuth/analysis/forest"
)

// isolationSeeds are the seeds with which every set's isolation forest was
// trained.
var isolationSeeds = []uint32{0, 1, 42}

// open opens a fixture, or the compressed form of it.
func open(dir, name string) (io.ReadCloser, error) {
	path := filepath.Join(dir, name)
	f, err := os.Open(path)
	if err == nil {
		return f, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f, gzErr := os.Open(path + ".gz")
	if errors.Is(gzErr, fs.ErrNotExist) {
		return nil, err // the name that a reader knows from the README
	}
	if gzErr != nil {
		return nil, gzErr
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("read %s.gz: %w", path, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{z, f}, nil
}

func readJSON(dir, name string, into any) error {
	f, err := open(dir, name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := json.NewDecoder(f).Decode(into); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// dataSets lists the sets of a folder, sorted.
func dataSets(dir string) ([]string, error) {
	var index map[string]json.RawMessage
	if err := readJSON(dir, "datasets.json", &index); err != nil {
		return nil, err
	}
	var names []string
	for name := range index {
		if name != "versions" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, errors.New("datasets.json lists no data set")
	}
	slices.Sort(names)
	return names, nil
}

// The class labels of the fixtures, in scikit-learn's order.
var classLabels = []int{-1, 1}

// set is a data set as distinct rows.
type set struct {
	name         string
	matrix       forest.Matrix // rows in ascending order, as unique_rows has them
	rows         []int32       // row of each entry
	cells        []uint32      // row and class of each entry
	multiplicity []int
}

// readSet reads a csv whose last column is the class label.
func readSet(dir, name string) (*set, error) {
	f, err := open(dir, name+".csv")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s.csv: %w", name, err)
	}
	if len(records) < 2 || len(records[0]) < 2 {
		return nil, fmt.Errorf("read %s.csv: no data", name)
	}
	features := len(records[0]) - 1
	entries := make([][]int32, len(records)-1)
	classes := make([]int, len(entries))
	for i, record := range records[1:] {
		entries[i] = make([]int32, features)
		for j := range record {
			v, err := strconv.ParseInt(record[j], 10, 32)
			if err != nil {
				return nil, fmt.Errorf("read %s.csv: line %d: %w", name, i+2, err)
			}
			if j < features {
				entries[i][j] = int32(v)
			} else if classes[i] = slices.Index(classLabels, int(v)); classes[i] < 0 {
				return nil, fmt.Errorf("read %s.csv: line %d: class %d is not one of %v", name, i+2, v, classLabels)
			}
		}
	}
	distinct := slices.Clone(entries)
	slices.SortFunc(distinct, slices.Compare)
	distinct = slices.CompactFunc(distinct, slices.Equal)

	s := &set{
		name:         name,
		matrix:       forest.Matrix{Features: features, Values: flatten(distinct)},
		rows:         make([]int32, len(entries)),
		cells:        make([]uint32, len(entries)),
		multiplicity: make([]int, len(distinct)),
	}
	for i, entry := range entries {
		row, _ := slices.BinarySearchFunc(distinct, entry, slices.Compare)
		s.rows[i] = int32(row)
		s.cells[i] = uint32(row*len(classLabels) + classes[i])
		s.multiplicity[row]++
	}
	return s, nil
}

// uniqueRows returns the matrix as the fixtures write it.
func (s *set) uniqueRows() [][]int32 {
	return slices.Collect(slices.Chunk(s.matrix.Values, s.matrix.Features))
}

package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// script trains scikit-learn's forests on the files of a matrix and writes their
// predictions beside them.
//
//go:embed sklearn_forests.py
var script string

// python is an interpreter that has scikit-learn.
type python struct {
	path    string
	sklearn string // version
}

// findPython returns the given interpreter, or for an empty path the first of
// the usual ones, that has scikit-learn.
func findPython(ctx context.Context, path string) (python, error) {
	// A python3 of one's own often comes before the system's, which is the one that
	// packages install scikit-learn for.
	candidates := []string{"python3", "/usr/bin/python3"}
	if path != "" {
		candidates = []string{path}
	}
	for _, p := range candidates {
		version, err := exec.CommandContext(ctx, p, "-c", "import sklearn; print(sklearn.__version__)").Output()
		if err == nil {
			return python{p, strings.TrimSpace(string(version))}, nil
		}
	}
	return python{}, errors.New("no scikit-learn for " + strings.Join(candidates, " or "))
}

// train runs the script on the matrix in dir.
func (p python) train(ctx context.Context, dir string) (t forestTimes, v *verdict, err error) {
	cmd := exec.CommandContext(ctx, p.path, "-", dir)
	cmd.Stdin = strings.NewReader(script)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return t, nil, fmt.Errorf("scikit-learn: %w: %s", err, strings.TrimSpace(complaint.String()))
	}
	if err := json.Unmarshal(out, &t); err != nil {
		return t, nil, fmt.Errorf("scikit-learn's times: %w", err)
	}
	v = &verdict{}
	if v.test, err = readArray[uint32](dir, "test.u32"); err != nil {
		return t, nil, err
	}
	if v.predicted, err = readArray[uint8](dir, "predicted.u8"); err != nil {
		return t, nil, err
	}
	if v.outlier, err = readArray[uint8](dir, "outlier.u8"); err != nil {
		return t, nil, err
	}
	for name, to := range map[string]*[]float64{
		"importances.f64": &v.importances, "probabilities.f64": &v.probabilities, "scores.f64": &v.scores,
	} {
		if *to, err = readArray[float64](dir, name); err != nil {
			return t, nil, err
		}
	}
	return t, v, nil
}

package pipeline

import (
	"context"

	"sqleuth/analysis/learned"
	"sqleuth/analysis/model"
)

// Labels returns the classes of the connections as they are learnt from: those that
// occur, normal first.
func Labels(truth *model.Truth) *learned.Labels {
	out := &learned.Labels{Of: make([]int32, len(truth.Class))}
	number := make([]int32, len(truth.Names))
	occurs := make([]bool, len(truth.Names))
	for _, k := range truth.Class {
		occurs[k] = true
	}
	for k, name := range truth.Names {
		if k == 0 || occurs[k] {
			number[k] = int32(len(out.Classes))
			out.Classes = append(out.Classes, name)
		}
	}
	for c, k := range truth.Class {
		out.Of[c] = number[k]
	}
	return out
}

// LearnedParams returns the parameters of the forests that learn from labels.
func LearnedParams(p model.Params) learned.Params {
	return learned.Params{Trees: p.Trees, Seed: p.Seed, Workers: p.Workers}
}

// learn predicts each connection from the labels, or by the model of another log;
// nil where there is neither.
func (s *Snapshot) learn(ctx context.Context, truth *model.Truth, p model.Params) (*learned.Result, error) {
	switch {
	case s.Traits == nil:
		return nil, nil
	case s.Model != nil:
		return s.Model.Apply(s.Traits, Labels(truth)), ctx.Err()
	case !truth.Positive:
		return nil, nil
	}
	return learned.CrossValidate(ctx, s.Traits, Labels(truth), LearnedParams(p))
}

// Teach learns a model from all labels of a finished snapshot, to be kept for other
// logs. The error is learned.ErrNoLabels where there are none.
func Teach(ctx context.Context, s *Snapshot, p model.Params) (*learned.Model, error) {
	return learned.Train(ctx, s.Traits, Labels(s.Truth), LearnedParams(p))
}

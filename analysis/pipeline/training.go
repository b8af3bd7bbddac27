package pipeline

import (
	"context"

	"sqleuth/analysis/model"
)

// training trains the models of a log beside what else is found out about it: neither
// needs the other, and together they keep the processors busy.
type training struct {
	truth     *model.Truth
	isolation *begun[*model.Isolation]
	random    *begun[*model.Random]
	cancel    context.CancelFunc
}

// train begins to train the models of an encoded log. stop must be called. A log of
// banners only has none: there is nothing to learn from.
func (s *Snapshot) train(ctx context.Context, params model.Params, truth *model.Truth) *training {
	t := &training{truth: truth}
	ctx, t.cancel = context.WithCancel(ctx)
	if s.Len() == 0 {
		return t
	}
	log := modelLog(s)
	t.isolation = begin(func(trees func(done, total int)) (*model.Isolation, error) {
		if old := s.Isolation; old != nil && old.Fits(params) {
			return old.Compare(log, truth)
		}
		return model.TrainIsolation(ctx, log, truth, params, trees)
	})
	t.random = begin(func(trees func(done, total int)) (*model.Random, error) {
		return model.TrainRandom(ctx, log, truth, params, trees)
	})
	return t
}

// stop ends what is not done yet, and waits for it.
func (t *training) stop() {
	t.cancel()
	if t.isolation != nil {
		<-t.isolation.done
		<-t.random.done
	}
}

// begun is a model whose training has begun.
type begun[M any] struct {
	trees chan int      // how many are done, where somebody listens
	done  chan struct{} // closed when the rest is set
	model M
	err   error
}

// begin trains a model on a goroutine of its own.
func begin[M any](train func(trees func(done, total int)) (M, error)) *begun[M] {
	b := &begun[M]{trees: make(chan int), done: make(chan struct{})}
	go func() {
		defer close(b.done)
		defer rescue(&b.err)
		b.model, b.err = train(func(done, _ int) {
			select {
			case b.trees <- done:
			default:
			}
		})
	}()
	return b
}

// wait returns the model once it is trained, and reports on the way how many trees are.
func (b *begun[M]) wait(trees func(done int)) (M, error) {
	for {
		select {
		case n := <-b.trees:
			trees(n)
		case <-b.done:
			return b.model, b.err
		}
	}
}

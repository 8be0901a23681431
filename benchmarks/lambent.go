package main

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/sandbox"
)

// lambentBox is Lambent as an embedder has it, with its default limits: time,
// memory, logs, /tmp, responses.
type lambentBox struct {
	engine engine.Engine
	box    *sandbox.Sandbox
}

func loadLambent(ctx context.Context, h handler) (contender, error) {
	eng, err := wazero.New(wazero.Config{})
	if err != nil {
		return nil, err
	}
	box, err := sandbox.New(ctx, eng, h.lambent, sandbox.Config{})
	if err != nil {
		eng.Close()
		return nil, err
	}
	return &lambentBox{eng, box}, nil
}

func (l *lambentBox) answer(ctx context.Context, event []byte) ([]byte, error) {
	res, err := l.box.Run(ctx, event)
	return res.Response, err
}

func (l *lambentBox) close() error {
	if err := l.box.Close(); err != nil {
		return err
	}
	return l.engine.Close()
}

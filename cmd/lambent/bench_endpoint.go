package main

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/lambent-dev/lambent/sandbox"
)

// benchEndpoint measures a function that something else runs.
func (o *benchOptions) benchEndpoint(ctx context.Context, endpoint string, event []byte, plan benchPlan, report *benchReport, progress *progress) error {
	report.Function = o.endpointOf
	transport, err := transportTo(endpoint)
	if err != nil {
		return err
	}
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = plan.concurrency, plan.concurrency
	defer transport.CloseIdleConnections()
	f := &remoteFunction{
		client: client{endpoint: endpoint, http: http.Client{Transport: transport}},
		path:   functionPath(o.endpointOf, "/invocations"),
		event:  event,
	}
	series := func(p benchPlan, name string) error {
		progress.step("Measuring: " + name)
		s, err := drive(ctx, p, name, f.invoke)
		if err == nil {
			report.Series = append(report.Series, s)
		}
		return err
	}
	// No function can be measured that fails at once.
	if err := series(benchPlan{events: 1, concurrency: 1}, "first call"); err != nil {
		return err
	}
	if first := report.Series[0].Samples[0]; first.Error != "" {
		return &sandbox.FunctionError{Type: first.Error, Payload: first.answer}
	}
	for range benchWarmUp {
		if err := f.invoke(ctx, new(benchSample)); err != nil {
			return err
		}
	}
	if plan.arrivals == nil {
		if err := series(benchPlan{events: plan.events, concurrency: 1}, "1 at a time"); err != nil || plan.concurrency == 1 {
			return err
		}
	}
	return series(plan, plan.name())
}

// remoteFunction is a function at an endpoint.
type remoteFunction struct {
	client client
	path   string
	event  []byte
}

func (f *remoteFunction) invoke(ctx context.Context, s *benchSample) error {
	header, answer, err := f.client.do(ctx, http.MethodPost, f.path, nil, f.event)
	switch {
	case isCode(err, "TooManyRequestsException"): // which an open loop may well be after
		s.Error, s.answer = "TooManyRequestsException", []byte(err.Error())
		return nil
	case err != nil:
		return err
	case header.Get("X-Amz-Function-Error") == "":
		return nil
	}
	var failed struct{ ErrorType string }
	if json.Unmarshal(answer, &failed) != nil || failed.ErrorType == "" {
		failed.ErrorType = header.Get("X-Amz-Function-Error")
	}
	s.Error, s.answer = failed.ErrorType, answer
	return nil
}

package enginetest

import (
	"context"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// Run tests an engine. newEngine makes one; the suite closes it.
func Run(t *testing.T, newEngine func(t *testing.T) engine.Engine) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, engine.Engine)
	}{
		{"name", testName},
		{"values", testValues},
		{"memory-less", testNoMemory},
		{"short stack", testShortStack},
		{"tail calls", testTailCalls},
		{"host functions", testHostValues},
		{"garbage upper halves", testGarbageHalves},
		{"signatures", testSignatures},
		{"host sees instance", testHostSeesInstance},
		{"link errors", testLinkErrors},
		{"invalid modules", testInvalid},
		{"stop", testStop},
		{"stop in start function", testStopInStart},
		{"host panic", testHostPanic},
		{"traps", testTraps},
		{"exceptions", testExceptions},
		{"trap in start function", testTrapInStart},
		{"trap stack", testTrapStack},
		{"memory", testMemory},
		{"memory growth", testMemoryGrowth},
		{"memory limits", testMemoryLimits},
		{"data outside of memory", testDataOutside},
		{"instances are independent", testIndependent},
		{"interrupt a spinning guest", testInterruptSpin},
		{"interrupt a spinning start function", testInterruptStart},
		{"interrupt a blocked host function", testInterruptHost},
		{"context already done", testAlreadyDone},
		{"context of another kind", testOtherContext},
		{"values of the context", testContextValues},
		{"fuel", testFuel},
		{"out of fuel", testOutOfFuel},
		{"fuel of host functions", testHostCharges},
		{"fuel of a guest that trapped", testTrappedFuel},
		{"thaw", testThaw},
		{"restore", testRestore},
		{"canary", testCanary},
		{"stored image", testStoredImage},
		{"not restorable", testNotRestorable},
		{"fuel of restored instances", testRestoredFuel},
		{"size of modules", testModuleSize},
		{"size of images", testImageSize},
		{"load", testLoad},
		{"loaded programs", testLoadedPrograms},
		{"concurrency", testConcurrency},
		{"close", testClose},
		{"no leaks", testLeaks},
		{"no leaks after failures", testLeaksAfterFailures},
	} {
		t.Run(test.name, func(t *testing.T) {
			eng := newEngine(t)
			defer func() {
				if err := eng.Close(); err != nil {
					t.Errorf("closing the engine: %v", err)
				}
			}()
			test.run(t, eng)
		})
	}
}

// check accepts a module that the suite made.
func check(t testing.TB, b *wasmbuild.Builder) *engine.Binary {
	t.Helper()
	binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
	if err != nil {
		t.Fatalf("Check: %v", err)
	}
	return binary
}

// compile compiles a module that the suite made; the test closes it.
func compile(t testing.TB, eng engine.Engine, b *wasmbuild.Builder, funcs ...engine.HostFunc) engine.Module {
	t.Helper()
	m, err := eng.Compile(context.Background(), check(t, b), engine.NewHost(funcs...))
	if err != nil {
		t.Fatalf("Compile: %v", err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// instantiate makes an instance; the test closes it.
func instantiate(t testing.TB, m engine.Module, cfg engine.InstanceConfig) engine.Instance {
	t.Helper()
	in, err := m.Instantiate(context.Background(), cfg)
	if err != nil {
		t.Fatalf("Instantiate: %v", err)
	}
	t.Cleanup(func() { in.Close() })
	return in
}

// start compiles a module and makes an instance of it.
func start(t testing.TB, eng engine.Engine, b *wasmbuild.Builder, funcs ...engine.HostFunc) engine.Instance {
	t.Helper()
	return instantiate(t, compile(t, eng, b, funcs...), engine.InstanceConfig{})
}

// call calls an exported function with room for one result, which it returns.
func call(ctx context.Context, t testing.TB, in engine.Instance, name string, params ...uint64) (uint64, error) {
	t.Helper()
	f := in.Func(name)
	if f == nil {
		t.Fatalf("no function %q", name)
	}
	stack := append(params, make([]uint64, 1)...)
	err := f.Call(ctx, stack)
	return stack[0], err
}

// must calls an exported function that is to succeed.
func must(t testing.TB, in engine.Instance, name string, params ...uint64) uint64 {
	t.Helper()
	v, err := call(context.Background(), t, in, name, params...)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

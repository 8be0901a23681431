package peers

import (
	"context"

	extism "github.com/extism/go-sdk"
)

// extismPlugin is Extism, which runs on wazero: an instance of the plugin, and
// one of Extism's kernel, for each event. It limits time and memory.
type extismPlugin struct{ plugin *extism.CompiledPlugin }

// Extism loads a plugin whose function is named handle.
func Extism(ctx context.Context, module []byte) (Peer, error) {
	plugin, err := extism.NewCompiledPlugin(ctx, extism.Manifest{
		Wasm:    []extism.Wasm{extism.WasmData{Data: module}},
		Memory:  &extism.ManifestMemory{MaxPages: memoryPages},
		Timeout: uint64(timeout.Milliseconds()),
	}, extism.PluginConfig{EnableWasi: true}, nil)
	if err != nil {
		return nil, err
	}
	return extismPlugin{plugin}, nil
}

func (e extismPlugin) Answer(ctx context.Context, event []byte) ([]byte, error) {
	instance, err := e.plugin.Instance(ctx, extism.PluginInstanceConfig{ModuleConfig: wazeroInstance()})
	if err != nil {
		return nil, err
	}
	defer instance.Close(ctx)
	status, response, err := instance.CallWithContext(ctx, "handle", event)
	if err != nil {
		return nil, err
	}
	return response, handled(status)
}

func (e extismPlugin) Close() error { return e.plugin.Close(context.Background()) }

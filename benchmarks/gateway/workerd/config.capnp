# One worker behind one socket, whose address the command line gives.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .handler)],
  sockets = [(name = "http", http = (), service = "main")],
);

const handler :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "bare.wasm", wasm = embed "../../guests/c/bare.wasm"),
  ],
  compatibilityDate = "2026-11-17",
);

package wazero

func advise([]byte) {}

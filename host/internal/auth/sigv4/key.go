package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"sync"
)

// Key signs requests of one scope.
type Key [sha256.Size]byte

// DeriveKey derives the key of a scope from a secret access key.
func DeriveKey(secret string, scope Scope) Key {
	key := sum([]byte("AWS4"+secret), scope.Date)
	key = sum(key[:], scope.Region)
	key = sum(key[:], scope.Service)
	return sum(key[:], terminator)
}

func sum(key []byte, message string) (k Key) {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	h.Sum(k[:0])
	return k
}

// maxKeys is how many derived keys are remembered.
const maxKeys = 4096

// Keys remembers derived keys: each serves a day. It is safe for concurrent use;
// the zero value is ready.
type Keys struct {
	mu   sync.RWMutex
	keys map[keyOf]Key
}

type keyOf struct {
	secret string // so that a changed one is not mistaken for the old
	scope  Scope
}

// Signing returns the key of a scope. The scope must have been checked: each that
// is asked for is remembered.
func (k *Keys) Signing(secret string, scope Scope) Key {
	of := keyOf{secret, scope}
	k.mu.RLock()
	key, ok := k.keys[of]
	k.mu.RUnlock()
	if ok {
		return key
	}
	key = DeriveKey(secret, scope)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil || len(k.keys) >= maxKeys { // yesterday's go with the rest
		k.keys = map[keyOf]Key{}
	}
	k.keys[of] = key
	return key
}
